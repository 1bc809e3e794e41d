"""What is amiss in the files: one row a check, and for each check the records to correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.hiding import LEFT_OUT, brands_hidden_from
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from scoring.quality import Check, brand_of, checks, count_all, edited_at, trends

ON_A_PAGE = 50
WIDTH, HEIGHT = 120, 28
WEEK = timedelta(days=7)

Counts = Sequence[tuple[date, int]]


@dataclass(frozen=True)
class Line:
    """A trend as a line: points of a drawing 120 units wide and 28 high, zero at the bottom."""

    points: str
    last_x: str
    last_y: str


@dataclass(frozen=True)
class CheckRow:
    check: Check
    count: int
    line: Line | None
    trend: str


@dataclass(frozen=True)
class FoundRecord:
    kind: str
    text: str
    brand: str
    address: str


@desk_page()
def quality(request: HttpRequest) -> HttpResponse:
    counted, now = trends(), count_all()
    rows = [row_of(check, counted.get(check.code, []), now[check.code]) for check in checks.values()]
    rows.sort(key=lambda row: row.count == 0)  # what is in order stands last; else the order of the checks
    context = {"rows": rows, "amiss": sum(row.count for row in rows), "open": sum(1 for row in rows if row.count)}
    return render_desk(request, "desk/quality.html", context)


def row_of(check: Check, counted: Counts, count: int) -> CheckRow:
    series = with_today(counted, count)
    return CheckRow(check, count, line_of(series), words_of(series))


def with_today(counted: Counts, count: int) -> list[tuple[date, int]]:
    """The days that were counted, and what was counted just now."""
    today = timezone.localdate()
    return [*((day, number) for day, number in counted if day < today), (today, count)]


def line_of(series: Counts) -> Line | None:
    """From the first day to the last; a single day has no trend."""
    if len(series) < 2:
        return None
    first, length = series[0][0], (series[-1][0] - series[0][0]).days
    most = max(count for _day, count in series) or 1
    places = [
        (2 + (WIDTH - 6) * (day - first).days / length, 2 + (HEIGHT - 4) * (1 - count / most)) for day, count in series
    ]
    drawn = [(f"{x:.1f}", f"{y:.1f}") for x, y in places]  # with a point in every language: a drawing, not a text
    return Line(" ".join(f"{x},{y}" for x, y in drawn), *drawn[-1])


def words_of(series: Counts) -> str:
    """The trend in words: against a week ago, or the first day that was counted since."""
    if len(series) < 2:
        return _("counted for the first time today")
    today, now = series[-1]
    earlier = [(day, count) for day, count in series[:-1] if day <= today - WEEK]
    day, before = earlier[-1] if earlier else series[0]
    days = (today - day).days
    if now == before:
        return ngettext("the same as %d day ago", "the same as %d days ago", days) % days
    moved = f"+{now - before}" if now > before else f"−{before - now}"
    return ngettext("%(moved)s in %(days)d day", "%(moved)s in %(days)d days", days) % {"moved": moved, "days": days}


@desk_page()
def found_by(request: HttpRequest, code: str) -> HttpResponse:
    """The records that one check found, each with the way to its screen."""
    check = checks.get(code)
    if check is None:
        raise Http404
    hidden = brands_hidden_from(person(request))
    page = Paginator(check.rows(without=hidden), ON_A_PAGE).get_page(request.GET.get("page"))
    series = with_today(trends().get(code, []), page.paginator.count)
    context = {
        "check": check,
        "page": page,
        "records": [told(record) for record in page.object_list],
        "series": series[::-1],
        "line": line_of(series),
        "trend": words_of(series),
        "query": "",
        "left_out": LEFT_OUT if hidden else "",
    }
    return render_desk(request, "desk/quality_check.html", context)


def told(record: Any) -> FoundRecord:
    brand = brand_of(record)
    return FoundRecord(capfirst(str(record._meta.verbose_name)), name_of(record), str(brand or ""), edited_at(record))


def name_of(record: Any) -> str:
    """What the record says; for a proof, the act and the group in words."""
    if hasattr(record, "stakeholder"):
        return f"{record.action} – {record.get_stakeholder_display()}, {record.get_direction_display()}"
    return str(record)
