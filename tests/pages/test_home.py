"""The first page: what it says when nothing is published, and what changed last."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from brands.models import Brand
from cxalign.pages.home import LATEST, latest_changes
from scoring.publishing import withdraw
from tests import factories
from tests.pages.reading import html_of
from tests.plans.making import a_planner

pytestmark = pytest.mark.django_db

DEFINITIONS = (
    "What it did falls short of a promise that counts, or of the duty of care that every brand owes.",
    "It gave real help to every group to whom a promise is on file, or to every core group; no serious harm is "
    "established.",
    "It went beyond its promise for those it promised something to.",
    "Caring for its customers predates the crisis, and it helped before being asked.",
)


def home(client: Client, language: str = "en") -> str:
    return html_of(client.get(f"/{language}/"))


def turned_round(brand: Brand) -> Brand:
    """A kept promise, then a breach that weighs more."""
    refusal = factories.an_action(brand, sources=2)
    factories.a_proof(refusal, brand.promises.get(), direction="harms", depth="2")
    return factories.touched(brand)


def test_without_a_verdict_it_says_what_would_be_here(client: Client) -> None:
    html = home(client)
    assert "No verdict has been published yet." in html
    assert "<table" not in html
    assert 'href="/en/method/"' in html


def test_only_who_can_load_the_sample_data_is_told_how(client: Client) -> None:
    assert "load_catalogue" not in home(client)
    client.force_login(factories.an_analyst())
    assert "load_catalogue" in home(client)


@pytest.mark.parametrize("who", ["stranger", "planner", "analyst"])
def test_three_tasks_lead_to_brands_the_landscape_and_practices(client: Client, who: str) -> None:
    """Plans are offered to whoever is in a team; to others they would be a refusal."""
    if who != "stranger":
        client.force_login(a_planner() if who == "planner" else factories.an_analyst())
    html = home(client)
    told = html.partition('id="h-tasks"')[2].partition("</section>")[0]
    assert re.findall(r'<h3><a href="([^"]+)">', told) == ["/en/brands/", "/en/landscape/", "/en/practices/"]
    assert ('href="/en/plans/"' in told) == (who == "planner")


def test_the_four_archetypes_are_defined_in_reading_order(client: Client) -> None:
    html = home(client)
    places = [html.index(definition) for definition in DEFINITIONS]
    assert places == sorted(places)


def test_a_first_verdict_is_told_with_its_cause_and_its_day(client: Client) -> None:
    factories.published(factories.a_breach("Specimen Insurance"))
    html = home(client)
    assert "No verdict has been published yet." not in html
    assert 'href="/en/brands/specimen-insurance/covid-19/"' in html
    assert "First entry" in html


def test_a_verdict_that_moved_shows_where_it_came_from() -> None:
    brand = factories.a_kept_promise("Specimen")
    factories.published(brand)
    factories.published(turned_round(brand))
    (change,) = latest_changes()
    assert change.moved
    assert (change.before, change.publication.snapshot.outcome) == ("aligned", "broken_promise")


def test_a_new_version_with_the_same_verdict_did_not_move() -> None:
    brand = factories.a_kept_promise("Specimen")
    factories.published(brand)
    factories.a_link(brand.actions.get())
    factories.published(factories.touched(brand))
    (change,) = latest_changes()
    assert (change.before, change.moved) == ("aligned", False)


def test_the_newest_five_are_told_newest_first(client: Client) -> None:
    for number in range(LATEST + 2):
        factories.published(factories.a_breach(f"Brand {number}"))
    told = re.findall(r'<th role="rowheader" scope="row"><a[^>]*>([^<]+)</a>', home(client))
    assert told == ["Brand 6", "Brand 5", "Brand 4", "Brand 3", "Brand 2"]


def test_drafts_and_withdrawn_verdicts_are_not_told(client: Client) -> None:
    factories.published(factories.a_breach("Open Brand"))
    factories.judged(factories.a_breach("Hidden Brand"))
    gone = factories.published(factories.a_breach("Gone Brand"))
    withdraw(gone, by=factories.an_editor(), reason_en="An error of ours.")
    html = home(client)
    assert "Open Brand" in html
    assert "Hidden Brand" not in html
    assert "Gone Brand" not in html


def test_assessed_and_recorded_brands_are_counted_as_the_public_sees_them(client: Client) -> None:
    factories.published(factories.a_breach("Open Brand"))
    factories.a_brand("Listed Brand", listed=True)
    factories.a_brand("Hidden Brand")
    assert "1 brand assessed of 2 recorded" in home(client)


def test_it_costs_the_same_queries_whatever_was_published(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        factories.published(factories.a_breach(f"Brand {number}"))
    with django_assert_max_num_queries(5):
        home(client)
