"""Giving a role is enough: the way into the desk and the admin follows from it, from whichever side it is given."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from brands.models import Event, Sector, Tag
from cxalign.accounts import roles
from cxalign.accounts.models import Team, User
from tests import factories as make
from tests.accounts.desk import FilledForm, change_page, desk_of, edit, errors, form_on, save, somebody

pytestmark = pytest.mark.django_db


def has_desk(person: User) -> bool:
    return User.objects.get(pk=person.pk).is_staff


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_a_role_opens_the_desk_or_not_and_taking_it_away_shuts_it(role: str) -> None:
    person, group = User.objects.create_user("inès"), Group.objects.get(name=role)
    person.groups.add(group)
    assert has_desk(person) is (role != roles.CONSULTANT)
    assert desk_of(person).get("/en/desk/").status_code == (403 if role == roles.CONSULTANT else 200)
    person.groups.remove(group)
    assert not has_desk(person)


def test_it_follows_from_the_side_of_the_group_too() -> None:
    person, group = User.objects.create_user("inès"), Group.objects.get(name=roles.ANALYST)
    group.user_set.add(person)
    assert has_desk(person)
    group.user_set.remove(person)
    assert not has_desk(person)
    group.user_set.add(person)
    group.user_set.clear()
    assert not has_desk(person)
    person.groups.set([group])
    person.groups.clear()
    assert not has_desk(person)


def test_a_group_of_ones_own_opens_the_desk_once_it_holds_a_right() -> None:
    person, guests = User.objects.create_user("guest"), Group.objects.create(name="Guests")
    person.groups.add(guests)
    assert not has_desk(person)
    guests.permissions.add(Permission.objects.get(codename="view_brand"))
    assert has_desk(person)
    guests.permissions.clear()
    assert not has_desk(person)


def test_somebody_with_every_right_needs_no_role() -> None:
    root = User.objects.create_superuser("root")
    root.groups.add(Group.objects.get(name=roles.CONSULTANT))
    assert has_desk(root)


def test_whoever_gains_a_desk_signs_in_afresh() -> None:
    person = somebody(roles.CONSULTANT)
    client = desk_of(person)
    assert client.get("/en/account/profile/").status_code == 200
    User.objects.get(pk=person.pk).groups.add(Group.objects.get(name=roles.ANALYST))
    assert client.get("/en/account/profile/").status_code == 302


# --- On screen, and in the log ----------------------------------------------------------------------------------------


def test_an_administrator_gives_a_role_on_screen_and_the_log_says_who_gave_it() -> None:
    person, administrator = somebody(roles.CONSULTANT), somebody(roles.ADMINISTRATOR)
    before = Group.objects.get(name=roles.CONSULTANT)
    analysts = Group.objects.get(name=roles.ANALYST)
    response = edit(desk_of(administrator), change_page(person), groups=[analysts.pk], email="secret@example.org")
    assert response.status_code == 302, errors(response)
    assert has_desk(person)
    event = Event.objects.get(kind="access.person_changed")
    assert event.actor == administrator
    assert event.subject == f"accounts.user:{person.pk}"
    assert event.changes == {
        "groups": [[str(before.pk)], [str(analysts.pk)]],
        "is_staff": [False, True],
        "email": ["…", "…"],
    }


def test_a_name_that_somebody_else_changed_is_told_without_the_name() -> None:
    person = somebody(roles.CONSULTANT)
    response = edit(desk_of(somebody(roles.ADMINISTRATOR)), change_page(person), first_name="Claire")
    assert response.status_code == 302, errors(response)
    assert Event.objects.get(kind="access.person_changed").changes == {"first_name": ["…", "…"]}


def test_closing_an_account_and_giving_a_password_stand_in_the_log() -> None:
    person, desk = somebody(roles.CONSULTANT), desk_of(somebody(roles.ADMINISTRATOR))
    fields = {"password1": "a-long-new-password", "password2": "a-long-new-password", "usable_password": "true"}
    assert desk.post(f"/admin/accounts/user/{person.pk}/password/", fields).status_code == 302
    assert Event.objects.filter(kind="access.password_given").count() == 1
    page = change_page(person)
    from tests.accounts.desk import form_on, save

    fields = form_on(desk, page)
    fields.pop("is_active")
    assert save(desk, page, fields).status_code == 302
    assert Event.objects.get(kind="access.person_changed").changes == {"is_active": [True, False]}


def test_an_administrator_makes_a_team_and_nobody_else_does() -> None:
    consultant = somebody(roles.CONSULTANT)
    fields = {"name": "Nord", "members": [consultant.pk]}
    for role in (roles.ANALYST, roles.EDITOR):
        assert desk_of(somebody(role)).post("/admin/accounts/team/add/", fields).status_code == 403
    assert desk_of(somebody(roles.ADMINISTRATOR)).post("/admin/accounts/team/add/", fields).status_code == 302
    assert list(Team.objects.get(name="Nord").members.all()) == [consultant]
    assert Event.objects.get(kind="access.team_changed").changes == {
        "name": [None, "Nord"],
        "members": [None, [f"person:{consultant.pseudonym.code}"]],
    }


def test_no_account_and_no_team_is_deleted() -> None:
    root = User.objects.create_superuser("root")
    desk, person, team = desk_of(root), somebody(roles.ANALYST), Team.objects.create(name="Nord")
    for record in (person, team):
        assert desk.get(change_page(record).replace("/change/", "/delete/")).status_code == 403
    assert Client().get(change_page(team)).status_code == 302


UNREVISED = {
    "sector": (Sector, {"slug": "cars", "name_en": "Cars", "name_fr": "Automobile"}, "name_fr"),
    "tag": (Tag, {"name": "To read"}, "name"),
    "team": (Team, {"name": "North"}, "name"),
    "user": (User, {"username": "nora", "email": "nora@example.org"}, "email"),
    "group": (Group, {"name": "Guests"}, "name"),
}
"""What has no revision of its own, and a field that two people change at once."""


@pytest.mark.parametrize("kind", UNREVISED)
def test_who_opened_a_record_before_somebody_else_saved_it_is_refused_with_a_comparison(kind: str) -> None:
    model, fields, name = UNREVISED[kind]
    record = model._base_manager.create(**fields)
    desk = desk_of(make.a_user(is_superuser=True, is_staff=True))
    opened = form_on(desk, change_page(record))
    theirs, mine = ("their@example.org", "my@example.org") if kind == "user" else ("Theirs", "Mine")
    assert save(desk, change_page(record), opened, **{name: theirs}).status_code == 302
    answer = save(desk, change_page(record), opened, **{name: mine})
    page = answer.content.decode()
    assert "Nothing was saved: somebody else has saved this record" in page
    assert "Your entries beside what is on file now" in page
    assert theirs in page
    assert mine in page
    record.refresh_from_db()
    assert getattr(record, name) == theirs
    shown = FilledForm(page).fields
    assert save(desk, change_page(record), shown).status_code == 302
    record.refresh_from_db()
    assert getattr(record, name) == mine


def test_members_added_meanwhile_are_not_thrown_out_of_a_team() -> None:
    team, first, second = Team.objects.create(name="North"), somebody(roles.CONSULTANT), somebody(roles.CONSULTANT)
    desk = desk_of(somebody(roles.ADMINISTRATOR))
    opened = form_on(desk, change_page(team))
    assert edit(desk, change_page(team), members=[first.pk]).status_code == 302
    answer = save(desk, change_page(team), opened, members=[second.pk])
    assert "Nothing was saved" in answer.content.decode()
    assert list(team.members.all()) == [first]
