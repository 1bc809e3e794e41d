"""What the nightly checks found, among the system's screens: read, never written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from brands.models import VerificationRun


@admin.register(VerificationRun)
class VerificationRunAdmin(admin.ModelAdmin):
    list_display = ("at", "what", "is_clean", "findings", "checked")
    list_filter = ("what",)
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "at"
    fields = ("at", "what", "is_clean", "findings", "what_was_found", "checked", "up_to", "seconds")

    @admin.display(description=_("nothing found"), boolean=True)
    def is_clean(self, run: VerificationRun) -> bool:
        return run.findings == 0

    @admin.display(description=_("first findings"))
    def what_was_found(self, run: VerificationRun) -> str:
        return format_html_join("", "<p>{}</p>", ((found,) for found in run.first_findings)) or "–"

    # Whoever may read the trail may know whether it is whole.

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("brands.view_event"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or super().has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
