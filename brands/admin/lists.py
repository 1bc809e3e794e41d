"""The lists: filters by use, by what is missing, by tag and by year; where each row stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, Model, Q, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from brands import computed
from brands.admin.hiding import hidden_from

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


class TagFilter(admin.SimpleListFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        used = model_admin.model.tags.through._base_manager.values("tag").distinct()
        tags = model_admin.model.tags.field.related_model._base_manager.filter(pk__in=used)
        return [(str(tag.pk), tag.name) for tag in tags]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(tags=int(value)) if value and value.isdecimal() else queryset


class PeriodFilter(admin.SimpleListFilter):
    """Years, then the months of the year that was chosen: dates are text here, because they can be partial."""

    field = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        chosen = request.GET.get(self.parameter_name or "", "")
        dated = model_admin.model._base_manager.exclude(**{self.field: ""})
        periods = _periods(dated, self.field, 4)
        if len(chosen) >= 4 and chosen[:4] in periods:
            months = _periods(dated.filter(**{f"{self.field}__startswith": chosen[:4]}), self.field, 7)
            at = periods.index(chosen[:4]) + 1
            periods[at:at] = [month for month in months if len(month) == 7]
        return [(period, period if len(period) == 4 else f"– {period}") for period in periods]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {period for period, _word in self.lookup_choices}
        return queryset.filter(**{f"{self.field}__startswith": self.value()}) if self.value() in known else queryset


def _periods(rows: QuerySet[Any], field: str, length: int) -> list[str]:
    """The years or months in which something is on file, the latest first."""
    counted = rows.annotate(period=Substr(field, 1, length)).values("period").annotate(rows=Count("pk"))
    return sorted((row["period"] for row in counted), reverse=True)


def by_period(name: str, words: Any) -> type[PeriodFilter]:
    return type(f"{name.title()}Filter", (PeriodFilter,), {"field": name, "title": words, "parameter_name": name})


ASK_NO_CODE = frozenset({"q", "p", "all", "e", "use", "tag", "brand__id__exact", "_popup", "_to_field"})
"""Parameters of a list that tell nothing of the codes of its rows."""


class FactsList(ChangeList):
    """Rows that know where their case stands, asked for all of them at once."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """A list filtered or ordered by codes leaves out the brands whose codes this person must not see."""
        rows = super().get_queryset(request, exclude_parameters)
        asks_no_code: frozenset[str] | None = getattr(self.model_admin, "asks_no_code", None)
        hidden = hidden_from(request) if asks_no_code is not None else frozenset[int]()
        if not hidden or set(request.GET) <= ASK_NO_CODE | (asks_no_code or frozenset()):
            return rows
        return rows.exclude(brand__in=hidden)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        for row in self.result_list:
            row.codes_hidden = brand_id_of(row) in hidden_from(request)
        brand_ids = {brand_id_of(row) for row in self.result_list} - {0}
        states = computed.states_of(brand_ids) if brand_ids and getattr(self.model_admin, "shows_state", False) else {}
        for row in self.result_list:
            row.case_state = "–" if row.codes_hidden else state_of_row(row, states)


def brand_id_of(row: Any) -> int:
    return row.pk if row._meta.model_name == "brand" else getattr(row, "brand_id", 0) or 0


def state_of_row(row: Any, states: dict[tuple[int, int], Any]) -> str:
    """The states of the cases that the row belongs to; each word once."""
    crisis = getattr(row, "crisis_id", None)
    brand = brand_id_of(row)
    words = [str(word) for (of, during), word in states.items() if of == brand and crisis in (None, during)]
    return ", ".join(dict.fromkeys(words)) or "–"


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
