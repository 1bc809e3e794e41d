"""The analysts' screens. Django saves; then the change goes into the log, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, Exists, ExpressionWrapper, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from brands import editing
from brands.changes import subject_of
from brands.forms import (
    FactForm,
    NamedCells,
    PromiseField,
    ReadableFields,
    ReasonForm,
    compared,
    compared_parts,
    promises_for,
)
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    CrisisPhase,
    Event,
    Fact,
    Judgement,
    Promise,
    Proof,
    Sector,
    Source,
    fold,
)

if TYPE_CHECKING:
    from cxalign.accounts.models import User

Condition = Any
"""What may stand in ``annotate`` and ``filter`` alike."""


class MissingFilter(admin.SimpleListFilter):
    """Rows in which something is still to be done."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, label) for code, (label, _condition) in model_admin.missing.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        names = {code: f"missing_{code}" for code, _label in self.lookup_choices}
        return queryset.filter(**{names[self.value() or ""]: True}) if self.value() in names else queryset


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("current", _("in use")), ("withdrawn", _("withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("current", "withdrawn"):
            return queryset.filter(withdrawn_at__isnull=self.value() == "current")
        return queryset


class FactsAdmin(ReadableFields, admin.ModelAdmin):
    """A screen for facts that verdicts rest on: no save overwrites another unknowingly, none is without a trace."""

    form = FactForm
    list_per_page = 50
    show_full_result_count = False
    missing: ClassVar[dict[str, tuple[Any, Callable[[], Condition]]]] = {}
    """Code → its words, and the condition under which a row lacks something."""
    fixed_once_made: tuple[str, ...] = ()
    """Fields that say what the record is about; another value would be another record."""

    # --- Reading ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        conditions = {
            f"missing_{code}": ExpressionWrapper(condition(), output_field=BooleanField())
            for code, (_label, condition) in self.missing.items()
        }
        return super().get_queryset(request).annotate(**conditions)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record; held for the rest of the transaction when it is about to be saved."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        editing.lock(found)
        return super().get_object(request, object_id, from_field)

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

    @admin.display(description=gettext_lazy("missing"))
    def what_is_missing(self, record: Any) -> str:
        words = [str(label) for code, (label, _condition) in self.missing.items() if getattr(record, f"missing_{code}")]
        return ", ".join(words) or "–"

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
            rows = [*compared(form), *(row for formset in parts for row in compared_parts(formset))]
            context["conflict"] = {"rows": rows, "last": editing.last_change(form.instance)}
        return super().render_change_form(request, context, *args, **kwargs)

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


# --- Withdrawing ------------------------------------------------------------------------------------------------------


AT_ONCE = 500
"""A page that names each record, and a form that carries each of them, have to end somewhere."""


@dataclass(frozen=True)
class Step:
    """A serious step on one or many facts, asked about on a page of its own."""

    name: str
    question: Any
    consequence: Any
    button: Any
    act: Callable[..., int]
    done: Callable[[int], str]


WITHDRAW = Step(
    "withdraw",
    _("Withdraw %(count)s %(records)s?"),
    _("What is withdrawn no longer counts in any verdict. It stays on file with your reason, and can be restored."),
    _("Withdraw"),
    editing.withdraw,
    lambda count: ngettext("%d record withdrawn.", "%d records withdrawn.", count) % count,
)
RESTORE = Step(
    "restore",
    _("Restore %(count)s %(records)s?"),
    _("What is restored counts again in the working verdict."),
    _("Restore"),
    editing.restore,
    lambda count: ngettext("%d record restored.", "%d records restored.", count) % count,
)


class WithdrawableAdmin(FactsAdmin):
    """A screen for evidence: it is taken out of use with a reason, one record or many at a time, and never vanishes."""

    actions = ("withdraw_selected", "restore_selected")

    def get_urls(self) -> list[Any]:
        base = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            *(
                path(
                    f"<path:object_id>/{step.name}/",
                    self.admin_site.admin_view(self.step_view),
                    {"step": step},
                    name=f"{base}_{step.name}",
                )
                for step in (WITHDRAW, RESTORE)
            ),
            *super().get_urls(),
        ]

    def step_view(self, request: HttpRequest, object_id: str, step: Step) -> HttpResponse:
        fact = self.get_queryset(request).filter(pk=unquote(object_id)).first() if object_id.isdecimal() else None
        if fact is None:
            raise Http404
        if not self.has_change_permission(request, fact):
            raise PermissionDenied
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return self.ask(request, [fact], step, back=reverse(base, args=[fact.pk]))

    @admin.action(permissions=["change"], description=gettext_lazy("Withdraw, with a reason"))
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Fact]) -> HttpResponse:
        return self.ask(request, queryset, WITHDRAW, back=request.get_full_path())

    @admin.action(permissions=["change"], description=gettext_lazy("Restore what was withdrawn"))
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Fact]) -> HttpResponse:
        return self.ask(request, queryset, RESTORE, back=request.get_full_path())

    def ask(self, request: HttpRequest, facts: Iterable[Fact], step: Step, *, back: str) -> HttpResponse:
        """Name how many and which, ask for the reason, then do it."""
        facts = list(facts)
        if len(facts) > AT_ONCE:
            message = _("You chose %(count)s records; at most %(limit)s can be taken at once. Choose fewer.")
            self.message_user(request, message % {"count": len(facts), "limit": AT_ONCE}, messages.ERROR)
            return HttpResponseRedirect(back)
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and self.take(request, facts, step, form.cleaned_data["reason"]):
            return HttpResponseRedirect(back)
        title = step.question % {"count": len(facts), "records": model_ngettext(self.opts, len(facts))}
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "step": step,
            "facts": facts,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/confirm_with_reason.html", context)

    def take(self, request: HttpRequest, facts: list[Fact], step: Step, reason: str) -> bool:
        try:
            count = step.act(facts, by=user_of(request), reason=reason)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        self.message_user(request, step.done(count), messages.SUCCESS)
        return True

    @admin.display(description=gettext_lazy("text"), ordering="key")
    def text(self, fact: Any) -> str:
        """The row's name; struck through, and said so, when it is withdrawn."""
        short = Truncator(str(fact)).chars(110)
        return format_html("<s>{}</s> ({})", short, gettext("withdrawn")) if fact.is_withdrawn else short


