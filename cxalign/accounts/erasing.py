"""Forgetting a person: the account closes and loses all that tells who it was; what they did stays, under a number."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cxalign.accounts.log import record_decision
from cxalign.accounts.models import ApiKey, User
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
    record_decision("access.account_erased", subject=person, actor=by)
    person.groups.clear()
    person.teams.clear()
    person.user_permissions.clear()
    ApiKey.objects.filter(owner=person, revoked_at__isnull=True).update(revoked_at=timezone.now())
    ApiKey.objects.filter(owner=person).update(name="–", addresses="")
    person.refresh_from_db()
    person.username = f"erased-{person.pk}"
    person.first_name = person.last_name = person.email = person.language = person.time_zone = ""
    person.last_login = None
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    forget_in_the_trail(person)


def forget_in_the_trail(person: User) -> None:
    """The one place from which a trail that keeps names apart is told to empty them.

    Events name a person by the row of the account, which is empty now: nothing else holds a name today.
    """
