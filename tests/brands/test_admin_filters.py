"""Filters that are saved under a name, for oneself or a team; and filters by year and month."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brands.models import Action, Promise, SavedFilter, Source
from cxalign.accounts import roles
from cxalign.accounts.models import Team, User
from tests import factories as make
from tests.accounts.desk import desk_of, list_page, signed_in, somebody

pytestmark = pytest.mark.django_db

ADD = "/admin/filters/add/"


def keep(desk: Client, query: str, name: str = "Mine", list_label: str = "brands.action", **fields: Any) -> str:
    """What the page says after the filter was sent."""
    answered = desk.post(ADD, {"list": list_label, "query": query, "name": name, **fields})
    if answered.status_code != 302:
        return str(answered.status_code)
    return str(desk.get(answered["Location"]).content.decode())


def names_above(desk: Client, model: Any = Action) -> list[str]:
    page = desk.get(list_page(model)).content.decode()
    return [saved.name for saved in SavedFilter.objects.order_by("name") if f">{saved.name}</a>" in page]


def test_a_filter_is_saved_shown_above_its_list_and_leads_to_its_rows() -> None:
    brand, person = make.a_brand(), somebody(roles.ANALYST)
    make.an_action(brand, statement_en="Rich.")
    make.an_action(brand, statement_en="Poor.", reach="")
    page = keep(desk_of(person), "missing=code&use=current&p=0&_facets=True")
    assert "The filter is saved" in page
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.query) == (person, "missing=code&use=current")
    rows = desk_of(person).get(f"{list_page(Action)}?{saved.query}")
    assert [str(row) for row in rows.context["cl"].result_list] == ["Poor."]
    assert 'aria-current="true">Mine</a>' in rows.content.decode()
    assert names_above(desk_of(person)) == ["Mine"]
    assert names_above(desk_of(person), Promise) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "p=1",
        "unknown=1",
        "brand__parent_group__contains=x",
        "brand__owner__password__startswith=a",
        "started__regex=(",
        "x=" + "a" * 2000,
    ],
)
def test_a_query_that_the_list_does_not_take_is_not_saved(query: str) -> None:
    keep(signed_in(), query)
    assert not SavedFilter.objects.exists()
    keep(signed_in(), "q=refund")
    assert SavedFilter.objects.exists()


@pytest.mark.parametrize(
    "label", ["", "brands", "brands.nothing", "accounts.team", "brands.action.x", "auth.permission"]
)
def test_a_list_that_one_cannot_open_takes_no_filter(label: str) -> None:
    assert keep(signed_in(), "q=a", list_label=label) in ("403", "404")
    assert not SavedFilter.objects.exists()


def test_nobody_else_sees_it_until_it_is_shared_with_their_team() -> None:
    ines, lina, team = somebody(roles.ANALYST), somebody(roles.ANALYST), Team.objects.create(name="North")
    team.members.add(ines, lina)
    keep(desk_of(ines), "q=refund")
    saved = SavedFilter.objects.get()
    assert names_above(desk_of(lina)) == []
    change(ines, saved, name="Refunds", team=str(team.pk))
    assert names_above(desk_of(lina)) == ["Refunds"]
    assert names_above(signed_in()) == []


def change(person: User, saved: SavedFilter, **fields: str) -> int:
    return int(desk_of(person).post(f"/admin/filters/{saved.pk}/", fields).status_code)


def test_only_its_owner_renames_or_removes_it() -> None:
    ines, lina, team = somebody(roles.ANALYST), somebody(roles.ANALYST), Team.objects.create(name="North")
    team.members.add(ines, lina)
    keep(desk_of(ines), "q=refund", team=str(team.pk))
    saved = SavedFilter.objects.get()
    assert change(lina, saved, name="Stolen") == 404
    assert change(lina, saved, remove="yes") == 404
    assert change(ines, saved, name="Refunds") == 302
    saved.refresh_from_db()
    assert (saved.name, saved.team) == ("Refunds", None)
    assert change(ines, saved, remove="yes") == 302
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once_and_to_a_team_of_one_s_own() -> None:
    ines, foreign = somebody(roles.ANALYST), Team.objects.create(name="South")
    desk = desk_of(ines)
    keep(desk, "q=refund")
    assert "has this name already" in keep(desk, "q=other")
    assert "choose a team of yours" in keep(desk, "q=other", name="Other", team=str(foreign.pk))
    assert "give a name" in keep(desk, "q=other", name="")
    assert "give a name" in keep(desk, "q=other", name="a\x00b")
    keep(desk, "q=other", name="Other")
    other = SavedFilter.objects.get(name="Other")
    change(ines, other, name="Mine")
    other.refresh_from_db()
    assert other.name == "Other"


def test_a_hostile_name_is_only_text() -> None:
    desk = signed_in()
    page = keep(desk, "q=refund", name="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_saving_is_for_who_is_signed_in_and_only_by_sending() -> None:
    assert Client().post(ADD, {"list": "brands.action", "query": "q=a", "name": "A"}).status_code == 302
    assert signed_in().get(ADD).status_code == 405
    assert not SavedFilter.objects.exists()


# --- By year and month ------------------------------------------------------------------------------------------------


def found(query: str, model: Any = Action) -> set[str]:
    return {str(row) for row in signed_in().get(f"{list_page(model)}?{query}").context["cl"].result_list}


def test_acts_are_found_by_year_and_by_month_however_precise_their_date_is() -> None:
    brand = make.a_brand()
    dates = ("2020", "2020-04", "2020-04-13", "2020-05-01", "2021", "")
    for date in dates:
        make.an_action(brand, started=date, statement_en=f"On {date}.")
    assert found("started=2020") == {"On 2020.", "On 2020-04.", "On 2020-04-13.", "On 2020-05-01."}
    assert found("started=2020-04") == {"On 2020-04.", "On 2020-04-13."}
    assert found("started=1999") == {
        f"On {date}." for date in ("2020", "2020-04", "2020-04-13", "2020-05-01", "2021", "")
    }


def test_the_months_are_offered_once_a_year_is_chosen() -> None:
    make.a_source(published_on="2020-04-13")
    make.a_source(published_on="2019")
    desk = signed_in()
    spec = [
        [
            spec
            for spec in desk.get(f"{list_page(Source)}?{query}").context["cl"].filter_specs
            if spec.title == "published"
        ]
        for query in ("", "published_on=2020")
    ]
    offered = [[code for code, _word in specs[0].lookup_choices] for specs in spec]
    assert offered == [["2020", "2019"], ["2020", "2020-04", "2019"]]
