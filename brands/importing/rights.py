"""Who may import what: whoever may add and change such records by hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from brands.importing.examining import Examined
from brands.importing.kinds import KINDS, Kind

Person = AbstractBaseUser | AnonymousUser


def right(kind: Kind, to: str) -> str:
    model = kind.model._meta
    return f"{model.app_label}.{to}_{model.model_name}"


def check_can_import(user: Person, kind: Kind) -> None:
    if not user.has_perms([right(kind, "add"), right(kind, "change")]):  # type: ignore[union-attr]
        message = _("Your role does not include importing “%(kind)s”: an administrator can give you another.")
        raise PermissionDenied(message % {"kind": kind.title})


def can_import(user: Person, kind: Kind) -> bool:
    try:
        check_can_import(user, kind)
    except PermissionDenied:
        return False
    return True


def importable(user: Person) -> list[Kind]:
    return [kind for kind in KINDS if can_import(user, kind)]


def refuse_changes(kind: Kind, examined: Iterable[Examined], user: Person | None) -> None:
    """Refuse rows that would do what their sender may not."""
    for one in examined if kind.may_change and user else ():
        row = one.row
        flaw = kind.may_change(user, row) if kind.may_change and row.is_right and row.changes else None
        if flaw:
            row.reject(*flaw)
            one.outcome = one.tell_outcome()
