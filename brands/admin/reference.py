"""Reference data: crises, sectors, and the team's own tags."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from brands import editing
from brands.admin.base import FactsAdmin, user_of
from brands.admin.seen import RefusesStale
from brands.forms import NamedCells, ReadableFields
from brands.models import Crisis, CrisisPhase, Sector, Tag


class PhaseInline(ReadableFields, admin.TabularInline):
    model = CrisisPhase
    formset = NamedCells
    extra = 1
    fields = ("name_en", "name_fr", "starts_on", "ends_on")


@admin.register(Crisis)
class CrisisAdmin(FactsAdmin):
    short_list = True
    list_display = ("name_en", "name_fr", "starts_on", "ends_on")
    search_fields = ("name_en", "name_fr", "slug")
    fixed_once_made = ("slug",)
    inlines = (PhaseInline,)
    fieldsets = ((None, {"fields": ("name_en", "name_fr", "slug", ("starts_on", "ends_on"))}),)


class ReferenceAdmin(RefusesStale, ReadableFields, admin.ModelAdmin):
    """Words that records refer to: every change is written down, none is asked for a reason."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = editing.state_of(self.model._base_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        changes = editing.differences(before, editing.state_of(obj))
        if changes:
            kind = "reference.corrected" if change else "reference.added"
            editing.record_by_hand(kind, obj, actor=user_of(request), changes=changes, reason="")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what nothing refers to may go: taking a word off records is a change of the records."""
        return super().has_delete_permission(request, obj) and (obj is None or not editing.is_referred_to(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        changes = editing.differences(editing.state_of(obj), {})
        editing.record_by_hand("reference.removed", obj, actor=user_of(request), changes=changes, reason="")
        super().delete_model(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


@admin.register(Sector)
class SectorAdmin(ReferenceAdmin):
    short_list = True
    list_display = ("name_en", "name_fr", "slug")
    search_fields = ("name_en", "name_fr", "slug")


@admin.register(Tag)
class TagAdmin(ReferenceAdmin):
    short_list = True
    list_display = ("name", "created_at")
    search_fields = ("name", "folded")
    fields = ("name",)
