"""People and their roles. What a role may do is written in ``roles.py``, not on a screen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cxalign.accounts.models import User
from cxalign.accounts.roles import ROLES

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(StockUserAdmin):
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "groups", "is_superuser", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    list_display = ("username", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights come from groups. Only somebody who has them all may give single ones."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if is_superuser(request) else (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has every right is changed by their like: another's new password would be a way to all rights."""
        beyond_reach = obj is not None and obj.is_superuser and not is_superuser(request)
        return super().has_change_permission(request, obj) and not beyond_reach


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@admin.register(Group)
class GroupAdmin(StockGroupAdmin):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The roles of the product stay what they are; other groups can be made beside them."""
        return super().has_change_permission(request, obj) and (obj is None or obj.name not in ROLES)
