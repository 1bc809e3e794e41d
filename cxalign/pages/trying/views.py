"""“Try it”: a form to code a case, real or invented, and what the engine makes of it. Nothing is kept.

The address of a case holds its codes and none of its words, and words are only taken from a form of this site: nobody
can make this site say something about a brand that its editors did not publish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brands.models import fold
from cxalign.pages import arranging, finding
from cxalign.pages.codebook import chapters
from cxalign.pages.decision_tree import drawing
from cxalign.pages.posting import private, seconds_to_wait
from cxalign.pages.trying import loading, telling
from cxalign.pages.trying.case import ACTS, PROMISES, Case
from cxalign.pages.trying.editing import edited
from cxalign.pages.trying.forms import MAX_ACTS, MAX_PROMISES, WORDS
from scoring.engine.judge import judge
from scoring.engine.method import method_in_force
from scoring.engine.path import path_of
from scoring.models import Measurement, Publication
from scoring.visibility import visible_publications

TEMPLATE = "pages/try.html"
LONGEST_ADDRESS = 1800
"""Longer than this, an address is cut by some programs: then it is not offered."""
JUDGE = "judge"
OFFERED = 8


@require_http_methods(["GET", "HEAD", "POST"])
def try_it(request: HttpRequest) -> HttpResponse:
    """The form; with a case in it, its verdict and the way there."""
    if request.method == "POST":
        return _posted(request)
    if "case" in request.GET:
        return _worked_case(request, request.GET["case"])
    if "brand" in request.GET:
        return _published(request, request.GET["brand"], request.GET.get("crisis", ""))
    if PROMISES in request.GET or ACTS in request.GET:
        return _judged(request, _without_words(request.GET))
    return _form(request, QueryDict(f"{PROMISES}=1&{ACTS}=1"))


def _posted(request: HttpRequest) -> HttpResponse:
    wish = request.POST.get("do", JUDGE)
    if wish == JUDGE:
        return _judged(request, request.POST, request.POST.get("origin", ""))
    data, at = edited(request.POST, wish)
    return _form(request, data, {"moved_to": at, "origin": request.POST.get("origin", "")})


def _without_words(data: QueryDict) -> QueryDict:
    """An address may say what was coded, and not in whose name."""
    plain = data.copy()
    for key in [key for key in plain if key == "n" or key.rpartition("-")[2] == WORDS]:
        del plain[key]
    return plain


# --- Where a case can start -------------------------------------------------------------------------------------------


def _worked_case(request: HttpRequest, slug: str) -> HttpResponse:
    data = loading.of_worked_case(slug, method_in_force(timezone.localdate()).version)
    if data is None:
        raise Http404
    return _judged(request, data)


def _published(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """By the address of a brand, or by its name as people type it; only what is published can be found."""
    found = _publications(brand, crisis)
    if len(found) != 1:
        return _form(request, QueryDict(f"{PROMISES}=1&{ACTS}=1"), {"asked": brand, "offered": found[:OFFERED]})
    publication = Publication.objects.with_case().get(pk=found[0].pk)
    try:
        data = loading.of_publication(publication)
    except loading.TooLargeError:
        blank = QueryDict(f"{PROMISES}=1&{ACTS}=1")
        return _form(request, blank, {"asked": brand, "too_large": publication})
    return _judged(request, data, origin_of(publication))


def _publications(brand: str, crisis: str) -> list[Publication]:
    published = visible_publications().order_by("assessment__brand__name", "assessment__crisis")
    if crisis:
        published = published.filter(assessment__crisis__slug=crisis)
    exact = list(published.filter(assessment__brand__slug=brand))
    if exact or not fold(brand).strip():
        return exact
    names = published.values_list("pk", "assessment__brand__search_text")
    return list(published.filter(pk__in=finding.find(brand, names).all[:OFFERED]))


def origin_of(publication: Publication) -> str:
    case = publication.assessment
    return f"{case.brand.slug}/{case.crisis.slug}"


def _origin(text: str) -> Publication | None:
    """The published verdict that a case was started from, if there is such a one."""
    brand, _sign, crisis = text.partition("/")
    if not crisis:
        return None
    found = visible_publications().filter(assessment__brand__slug=brand, assessment__crisis__slug=crisis)
    return found.first()


# --- The answer -------------------------------------------------------------------------------------------------------


def _judged(request: HttpRequest, data: QueryDict, origin: str = "") -> HttpResponse:
    case = Case.of(data)
    if not case.is_valid():
        return _page(request, case, {"origin": origin, "errors": errors_of(case)}, status=422)
    if wait := seconds_to_wait(request, "trials", settings.TRIALS_PER_HOUR):
        response = _page(request, case, {"origin": origin, "wait": max(1, round(wait / 60))}, status=429)
        response["Retry-After"] = str(wait)
        return response
    return _page(request, case, {"origin": origin, "started_from": _origin(origin), **answer(case)})


def answer(case: Case) -> dict[str, Any]:
    """What the engine makes of the case, arranged as on a scorecard."""
    measurement = Measurement.objects.in_force()
    dossier = case.dossier(timezone.localdate(), measurement.reliability if measurement else ())
    verdict = judge(dossier, case.method)
    path = path_of(dossier, case.method)
    document = telling.document_of(dossier, verdict, case.words())
    first, others = arranging.changes(document)
    end = telling.end_of(path)
    return {
        "document": document,
        "explanation": arranging.explanation({**document, "promises": []}),
        "caps": arranging.caps(document),
        "reason": arranging.reason(document),
        "chances": arranging.chances(document),
        "changes": first,
        "other_changes": others,
        "bars": arranging.bars(document),
        "distances": arranging.distances(document),
        "signals": [(signal, arranging.hollow_acts(document, signal)) for signal in document["signals"]],
        "indices": telling.indices(document),
        "path": telling.told_path(path, case.method),
        "tree": drawing(end),
        "remarks": telling.remarks(verdict),
        "verdict": verdict,
        "share": _share(case),
    }


def _share(case: Case) -> str:
    address = f"{reverse('method-try')}?{case.query()}"
    return address if len(address) <= LONGEST_ADDRESS else ""


@dataclass(frozen=True)
class Wrong:
    """One problem, with the field that it is about and the row that the field stands in."""

    row: str
    label: str
    text: str
    id: str


def errors_of(case: Case) -> list[Wrong]:
    found = []
    for form in case.forms:
        row = _row_name(form.prefix or "")
        for name, problems in form.errors.items():
            field = form[name]
            found += [
                Wrong(row, str(field.label), str(problem), field.id_for_label or field.auto_id) for problem in problems
            ]
    return found


def _row_name(prefix: str) -> str:
    if not prefix:
        return _("The brand")
    plain = _("Promise %(number)s") if prefix.startswith("p") else _("Act %(number)s")
    return plain % {"number": prefix[1:]}


def _form(request: HttpRequest, data: QueryDict, more: dict[str, Any] | None = None) -> HttpResponse:
    """The form without a verdict. Its rows are as they were sent; nobody has asked yet whether they make sense."""
    return _page(request, Case.of(data), {"unasked": True, **(more or {})})


def _page(request: HttpRequest, case: Case, more: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "case": case,
        "promise_rows": len(case.promises),
        "act_rows": len(case.acts),
        "room_for_promises": len(case.promises) < MAX_PROMISES,
        "room_for_acts": len(case.acts) < MAX_ACTS,
        "worked": loading.worked_case_files(),
        "chapters": chapters(),
        "most": {"promises": MAX_PROMISES, "acts": MAX_ACTS},
        **more,
    }
    return private(render(request, TEMPLATE, context, status=status))
