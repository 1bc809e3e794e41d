"""What is judged and published, on screen: read, published and taken back here, never edited."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brands import editing
from brands.admin import BulkSteps, Step, user_of
from brands.changes import wake_after_commit
from brands.forms import PlainTextarea, ReasonForm
from brands.models import Brand, validate_plain_text
from scoring import assigning, publishing
from scoring.models import (
    MAX_ATTEMPTS,
    READ_DRAFTS,
    Assessment,
    OutcomeChoice,
    Publication,
    RobustnessChoice,
    ScoringJob,
    Snapshot,
)
from scoring.publishing import PublishingRefused

User = get_user_model()

WARNINGS = {
    "no_sourced_promise": gettext_lazy("No promise on file has a source."),
    "no_sourced_action": gettext_lazy("No act on file has a source."),
    "not_double_coded": gettext_lazy("The codes are those of one person."),
    "single_source": gettext_lazy("The evidence rests on fewer than two independent sources."),
    "text_missing_in_one_language": gettext_lazy("A promise or an act has no French text."),
}


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

    def page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, template, {**everywhere, **context})


# --- Assessments, and making public -----------------------------------------------------------------------------------


class PublishForm(forms.ModelForm):
    """What readers are told about a new version. The snapshot is the one that was on screen."""

    snapshot = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Publication
        fields = ("cause", "note_en", "note_fr")
        widgets = {"note_en": PlainTextarea, "note_fr": PlainTextarea}


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
        latest = Snapshot.objects.filter(assessment=OuterRef("pk")).order_by("-sequence")
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
        return f"v{case.public_version}" if case.latest_is_public else _("v%d, older") % case.public_version

    def has_organise_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm(assigning.ORGANISE)

    @admin.action(permissions=["organise"], description=gettext_lazy("Assign…"))
    def assign_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        return self.ask(request, queryset, ASSIGN, back=request.get_full_path())

    def get_urls(self) -> list[Any]:
        return [self.step_url("publish", self.publish_view), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        case = Assessment.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        extra = {**(extra_context or {}), **(self.publishing_context(request, case) if case else {})}
        return super().change_view(request, object_id, form_url, extra)

    def publishing_context(self, request: HttpRequest, case: Assessment) -> dict[str, Any]:
        snapshot = Snapshot.objects.latest_of(case)
        return {
            "warnings": words_of(publishing.warnings_for(snapshot)) if snapshot else [],
            "refusal": refusal(request, snapshot),
            "publications": list(case.publications.select_related("published_by")),
        }

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then publish the verdict that was on screen."""
        case = self.found(request, pk)
        snapshot = Snapshot.objects.latest_of(case)
        if not user_of(request).has_perm(publishing.PUBLISH):
            raise PermissionDenied(refusal(request, snapshot))
        if snapshot is None or (request.method != "POST" and refusal(request, snapshot)):
            messages.error(request, refusal(request, snapshot))
            return self.back_to(case)
        initial = {"snapshot": snapshot.pk, "cause": "evidence_added" if case.publications.exists() else "first_entry"}
        form = PublishForm(request.POST or None, initial=initial)
        if form.is_valid():
            self.publish(request, case, form)
            return self.back_to(case)
        warnings = words_of(publishing.warnings_for(snapshot))
        title = _("Publish this verdict on %(case)s?") % {"case": case}
        return self.page(
            request,
            "admin/scoring/publish.html",
            title=title,
            form=form,
            case=case,
            snapshot=snapshot,
            warnings=warnings,
        )

    def publish(self, request: HttpRequest, case: Assessment, form: PublishForm) -> None:
        words = {name: form.cleaned_data[name] for name in ("cause", "note_en", "note_fr")}
        seen = Snapshot.objects.filter(pk=form.cleaned_data["snapshot"], assessment=case).first()
        try:
            if seen is None:
                raise PublishingRefused(_("The verdict that was on screen belongs to another case: reload the page."))
            publication = publishing.publish(case, by=user_of(request), snapshot=seen, **words)
        except PublishingRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Published as version %d.") % publication.version)


def words_of(warnings: Iterable[str]) -> list[str]:
    return [str(WARNINGS[code]) for code in warnings]


def refusal(request: HttpRequest, snapshot: Snapshot | None) -> str:
    """Why this person cannot publish this now; empty when they can."""
    if snapshot is None:
        return _("Nothing has been judged yet: record a fact first.")
    try:
        publishing.check_can_publish(user_of(request), snapshot)
    except PublishingRefused as refused:
        return str(refused)
    return ""


# --- Publications, and taking back ------------------------------------------------------------------------------------


class WithdrawForm(forms.Form):
    reason_en = forms.CharField(
        label=gettext_lazy("Public reason in English"),
        max_length=1000,
        required=False,
        widget=PlainTextarea,
        validators=[validate_plain_text],
    )
    reason_fr = forms.CharField(
        label=gettext_lazy("Public reason in French"),
        max_length=1000,
        required=False,
        widget=PlainTextarea,
        validators=[validate_plain_text],
    )


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("assessment", "version", "state_word", "cause", "published_at", "published_by", "withdrawn_at")
    list_filter = ("is_current", "cause", "policy")
    list_select_related = ("assessment__brand", "assessment__crisis", "published_by")
    date_hierarchy = "published_at"
    search_fields = ("assessment__brand__search_text",)
    fields = (
        *("assessment", "version", "state_word", "cause", "note_en", "note_fr", "policy", "warned"),
        *("published_at", "published_by", "withdrawn_at", "withdrawn_reason_en", "withdrawn_reason_fr"),
    )
    change_form_template = "admin/scoring/publication/change_form.html"

    @admin.display(description=gettext_lazy("state"))
    def state_word(self, publication: Publication) -> str:
        words = {"published": _("published"), "superseded": _("superseded"), "withdrawn": _("withdrawn")}
        return words[publication.state]

    @admin.display(description=gettext_lazy("warnings at publication"))
    def warned(self, publication: Publication) -> str:
        return " ".join(words_of(publication.warnings)) or "–"

    def get_urls(self) -> list[Any]:
        return [self.step_url("withdraw", self.withdraw_view), *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the public reason, then take the version back."""
        publication = self.found(request, pk)
        if not user_of(request).has_perm(publishing.PUBLISH):
            raise PermissionDenied(_("Only an editor can withdraw: ask one to do it."))
        form = WithdrawForm(request.POST or None)
        if form.is_valid() and self.withdraw(request, publication, form):
            return self.back_to(publication)
        title = _("Withdraw version %(version)d of %(case)s?") % {
            "version": publication.version,
            "case": publication.assessment,
        }
        return self.page(request, "admin/scoring/withdraw.html", title=title, form=form, publication=publication)

    def withdraw(self, request: HttpRequest, publication: Publication, form: WithdrawForm) -> bool:
        try:
            publishing.withdraw(publication, by=user_of(request), **form.cleaned_data)
        except PublishingRefused as refused:
            form.add_error(None, str(refused))
            return False
        messages.success(request, _("Version %d is withdrawn; its address now tells the reason.") % publication.version)
        return True


# --- Snapshots, and the work in the background ------------------------------------------------------------------------


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
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
class ScoringJobAdmin(ReadOnlyAdmin):
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
