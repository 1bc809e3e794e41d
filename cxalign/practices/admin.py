"""The screen of the practices: kept like evidence, published by those who publish verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from brands import editing
from brands.admin.acts import RESTORE, WITHDRAW, Step, WithdrawableAdmin
from brands.admin.base import user_of
from brands.admin.lists import MissingFilter, UseFilter, empty, none_of
from cxalign.practices.models import PUBLISH, Practice

STEPS = {
    WITHDRAW.name: replace(
        WITHDRAW,
        consequence=_(
            "A withdrawn practice leaves the library. If it was published, its address says that it was withdrawn, "
            "when, and the reason that you give here."
        ),
    ),
    RESTORE.name: replace(
        RESTORE, consequence=_("What is restored is again what it was: a draft, or published in the library.")
    ),
}
"""The same steps as for evidence, with what they mean for a practice."""


def pair(name: str) -> tuple[str, str]:
    return f"{name}_en", f"{name}_fr"


@admin.register(Practice)
class PracticeAdmin(WithdrawableAdmin):
    list_display = ("text", "family", "category", "evidence_level", "is_published", "what_is_missing")
    list_filter = (UseFilter, MissingFilter, "is_published", "family", "category", "evidence_level")
    search_fields = ("search_text", "key")
    autocomplete_fields = ("sector", "seen_at", "sources")
    fixed_once_made = ("key",)
    missing = {
        "source": (_("source"), none_of(Practice.sources.through, practice=OuterRef("pk"))),
        "problem": (_("problem"), empty("problem_en", "problem_fr")),
        "outcome": (_("outcome"), empty("outcome_en", "outcome_fr")),
        "date": (_("date"), empty("started")),
        "text": (_("translation"), empty("title_en", "title_fr", "summary_en", "summary_fr")),
    }
    fieldsets = (
        (None, {"fields": ("sources", "attributed_to", "evidence_level")}),
        (_("What it is"), {"fields": (pair("title"), pair("summary"), ("family", "category"), "stakeholders")}),
        (_("Where and when"), {"fields": ("seen_at", ("sector", "country"), "started")}),
        (
            _("How it went"),
            {"fields": (pair("problem"), pair("done"), pair("for_whom"), pair("with_whom"))},
        ),
        (
            _("For whoever thinks of doing it"),
            {"fields": (("time_band", "effort_band"), pair("conditions"), pair("pitfalls"), pair("again"))},
        ),
        (_("What it led to"), {"fields": (pair("outcome"), pair("outcome_known"), pair("promise"))}),
        (_("Publication"), {"fields": ("is_published",)}),
        (_("Reference"), {"fields": ("key",), "classes": ("collapse",)}),
    )

    # --- Who may ---

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What everybody reads is changed by those who may publish; drafts by whoever records evidence."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_published or request.user.has_perm(PUBLISH))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.has_perm(PUBLISH) else (*fixed, "is_published")

    def ask(self, request: HttpRequest, records: Iterable[Any], step: Step, *, back: str) -> HttpResponse:
        """A list may hold what this person may not change: then none of it is."""
        records = list(records)
        if not all(self.has_change_permission(request, record) for record in records):
            raise PermissionDenied(_("Only those who publish may withdraw or restore a published practice."))
        return super().ask(request, records, STEPS[step.name], back=back)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_published)

    # --- Writing it down ---

    def record(self, request: HttpRequest, form: Any, on_file: Model, changes: dict[str, Any], *, added: bool) -> None:
        if not added:
            editing.raise_revision(on_file)
        kind = kind_of(changes, added=added)
        reason = form.cleaned_data.get("why", "")
        editing.record_by_hand(kind, on_file, actor=user_of(request), changes=changes, reason=reason)

    @admin.display(description=gettext_lazy("text"), ordering="key")
    def text(self, fact: Any) -> str:
        return super().text(fact)


def kind_of(changes: dict[str, Any], *, added: bool) -> str:
    if "is_published" in changes:
        if changes["is_published"][1]:
            return "practice.published"
        if not added:
            return "practice.unpublished"
    return "practice.added" if added else "practice.corrected"
