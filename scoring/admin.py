"""What is judged and published, as lists to read. Published and taken back it is at the desk."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from brands import editing
from brands.admin import BulkSteps, Step, WithdrawableAdmin, user_of
from brands.admin.hiding import LeavesOutHidden, hidden_from
from brands.admin.lists import UseFilter
from brands.changes import wake_after_commit
from brands.forms import ReasonForm
from brands.models import Brand, OutcomeFigure
from scoring import assigning, outcomes, policies
from scoring.models import (
    MAX_ATTEMPTS,
    READ_DRAFTS,
    Assessment,
    OutcomeChoice,
    Publication,
    PublishedFigure,
    RobustnessChoice,
    ScoringJob,
    Snapshot,
    TieKind,
)

User = get_user_model()


def is_public(brands: list[Brand]) -> bool:
    return Publication.objects.current().filter(assessment__brand__in=brands).exists()


editing.public_now.append(is_public)


class ReadOnlyAdmin(admin.ModelAdmin):
    """A screen that shows. What can be done stands on pages of its own, each with its rule."""

    list_per_page = 50
    show_full_result_count = False
    actions: tuple[str, ...] | None = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def step_url(self, name: str, view: Any) -> Any:
        """An address under the record's own, for something that can be done with it."""
        full_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=full_name)

    def found(self, request: HttpRequest, pk: int) -> Any:
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None:
            if isinstance(self, LeavesOutHidden):
                self.check_not_hidden(request, pk)
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return record

    def back_to(self, record: Any) -> HttpResponseRedirect:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[record.pk]))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What happened to the brand: the log knows more than this screen, on which nothing is edited."""
        record = self.found(request, int(object_id) if object_id.isdecimal() else 0)
        brand = (record.assessment if hasattr(record, "assessment") else record).brand
        return HttpResponseRedirect(f"{reverse('desk-trail')}?brand={brand.slug}")


# --- Assessments, and making public -----------------------------------------------------------------------------------


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("what the public sees")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", gettext_lazy("not the working verdict")),
            ("public", gettext_lazy("the working verdict")),
            ("nothing", gettext_lazy("nothing")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = {
            "waiting": Q(latest__isnull=False, latest_is_public=False),
            "public": Q(latest_is_public=True),
            "nothing": Q(public_version__isnull=True),
        }
        return queryset.filter(conditions[self.value() or ""]) if self.value() in conditions else queryset


class OutcomeFilter(admin.SimpleListFilter):
    title = gettext_lazy("working verdict")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(OutcomeChoice.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(outcome=self.value()) if self.value() in OutcomeChoice.values else queryset


class OwnerForm(ReasonForm):
    """To whom cases are given, and why."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("– nobody –"),
        help_text=gettext_lazy("Only people who may read drafts are offered."),
    )
    field_order = ("owner", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.with_perm(  # type: ignore[attr-defined]
            READ_DRAFTS, backend="django.contrib.auth.backends.ModelBackend"
        )


ASSIGN = Step(
    "assign",
    gettext_lazy("Assign %(count)s %(records)s?"),
    gettext_lazy("The cases appear under “Waiting for you” of their new owner. Nothing that was written changes."),
    gettext_lazy("Assign"),
    assigning.assign,
    lambda count: ngettext("%d case has another owner now.", "%d cases have another owner now.", count) % count,
    form=OwnerForm,
)


@admin.register(Assessment)
class AssessmentAdmin(BulkSteps, ReadOnlyAdmin):
    list_display = ("brand", "crisis", "verdict", "robustness", "as_of", "version", "owner", "due_on")
    list_filter = (StateFilter, OutcomeFilter, "crisis", ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("brand", "crisis", "owner")
    actions = ("assign_selected",)
    search_fields = ("brand__search_text", "brand__slug")
    fields = ("brand", "crisis", "created_at")
    change_form_template = "admin/scoring/assessment/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each case with its working verdict and what of it is public, in one query."""
        seen = Snapshot.objects.exclude(assessment__brand__in=hidden_from(request))
        latest = seen.filter(assessment=OuterRef("pk")).order_by("-sequence")
        current = Publication.objects.current().filter(assessment=OuterRef("pk"))
        cases = (
            super()
            .get_queryset(request)
            .annotate(
                latest=Subquery(latest.values("pk")[:1]),
                outcome=Subquery(latest.values("outcome")[:1]),
                latest_robustness=Subquery(latest.values("robustness")[:1]),
                latest_as_of=Subquery(latest.values("as_of")[:1]),
                public_version=Subquery(current.values("version")[:1]),
            )
        )
        return cases.annotate(latest_is_public=Exists(current.filter(snapshot=OuterRef("latest"))))

    @admin.display(description=gettext_lazy("working verdict"), ordering="outcome")
    def verdict(self, case: Any) -> Any:
        return OutcomeChoice(case.outcome).label if case.outcome else "–"

    @admin.display(description=gettext_lazy("robustness"))
    def robustness(self, case: Any) -> Any:
        return RobustnessChoice(case.latest_robustness).label if case.latest_robustness else "–"

    @admin.display(description=gettext_lazy("as of"), ordering="latest_as_of")
    def as_of(self, case: Any) -> Any:
        return case.latest_as_of

    @admin.display(description=gettext_lazy("public version"), ordering="public_version")
    def version(self, case: Any) -> str:
        if case.public_version is None:
            return "–"
        return (
            f"v{case.public_version}"
            if case.latest_is_public or case.latest is None
            else _("v%d, older") % case.public_version
        )

    def has_organise_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm(assigning.ORGANISE)

    @admin.action(permissions=["organise"], description=gettext_lazy("Assign…"))
    def assign_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        return self.ask(request, queryset, ASSIGN, back=request.get_full_path())

    def get_urls(self) -> list[Any]:
        return [self.step_url("publish", self.publish_view), *super().get_urls()]

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cases are published at the desk; this address, which people may have kept, leads there."""
        return HttpResponseRedirect(desk_address("desk-publish", self.found(request, pk)))


def desk_address(name: str, case: Assessment, *more: Any) -> str:
    return reverse(name, args=[case.brand.slug, case.crisis.slug, *more])


# --- Publications, and taking back ------------------------------------------------------------------------------------


@admin.register(Publication)
class PublicationAdmin(LeavesOutHidden, ReadOnlyAdmin):
    hidden_by = "assessment__brand"
    list_display = ("assessment", "version", "state_word", "cause", "published_at", "published_by", "withdrawn_at")
    list_filter = ("is_current", "cause", "policy")
    list_select_related = ("assessment__brand", "assessment__crisis", "published_by")
    date_hierarchy = "published_at"
    search_fields = ("assessment__brand__search_text",)
    fields = (
        *("assessment", "version", "state_word", "cause", "note_en", "note_fr", "policy", "warned", "tied"),
        *("published_at", "published_by", "withdrawn_at", "withdrawn_reason_en", "withdrawn_reason_fr"),
    )
    change_form_template = "admin/scoring/publication/change_form.html"

    @admin.display(description=gettext_lazy("state"))
    def state_word(self, publication: Publication) -> str:
        words = {"published": _("published"), "superseded": _("superseded"), "withdrawn": _("withdrawn")}
        return words[publication.state]

    @admin.display(description=gettext_lazy("warnings at publication"))
    def warned(self, publication: Publication) -> str:
        return " ".join(map(policies.words_of, publication.warnings)) or "–"

    @admin.display(description=gettext_lazy("ties declared"))
    def tied(self, publication: Publication) -> str:
        language = "fr" if (get_language() or "en").startswith("fr") else "en"
        return " ".join(f"{TieKind(tie['kind']).label} – {tie['text'][language]}" for tie in publication.ties) or "–"

    def get_urls(self) -> list[Any]:
        return [self.step_url("withdraw", self.withdraw_view), *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Versions are taken back at the desk; this address leads there."""
        publication = self.found(request, pk)
        return HttpResponseRedirect(desk_address("desk-withdraw", publication.assessment, publication.version))


# --- Snapshots, and the work in the background ------------------------------------------------------------------------


@admin.register(Snapshot)
class SnapshotAdmin(LeavesOutHidden, ReadOnlyAdmin):
    hidden_by = "assessment__brand"
    list_display = ("assessment", "sequence", "outcome", "robustness", "as_of", "method_version", "created_at")
    list_filter = ("outcome", "robustness", "harm_alert", "method_version")
    list_select_related = ("assessment__brand", "assessment__crisis")
    date_hierarchy = "created_at"
    search_fields = ("assessment__brand__search_text", "facts_digest")
    fields = (
        *("assessment", "sequence", "as_of", "method_version", "outcome", "reason", "breadth", "robustness", "indices"),
        *("evidence_items", "independent_groups", "harm_alert", "washing", "divergent", "facts_digest", "created_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).defer("facts", "document")

    @admin.display(description=gettext_lazy("indices"))
    def indices(self, snapshot: Snapshot) -> str:
        found = json.loads(snapshot.verdict)["indices"]
        return ", ".join(f"{name} {'–' if value is None else value}" for name, value in found.items())


class JobFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", gettext_lazy("due")), ("failed", gettext_lazy("failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "due":
            return queryset.filter(pk__in=ScoringJob.objects.due())
        return queryset.exclude(error="") if self.value() == "failed" else queryset


@admin.register(ScoringJob)
class ScoringJobAdmin(LeavesOutHidden, ReadOnlyAdmin):
    list_display = ("brand", "attempts", "is_parked", "finished_at", "error")
    list_filter = (JobFilter,)
    list_select_related = ("brand",)
    search_fields = ("brand__search_text",)
    fields = ("brand", "is_parked", "attempts", "error", "finished_at")
    change_form_template = "admin/scoring/scoringjob/change_form.html"

    @admin.display(description=gettext_lazy("given up"), boolean=True)
    def is_parked(self, job: ScoringJob) -> bool:
        return job.attempts >= MAX_ATTEMPTS and job.failed_revision == job.brand.facts_revision

    def get_urls(self) -> list[Any]:
        return [self.step_url("again", self.again_view), *super().get_urls()]

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget the failures, so that the brand is due once more."""
        job = self.found(request, pk)
        if not user_of(request).has_perm("scoring.change_scoringjob"):
            raise PermissionDenied
        if request.method == "POST":
            ScoringJob.objects.filter(pk=job.pk).update(attempts=0)
            wake_after_commit(job.brand_id)
            messages.success(request, _("It is tried again now: reload the page in a moment."))
        return self.back_to(job)


PUBLISH_FIGURES = Step(
    "publish",
    gettext_lazy("Publish %(count)s %(records)s?"),
    gettext_lazy("Everybody will see them as they stand now, with their source, beside the verdict on the brand."),
    gettext_lazy("Publish"),
    lambda figures, **given: 0,  # the screen puts its own in this place, which can tell what it refuses
    lambda count: ngettext("%(count)d figure is public.", "%(count)d figures are public.", count) % {"count": count},
)


@admin.register(OutcomeFigure)
class OutcomeFigureAdmin(WithdrawableAdmin):
    """Registered here, not beside the other facts: its screen publishes, and facts know nothing of publishing."""

    actions = ("publish_selected", *WithdrawableAdmin.actions)
    list_display = ("text", "brand", "kind", "value", "unit", "measured_on", "public_state")
    kept_for_the_next = ("brand", "crisis", "kind", "series", "unit", "source")
    list_filter = (UseFilter, "kind", "crisis")
    list_select_related = ("brand", "crisis", "source")
    search_fields = ("series", "brand__search_text", "key")
    autocomplete_fields = ("brand", "crisis", "source")
    fixed_once_made = ("brand", "crisis", "key")
    fieldsets = (
        (None, {"fields": ("brand", "crisis", "source")}),
        (gettext_lazy("Reading"), {"fields": (("kind", "series"), ("value", "unit", "measured_on"))}),
        (gettext_lazy("Note"), {"fields": (("note_en", "note_fr"),)}),
        (gettext_lazy("Reference"), {"fields": ("key",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutcomeFigure]:
        current = PublishedFigure.objects.filter(figure=OuterRef("pk"), is_current=True)
        return super().get_queryset(request).annotate(public_revision=Subquery(current.values("revision")[:1]))

    @admin.display(description=gettext_lazy("public"))
    def public_state(self, figure: Any) -> str:
        if figure.public_revision is None:
            return _("no")
        return _("yes") if figure.public_revision == figure.revision else _("as it was before the last edit")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm("scoring.publish")

    @admin.action(permissions=["publish"], description=gettext_lazy("Publish as they stand…"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[OutcomeFigure]) -> HttpResponse:
        step = replace(PUBLISH_FIGURES, act=partial(self.publish_each, request))
        return self.ask(request, queryset.select_related("source", "brand"), step, back=request.get_full_path())

    def publish_each(self, request: HttpRequest, figures: list[OutcomeFigure], *, by: Any, reason: str) -> int:
        """Each by itself: what cannot be published is told with its reason, and the others are."""
        done = 0
        for figure in figures:
            try:
                outcomes.publish_figure(figure, by=by, reason=reason)
                done += 1
            except outcomes.CannotPublishFigure as refused:
                self.message_user(request, f"{figure.brand}, {figure}: {refused}", messages.WARNING)
        return done
