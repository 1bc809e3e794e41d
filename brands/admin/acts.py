"""What is done with one or many records at once: asked about on a page that says how many and what will happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from brands import editing
from brands.admin.base import FactsAdmin, user_of
from brands.forms import ReasonForm, TagForm
from brands.models import Fact

AT_ONCE = 500
"""A page that names each record, and a form that carries each of them, have to end somewhere."""


@dataclass(frozen=True)
class Step:
    """A step on one or many records, asked about on a page of its own."""

    name: str
    question: Any
    consequence: Any
    button: Any
    act: Callable[..., int]
    """Takes the records, who acts, and what the form holds; returns how many it touched."""
    done: Callable[[int], str]
    form: type[forms.Form] = ReasonForm
    is_dangerous: bool = False


WITHDRAW = Step(
    "withdraw",
    _("Withdraw %(count)s %(records)s?"),
    _("What is withdrawn no longer counts in any verdict. It stays on file with your reason, and can be restored."),
    _("Withdraw"),
    editing.withdraw,
    lambda count: ngettext("%d record withdrawn.", "%d records withdrawn.", count) % count,
    is_dangerous=True,
)
RESTORE = Step(
    "restore",
    _("Restore %(count)s %(records)s?"),
    _("What is restored counts again in the working verdict."),
    _("Restore"),
    editing.restore,
    lambda count: ngettext("%d record restored.", "%d records restored.", count) % count,
)
TAG = Step(
    "tag",
    _("Tag %(count)s %(records)s?"),
    _("Tags help a team to find records again. They count in no verdict, and readers never see them."),
    _("Tag"),
    editing.tag,
    lambda count: ngettext("%d record has other tags now.", "%d records have other tags now.", count) % count,
    form=TagForm,
)


class BulkSteps:
    """Mixed into a screen: its list offers steps, each asked about with the number of records and a reason."""

    model: Any
    opts: Any
    media: Any
    admin_site: Any
    message_user: Any

    def ask(self, request: HttpRequest, records: Iterable[Any], step: Step, *, back: str) -> HttpResponse:
        """Name how many and which, ask for the reason, then do it."""
        records = list(records)
        if len(records) > AT_ONCE:
            message = _("You chose %(count)s records; at most %(limit)s can be taken at once. Choose fewer.")
            self.message_user(request, message % {"count": len(records), "limit": AT_ONCE}, messages.ERROR)
            return HttpResponseRedirect(back)
        form = step.form(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and self.take(request, records, step, form.cleaned_data):
            return HttpResponseRedirect(back)
        words = {"count": len(records), "records": model_ngettext(self.opts, len(records))}
        context = {
            **self.admin_site.each_context(request),
            "title": step.question % words,
            "opts": self.opts,
            "media": self.media,
            "step": step,
            "records": records,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/confirm_with_reason.html", context)

    def take(self, request: HttpRequest, records: list[Any], step: Step, given: dict[str, Any]) -> bool:
        """Do it, unless somebody has changed one of the records since the page named them."""
        try:
            with transaction.atomic():
                editing.lock(*records)
                check_unchanged(request, records)
                count = step.act(records, by=user_of(request), **given)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        self.message_user(request, step.done(count), messages.SUCCESS)
        return True


def check_unchanged(request: HttpRequest, records: list[Any]) -> None:
    """Compare the revisions that the page carried with those on file; the page shows the new ones after that."""
    seen = set(request.POST.getlist("seen"))
    changed = []
    for record in records:
        if hasattr(record, "revision"):
            record.refresh_from_db(fields=["revision"])
            if f"{record.pk}:{record.revision}" not in seen:
                record.is_changed = True
                changed.append(record)
    if changed:
        message = ngettext(
            "Nothing was done: somebody else has changed %(count)d of these records since you chose it. It is marked "
            "below: look at it again, then confirm.",
            "Nothing was done: somebody else has changed %(count)d of these records since you chose them. They are "
            "marked below: look at them again, then confirm.",
            len(changed),
        )
        raise ValidationError(message, params={"count": len(changed)}, code="stale")


class TaggableAdmin(BulkSteps, FactsAdmin):
    """A screen whose records carry tags."""

    actions: tuple[str, ...] = ("tag_selected",)

    @admin.action(permissions=["change"], description=gettext_lazy("Tag…"))
    def tag_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        return self.ask(request, queryset, TAG, back=request.get_full_path())


class WithdrawableAdmin(BulkSteps, FactsAdmin):
    """A screen for evidence: it is taken out of use with a reason, one record or many at a time, and never vanishes."""

    actions: tuple[str, ...] = ("withdraw_selected", "restore_selected")

    def get_urls(self) -> list[Any]:
        steps = [self.step_address(step) for step in (WITHDRAW, RESTORE)]
        return [*steps, *super().get_urls()]

    def step_address(self, step: Step) -> Any:
        name = f"{self.opts.app_label}_{self.opts.model_name}_{step.name}"
        view = self.admin_site.admin_view(self.step_view)
        return path(f"<path:object_id>/{step.name}/", view, {"step": step}, name=name)

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

    @admin.display(description=gettext_lazy("text"), ordering="key")
    def text(self, fact: Any) -> str:
        """The row's name; struck through, and said so, when it is withdrawn."""
        short = Truncator(str(fact)).chars(110)
        return format_html("<s>{}</s> ({})", short, gettext("withdrawn")) if fact.is_withdrawn else short
