"""A screen for facts: it saves as Django does, then the change goes into the log, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from brands import editing
from brands.admin.hiding import hidden_from
from brands.admin.lists import Condition, FactsList
from brands.changes import subject_of
from brands.codebook import help_texts
from brands.forms import FactForm, ReadableFields, compared, compared_parts
from brands.models import Crisis

if TYPE_CHECKING:
    from cxalign.accounts.models import User


class FactsAdmin(ReadableFields, admin.ModelAdmin):
    """A screen for facts that verdicts rest on: no save overwrites another unknowingly, none is without a trace."""

    form = FactForm
    list_per_page = 50
    show_full_result_count = False
    missing: ClassVar[dict[str, tuple[Any, Callable[[], Condition]]]] = {}
    """Code → its words, and the condition under which a row lacks something."""
    shows_state = False
    """Whether the list says where the case of each row stands."""
    kept_for_the_next: tuple[str, ...] = ()
    """Fields whose values "Save and add another" takes along."""
    fixed_once_made: tuple[str, ...] = ()
    """Fields that say what the record is about; another value would be another record."""

    # --- Reading ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        conditions = {
            f"missing_{code}": ExpressionWrapper(condition(), output_field=BooleanField())
            for code, (_label, condition) in self.missing.items()
        }
        return super().get_queryset(request).annotate(**conditions)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FactsList]:
        return FactsList

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"help_texts": help_texts(self.model), **kwargs})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record; held for the rest of the transaction when it is about to be saved."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        try:
            editing.lock(found)
        except ObjectDoesNotExist:  # taken away in this very moment, as by the undoing of an import
            return None
        return super().get_object(request, object_id, from_field)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Whoever saves a record that is gone by now gets the words back, on the page that says so."""
        answer: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        if request.method == "POST":
            raise Http404
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *(self.fixed_once_made if obj else ()))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj and self.has_change_permission(request, obj):
            fieldsets.append((_("Change note"), {"fields": ("why",)}))
        return fieldsets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new record starts in the latest crisis, which is the usual one."""
        latest = Crisis.objects.values_list("pk", flat=True).first()
        return {"crisis": latest, **super().get_changeform_initial_data(request)}

    @admin.display(description=gettext_lazy("state of the case"))
    def case_state(self, record: Any) -> str:
        return str(record.case_state)

    @admin.display(description=gettext_lazy("missing"))
    def what_is_missing(self, record: Any) -> str:
        """What tells of codes is left out for whoever codes the brand."""
        told = {"source", "date", "text"} if record.codes_hidden else set(self.missing)
        words = [
            str(self.missing[code][0]) for code in self.missing if code in told and getattr(record, f"missing_{code}")
        ]
        return ", ".join(words) or "–"

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """No pattern from an address reaches the database: it could be broken, or take it long."""
        return not lookup.endswith("regex") and super().lookup_allowed(lookup, value, request)

    # --- Saving ---

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.before, form.parts_before = {}, []
        if change:
            on_file = self.model._base_manager.get(pk=obj.pk)
            form.before = editing.state_of(on_file)
            form.parts_before = [part for _accessor, part in editing.parts_of(on_file)]
            self.take_back_double_coding(request, obj, form.changed_data)
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for part_form in formset.forms if change else ():
            self.take_back_double_coding(request, part_form.instance, part_form.changed_data)
        super().save_formset(request, form, formset, change)

    def take_back_double_coding(self, request: HttpRequest, record: Any, changed: Iterable[str]) -> None:
        if type(record) in editing.CODED_FIELDS and editing.code_alone(record, changed):
            message = _(
                "“%(record)s” had been coded by two people. You changed its codes, so it now counts as coded by one."
            )
            self.message_user(request, message % {"record": Truncator(str(record)).chars(80)}, messages.WARNING)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        on_file = self.model._base_manager.get(pk=form.instance.pk)
        changes = editing.differences(form.before, editing.state_of(on_file))
        if changes:
            self.record(request, form, on_file, changes, added=not change)

    def record(self, request: HttpRequest, form: Any, on_file: Model, changes: dict[str, Any], *, added: bool) -> None:
        """One line for the save; one more for each part that was taken out."""
        actor, reason = user_of(request), form.cleaned_data.get("why", "")
        if not added:
            editing.raise_revision(on_file)
        kind = "evidence.added" if added else "evidence.corrected"
        left = {subject_of(part) for _accessor, part in editing.parts_of(on_file)}
        gone = [part for part in form.parts_before if subject_of(part) not in left]
        editing.record_parts_removed(on_file, gone, actor=actor, reason=reason)
        editing.record_by_hand(kind, on_file, actor=actor, changes=changes, reason=reason)
        self.lead_to_the_brand(request, on_file)

    def lead_to_the_brand(self, request: HttpRequest, record: Any) -> None:
        brand = getattr(record, "brand", None)
        if brand and "_popup" not in request.POST:
            address = reverse("admin:brands_brand_change", args=[brand.pk])
            link = format_html('<a href="{}">{}</a>', address, brand)
            messages.info(request, format_html(gettext("See what follows from it on the page of {}."), link))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = context["adminform"].form
        if form.is_stale:
            parts = [inline.formset for inline in context["inline_admin_formsets"]]
            others = form.changed_by_others
            rows = [*compared(form, others), *(row for formset in parts for row in compared_parts(formset, others))]
            context["conflict"] = {"rows": rows, "last": self.last_change(request, form.instance)}
        return super().render_change_form(request, context, *args, **kwargs)

    def last_change(self, request: HttpRequest, record: Any) -> Any:
        """Not for whoever codes the brand: the reason of a change may be that of a code."""
        return None if getattr(record, "brand_id", None) in hidden_from(request) else editing.last_change(record)

    # --- The next one ---

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.with_what_is_kept(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.with_what_is_kept(request, obj, super().response_change(request, obj))

    def with_what_is_kept(self, request: HttpRequest, obj: Any, response: HttpResponse) -> HttpResponse:
        """Nothing is asked twice: the next record starts with the brand, the crisis and the sources of this one."""
        if "_addanother" not in request.POST or not isinstance(response, HttpResponseRedirect):
            return response
        kept = {name: value for name, value in self.kept_values(obj).items() if value}
        base, _mark, query = response.url.partition("?")
        return HttpResponseRedirect(f"{base}?{urlencode({**QueryDict(query).dict(), **kept})}")

    def kept_values(self, obj: Any) -> dict[str, str]:
        values = {}
        for name in self.kept_for_the_next:
            many = obj._meta.get_field(name).many_to_many
            keys = [record.pk for record in getattr(obj, name).all()] if many else [getattr(obj, f"{name}_id")]
            values[name] = ",".join(str(key) for key in keys if key)
        return values

    # --- Deleting, and the log ---

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To delete is for never-used drafts. Everything else is withdrawn, with a reason."""
        return super().has_delete_permission(request, obj) and (obj is None or editing.is_unused_draft(obj))

    def get_actions(self, request: HttpRequest) -> Any:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        editing.record_by_hand(
            "evidence.withdrawn",
            obj,
            actor=user_of(request),
            changes=editing.differences(editing.state_of(obj), {}),
            reason=gettext("A draft that nothing rested on was deleted."),
        )
        super().delete_model(request, obj)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The log, which also knows what files and other screens changed."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return log_of(subject_of(record))


def log_of(subject: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk-trail", args=[subject]))


def user_of(request: HttpRequest) -> User:
    assert request.user.is_authenticated
    return request.user


def changelist_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
