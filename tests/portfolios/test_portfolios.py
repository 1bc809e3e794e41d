"""Portfolios: made, filled, noted, ordered, archived, removed and brought back; by their team alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from brands.models import Brand
from cxalign.accounts import roles
from cxalign.accounts.erasing import erase
from cxalign.accounts.models import User
from cxalign.accounts.profile import held_about
from cxalign.portfolios import editing
from cxalign.portfolios.models import Holding, Portfolio, Step, StepKind
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.plans.making import a_planner, team_of
from tests.portfolios.making import a_portfolio, holding, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire() -> User:
    return a_planner(first_name="Claire")


@pytest.fixture
def lina(claire: User) -> User:
    user = somebody(roles.CONSULTANT, first_name="Lina")
    team_of(claire).members.add(user)
    return user


def a_public_brand(name: str) -> Brand:
    brand = make.a_breach(name)
    make.published(brand)
    return brand


@pytest.fixture
def ada() -> Brand:
    return a_public_brand("Ada")


@pytest.fixture
def bea() -> Brand:
    return a_public_brand("Bea")


def page_of(client: Client, portfolio: Portfolio, place: str = "") -> str:
    answer = client.get(f"/en/portfolios/{portfolio.pk}/{place}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def posted(client: Client, path: str, **fields: Any) -> Any:
    return client.post(f"/en/portfolios/{path}", fields)


# --- From the list into a set -----------------------------------------------------------------------------------------


def test_brands_picked_in_the_list_go_into_a_new_portfolio_and_then_into_that_one(
    claire: User, ada: Brand, bea: Brand
) -> None:
    client = desk_of(claire)
    assert 'formaction="/en/portfolios/add/"' in client.get("/en/brands/").content.decode()
    assert "portfolios/add" not in Client().get("/en/brands/").content.decode()
    form = client.get("/en/portfolios/add/", {"b": [ada.slug, "absent"]}).content.decode()
    assert "Ada" in form
    assert 'value="absent"' not in form
    first = posted(client, "add/", b=[ada.slug], name="Insurers", team=team_of(claire).pk, portfolio="")
    portfolio = Portfolio.objects.get()
    assert (portfolio.team, portfolio.by, names(portfolio)) == (team_of(claire), claire, ["Ada"])
    assert first["Location"] == f"/en/portfolios/{portfolio.pk}/"
    posted(client, "add/", b=[ada.slug, bea.slug], portfolio=portfolio.pk)
    assert names(portfolio) == ["Ada", "Bea"]
    page = page_of(client, portfolio)
    assert "1 brand added to “Insurers”." in page
    assert page.count("Broken promise") >= 2


def test_a_scorecard_and_the_page_of_a_brand_lead_there_too(claire: User, ada: Brand) -> None:
    link = f'href="/en/portfolios/add/?b={ada.slug}"'
    for path in (f"/en/brands/{ada.slug}/", f"/en/brands/{ada.slug}/covid-19/"):
        assert link in desk_of(claire).get(path).content.decode()
        assert link not in Client().get(path).content.decode()


def test_without_a_choice_or_a_name_nothing_is_made(claire: User, ada: Brand) -> None:
    answer = posted(desk_of(claire), "add/", b=[ada.slug], name=" ", team=team_of(claire).pk)
    assert answer.status_code == 422
    assert "Choose a portfolio, or name a new one." in answer.content.decode()
    assert not Portfolio.objects.exists()


def test_a_brand_is_in_a_portfolio_once_and_a_name_once_a_team(claire: User, ada: Brand) -> None:
    portfolio = a_portfolio(ada, by=claire)
    assert editing.add_brands(portfolio, claire, [ada]) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(portfolio=portfolio, brand=ada)
    with pytest.raises(editing.RefusedError):
        a_portfolio(by=claire)
    assert a_portfolio().name == portfolio.name  # of another team
    with pytest.raises(IntegrityError), transaction.atomic():
        Portfolio.objects.create(by=claire, team=portfolio.team, name=portfolio.name)
    answer = posted(desk_of(claire), "new/", name=portfolio.name, team=portfolio.team_id)
    assert answer.status_code == 422


def test_a_portfolio_has_an_end(claire: User, monkeypatch: pytest.MonkeyPatch, ada: Brand, bea: Brand) -> None:
    monkeypatch.setattr(editing, "MOST_BRANDS", 1)
    portfolio = a_portfolio(ada, by=claire)
    answer = posted(desk_of(claire), "add/", b=[bea.slug], portfolio=portfolio.pk)
    assert answer.status_code == 422
    assert names(portfolio) == ["Ada"]


# --- Its page ---------------------------------------------------------------------------------------------------------


def test_landscape_comparison_and_export_are_those_of_the_site_with_this_set(
    claire: User, ada: Brand, bea: Brand
) -> None:
    a_public_brand("Cleo")
    client, portfolio = desk_of(claire), a_portfolio(ada, bea, by=claire)
    page = page_of(client, portfolio)
    assert "Cleo" not in page
    for path in ("/en/landscape/covid-19/", "/en/data/scorecards/"):
        link = f"{path}?brand=ada&amp;brand=bea"
        assert f'href="{link}"' in page
        shown = client.get(link.replace("&amp;", "&")).content.decode()
        assert "Cleo" not in shown
    assert 'href="/en/compare/?b=ada&amp;b=bea"' in page
    assert "2 of 2 brands on record have a verdict" in page
    rows = b"".join(client.get("/en/data/scorecards/csv?brand=ada&brand=bea").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Ada" in rows
    assert "Cleo" not in rows
    # Whoever is given the address of the landscape sees it, and nothing of the portfolio.
    public = Client().get("/en/landscape/covid-19/?brand=ada&brand=bea").content.decode()
    assert "Insurers" not in public
    assert "Bea" in public


def test_an_address_may_name_brands_that_are_none(ada: Brand) -> None:
    hidden = make.a_breach("Hidden")
    make.judged(hidden)
    for slug in (hidden.slug, "absent"):
        page = Client().get(f"/en/brands/?brand={slug}&brand=ada").content.decode()
        assert f"Brand: there is no “{slug}” here" in page
        assert "Hidden" not in page


def test_the_latest_about_its_brands_is_told_and_nothing_of_drafts(claire: User, ada: Brand) -> None:
    hidden = make.a_breach("Hidden")
    make.judged(hidden)
    portfolio = a_portfolio(ada, hidden, by=claire)
    page = page_of(desk_of(claire), portfolio)
    assert "Ada – Covid-19: Broken promise" in page
    assert "Hidden" not in page
    assert "1 brand of this portfolio is not public at present" in page
    make.published(hidden)
    assert "Hidden" in page_of(desk_of(claire), portfolio)


def test_an_empty_portfolio_says_where_brands_come_from(claire: User) -> None:
    page = page_of(desk_of(claire), a_portfolio(by=claire))
    assert "No brand is in this portfolio yet." in page


def test_the_page_costs_the_same_queries_however_many_brands(claire: User, django_assert_max_num_queries: Any) -> None:
    few = a_portfolio(*[a_public_brand(f"Few {i}") for i in range(2)], by=claire, name="Few")
    many = a_portfolio(*[a_public_brand(f"Many {i}") for i in range(12)], by=claire, name="Many")
    client = desk_of(claire)
    page_of(client, few)
    with django_assert_max_num_queries(20) as first:
        page_of(client, few)
    with django_assert_max_num_queries(20) as second:
        page_of(client, many)
    assert len(first) == len(second)
    with django_assert_max_num_queries(6):
        client.get("/en/portfolios/")


# --- Notes, order, the way back ---------------------------------------------------------------------------------------


def test_a_note_is_kept_as_typed_and_a_stale_one_is_refused_with_both_versions(
    claire: User, lina: User, ada: Brand
) -> None:
    portfolio = a_portfolio(ada, by=claire)
    path = f"{portfolio.pk}/brands/ada/note/"
    text = "<b>Watch</b>  them\n=1+1"
    assert posted(desk_of(lina), path, note=text, revision=1).status_code == 302
    assert holding(portfolio, ada).note == text
    assert "&lt;b&gt;Watch&lt;/b&gt;" in page_of(desk_of(claire), portfolio)
    stale = posted(desk_of(claire), path, note="Mine", revision=1)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Lina changed “Ada” since you opened it" in page
    assert "Mine" in page
    assert holding(portfolio, ada).note == text
    assert posted(desk_of(claire), path, note="Mine", revision=2).status_code == 302
    assert holding(portfolio, ada).note == "Mine"


def test_a_stale_name_is_refused_and_can_be_saved_over(claire: User, lina: User) -> None:
    portfolio = a_portfolio(by=claire)
    seen, path = portfolio.revision, f"{portfolio.pk}/settings/"
    assert posted(desk_of(lina), path, name="Banks", note="", revision=seen).status_code == 302
    stale = posted(desk_of(claire), path, name="Mutuals", note="", revision=seen)
    assert stale.status_code == 409
    assert "Banks" in stale.content.decode()
    (fresh,) = re.findall(r'name="revision" value="(\d+)"', stale.content.decode())
    assert posted(desk_of(claire), path, name="Mutuals", note="", revision=fresh).status_code == 302
    portfolio.refresh_from_db()
    assert portfolio.name == "Mutuals"


def test_brands_keep_the_order_that_the_team_gives_them(claire: User, ada: Brand, bea: Brand) -> None:
    cleo = a_public_brand("Cleo")
    portfolio, client = a_portfolio(ada, bea, cleo, by=claire), desk_of(claire)
    posted(client, f"{portfolio.pk}/brands/cleo/move/", to="up")
    assert names(portfolio) == ["Ada", "Cleo", "Bea"]
    posted(client, f"{portfolio.pk}/brands/ada/move/", to="last")
    assert names(portfolio) == ["Cleo", "Bea", "Ada"]
    posted(client, f"{portfolio.pk}/brands/cleo/move/", to="up")
    assert names(portfolio) == ["Cleo", "Bea", "Ada"]
    assert posted(client, f"{portfolio.pk}/brands/cleo/move/", to="away").status_code == 404


def test_a_brand_taken_out_comes_back_with_its_note_and_its_place(claire: User, ada: Brand, bea: Brand) -> None:
    portfolio, client = a_portfolio(ada, bea, by=claire), desk_of(claire)
    editing.note_brand(holding(portfolio, ada), claire, 1, "Ours")
    answer = posted(client, f"{portfolio.pk}/brands/ada/take-out/")
    assert names(portfolio) == ["Bea"]
    step = Step.objects.get(kind=StepKind.BRAND_REMOVED)
    assert answer["Location"].endswith(f"?done={step.pk}")
    assert f'action="/en/portfolios/undo/{step.pk}/"' in client.get(answer["Location"]).content.decode()
    for place in ("take-out", "move", "note"):
        address = f"/en/portfolios/{portfolio.pk}/brands/ada/{place}/"
        again = client.get(address) if place == "note" else client.post(address, {"to": "up"})
        assert "Ada was taken out already." in client.get(again["Location"]).content.decode()
    late = posted(client, f"{portfolio.pk}/brands/ada/note/", note="Written meanwhile", revision=2)
    assert (late.status_code, "Written meanwhile" in late.content.decode()) == (409, True)
    assert Step.objects.filter(kind=StepKind.BRAND_REMOVED).count() == 1
    assert posted(client, f"undo/{step.pk}/").status_code == 302
    assert names(portfolio) == ["Ada", "Bea"]
    assert holding(portfolio, ada).note == "Ours"
    posted(client, f"undo/{step.pk}/")
    assert names(portfolio) == ["Ada", "Bea"]


def test_archived_and_removed_ones_come_back_as_long_as_nothing_took_their_place(claire: User, ada: Brand) -> None:
    portfolio, client = a_portfolio(ada, by=claire), desk_of(claire)
    posted(client, f"{portfolio.pk}/archive/")
    assert "Every portfolio of your teams is archived." in client.get("/en/portfolios/").content.decode()
    posted(client, f"undo/{Step.objects.get(kind=StepKind.ARCHIVED).pk}/")
    portfolio.refresh_from_db()
    assert portfolio.archived_at is None
    assert posted(client, f"{portfolio.pk}/remove/", revision=portfolio.revision).status_code == 302
    assert Portfolio.objects.visible_to(claire).exists()  # the box was not ticked
    stale = posted(client, f"{portfolio.pk}/remove/", revision=1, confirmed="yes")
    assert stale.status_code == 409
    gone = posted(client, f"{portfolio.pk}/remove/", revision=portfolio.revision, confirmed="yes")
    assert client.get(f"/en/portfolios/{portfolio.pk}/").status_code == 404
    assert "is removed." in client.get(gone["Location"]).content.decode()
    other = a_portfolio(by=claire)
    step = Step.objects.get(kind=StepKind.REMOVED)
    posted(client, f"undo/{step.pk}/")
    assert client.get(f"/en/portfolios/{portfolio.pk}/").status_code == 404  # its name is taken
    editing.change_portfolio(other, claire, other.revision, {"name": "Others"})
    posted(client, f"undo/{step.pk}/")
    assert names(portfolio) == ["Ada"]
    assert client.get(f"/en/portfolios/{portfolio.pk}/").status_code == 200


def test_the_log_says_who_did_what(claire: User, lina: User, ada: Brand) -> None:
    portfolio = a_portfolio(ada, by=claire)
    editing.note_brand(holding(portfolio, ada), lina, 1, "Ours")
    page = page_of(desk_of(claire), portfolio, "activity/")
    assert page.index("<strong>Lina</strong>") < page.index("<strong>Claire</strong>")
    assert "→ Ours" in page


# --- Whose it is ------------------------------------------------------------------------------------------------------


def test_for_another_team_and_for_staff_it_does_not_exist(claire: User, ada: Brand) -> None:
    portfolio = a_portfolio(ada, by=claire)
    editing.remove_brand(holding(portfolio, ada), claire)
    editing.add_brands(portfolio, claire, [ada])
    step = Step.objects.get(kind=StepKind.BRAND_REMOVED)
    outsider, editor = a_planner(), somebody(roles.EDITOR)
    team_of(outsider).members.add(editor)
    places = ("", "settings/", "activity/", "brands/ada/note/")
    for user in (outsider, editor):
        client = desk_of(user)
        assert portfolio.name not in client.get("/en/portfolios/").content.decode()
        for place in places:
            assert client.get(f"/en/portfolios/{portfolio.pk}/{place}").status_code == 404
        for place in (
            "archive/",
            "remove/",
            "settings/",
            "brands/ada/note/",
            "brands/ada/move/",
            "brands/ada/take-out/",
        ):
            assert posted(client, f"{portfolio.pk}/{place}", confirmed="yes", revision=1, to="up").status_code == 404
        assert posted(client, f"undo/{step.pk}/").status_code == 404
        assert posted(client, "add/", b=["ada"], portfolio=portfolio.pk).status_code == 422
    for place in places:
        assert desk_of(claire).get(f"/en/portfolios/{portfolio.pk}/{place}").status_code == 200


def test_whoever_is_in_no_team_is_told_who_can_help() -> None:
    answer = desk_of(somebody(roles.CONSULTANT)).get("/en/portfolios/")
    assert answer.status_code == 403
    assert "an administrator can put you in one" in answer.content.decode()


def test_nothing_of_it_is_public(claire: User, ada: Brand) -> None:
    editing.note_brand(holding(a_portfolio(ada, by=claire, name="Zyxomma"), ada), claire, 1, "Zyxomma note")
    for path in ("/en/", "/en/brands/", "/en/brands/ada/", "/en/changes.atom", "/en/data/", "/api/v1/brands/ada"):
        assert "Zyxomma" not in Client().get(path).content.decode()
    assert "Zyxomma note" not in Client().get("/en/search/?q=zyxomma").content.decode()


def test_ones_data_holds_it_and_it_stays_with_the_team_when_one_leaves(claire: User, ada: Brand) -> None:
    portfolio = a_portfolio(ada, by=claire)
    held = held_about(claire)["portfolios"]
    assert [one["name"] for one in held["made"]] == ["Insurers"]
    assert {step["kind"] for step in held["steps"]} == {"made", "brand_added"}
    erase(claire, by=claire)
    assert names(portfolio) == ["Ada"]
