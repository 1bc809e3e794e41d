"""What follows from a role by itself: whoever holds one that opens the desk can enter the admin, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.db.models import F
from django.db.models.signals import m2m_changed

from cxalign.accounts import sessions
from cxalign.accounts.models import User
from cxalign.accounts.roles import ROLES, opens_the_desk

MOVED = ("post_add", "post_remove", "post_clear")


def connect() -> None:
    m2m_changed.connect(_groups_moved, sender=User.groups.through, dispatch_uid="accounts.groups")
    m2m_changed.connect(_rights_moved, sender=Group.permissions.through, dispatch_uid="accounts.rights")
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.sessions")


def _signed_in(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    sessions.begin(request.session, has_desk=user.is_staff)
    request.session.clear_expired()


def _groups_moved(sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_: Any) -> None:
    """Giving a role, from the person's side or the group's."""
    if reverse and action == "pre_clear":  # afterwards nobody knows who they were
        instance._members_before = [*instance.user_set.all()]
    if action not in MOVED:
        return
    if not reverse:
        follow([instance])
    else:
        follow(User.objects.filter(pk__in=pk_set) if pk_set else getattr(instance, "_members_before", ()))


def _rights_moved(sender: Any, instance: Any, action: str, reverse: bool, **_: Any) -> None:
    """A group of somebody's own making opens the desk once it holds a right. The product's roles do not move."""
    if action in MOVED and not reverse and instance.name not in ROLES:
        follow(instance.user_set.all())


def follow(people: Iterable[User]) -> None:
    """Let each person's way into the admin follow from their groups; whoever gains it signs in afresh."""
    for person in people:
        has_desk = person.is_superuser or any(map(opens_the_desk, person.groups.all()))
        if has_desk == person.is_staff:
            continue
        person.is_staff = has_desk
        person.session_generation += 1
        User.objects.filter(pk=person.pk).update(is_staff=has_desk, session_generation=F("session_generation") + 1)
