"""Two to five practices side by side: what is recorded of each, and what is not. Nothing is added up or ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cxalign.pages.filters import unknown_value
from cxalign.pages.frame import PICKED_PRACTICES as PICKED
from cxalign.pages.frame import reader_of, slugs_in
from cxalign.pages.practice_facts import Part, facts_of, text_of, texts_of
from cxalign.practices.reading import visible_practices, with_places

FEWEST, MOST = 2, 5
DIFFERENCES = "differences"
OWN = (PICKED, "only")


@dataclass(frozen=True)
class Row:
    heading: str
    parts: Sequence[Part]
    """One a practice."""

    @property
    def differs(self) -> bool:
        return len({part.text for part in self.parts}) > 1


def compare(request: HttpRequest) -> HttpResponse:
    slugs, only = slugs_in(request.GET, PICKED), request.GET.get("only") == DIFFERENCES
    if any(name not in OWN for name in request.GET):  # the form of the library sends its filters along
        return HttpResponseRedirect(address(slugs))
    reader = reader_of(request)
    visible = visible_practices(reader)
    known = {one.key: one for one in with_places(visible.filter(key__in=slugs), reader)}
    chosen = [known[slug] for slug in slugs[:MOST] if slug in known]
    rows = rows_of(chosen) if len(chosen) >= FEWEST else []
    context: dict[str, Any] = {
        "columns": [(one, address([key for key in keys_of(chosen) if key != one.key])) for one in chosen],
        "rows": [row for row in rows if row.differs or not only],
        "same": sum(not row.differs for row in rows),
        "enough": len(chosen) >= FEWEST,
        "only": only,
        "toggled": address(keys_of(chosen), **({} if only else {"only": DIFFERENCES})),
        "left_out": [known[slug] for slug in slugs[MOST:] if slug in known],
        "library": f"{reverse('practices')}?{urlencode([(PICKED, key) for key in keys_of(chosen)])}",
        "complaints": complaints(request, slugs, known),
    }
    return render(request, "practices/compare.html", context)


def keys_of(practices: Sequence[Any]) -> list[str]:
    return [one.key for one in practices]


def complaints(request: HttpRequest, slugs: Sequence[str], known: dict[str, Any]) -> list[str]:
    """What of the address made no sense. A practice that one may not read is one that does not exist."""
    found = [unknown_value(_("Practice"), slug) for slug in slugs if slug not in known]
    wrong = [value for value in request.GET.getlist("only") if value not in ("", DIFFERENCES)]
    return [*found, *(unknown_value(_("Rows"), value) for value in wrong)]


def address(keys: Sequence[str], **more: str) -> str:
    query = [*((PICKED, key) for key in keys), *more.items()]
    return f"{reverse('practices-compare')}?{urlencode(query)}" if query else reverse("practices-compare")


def rows_of(practices: Sequence[Any]) -> list[Row]:
    said = [[summary_of(one), *facts_of(one), *texts_of(one)] for one in practices]
    return [Row(parts[0].heading, parts) for parts in zip(*said, strict=True)]


def summary_of(practice: Any) -> Part:
    return Part("summary", _("In short"), *text_of(practice, "summary"))
