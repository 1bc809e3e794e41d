"""Who may import what: whoever may add and change such records by hand."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from brands.importing.kinds import KINDS, Kind

Person = AbstractBaseUser | AnonymousUser


def check_can_import(user: Person, kind: Kind) -> None:
    name = kind.model._meta.model_name
    if not user.has_perms([f"brands.add_{name}", f"brands.change_{name}"]):  # type: ignore[union-attr]
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
