"""The guide for programs: the first call, what there is, how lists, tags, errors, keys and limits work.

What it lists comes from the description of the API, from the scopes that keys are made for and from the settings, so
that it says what is really there; each example is a call that a test makes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.accounts import keys
from cxalign.accounts.models import Scope
from cxalign.api.errors import KINDS
from cxalign.api.index import description
from cxalign.pages.faces import standing
from scoring.visibility import visible_publications

BASE = "/api/v1"
_QUOTA = re.compile(r"(\d+)/(\w+)")


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    calls: tuple[str, ...]
    """Method and address of each call."""
    meaning: str
    fallback: str
    """What the description says of it, for one that this page has no words of its own for."""


@dataclass(frozen=True, slots=True)
class Call:
    """An example: what it shows, and what is typed."""

    code: str
    says: str
    typed: str


@cache
def calls() -> dict[str, tuple[tuple[str, str], ...]]:
    """Resource → its calls, each with its summary, out of the description."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, operations in json.loads(description())["paths"].items():
        name = path.removeprefix(f"{BASE}/").split("/")[0]
        for method, operation in operations.items():
            told = operation.get("summary") or operation.get("description", "")
            found.setdefault(name, []).append((f"{method.upper()} {path.removeprefix(BASE)}", told))
    return {name: tuple(pairs) for name, pairs in found.items() if name}


def resources() -> list[Resource]:
    known = meanings()
    return [
        Resource(name, tuple(call for call, _told in pairs), known.get(name, ""), pairs[0][1])
        for name, pairs in sorted(calls().items())
    ]


def meanings() -> dict[str, str]:
    return {
        "actions": _("What brands were observed doing, with codes and sources."),
        "brands": _("Brands of which something is public."),
        "comparisons": _("Two to five brands side by side."),
        "corrections": _("What was put right after it had been published."),
        "crises": _("Crises and their phases."),
        "exports": _("The published set as one file, made in the background. With a key."),
        "imports": _("Files sent in, checked row by row, confirmed, undone. With a key."),
        "jobs": _("Imports and exports under one address, as jobs. With a key."),
        "landscapes": _("All public brands of a crisis, each in its place."),
        "outcomes": _("Published figures such as satisfaction or sales."),
        "plans": _("Response plans of one’s own teams. With a key."),
        "practices": _("What others did in a crisis, recorded, not recommended."),
        "promises": _("What brands had promised, quoted and dated."),
        "proofs": _("One act read against one promise, or the duty of care, for one group."),
        "replies": _("Published replies of brands."),
        "scorecards": _("Verdicts in force, and every version of them."),
        "sources": _("The documents that facts rest on."),
    }


def examples(case: str) -> dict[str, Call]:
    """Of this very installation: each can be copied as it stands."""
    base = f"{settings.BASE_URL}{BASE}"
    brand, crisis = case.split(":")
    page = f"{settings.BASE_URL}{reverse('scorecard', args=[brand, crisis])}"
    found = [
        Call("list", _("Two verdicts in force"), f'curl "{base}/scorecards?limit=2"'),
        Call("one", _("One of them, whole"), f"curl {base}/scorecards/{case}"),
        Call(
            "fields",
            _("Three of its fields, in French"),
            f'curl "{base}/scorecards/{case}?fields=outcome,robustness,explanation&lang=fr"',
        ),
        Call("acts", _("What the brand was observed doing"), f'curl "{base}/actions?brand={brand}&crisis={crisis}"'),
        Call("page", _("A list, page by page"), f'curl "{base}/sources?limit=1&count=estimate"'),
        Call("tag", _("The tag of an answer"), f"curl -sI {base}/scorecards/{case}"),
        Call(
            "known",
            _("Only if it changed since: else 304, without a body"),
            f'curl -i -H "If-None-Match: $ETAG" {base}/scorecards/{case}',
        ),
        Call(
            "since",
            _("Verdicts published since a moment, the oldest first"),
            f'curl "{base}/scorecards?updated_at__gte=2020-03-01T00:00:00Z&sort=published_at"',
        ),
        Call("error", _("A parameter that does not exist: 400, which names it"), f'curl "{base}/brands?colour=red"'),
        Call(
            "language",
            _("The same, explained in French"),
            f'curl -H "Accept-Language: fr" "{base}/brands?colour=red"',
        ),
        Call("key", _("With a key"), f'curl -H "Authorization: Bearer $KEY" {base}/plans'),
        Call("csv", _("All published scorecards as CSV"), f"curl -OJ {settings.BASE_URL}{reverse('scorecards-csv')}"),
        Call("workbook", _("One scorecard as a workbook"), f"curl -OJ {page}export/xlsx"),
        Call("oembed", _("How to frame a scorecard"), f'curl "{settings.BASE_URL}{reverse("oembed")}?url={page}"'),
        Call(
            "badge",
            _("The badge as data"),
            f'curl "{settings.BASE_URL}{reverse("badge-endpoint", args=[brand, crisis])}?lang=en"',
        ),
    ]
    return {call.code: call for call in found}


def case_for_examples() -> str:
    """The newest verdict in force; where there is none, the name of one that may come."""
    newest = visible_publications().order_by("-pk").first()
    if newest is None:
        return "fictia:covid-19"
    return f"{newest.assessment.brand.slug}:{newest.assessment.crisis.slug}"


def per_minute(rate: str) -> str:
    """“60/min” in words; nothing where there is no limit."""
    found = _QUOTA.fullmatch(rate)
    if found is None:
        return ""
    unit = {"sec": _("a second"), "min": _("a minute"), "hour": _("an hour"), "day": _("a day")}[found[2]]
    number = int(found[1])
    return ngettext("%(number)d request %(unit)s", "%(number)d requests %(unit)s", number) % {
        "number": number,
        "unit": unit,
    }


def feed_address() -> str:
    """The log of changes of the API, where there is one."""
    try:
        return reverse("api-changes")
    except NoReverseMatch:
        return ""


def developers(request: HttpRequest) -> HttpResponse:
    case = case_for_examples()
    context = {
        "api_base": f"{settings.BASE_URL}{BASE}",
        "version": json.loads(description())["info"]["version"],
        "case": case,
        "brand": case.split(":")[0],
        "crisis": case.split(":")[1],
        "examples": examples(case),
        "resources": resources(),
        "scopes": [(str(scope), Scope(scope).label) for scope in keys.OFFERED],
        "problems": sorted((kind.status, code, kind.title) for code, kind in KINDS.items()),
        "strangers": per_minute(settings.API_RATE),
        "with_key": per_minute(settings.API_KEY_RATE),
        "faces": standing.are_open(),
        "is_public": settings.PUBLIC_SITE,
        "log_of_changes": feed_address(),
    }
    return render(request, "pages/developers.html", context)
