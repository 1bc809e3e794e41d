"""Keys: made with what their owner may do, recognised while they work, refused with one answer when they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from brands.models import Event
from cxalign.accounts import keys, roles
from cxalign.accounts.models import ApiKey, Scope, User
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_key, a_team, bearer

pytestmark = pytest.mark.django_db

PAGE = "/en/account/keys/"
A_DAY = timedelta(days=1)


def ask(token: str, path: str = "/api/v1/brands", address: str = "127.0.0.1") -> Any:
    return Client(REMOTE_ADDR=address).get(path, headers=bearer(token))


def move(made: keys.NewKey, **fields: Any) -> None:
    ApiKey.objects.filter(pk=made.key.pk).update(**fields)


# --- Making -----------------------------------------------------------------------------------------------------------

OFFER = {
    roles.CONSULTANT: {"read:published", "export:bulk"},
    roles.ANALYST: {
        "read:published",
        "read:drafts",
        "export:bulk",
        *(f"write:{kind}" for kind in ("brands", "sources", "promises", "actions")),
    },
}
OFFER[roles.EDITOR] = OFFER[roles.ADMINISTRATOR] = OFFER[roles.ANALYST]


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_each_role_is_offered_the_scopes_that_it_may_use_itself(role: str) -> None:
    person = somebody(role)
    assert {str(scope) for scope in keys.scopes_for(person)} == OFFER[role]
    for scope in Scope.values:
        given = {"name": "Mine", "scopes": [scope], "expires_on": str(timezone.localdate() + A_DAY)}
        answer = desk_of(person).post(PAGE, given)
        assert answer.status_code == (201 if scope in OFFER[role] else 422), scope
    assert ApiKey.objects.filter(owner=person).count() == len(OFFER[role])


def test_a_member_of_a_team_may_have_its_drafts_read_by_a_program() -> None:
    person = somebody(roles.CONSULTANT)
    assert not keys.owner_may(person, "read:drafts")
    a_team(person)
    assert keys.owner_may(person, "read:drafts")


def test_a_member_of_a_team_may_have_its_plans_worked_on_by_a_program() -> None:
    person = somebody(roles.EDITOR)
    assert not keys.owner_may(person, "read:plans")
    a_team(person)
    assert keys.owner_may(person, "read:plans")
    assert "write:plans" in keys.scopes_for(person)


def test_a_key_beyond_ones_own_rights_is_refused_below_the_form_too() -> None:
    with pytest.raises(keys.CannotMakeKey, match="publish"):
        a_key(somebody(roles.ANALYST), "read:published", "publish")


def test_the_secret_is_shown_once_and_not_kept() -> None:
    person = somebody(roles.ANALYST)
    desk = desk_of(person)
    given = {"name": "Mine", "scopes": ["read:published"], "expires_on": str(timezone.localdate() + A_DAY)}
    token = desk.post(PAGE, given).context["made"].token
    key = ApiKey.objects.get()
    secret = token.rsplit("_", 1)[1]
    assert len(bytes.fromhex(secret)) * 8 >= 128
    assert secret not in desk.get(PAGE).content.decode()
    assert secret not in str(list(ApiKey.objects.values()))
    assert secret not in str(list(Event.objects.values()))
    assert ask(token).status_code == 200
    assert key.owner == person


def test_two_keys_have_nothing_in_common() -> None:
    first, second = a_key(), a_key()
    assert first.token.split("_")[1:] != second.token.split("_")[1:]
    mixed = "_".join([*first.token.split("_")[:2], second.token.split("_")[2]])
    assert ask(mixed).status_code == 401


def test_without_a_wish_a_key_lasts_a_year_and_never_more_than_two() -> None:
    assert (a_key().key.expires_at - timezone.now()).days in (364, 365)
    a_key(expires_at=timezone.now() + timedelta(days=729))
    with pytest.raises(keys.CannotMakeKey, match="two years"):
        a_key(expires_at=timezone.now() + timedelta(days=731))
    with pytest.raises(keys.CannotMakeKey):
        a_key(expires_at=timezone.now() - A_DAY)


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 201), (730, 201), (731, 422)])
def test_the_form_takes_days_up_to_two_years_from_now(days: int, status: int) -> None:
    given = {
        "name": "Mine",
        "scopes": ["read:published"],
        "expires_on": str(timezone.localdate() + timedelta(days=days)),
    }
    assert desk_of(somebody(roles.CONSULTANT)).post(PAGE, given).status_code == status


def test_nobody_heaps_up_keys() -> None:
    person = somebody(roles.ANALYST)
    made = [a_key(person) for _ in range(keys.MOST_KEYS)]
    with pytest.raises(keys.CannotMakeKey):
        a_key(person)
    keys.revoke(made[0].key, by=person)
    a_key(person)


# --- Working, and no longer -------------------------------------------------------------------------------------------


def test_a_key_opens_until_it_is_over_or_revoked_and_each_refusal_reads_alike() -> None:
    expired, revoked, closed, good = a_key(), a_key(), a_key(), a_key()
    assert {ask(made.token).status_code for made in (expired, revoked, closed, good)} == {200}
    move(expired, created_at=timezone.now() - 2 * A_DAY, expires_at=timezone.now() - A_DAY)
    keys.revoke(revoked.key, by=revoked.key.owner)
    User.objects.filter(pk=closed.key.owner_id).update(is_active=False)
    unknown = f"ppk_{'0' * 12}_{'0' * 48}"
    answers = [ask(token) for token in (expired.token, revoked.token, closed.token, unknown, "ppk_x", good.token[:-1])]
    bodies = {(answer.status_code, *sorted(told(answer).items())) for answer in answers}
    assert len(bodies) == 1
    assert answers[0].status_code == 401
    assert answers[0].json()["code"] == "invalid_key"
    assert answers[0]["WWW-Authenticate"].startswith("Bearer")
    assert ask(good.token).status_code == 200


def told(answer: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in answer.json().items() if name != "request_id"}


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "ppk_abc", "Token x", ""])
def test_another_kind_of_credential_is_refused_and_not_ignored(header: str) -> None:
    assert Client().get("/api/v1/brands", headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize("name", ["key", "api_key", "token", "access_token", "q"])
def test_a_key_in_an_address_is_refused_with_the_reason(name: str) -> None:
    token = a_key().token
    answer = Client().get("/api/v1/brands", {name: token})
    assert (answer.status_code, answer.json()["code"]) == (400, "key_in_address")
    assert "Authorization" in KINDS_REMEDY()
    assert token not in answer.content.decode()
    assert ask(token).status_code == 200


def KINDS_REMEDY() -> str:
    from cxalign.api.errors import KINDS

    return str(KINDS["key_in_address"].remedy)


def test_the_last_use_is_written_down_once_a_minute(django_assert_num_queries: Any) -> None:
    made = a_key()
    ask(made.token)
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    ask(made.token)
    assert ApiKey.objects.get().last_used_at == first
    move(made, last_used_at=first - timedelta(seconds=61))
    ask(made.token)
    assert ApiKey.objects.get().last_used_at > first - timedelta(seconds=1)


def test_a_store_that_cannot_be_written_to_still_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_key()

    def refuse(*args: Any, **kwargs: Any) -> int:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("django.db.models.query.QuerySet.update", refuse)
    assert ask(made.token).status_code == 200


@pytest.mark.parametrize(
    ("addresses", "address", "opens"),
    [
        ("", "203.0.113.9", True),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.0/24\n2001:db8::/32", "192.0.2.200", True),
        ("192.0.2.0/24\n2001:db8::/32", "2001:db8::1", True),
        ("192.0.2.0/24", "::ffff:192.0.2.1", True),
        ("192.0.2.0/24", "198.51.100.1", False),
        ("192.0.2.0/24", "", False),
    ],
)
def test_a_key_with_addresses_works_from_them_only(addresses: str, address: str, opens: bool) -> None:
    made = a_key(addresses=addresses)
    assert ask(made.token, address=address).status_code == (200 if opens else 401)
    forged = Client(REMOTE_ADDR="198.51.100.1").get(
        "/api/v1/brands", headers={**bearer(made.token), "X-Forwarded-For": "192.0.2.7"}
    )
    assert forged.status_code == (401 if addresses else 200)


def test_behind_a_proxy_no_addresses_are_offered(settings: Any) -> None:
    desk = desk_of(somebody(roles.ANALYST))
    assert 'name="addresses"' in desk.get(PAGE).content.decode()
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert 'name="addresses"' not in desk.get(PAGE).content.decode()


def test_an_address_that_is_none_is_named() -> None:
    given = {"name": "Mine", "scopes": ["read:published"], "expires_on": str(timezone.localdate()), "addresses": "here"}
    answer = desk_of(somebody(roles.ANALYST)).post(PAGE, given)
    assert answer.status_code == 422
    assert "“here” is neither" in answer.content.decode()


# --- Revoking ---------------------------------------------------------------------------------------------------------


def test_a_key_is_revoked_by_its_owner_and_for_others_it_does_not_exist() -> None:
    made, stranger = a_key(), desk_of(somebody(roles.ANALYST))
    address = f"{PAGE}{made.key.identifier}/revoke/"
    hidden, absent = stranger.post(address), stranger.post(f"{PAGE}{'0' * 12}/revoke/")
    assert hidden.status_code == absent.status_code == 404
    assert ask(made.token).status_code == 200
    assert desk_of(made.key.owner).get(address).status_code == 405
    assert desk_of(made.key.owner).post(address).status_code == 302
    assert ask(made.token).status_code == 401
    assert Event.objects.filter(kind="access.key_revoked", actor=made.key.owner).count() == 1
    desk_of(made.key.owner).post(address)
    assert Event.objects.filter(kind="access.key_revoked").count() == 1


def test_an_administrator_revokes_the_keys_of_others() -> None:
    made, administrator = a_key(), somebody(roles.ADMINISTRATOR)
    fields = {"action": "revoke", "_selected_action": [made.key.pk]}
    assert desk_of(somebody(roles.EDITOR)).post("/admin/accounts/apikey/", fields).status_code == 403
    assert ask(made.token).status_code == 200
    assert desk_of(administrator).post("/admin/accounts/apikey/", fields).status_code == 302
    assert ask(made.token).status_code == 401
    assert Event.objects.get(kind="access.key_revoked").actor == administrator


def test_ones_list_shows_ones_own_keys_only() -> None:
    mine, other = a_key(), a_key()
    page = desk_of(mine.key.owner).get(PAGE).content.decode()
    assert mine.key.identifier in page
    assert other.key.identifier not in page


def test_a_role_that_is_taken_away_takes_the_scope_with_it() -> None:
    made = a_key(somebody(roles.ANALYST), "read:drafts")
    path = "/api/v1/scorecards/absent:covid-19?state=draft"
    assert ask(made.token, path).status_code == 404
    made.key.owner.groups.remove(Group.objects.get(name=roles.ANALYST))
    refused = ask(made.token, path)
    assert (refused.status_code, refused.json()["scope"]) == (403, "read:drafts")
