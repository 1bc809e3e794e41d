"""Every change of a verdict, newest first: what was published, and what was taken back. As a page and as a feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from cxalign.pages import words
from cxalign.templatetags.cxalign import named, note, page_language, withdrawal_reason
from scoring.models import Publication
from scoring.visibility import HEAVY

PAGE = 50
IN_FEED = 50
PUBLISHED, WITHDRAWN = "published", "withdrawn"


@dataclass(frozen=True)
class Change:
    """One line: a version that came out, or one that was taken back. What is withdrawn is not told again."""

    publication: Publication
    kind: str
    at: datetime
    before: str

    @property
    def is_withdrawal(self) -> bool:
        return self.kind == WITHDRAWN

    @property
    def outcome(self) -> str:
        return "" if self.publication.withdrawn_at else str(self.publication.snapshot.outcome)

    @property
    def moved(self) -> bool:
        return bool(self.before and self.outcome and self.before != self.outcome)

    @property
    def address(self) -> str:
        """The version itself; of what was taken back, the history, where the reason stands."""
        case = [self.publication.assessment.brand.slug, self.publication.assessment.crisis.slug]
        if self.publication.withdrawn_at:
            return reverse("history", args=case)
        return reverse("frozen", args=[*case, self.publication.version])

    @property
    def reason(self) -> str:
        """Why it was taken back; of a version, what the editor wrote about it. Withdrawn, only the former is told."""
        if self.is_withdrawal:
            return withdrawal_reason(self.publication)
        return "" if self.publication.withdrawn_at else note(self.publication)


def lines() -> QuerySet[Publication, Any]:
    """Key, kind and time of every line, newest first."""
    published = Publication.objects.readable().values("pk", kind=_text(PUBLISHED), at=F("published_at"))
    withdrawn = Publication.objects.readable().filter(withdrawn_at__isnull=False)
    taken_back = withdrawn.values("pk", kind=_text(WITHDRAWN), at=F("withdrawn_at"))
    return published.order_by().union(taken_back.order_by(), all=True).order_by("-at", "-pk", "kind")


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def told(some: Iterable[dict[str, Any]]) -> list[Change]:
    """The lines with their publications, in one query."""
    some = list(some)
    earlier = Publication.objects.filter(
        assessment=OuterRef("assessment"), version=OuterRef("version") - 1, withdrawn_at__isnull=True
    )
    publications = (
        Publication.objects.with_case()
        .defer(*HEAVY)
        .annotate(before=Subquery(earlier.values("snapshot__outcome")[:1]))
        .in_bulk([line["pk"] for line in some])
    )
    return [
        Change(publications[line["pk"]], line["kind"], line["at"], publications[line["pk"]].before or "")
        for line in some
    ]


def changes(request: HttpRequest) -> HttpResponse:
    page = Paginator(lines(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "changes": told(page.object_list),
        "numbers": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "pages/changes.html", context)


# --- The feed ---------------------------------------------------------------------------------------------------------


def feed(request: HttpRequest) -> HttpResponse:
    """The newest lines as Atom, in the language of the address."""
    made = Atom1Feed(
        title=_("%(site)s: changes of verdicts") % {"site": settings.SITE_NAME},
        link=_absolute(reverse("changes")),
        description="",
        subtitle=_("Every verdict published or withdrawn, with its reason."),
        feed_url=_absolute(reverse("changes-atom")),
        language=page_language(),
        author_name=settings.SITE_NAME,
    )
    for change in told(lines()[:IN_FEED]):
        made.add_item(
            title=headline(change),
            link=_absolute(change.address),
            description=summary(change),
            unique_id=f"{settings.BASE_URL}/changes/{change.publication.pk}/{change.kind}",
            pubdate=change.at,
            updateddate=change.at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def headline(change: Change) -> str:
    """“AXA – Covid-19: Broken promise → Aligned”."""
    case = change.publication.assessment
    names = {"case": f"{case.brand.name} – {named(case.crisis)}", "what": what_happened(change)}
    return _("%(case)s: %(what)s") % names


def what_happened(change: Change) -> str:
    if change.is_withdrawal:
        return _("version %(number)d withdrawn") % {"number": change.publication.version}
    if not change.outcome:
        return _("version %(number)d published, withdrawn since") % {"number": change.publication.version}
    outcome = words.word(change.outcome, "outcome")
    return f"{words.word(change.before, 'outcome')} → {outcome}" if change.moved else outcome


def summary(change: Change) -> str:
    cause = "" if change.is_withdrawal else words.word(change.publication.cause, "cause")
    return " – ".join(part for part in (cause, change.reason) if part)
