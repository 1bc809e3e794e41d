"""Screens that show nobody the codes of a brand that they are coding."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import flatten
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from brands import hiding


def hidden_from(request: HttpRequest) -> frozenset[int]:
    """Ids of the brands whose codes this request must not show; asked once a request."""
    known: frozenset[int] | None = getattr(request, "_brands_hidden", None)
    if known is None:
        known = hiding.brands_hidden_from(getattr(request, "user", None) or get_user(request))
        request._brands_hidden = known  # type: ignore[attr-defined]
    return known


class LeavesOutHidden:
    """Mixed into a screen whose records are codes or verdicts as a whole: left out, and closed with the reason."""

    model: Any
    hidden_by = "brand"
    """The way from a record to its brand."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        hidden = hidden_from(request)
        return rows.exclude(**{f"{self.hidden_by}__in": hidden}) if hidden else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is None:
            self.check_not_hidden(request, object_id)
        return found

    def check_not_hidden(self, request: HttpRequest, pk: Any) -> None:
        hidden = hidden_from(request)
        if hidden and str(pk).isdecimal():
            rows = self.model._base_manager.filter(pk=pk, **{f"{self.hidden_by}__in": hidden})
            if rows.exists():
                raise PermissionDenied(hiding.REASON)


class HidesCodes:
    """Mixed into a screen of records with codes: whoever codes the brand sees and edits the other fields alone."""

    open_to_coders: frozenset[str] = frozenset()
    """Fields that hold no code. A new field is closed until it is named here."""
    asks_no_code: frozenset[str] = frozenset()
    """Parameters of the list, beside the usual ones, that ask about no code. Any other leaves hidden brands out:
    a filter by a code tells the code."""

    def hides(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and obj.brand_id in hidden_from(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if not self.hides(request, obj):
            return fieldsets
        left = [(name, {**told, "fields": self.open_of(told["fields"])}) for name, told in fieldsets]
        shown = [(name, told) for name, told in left if told["fields"]]
        shown[0][1]["description"] = hiding.REASON
        return shown

    def open_of(self, fields: Any) -> list[str]:
        return [name for name in flatten(fields) if name in self.open_to_coders]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return () if self.hides(request, obj) else super().get_inlines(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What would go with a record is told before it goes, and that would tell its codes."""
        return super().has_delete_permission(request, obj) and not self.hides(request, obj)  # type: ignore[misc]
