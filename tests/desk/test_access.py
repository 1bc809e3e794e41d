"""The desk's frame: who comes in, and where they are sent."""

import pytest
from django.test import Client

from cxalign.accounts import roles
from tests.accounts.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [roles.ANALYST, roles.EDITOR, roles.ADMINISTRATOR])
def test_those_who_read_drafts_have_a_desk(role: str) -> None:
    assert signed_in(role).get("/en/desk/").status_code == 200


def test_a_stranger_is_asked_to_sign_in_and_comes_back() -> None:
    answer = Client().get("/fr/desk/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/fr/desk/")


def test_a_consultant_is_told_who_can_help() -> None:
    answer = signed_in(roles.CONSULTANT).get("/en/desk/")
    assert answer.status_code == 403
    assert "an administrator can give you another" in answer.content.decode()


def test_the_desk_shows_only_places_that_this_person_may_enter() -> None:
    places = [place.name for place in signed_in(roles.ANALYST).get("/en/desk/").context["places"]]
    assert "Today" in places
    assert "Adjudication" not in places
