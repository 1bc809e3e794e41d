"""The gate for keys: made, recognised, limited to what their owner may do, and revoked."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.changes import record_decision
from cxalign.accounts.models import ApiKey, Scope, User
from scoring.models import READ_DRAFTS

PREFIX = "ppk_"
_TOKEN = re.compile(r"ppk_([0-9a-f]{12})_([0-9a-f]{48})", re.ASCII)
DEFAULT_LIFE, LONGEST_LIFE = timedelta(days=365), timedelta(days=730)
NOTED_EVERY = timedelta(minutes=1)
"""How often the last use is written down."""
MOST_KEYS = 20

logger = logging.getLogger(__name__)


class CannotMakeKey(Exception):
    """Why no key is made; the text is what the screen shows."""


# --- What a scope needs -----------------------------------------------------------------------------------------------

RIGHTS: dict[str, tuple[str, ...]] = {
    Scope.READ_PUBLISHED: (),
    Scope.READ_DRAFTS: (READ_DRAFTS,),
    Scope.WRITE_BRANDS: ("brands.add_brand", "brands.change_brand"),
    Scope.WRITE_SOURCES: ("brands.add_source", "brands.change_source"),
    Scope.WRITE_PROMISES: ("brands.add_promise", "brands.change_promise"),
    Scope.WRITE_ACTIONS: ("brands.add_action", "brands.change_action"),
    Scope.WRITE_CODINGS: ("scoring.code",),
    Scope.PUBLISH: ("scoring.publish",),
    Scope.READ_PLANS: (),
    Scope.WRITE_PLANS: (),
    Scope.EXPORT_BULK: (),
}
"""The rights of which the owner must hold all, at the moment of the request."""

OFFERED = (
    Scope.READ_PUBLISHED,
    Scope.READ_DRAFTS,
    Scope.WRITE_BRANDS,
    Scope.WRITE_SOURCES,
    Scope.WRITE_PROMISES,
    Scope.WRITE_ACTIONS,
    Scope.READ_PLANS,
    Scope.WRITE_PLANS,
    Scope.EXPORT_BULK,
)
"""Scopes that an address of the API asks for. The others are of the closed list, and wait for theirs."""


OF_A_TEAM = (Scope.READ_PLANS, Scope.WRITE_PLANS)
"""Scopes for which somebody has to be in a team: plans are nobody else's."""


def owner_may(user: User, scope: str) -> bool:
    """Whether this person holds the right that the scope stands for. A team member reads their team's drafts."""
    if not user.is_active or scope not in RIGHTS:
        return False
    if scope in OF_A_TEAM:
        return user.teams.exists()
    if scope == Scope.READ_DRAFTS and user.teams.exists():
        return True
    return all(map(user.has_perm, RIGHTS[scope]))


def scopes_for(user: User) -> list[Scope]:
    return [scope for scope in OFFERED if owner_may(user, scope)]


# --- Making and revoking ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewKey:
    """A key and the text that opens, which is known now and never again."""

    key: ApiKey
    token: str


@transaction.atomic
def make_key(
    owner: User, *, name: str, scopes: list[str], expires_at: datetime | None = None, addresses: str = ""
) -> NewKey:
    owner = User.objects.select_for_update().get(pk=owner.pk)
    expires_at = expires_at or timezone.now() + DEFAULT_LIFE
    check_can_make_key(owner, scopes, expires_at)
    identifier, secret = secrets.token_hex(6), secrets.token_hex(24)
    key = ApiKey(
        owner=owner,
        name=name,
        identifier=identifier,
        secret_hash=hashed(secret),
        expires_at=expires_at,
        addresses="\n".join(parse_addresses(addresses)),
    )
    key.scopes = tuple(scopes)  # type: ignore[assignment]  # a field of codes reads and writes tuples
    key.full_clean()
    key.save()
    changes = {"scopes": [None, list(key.scopes)], "expires_at": [None, expires_at.isoformat()]}
    record_decision("access.key_made", subject=key, actor=owner, changes=changes)
    return NewKey(key, f"{PREFIX}{identifier}_{secret}")


def check_can_make_key(owner: User, scopes: list[str], expires_at: datetime) -> None:
    beyond = [scope for scope in scopes if scope not in scopes_for(owner)]
    if beyond:
        raise CannotMakeKey(_("Your role does not include: %(scopes)s.") % {"scopes": ", ".join(beyond)})
    if not timezone.now() < expires_at <= timezone.now() + LONGEST_LIFE:
        raise CannotMakeKey(_("A key lasts two years at most."))
    if ApiKey.objects.filter(owner=owner, revoked_at__isnull=True, expires_at__gt=timezone.now()).count() >= MOST_KEYS:
        raise CannotMakeKey(_("You have %(number)d keys that work: revoke one first.") % {"number": MOST_KEYS})


@transaction.atomic
def revoke(key: ApiKey, *, by: AbstractBaseUser) -> bool:
    """End a key for good; whether it worked until now."""
    held = ApiKey.objects.select_for_update().get(pk=key.pk)
    if held.revoked_at is not None:
        return False
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at"])
    record_decision("access.key_revoked", subject=held, actor=by)
    return True


def hashed(secret: str) -> str:
    """Fast on purpose: the secret is random and long, so there is nothing to guess, and every request asks."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- Addresses --------------------------------------------------------------------------------------------------------


def addresses_are_known() -> bool:
    """Behind a proxy every connection comes from the proxy: a list of addresses would say nothing."""
    return settings.SECURE_PROXY_SSL_HEADER is None


def parse_addresses(text: str) -> list[str]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            found.append(str(ipaddress.ip_network(line)))
        except ValueError as wrong:
            raise ValidationError(
                _("“%(value)s” is neither an address nor a network."), params={"value": line}
            ) from wrong
    return found


def comes_from(key: ApiKey, address: str) -> bool:
    if not key.addresses:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    here = getattr(here, "ipv4_mapped", None) or here
    return any(here in ipaddress.ip_network(line) for line in key.addresses.splitlines())


# --- Recognising ------------------------------------------------------------------------------------------------------


def recognise(token: str, address: str) -> ApiKey | None:
    """The key that this text opens, if it works now, from there, and its owner's account is open."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    identifier, secret = match.groups()
    key = ApiKey.objects.select_related("owner").filter(identifier=identifier).first()
    same = hmac.compare_digest(hashed(secret), key.secret_hash if key else "")
    if key is None or not same or not key.is_usable or not key.owner.is_active or not comes_from(key, address):
        return None
    note_use(key)
    return key


def note_use(key: ApiKey) -> None:
    """Write down the last use, once a minute at most; a store that cannot be written to does not stop reading."""
    now = timezone.now()
    if key.last_used_at and now - key.last_used_at < NOTED_EVERY:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
    try:
        ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now)
    except DatabaseError:
        logger.exception("The use of a key could not be written down")
