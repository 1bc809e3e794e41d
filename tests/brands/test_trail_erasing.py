"""Erasing a person empties the account and leaves the chain; a restore does not bring the name back."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import Client

from brands import erasing
from brands.changes import record_decision
from brands.models import Event, Pseudonym
from cxalign.accounts import roles
from cxalign.accounts.models import Team, User
from tests.accounts.desk import somebody
from tests.brands.trail_makers import lines, told

pytestmark = pytest.mark.django_db

PASSWORD = "a-password-for-one-test"
NAMES = ("ines.roux", "Inès", "Roux", "ines@example.org")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def ines() -> User:
    user = somebody(roles.EDITOR, username=NAMES[0], first_name=NAMES[1], last_name=NAMES[2], email=NAMES[3])
    user.set_password(PASSWORD)
    user.save()
    return user


def test_the_account_is_emptied_and_the_chain_stays_whole() -> None:
    user, by = ines(), somebody(roles.ADMINISTRATOR)
    written = lines(2, actor=user)
    before = [line.digest for line in written]
    code = erasing.erase_person(user, by=by, reason="She asked for it.")
    user.refresh_from_db()
    assert (user.username, user.get_full_name(), user.email) == (f"erased-{code}", "", "")
    assert [user.is_active, user.is_staff, user.groups.exists(), user.has_usable_password()] == [False] * 4
    assert list(Event.objects.filter(actor=user).order_by("sequence").values_list("digest", flat=True)) == before
    assert told() == []
    erased = Event.objects.order_by("-sequence")[0]
    assert (erased.kind, erased.subject, erased.actor) == ("person.erased", f"accounts.user:{user.pk}", by)


def test_nothing_of_the_name_is_left_in_any_table(own_folder: Path) -> None:
    user = ines()
    Team.objects.create(name="A team").members.add(user)
    assert not signs_in(NAMES[0], "wrong")
    assert AccessAttempt.objects.filter(username=NAMES[0]).exists()
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=somebody(roles.ADMINISTRATOR),
        content_type=kind,
        object_id=str(user.pk),
        object_repr=str(user),
        action_flag=CHANGE,
        change_message="",
    )
    record_decision("person.changed", subject=user, changes={"first_name": ["", NAMES[1]]})
    erasing.erase_person(user)
    call_command("dumpdata", stdout=(everything := StringIO()), verbosity=0)
    files = "".join(path.read_text() for path in own_folder.rglob("*") if path.is_file())
    for name in NAMES:
        assert name not in json.dumps(json.loads(everything.getvalue()), ensure_ascii=False)
        assert name not in files
    assert not Team.objects.get().members.exists()


def signs_in(name: str, password: str) -> bool:
    return Client().post("/en/account/login/", {"username": name, "password": password}).status_code == 302


def test_an_erased_person_cannot_sign_in() -> None:
    user = ines()
    assert signs_in(NAMES[0], PASSWORD)
    erasing.erase_person(user)
    user.refresh_from_db()
    for name in (NAMES[0], user.username):
        assert not signs_in(name, PASSWORD)


def test_a_restored_backup_forgets_the_name_again() -> None:
    user = ines()
    lines(1, actor=user)
    code = erasing.erase_person(user)
    restored(user)
    Pseudonym.objects.filter(user=user).update(erased_at=None)
    assert erasing.replay_erasures() == 1
    user.refresh_from_db()
    assert user.username == f"erased-{code}"
    assert erasing.replay_erasures() == 0
    assert len(list(erasing.listed_erasures())) == 1
    assert told() == []


def test_a_backup_from_before_the_pseudonym_knows_the_account_by_its_first_day() -> None:
    user = ines()
    code = erasing.erase_person(user)
    restored(user)
    Pseudonym.objects.filter(user=user).delete()
    assert erasing.replay_erasures() == 1
    user.refresh_from_db()
    assert user.username == f"erased-{code}"


def test_another_account_under_the_same_number_is_left_alone() -> None:
    user = ines()
    erasing.erase_person(user)
    restored(user, date_joined="2031-01-01T00:00:00+00:00")
    Pseudonym.objects.filter(user=user).delete()
    assert erasing.replay_erasures() == 0
    user.refresh_from_db()
    assert user.username == NAMES[0]


def restored(user: User, **fields: Any) -> None:
    """The account as an older backup holds it."""
    User.objects.filter(pk=user.pk).update(
        username=NAMES[0], first_name=NAMES[1], last_name=NAMES[2], email=NAMES[3], is_active=True, **fields
    )


def test_the_command_asks_before_it_erases_and_knows_who_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    user = ines()
    with pytest.raises(CommandError, match="no such account"):
        call_command("erase_person", "nobody", stdout=StringIO())
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", NAMES[0], stdout=StringIO())
    user.refresh_from_db()
    assert user.username == NAMES[0]
    call_command("erase_person", NAMES[0], noinput=True, stdout=StringIO())
    user.refresh_from_db()
    assert user.username.startswith("erased-")
    out = StringIO()
    call_command("erase_person", replay=True, stdout=out)
    assert out.getvalue() == "0 accounts erased again.\n"