# --- What is missing --------------------------------------------------------------------------------------------------


def none_of(model: type[Model], **link: Any) -> Callable[[], Condition]:
    """Rows that no record of ``model`` belongs to."""
    return lambda: ~Exists(model._base_manager.filter(**link))


def empty(*fields: str) -> Callable[[], Condition]:
    """Rows in which one of the fields is empty."""
    condition = Q()
    for field in fields:
        condition |= Q(**{field: ""})
    return lambda: condition


UNTRANSLATED = (_("a text in one language"), empty("statement_en", "statement_fr"))


# --- The screens ------------------------------------------------------------------------------------------------------


@admin.register(Brand)
class BrandAdmin(FactsAdmin):
    list_display = ("name", "sector", "country", "parent_group", "listed", "what_is_missing", "updated_at")
    list_filter = ("sector", "listed", MissingFilter, "entity_type", "in_founding_article")
    list_select_related = ("sector",)
    search_fields = ("search_text", "slug")
    autocomplete_fields = ("sector",)
    prepopulated_fields = {"slug": ("name",)}
    fixed_once_made = ("slug",)
    missing = {
        "promise": (_("promise"), none_of(Promise, brand=OuterRef("pk"), withdrawn_at=None)),
        "profile": (_("profile"), none_of(BrandProfile, brand=OuterRef("pk"))),
        "action": (_("act"), none_of(Action, brand=OuterRef("pk"), withdrawn_at=None)),
    }
    fieldsets = (
        (None, {"fields": ("name", "slug", "aliases", "sector", "country", "website")}),
        (_("Which entity"), {"fields": ("entity_type", "parent_group", "perimeter")}),
        (_("In a sentence"), {"fields": (("summary_en", "summary_fr"),)}),
        (_("Identifiers"), {"fields": ("lei", "siren", "wikidata")}),
        (_("Visibility"), {"fields": ("listed", "in_founding_article")}),
    )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Showing a brand to everyone is publishing; the right is named, since facts may not import verdicts."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if user_of(request).has_perm("scoring.publish") else (*fixed, "listed")

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        files = self.files_of(object_id) if object_id.isdecimal() else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "files": files})

    def files_of(self, brand_id: str) -> list[dict[str, Any]]:
        """What is on file about the brand, in the order in which one works: how much, where to see it, how to add."""
        models: list[type[Any]] = [BrandProfile, Promise, Action, Judgement]
        return [
            {
                "name": capfirst(model._meta.verbose_name_plural),
                "count": model._default_manager.filter(brand=brand_id).count(),
                "list": f"{changelist_of(model)}?brand__id__exact={brand_id}",
                "add": f"{reverse(f'admin:brands_{model._meta.model_name}_add')}?brand={brand_id}",
                "add_label": gettext("Add: %(name)s") % {"name": model._meta.verbose_name},
            }
            for model in models
        ]


