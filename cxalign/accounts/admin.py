"""People, teams and keys. What a role may do is written in ``roles.py``, not on a screen; who got which is logged."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from brands.admin.seen import RefusesStale
from brands.changes import PERSON, record_decision
from brands.models import Pseudonym
from brands.models.log import PERSONAL
from cxalign.accounts import keys
from cxalign.accounts.models import ApiKey, Team, User
from cxalign.accounts.roles import ROLES

admin.site.unregister(Group)

State = dict[str, Any]


class LoggedAdmin(RefusesStale, admin.ModelAdmin):
    """A screen about access: what it changes of people's rights leaves a line in the log, in the same transaction.

    Nothing here is deleted: accounts are closed, keys revoked, teams emptied.
    """

    kind = ""
    many: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    """The fields that the log keeps: those that say who may what, never who somebody is."""
    untold: frozenset[str] = frozenset()
    """Of these it keeps that they changed, and not what they say."""

    def state_of(self, record: Model) -> State:
        """As it stands in the database."""
        state: State = {name: keys_of(getattr(record, name)) for name in self.many}
        return {**state, **{name: getattr(record, name) for name in self.flags}}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.state_before = self.state_of(self.model._base_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        now = self.state_of(self.model._base_manager.get(pk=form.instance.pk))
        before = form.state_before
        changes = {name: [before.get(name), now[name]] for name in now if before.get(name) != now[name]}
        if change:
            changes |= {name: [None, None] for name in form.changed_data if name in self.untold}
        if changes:
            record_decision(self.kind, subject=form.instance, actor=actor_of(request), changes=changes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def keys_of(related: Any) -> list[str]:
    """How the trail names what a record is related to: people by their pseudonyms, rights and groups by number."""
    ids = list(related.values_list("pk", flat=True))
    if related.model is User:
        return sorted(f"{PERSON}{code}" for code in Pseudonym.objects.codes_of(ids).values())
    return sorted(map(str, ids))


def actor_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@admin.register(User)
class UserAdmin(LoggedAdmin, StockUserAdmin):
    kind = "access.person_changed"
    many = ("groups", "user_permissions")
    flags = ("is_active", "is_staff", "is_superuser")
    untold = PERSONAL | {"language", "time_zone"}
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "time_zone")}),
        (_("Rights"), {"fields": ("is_active", "groups", "is_staff", "is_superuser", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    list_display = ("username", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    readonly_fields = ("is_staff", "last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights come from groups, and the way into the admin from those. Only somebody who has every right may give
        single ones."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if is_superuser(request) else (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has every right is changed by their like: another's new password would be a way to all rights."""
        beyond_reach = obj is not None and obj.is_superuser and not is_superuser(request)
        return super().has_change_permission(request, obj) and not beyond_reach

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """A new password given by somebody else is a decision about access."""
        person = self.get_object(request, id)
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302 and person is not None:
                record_decision("access.password_given", subject=person, actor=actor_of(request))
        return response


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@admin.register(Group)
class GroupAdmin(LoggedAdmin, StockGroupAdmin):
    kind = "access.group_changed"
    many = ("permissions",)
    flags = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The roles of the product stay what they are; other groups can be made beside them."""
        return super().has_change_permission(request, obj) and (obj is None or obj.name not in ROLES)


@admin.register(Team)
class TeamAdmin(LoggedAdmin):
    """Whom a consultant shares drafts, suggestions and settings with."""

    kind = "access.team_changed"
    many = ("members",)
    flags = ("name",)
    list_display = ("name", "number_of_members", "created_at")
    search_fields = ("name",)
    filter_horizontal = ("members",)
    fields = ("name", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("members")

    @admin.display(description=_("members"))
    def number_of_members(self, team: Team) -> int:
        return len(team.members.all())


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Every key, for whoever looks after access: made by their owners, revoked here when they must be."""

    list_display = ("name", "owner", "scopes", "state_shown", "expires_at", "last_used_at")
    list_filter = ("owner",)
    list_select_related = ("owner",)
    search_fields = ("name", "identifier", "owner__username")
    fields = readonly_fields = (
        "name",
        "owner",
        "identifier",
        "scopes",
        "addresses",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    actions = ("revoke",)

    @admin.display(description=_("state"))
    def state_shown(self, key: ApiKey) -> Any:
        return {"usable": _("usable"), "revoked": _("revoked"), "expired": _("expired")}[key.state]

    @admin.action(description=_("Revoke the selected keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        ended = sum(keys.revoke(key, by=actor_of(request)) for key in queryset.order_by("pk"))
        told = ngettext("%(number)d key is revoked.", "%(number)d keys are revoked.", ended)
        self.message_user(request, told % {"number": ended}, messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
