"""Erasing a person: the account is emptied, what they did stays in the trail under their pseudonym.

A backup that is older than the erasure brings the name back. So every erasure stands in a file outside the database as
well, without any name, and ``replay_erasures`` carries them out again after a restore.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axes.utils import reset
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from brands.changes import record_decision
from brands.models import Pseudonym
from brands.trail import append_line

person_erased = Signal()
"""Sent with ``user`` and ``name`` (the user name until now) inside the transaction that empties the account.

Whoever keeps personal data elsewhere (keys, watches, mails) empties it there.
"""


def erasures_file() -> Path:
    return Path(settings.DATA_DIR) / "erasures.jsonl"


@transaction.atomic
def erase_person(user: Any, *, by: AbstractBaseUser | None = None, reason: str = "") -> str:
    """Empty an account for good; the pseudonym under which the trail goes on knowing it.

    The list outside the database is written before the commit: after a crash in between somebody is on the list whose
    name is still here, and the next replay finishes the work. The other way round a restore would bring a name back.
    """
    account: Any = get_user_model()._default_manager.select_for_update(no_key=True).get(pk=user.pk)
    code = Pseudonym.objects.codes_of([account.pk])[account.pk]
    Pseudonym.objects.filter(pk=account.pseudonym.pk).update(erased_at=timezone.now())
    name = account.get_username()
    _empty(account, code)
    reset(username=name)  # failed sign-ins are kept under the name that was typed
    person_erased.send(sender=type(account), user=account, name=name)
    changes = {"erased": [False, True]}
    record_decision("person.erased", subject=account, actor=by, changes=changes, reason=reason)
    if code not in {entry["person"] for entry in listed_erasures()}:
        append_line(erasures_file(), _entry(account, code))
    return code


def _empty(account: Any, code: str) -> None:
    account.username = f"erased-{code}"
    account.first_name = account.last_name = account.email = ""
    account.is_active = account.is_staff = account.is_superuser = False
    account.last_login = None
    account.set_unusable_password()
    account.save()
    for many in account._meta.many_to_many:
        getattr(account, many.name).clear()
    teams = getattr(account, "teams", None)
    if teams is not None:
        teams.clear()
    accounts = ContentType.objects.get_for_model(account)
    LogEntry.objects.filter(content_type=accounts, object_id=str(account.pk)).update(
        object_repr=account.username, change_message=""
    )


# --- After a restore --------------------------------------------------------------------------------------------------


def _entry(account: Any, code: str) -> str:
    """Who it was, without a name. A backup from before the pseudonym knows the account by its number and first day."""
    joined = account.date_joined.isoformat()
    return json.dumps({"person": code, "account": account.pk, "joined": joined, "at": timezone.now().isoformat()})


def listed_erasures(path: Path | None = None) -> Iterator[dict[str, Any]]:
    path = path or erasures_file()
    if path.exists():
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def replay_erasures(path: Path | None = None) -> int:
    """Erase again whom a restored backup brought back; how many that were."""
    again = 0
    for entry in listed_erasures(path):
        account = _account_of(entry)
        if account is not None and not Pseudonym.objects.filter(user=account, erased_at__isnull=False).exists():
            Pseudonym.objects.get_or_create(user=account, defaults={"code": entry["person"]})
            erase_person(account, reason="Erased again after a restore.")
            again += 1
    return again


def _account_of(entry: dict[str, Any]) -> Any:
    accounts = get_user_model()._default_manager
    known = Pseudonym.objects.filter(code=entry["person"]).first()
    if known:
        return accounts.get(pk=known.user_id)
    return accounts.filter(pk=entry["account"], date_joined=entry["joined"]).first()
