"""Saved views: kept, found again, renamed, shared, taken back; of one's own pages alone, and by their owner alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cxalign.accounts import roles, views_kept
from cxalign.accounts.erasing import erase
from cxalign.accounts.models import SavedView, User
from cxalign.accounts.profile import held_about
from tests import factories
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_team
from tests.pages.landscapes import five_brands

pytestmark = pytest.mark.django_db

VIEWS, NEW = "/en/account/views/", "/en/account/views/new/"


@pytest.fixture(autouse=True)
def brands() -> None:
    five_brands()


@pytest.fixture
def claire() -> User:
    return somebody(roles.CONSULTANT)


def kept(client: Client, of: str, name: str = "Mine", **fields: str) -> Any:
    return client.post(NEW, {"of": of, "name": name, **fields})


@pytest.mark.parametrize(
    ("of", "path", "query"),
    [
        ("/en/brands/?outcome=aligned&q=a", "brands/", "outcome=aligned&q=a"),
        (
            "/fr/landscape/covid-19/?view=heat&sort=customers&b=ada",
            "landscape/covid-19/",
            "view=heat&sort=customers&b=ada",
        ),
        ("/en/landscape/covid-19/?page=2&reach=-2", "landscape/covid-19/", "reach=-2"),
        ("/en/compare/?b=ada&b=bea&only=differences&add=x", "compare/", "b=ada&b=bea&only=differences"),
        ("/en/brands/", "brands/", ""),
    ],
)
def test_an_address_is_kept_below_its_language_and_without_what_passes(
    claire: User, of: str, path: str, query: str
) -> None:
    assert kept(desk_of(claire), of)["Location"] == VIEWS
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.path, view.query, view.token) == (claire, "Mine", path, query, None)
    assert desk_of(claire).get(view.address("fr")).status_code == 200


@pytest.mark.parametrize(
    "of",
    [
        "",
        "https://example.org/en/brands/",
        "//example.org/en/brands/",
        "javascript:alert(1)",
        "/en/desk/",
        "/admin/",
        "/en/method/",
        "/en/account/views/",
        "/en/nowhere/",
        "/de/brands/",
        "/en/brands/?colour=red",
        "/en/brands/?sector=nowhere",
        "/en/landscape/nowhere/",
        "/en/landscape/covid-19/?view=pie",
        "/en/compare/?b=ada&b=nobody",
        "/en/compare/?b=ada&sector=insurance",
        "/en/brands/?q=" + "a" * 2100,
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_no_list_of_ours_is_not_kept(claire: User, of: str, method: str) -> None:
    client = desk_of(claire)
    answer = getattr(client, method)(NEW, {"of": of, "name": "Mine"})
    assert answer.status_code == 422
    assert "cannot be kept" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_hidden_brand_cannot_be_kept_and_is_not_told_from_none(claire: User) -> None:
    factories.judged(factories.a_breach("Hidden"))
    told = [kept(desk_of(claire), f"/en/compare/?b=ada&b={slug}").content.decode() for slug in ("hidden", "absent")]
    reasons = [re.findall(r'role="alert">([^<]+)<', html) for html in told]
    assert reasons[0] == ["Brand: there is no “hidden” here; this filter was left out."]
    assert reasons[1] == ["Brand: there is no “absent” here; this filter was left out."]


def test_a_name_is_used_once_and_told_when_taken(claire: User) -> None:
    client = desk_of(claire)
    kept(client, "/en/brands/")
    answer = kept(client, "/en/compare/?b=ada&b=bea")
    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    kept(desk_of(somebody(roles.ANALYST)), "/en/brands/")
    assert SavedView.objects.count() == 2


def test_nobody_heaps_up_views(claire: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_kept, "MOST_VIEWS", 1)
    assert kept(desk_of(claire), "/en/brands/").status_code == 302
    assert kept(desk_of(claire), "/en/brands/", "Other").status_code == 422


def test_a_view_is_renamed_shared_and_taken_back_and_the_old_link_stays_dead(claire: User, client: Client) -> None:
    desk = desk_of(claire)
    kept(desk, "/en/landscape/covid-19/?view=heat")
    view = SavedView.objects.get()
    address = f"{VIEWS}{view.pk}/"
    desk.post(address, {"name": "Ours", "shared": "on"})
    view.refresh_from_db()
    link = f"/fr/views/{view.token}/"
    assert view.name == "Ours"
    assert client.get(link)["Location"] == "/fr/landscape/covid-19/?view=heat"
    assert link.replace("/fr/", "/en/") in desk.get(VIEWS).content.decode()
    desk.post(address, {"name": "Ours"})
    assert client.get(link).status_code == 404
    desk.post(address, {"name": "Ours", "shared": "on"})
    assert client.get(link).status_code == 404
    view.refresh_from_db()
    assert client.get(f"/en/views/{view.token}/").status_code == 302


def test_renaming_keeps_the_link(claire: User) -> None:
    view = views_kept.keep(claire, name="Mine", path="brands/", query="", shared=True)
    token = view.token
    views_kept.change(view, name="Other", shared=True)
    view.refresh_from_db()
    assert (view.name, view.token) == ("Other", token)


def test_others_neither_see_nor_touch_a_view(claire: User) -> None:
    view = views_kept.keep(claire, name="Secret name", path="brands/", query="", shared=False)
    for role in (roles.CONSULTANT, roles.EDITOR, roles.ADMINISTRATOR):
        other = desk_of(somebody(role))
        assert "Secret name" not in other.get(VIEWS).content.decode()
        assert other.get(f"{VIEWS}{view.pk}/").status_code == 404
        assert other.post(f"{VIEWS}{view.pk}/", {"name": "Taken"}).status_code == 404
        assert other.post(f"{VIEWS}{view.pk}/delete/").status_code == 404
    assert SavedView.objects.get().name == "Secret name"


def test_a_view_is_deleted_by_a_form_and_not_by_a_link(claire: User) -> None:
    view = views_kept.keep(claire, name="Mine", path="brands/", query="", shared=False)
    desk = desk_of(claire)
    assert desk.get(f"{VIEWS}{view.pk}/delete/").status_code == 405
    assert desk.post(f"{VIEWS}{view.pk}/delete/")["Location"] == VIEWS
    assert not SavedView.objects.exists()


def test_a_stranger_signs_in_first_and_is_offered_nothing_to_keep(client: Client) -> None:
    assert "/login/" in client.get(VIEWS)["Location"]
    assert "Save view" not in client.get("/en/landscape/covid-19/").content.decode()


@pytest.mark.parametrize(
    "path", ["/en/brands/?outcome=aligned&b=ada", "/en/landscape/covid-19/?view=heat", "/en/compare/?b=ada&b=bea"]
)
def test_each_list_offers_to_be_kept_as_it_stands(claire: User, path: str) -> None:
    desk = desk_of(claire)
    html = desk.get(path).content.decode()
    link = re.search(r'href="(/en/account/views/new/\?of=[^"]+)"', html)
    assert link
    form = desk.get(link.group(1))
    assert form.status_code == 200
    assert f'name="of" value="{path}"' in form.content.decode().replace("&amp;", "&")


def test_an_empty_list_says_how_one_gets_a_view(claire: User) -> None:
    assert "You have kept no view yet." in desk_of(claire).get(VIEWS).content.decode()


def test_views_are_part_of_what_the_account_holds_and_go_with_it(claire: User) -> None:
    views_kept.keep(claire, name="Mine", path="brands/", query="q=a", shared=True)
    (held,) = held_about(claire)["views"]
    assert (held["name"], held["path"], held["query"]) == ("Mine", "brands/", "q=a")
    erase(claire, by=claire)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("fields", [{"name": ""}, {"path": ""}, {"token": ""}])
def test_the_database_refuses_what_is_half_a_view(claire: User, fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(**{"owner": claire, "name": "Mine", "path": "brands/", **fields})


# --- With a team ------------------------------------------------------------------------------------------------------


def test_a_view_shared_with_a_team_is_found_by_its_members_and_changed_by_its_owner_alone(claire: User) -> None:
    lina, marc = somebody(roles.CONSULTANT), somebody(roles.EDITOR)
    team, other = a_team(claire), a_team(marc)
    team.members.add(lina)
    client = desk_of(claire)
    assert kept(client, "/en/brands/?outcome=aligned", team=str(other.pk)).status_code == 422
    assert kept(client, "/en/brands/?outcome=aligned", name="Ours", team=str(team.pk)).status_code == 302
    view = SavedView.objects.get()
    assert view.team == team
    seen = desk_of(lina).get(VIEWS).content.decode()
    assert 'href="/en/brands/?outcome=aligned"' in seen
    assert claire.shown_name in seen
    assert "Ours" not in desk_of(marc).get(VIEWS).content.decode()
    for act in ("", "delete/"):
        assert desk_of(lina).post(f"{VIEWS}{view.pk}/{act}", {"name": "Theirs"}).status_code == 404
    team.members.remove(claire)
    assert "Ours" not in desk_of(lina).get(VIEWS).content.decode()
    team.members.add(claire)
    client.post(f"{VIEWS}{view.pk}/", {"name": "Ours", "team": ""})
    assert "Ours" not in desk_of(lina).get(VIEWS).content.decode()