def changelist_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@admin.register(Source)
class SourceAdmin(WithdrawableAdmin):
    list_display = ("text", "publisher", "published_on", "source_type", "language", "what_is_missing")
    list_filter = (UseFilter, MissingFilter, "source_type", "language")
    search_fields = ("title", "publisher", "author", "url", "key")
    fixed_once_made = ("key",)
    missing = {
        "date": (_("date"), empty("published_on")),
        "passage": (_("exact passage"), empty("passage")),
        "archive": (_("archived copy"), empty("archive_url")),
    }
    fieldsets = (
        (None, {"fields": ("url", "title", ("publisher", "author"), "source_type", ("published_on", "language"))}),
        (_("What it says"), {"fields": ("passage",)}),
        (_("Archived copy"), {"fields": ("archive_url", "archived_at", "archive_sha256")}),
        (_("Reference"), {"fields": ("key",)}),
    )


@admin.register(Promise)
class PromiseAdmin(WithdrawableAdmin):
    list_display = ("text", "brand", "kind", "statement_level", "weight_word", "testable", "since", "what_is_missing")
    list_filter = (UseFilter, MissingFilter, "kind", "weight", "testable")
    list_select_related = ("brand",)
    search_fields = ("quote", "statement_en", "statement_fr", "brand__search_text", "key")
    autocomplete_fields = ("brand", "sources")
    fixed_once_made = ("brand", "key")
    missing = {
        "source": (_("source"), none_of(Promise.sources.through, promise=OuterRef("pk"))),
        "code": (_("code"), empty("statement_level", "value_type")),
        "date": (_("date"), empty("since")),
        "text": UNTRANSLATED,
    }
    fieldsets = (
        (None, {"fields": ("brand", "sources")}),
        (
            _("What it says"),
            {"fields": ("quote", "quote_language", ("statement_en", "statement_fr"), ("stated_on", "since"))},
        ),
        (_("To whom, and of what kind"), {"fields": ("stakeholders", "kind", "value_type")}),
        (_("Codes"), {"fields": (("statement_level", "specificity"), ("scope", "weight"), "testable")}),
        (_("Reasons"), {"fields": (("rationale_en", "rationale_fr"),)}),
        (_("Reference"), {"fields": ("key",)}),
    )

    @admin.display(description=gettext_lazy("weight"), ordering="weight")
    def weight_word(self, promise: Promise) -> str:
        return promise.get_weight_display().partition(":")[0]


class PartInline(ReadableFields):
    """Parts of a record, on its screen: an empty place for the first one, a button for more."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj and self.get_queryset(request).filter(action=obj).exists() else 1  # type: ignore[attr-defined]


class SourceLinkInline(PartInline, admin.TabularInline):
    model = ActionSource
    formset = NamedCells
    autocomplete_fields = ("source",)
    fields = ("source", "kind", "independence_group", "locator")
    comes_first = True
    """Source first: one reads what is written before coding it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionSource]:
        return super().get_queryset(request).select_related("source", "action")


class ProofInline(PartInline, admin.StackedInline):
    model = Proof
    fields = (
        ("stakeholder", "promise"),
        ("direction", "depth", "remedy"),
        ("rationale_en", "rationale_fr"),
        ("coding", "settlement"),
    )
    readonly_fields = ("coding", "settlement")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proof]:
        return super().get_queryset(request).select_related("action", "promise")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Only the promises of the action's own brand are offered."""
        formset = super().get_formset(request, obj, **kwargs)
        if "promise" in formset.form.base_fields:
            plain = formset.form.base_fields["promise"]
            brand_id = request.POST.get("brand", request.GET.get("brand", ""))
            promises = promises_for(obj, brand_id)
            formset.form.base_fields["promise"] = PromiseField(promises, label=plain.label, help_text=plain.help_text)
        return formset


@admin.register(Action)
class ActionAdmin(WithdrawableAdmin):
    list_display = ("text", "brand", "started", "codes", "what_is_missing")
    list_filter = (UseFilter, MissingFilter, "crisis", "kind", "coding", "disputed")
    list_select_related = ("brand", "crisis")
    search_fields = ("statement_en", "statement_fr", "brand__search_text", "key")
    autocomplete_fields = ("brand", "crisis", "duplicate_of")
    fixed_once_made = ("brand", "key")
    readonly_fields = ("coding",)
    inlines = (SourceLinkInline, ProofInline)
    missing = {
        "source": (_("source"), none_of(ActionSource, action=OuterRef("pk"))),
        "proof": (_("proof"), none_of(Proof, action=OuterRef("pk"))),
        "code": (_("code"), empty("substance", "reach", "initiative", "generosity")),
        "date": (_("date"), empty("started")),
        "text": UNTRANSLATED,
    }
    fieldsets = (
        (None, {"fields": ("brand", "crisis")}),
        (_("What was observed"), {"fields": (("statement_en", "statement_fr"), ("started", "ended"), "country")}),
        (
            _("Codes"),
            {"fields": (("substance", "reach"), ("initiative", "generosity"), ("appraisal", "disputed"), "coding")},
        ),
        (
            _("Context"),
            {
                "fields": (
                    "kind",
                    "categories",
                    "family",
                    "duration",
                    ("amount", "amount_currency"),
                    "in_founding_article",
                )
            },
        ),
        (_("Reasons"), {"fields": (("rationale_en", "rationale_fr"),)}),
        (_("Reference"), {"fields": ("duplicate_of", "key")}),
    )

    @admin.display(description="SU RE IN GE")
    def codes(self, action: Action) -> str:
        levels = (action.substance, action.reach, action.initiative, action.generosity)
        return " ".join(level or "–" for level in levels)


