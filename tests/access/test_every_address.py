"""No address without a rule of who may open it, and no rule that is only written down."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from cxalign.accounts import roles
from scoring.models import READ_DRAFTS
from tests.access.addresses import PUBLIC, Address, every_address, rule_of
from tests.accounts.desk import desk_of, somebody

pytestmark = pytest.mark.django_db

OWNERS_ONLY = ("desk", "account", "admin")


def test_every_address_says_who_may_open_it() -> None:
    without = [f"{address.path} ({address.full_name})" for address in every_address() if not rule_of(address)]
    assert without == [], "Give the view its rule, or say in PUBLIC why strangers may open it."


def test_an_address_without_a_rule_is_found() -> None:
    def leak(request: HttpRequest) -> HttpResponse:
        return HttpResponse("everything")

    assert rule_of(Address("/en/leak/", "leak", "", path("leak/", leak).callback)) == ""


def test_the_list_of_public_addresses_names_only_what_exists() -> None:
    assert set(PUBLIC) <= {address.full_name for address in every_address()}


def test_each_kind_of_address_is_on_the_map() -> None:
    kinds = {rule_of(address) for address in every_address()}
    assert kinds == {"admin", "desk", "account", "api", "public"}


@pytest.mark.parametrize("rule", OWNERS_ONLY)
def test_a_stranger_is_sent_to_the_door_everywhere_else(rule: str) -> None:
    client, wrong = Client(), {}
    for address in every_address():
        if rule_of(address) != rule or address.full_name in ("admin:login", "admin:logout", "admin:jsi18n"):
            continue
        answer = client.get(address.path)
        if not (answer.status_code == 302 and "/login/" in answer["Location"]):
            wrong[address.path] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_consultant_opens_nothing_of_the_desk_and_the_admin(method: str) -> None:
    client, wrong = desk_of(somebody(roles.CONSULTANT)), {}
    for address in every_address():
        if rule_of(address) not in ("desk", "admin") or address.full_name in ("admin:logout", "admin:jsi18n"):
            continue
        answer = getattr(client, method)(address.path)
        sent_away = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
        if not (answer.status_code == 403 or sent_away):
            wrong[address.path] = answer.status_code
    assert wrong == {}


def test_whoever_enters_the_desk_reads_drafts_and_each_page_opens_to_somebody() -> None:
    """The pages of the desk query what is unpublished: their gate is that everybody in it may read that."""
    team = {role: desk_of(somebody(role)) for role in (roles.ANALYST, roles.EDITOR, roles.ADMINISTRATOR)}
    assert all(somebody(role).has_perm(READ_DRAFTS) for role in team)
    for address in every_address():
        if rule_of(address) == "desk":
            statuses = {role: client.get(address.path).status_code for role, client in team.items()}
            assert set(statuses.values()) - {403}, (address.path, statuses)
            assert 500 not in statuses.values(), (address.path, statuses)


def test_strangers_find_what_is_public() -> None:
    found: dict[str, Any] = {}
    for address in every_address():
        if rule_of(address) == "public":
            found.setdefault(address.full_name, Client().get(address.path).status_code)
    assert set(found.values()) <= {200, 400, 404, 405, 503}, (
        found
    )  # 400: oEmbed is asked about nothing; 503: no queue to be ready for
    assert {"home", "brands", "method", "login"} <= {name for name, status in found.items() if status == 200}
