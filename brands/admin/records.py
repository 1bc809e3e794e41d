"""What is read and never written here: the log, and the orders for copies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy

from brands import hiding
from brands.admin.base import log_of
from brands.admin.hiding import LeavesOutHidden
from brands.archiving import progress_of
from brands.models import ArchiveOrder, Event, JobState


class ReadAdmin(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(LeavesOutHidden, ReadAdmin):
    """The log: read, never written."""

    list_display = ("at", "kind", "brand", "subject", "actor", "reason")
    list_filter = ("kind",)
    list_select_related = ("brand", "actor")
    date_hierarchy = "at"
    search_fields = ("subject", "brand__search_text", "reason")
    fields = ("at", "kind", "brand", "subject", "actor", "reason", "what_changed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return hiding.readable_lines(request.user).select_related("brand", "actor")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "subject" or super().lookup_allowed(lookup, value, request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The other lines about the same record."""
        event = self.get_object(request, unquote(object_id))
        if event is None or not self.has_view_permission(request, event):
            raise Http404
        return log_of(event.subject)

    @admin.display(description=gettext_lazy("what changed"))
    def what_changed(self, event: Event) -> str:
        rows = ((name, *pair_of(change)) for name, change in event.changes.items())
        return format_html_join("", "<p><b>{}</b> {} → {}</p>", rows) or "–"


def pair_of(change: Any) -> tuple[str, str]:
    before, after = change if isinstance(change, list) and len(change) == 2 else ("", change)
    return as_text(before), as_text(after)


def as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)


@admin.register(ArchiveOrder)
class ArchiveOrderAdmin(ReadAdmin):
    """How far the copies of an order are, and which of them failed."""

    list_display = ("__str__", "asked_at", "asked_by", "reason", "done", "waiting", "failed")
    list_select_related = ("asked_by",)
    date_hierarchy = "asked_at"
    search_fields = ("reason", "asked_by__username")
    fields = ("asked_at", "asked_by", "reason")
    change_form_template = "admin/brands/archiveorder/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counts = {
            "jobs_done": Count("jobs", filter=Q(jobs__state=JobState.DONE)),
            "jobs_failed": Count("jobs", filter=Q(jobs__state=JobState.FAILED)),
            "jobs_waiting": Count("jobs", filter=Q(jobs__state__in=[JobState.QUEUED, JobState.RUNNING])),
        }
        return super().get_queryset(request).annotate(**counts)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        progress = progress_of(int(object_id)) if object_id.isdecimal() else None
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "progress": progress})

    @admin.display(description=gettext_lazy("done"))
    def done(self, order: Any) -> int:
        return int(order.jobs_done)

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, order: Any) -> int:
        return int(order.jobs_waiting)

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, order: Any) -> int:
        return int(order.jobs_failed)