@admin.register(BrandProfile)
class BrandProfileAdmin(FactsAdmin):
    list_display = ("brand", "crisis", "purpose", "values_heritage", "customer_record", "what_is_missing", "updated_at")
    list_filter = (MissingFilter, "crisis", "coding")
    list_select_related = ("brand", "crisis")
    search_fields = ("brand__search_text",)
    autocomplete_fields = ("brand", "crisis", "sources")
    fixed_once_made = ("brand", "crisis")
    readonly_fields = ("coding",)
    missing = {
        "source": (_("source"), none_of(BrandProfile.sources.through, brandprofile=OuterRef("pk"))),
        "code": (_("code"), empty("purpose", "values_heritage", "customer_record")),
    }
    fieldsets = (
        (None, {"fields": ("brand", "crisis", "sources")}),
        (_("Codes"), {"fields": (("purpose", "values_heritage"), ("customer_record", "coding"))}),
        (_("Context"), {"fields": ("labels", "not_applicable", "not_applicable_reason")}),
        (_("Reasons"), {"fields": (("rationale_en", "rationale_fr"),)}),
    )


@admin.register(Judgement)
class JudgementAdmin(WithdrawableAdmin):
    list_display = ("text", "brand", "crisis", "polarity", "archetype", "source")
    list_filter = (UseFilter, "polarity", "archetype", "crisis")
    list_select_related = ("brand", "crisis", "source")
    search_fields = ("label", "brand__search_text", "key")
    autocomplete_fields = ("brand", "crisis", "source")
    fixed_once_made = ("brand", "key")
    fieldsets = (
        (None, {"fields": ("brand", "crisis", "source")}),
        (
            _("What the author says"),
            {"fields": ("label", "polarity", ("description_en", "description_fr"), "archetype")},
        ),
        (_("Reference"), {"fields": ("key",)}),
    )


class PhaseInline(ReadableFields, admin.TabularInline):
    model = CrisisPhase
    formset = NamedCells
    extra = 1
    fields = ("name_en", "name_fr", "starts_on", "ends_on")


@admin.register(Crisis)
class CrisisAdmin(FactsAdmin):
    list_display = ("name_en", "name_fr", "starts_on", "ends_on")
    search_fields = ("name_en", "name_fr", "slug")
    fixed_once_made = ("slug",)
    inlines = (PhaseInline,)
    fieldsets = ((None, {"fields": ("name_en", "name_fr", "slug", ("starts_on", "ends_on"))}),)


@admin.register(Sector)
class SectorAdmin(admin.ModelAdmin):
    list_display = ("name_en", "name_fr", "slug")
    search_fields = ("name_en", "name_fr", "slug")

    def save_model(self, request: HttpRequest, obj: Sector, form: Any, change: bool) -> None:
        before = editing.state_of(Sector.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        changes = editing.differences(before, editing.state_of(obj))
        if changes:
            kind = "reference.corrected" if change else "reference.added"
            editing.record_by_hand(kind, obj, actor=user_of(request), changes=changes, reason="")


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """The log: read, never written."""

    list_display = ("at", "kind", "brand", "subject", "actor", "reason")
    list_filter = ("kind",)
    list_select_related = ("brand", "actor")
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "at"
    search_fields = ("subject", "brand__search_text", "reason")
    fields = ("at", "kind", "brand", "subject", "actor", "reason", "what_changed")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "subject" or super().lookup_allowed(lookup, value, request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The other lines about the same record."""
        event = self.get_object(request, unquote(object_id))
        if event is None or not self.has_view_permission(request, event):
            raise Http404
        return log_of(event.subject)

    @admin.display(description=gettext_lazy("what changed"))
    def what_changed(self, event: Event) -> str:
        rows = ((name, *pair_of(change)) for name, change in event.changes.items())
        return format_html_join("", "<p><b>{}</b> {} → {}</p>", rows) or "–"


def pair_of(change: Any) -> tuple[str, str]:
    before, after = change if isinstance(change, list) and len(change) == 2 else ("", change)
    return as_text(before), as_text(after)


def as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)
