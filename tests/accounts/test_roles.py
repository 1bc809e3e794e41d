"""Who may do what in the admin: every role, every kind of record, every operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from brands.models import Crisis, Event
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.models import Assessment, Publication, ScoringJob, Snapshot, may_read_drafts
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, errors, somebody

STAFF = (roles.ANALYST, roles.EDITOR, roles.ADMINISTRATOR)
NOBODY: tuple[str, ...] = ()

# --- The groups -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_groups_of_the_roles_are_there_after_migrating_with_the_rights_of_the_table() -> None:
    for name, wanted in roles.ROLES.items():
        rights = Group.objects.get(name=name).permissions.select_related("content_type")
        assert {f"{right.content_type.app_label}.{right.codename}" for right in rights} == set(wanted)


@pytest.mark.django_db
def test_making_the_groups_again_changes_nothing_and_repairs_what_was_changed() -> None:
    before = set(Group.permissions.through.objects.values_list("group__name", "permission__codename"))
    editor = Group.objects.get(name=roles.EDITOR)
    editor.permissions.add(Permission.objects.get(codename="delete_user"))
    editor.permissions.remove(Permission.objects.get(codename="publish"))
    for _ in range(2):
        roles.ensure_roles(apps)
    assert set(Group.permissions.through.objects.values_list("group__name", "permission__codename")) == before
    assert Group.objects.count() == len(roles.ROLES)


@pytest.mark.django_db
def test_a_group_of_another_name_is_left_alone() -> None:
    mine = Group.objects.create(name="Guests")
    mine.permissions.add(Permission.objects.get(codename="view_brand"))
    roles.ensure_roles(apps)
    assert mine.permissions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_groups_come_back_after_the_tables_were_emptied() -> None:
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)
    assert Group.objects.get(name=roles.EDITOR).permissions.filter(codename="publish").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "drafts", "publishes"),
    [
        (roles.CONSULTANT, False, False),
        (roles.ANALYST, True, False),
        (roles.EDITOR, True, True),
        (roles.ADMINISTRATOR, True, False),
    ],
)
def test_drafts_are_read_and_verdicts_published_by_the_right_people(role: str, drafts: bool, publishes: bool) -> None:
    person = somebody(role)
    assert (may_read_drafts(person), person.has_perm("scoring.publish")) == (drafts, publishes)


# --- The admin --------------------------------------------------------------------------------------------------------


class Records:
    """One of each kind, and the addresses of what can be done with them."""

    def __init__(self) -> None:
        self.brand = make.a_kept_promise()
        self.profile = make.a_profile(self.brand)
        self.judgement = make.a_judgement(self.brand)
        self.publication = make.published(self.brand)
        self.promise, self.action = self.brand.promises.get(), self.brand.actions.get()
        self.source, self.sector = make.a_source(), make.a_sector()
        self.crisis = Crisis.objects.get(slug="covid-19")
        self.case, self.snapshot = Assessment.objects.get(), Snapshot.objects.get()
        self.job = ScoringJob.objects.get_or_create(brand=self.brand)[0]
        self.person = somebody(roles.CONSULTANT)
        self.role, self.guests = Group.objects.get(name=roles.EDITOR), Group.objects.create(name="Guests")
        self.event = Event.objects.order_by("id")[0]


EVIDENCE = ("brand", "profile", "judgement", "promise", "action", "source")
REFERENCE = ("crisis", "sector")
READ_ONLY = ("case", "snapshot", "publication", "job", "event")
WRITERS_OF_REFERENCE = (roles.EDITOR, roles.ADMINISTRATOR)
PEOPLE = (roles.ADMINISTRATOR,)

Row = tuple[str, str, tuple[str, ...]]
OPEN: list[Row] = [("open", name, STAFF) for name in (*EVIDENCE, *REFERENCE, *READ_ONLY)]
OPEN += [("open", "person", PEOPLE), ("open", "guests", PEOPLE), ("open", "role", PEOPLE)]
SAVE: list[Row] = [("save", name, STAFF) for name in EVIDENCE]
SAVE += [("save", name, WRITERS_OF_REFERENCE) for name in REFERENCE]
SAVE += [("save", name, NOBODY) for name in READ_ONLY]
SAVE += [("save", "person", PEOPLE), ("save", "guests", PEOPLE), ("save", "role", NOBODY)]
ADD: list[Row] = [("add", name, STAFF) for name in EVIDENCE] + [
    ("add", name, WRITERS_OF_REFERENCE) for name in REFERENCE
]
ADD += [("add", name, NOBODY) for name in READ_ONLY] + [("add", "person", PEOPLE), ("add", "guests", PEOPLE)]
STEPS: list[Row] = [("withdraw", name, STAFF) for name in ("promise", "action", "source", "judgement")]
STEPS += [("publish", "case", STAFF), ("withdraw", "publication", STAFF)]  # lead to the desk, which asks who it is
STEPS += [("again", "job", STAFF)]
DELETE: list[Row] = [("delete", name, NOBODY) for name in ("brand", "promise", "action", "event", "snapshot", "case")]
DELETE += [("delete", "source", STAFF)]  # an unused draft


def perform(desk: Client, operation: str, record: Any) -> int:
    page = change_page(record)
    requests: dict[str, Callable[[], Any]] = {
        "open": lambda: desk.get(page),
        "save": lambda: desk.post(page, {"_save": "1"}),
        "add": lambda: desk.get(page.replace(f"{record.pk}/change/", "add/")),
        "withdraw": lambda: desk.get(page.replace("/change/", "/withdraw/")),
        "publish": lambda: desk.get(page.replace("/change/", "/publish/")),
        "again": lambda: desk.post(page.replace("/change/", "/again/")),
        "delete": lambda: desk.get(page.replace("/change/", "/delete/")),
    }
    return int(requests[operation]().status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF)
def test_each_role_may_do_in_the_admin_what_the_table_says_and_nothing_else(role: str) -> None:
    records, desk = Records(), desk_of(somebody(role))
    wrong = {}
    for operation, name, allowed in [*OPEN, *SAVE, *ADD, *STEPS, *DELETE]:
        status = perform(desk, operation, getattr(records, name))
        if (status in (200, 302)) != (role in allowed) or status not in (200, 302, 403):
            wrong[operation, name] = status
    assert wrong == {}


@pytest.mark.django_db
def test_a_consultant_and_a_stranger_are_sent_to_sign_in() -> None:
    records = Records()
    for desk in (desk_of(somebody(roles.CONSULTANT)), Client()):
        for name in (*EVIDENCE, *REFERENCE, *READ_ONLY, "person"):
            answer = desk.get(change_page(getattr(records, name)))
            assert answer.status_code == 302
            assert answer["Location"].startswith("/admin/login/")


# --- People -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_administrator_gives_a_role_but_not_every_right_at_once() -> None:
    person, administrator = somebody(roles.CONSULTANT), somebody(roles.ADMINISTRATOR)
    analysts = Group.objects.get(name=roles.ANALYST)
    response = edit(
        desk_of(administrator),
        change_page(person),
        groups=[analysts.pk],
        is_staff="on",
        is_superuser="on",
        user_permissions=[Permission.objects.get(codename="publish").pk],
    )
    assert response.status_code == 302, errors(response)
    person = User.objects.get(pk=person.pk)
    assert (person.is_staff, person.is_superuser, person.has_perm("scoring.publish")) == (True, False, False)
    assert person.has_perm("brands.change_promise")


@pytest.mark.django_db
def test_an_administrator_cannot_take_over_an_account_that_has_every_right() -> None:
    desk = desk_of(somebody(roles.ADMINISTRATOR))
    superuser, person = User.objects.create_superuser("root"), somebody(roles.ANALYST)
    statuses = [desk.get(f"/admin/accounts/user/{found.pk}/password/").status_code for found in (superuser, person)]
    assert statuses == [403, 200]
    assert [desk.post(change_page(found), {}).status_code for found in (superuser, person)] == [403, 200]


@pytest.mark.django_db
def test_publications_hold_who_published_them() -> None:
    editor = somebody(roles.EDITOR)
    assert make.published(make.a_kept_promise(), by=editor) == Publication.objects.get(published_by=editor)
