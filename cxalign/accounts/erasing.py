"""Forgetting a person: the account closes and loses all that tells who it was; what they did stays, under a number."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.changes import record_decision
from brands.erasing import erase_person
from cxalign.accounts.holdings import PARTS
from cxalign.accounts.models import ApiKey, SavedView, User
from cxalign.accounts.roles import ADMINISTRATOR


class CannotErase(Exception):
    """Why this account must stay for now; the text is what the screen shows."""


def check_can_erase(user: User) -> None:
    others = User.objects.filter(is_active=True, groups__name=ADMINISTRATOR).exclude(pk=user.pk)
    if user.groups.filter(name=ADMINISTRATOR).exists() and not others.exists():
        raise CannotErase(_("You are the only administrator: give somebody else the role first."))


@transaction.atomic
def erase(user: User, *, by: AbstractBaseUser | None) -> None:
    """Close the account and empty it. Its rights, teams, keys and sessions end with it."""
    person = User.objects.select_for_update().get(pk=user.pk)
    check_can_erase(person)
    changes = {name: [set(getattr(person, name).all()), set()] for name in ("groups", "teams", "user_permissions")}
    changes = {name: pair for name, pair in changes.items() if pair[0]}
    person.groups.clear()
    person.teams.clear()
    person.user_permissions.clear()
    ApiKey.objects.filter(owner=person, revoked_at__isnull=True).update(revoked_at=timezone.now())
    ApiKey.objects.filter(owner=person).update(name="–", addresses="")
    SavedView.objects.filter(owner=person).delete()
    for part in PARTS.values():
        part.forget(person)
    person.refresh_from_db()
    person.language = person.time_zone = ""
    person.save(update_fields=["language", "time_zone"])
    erase_person(person, by=by)
    record_decision("access.account_erased", subject=person, actor=by, changes=changes)
