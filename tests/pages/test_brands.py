"""The list of brands: who is on it, searching, filtering, paging, and what it costs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from brands.models import Sector
from cxalign.pages.brands import PAGE_SIZE
from scoring.models import Assessment, Publication, Snapshot
from scoring.publishing import publish
from scoring.rescoring import score_brand
from tests import factories
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/brands/{query}")
    assert answer.status_code == 200
    return html_of(answer)


def listed(client: Client, query: str = "") -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row"><a[^>]*>([^<]+)</a>', page(client, query))


def complaints(client: Client, query: str) -> list[str]:
    box = re.search(r'role="alert">.*?<ul>(.*?)</ul>', page(client, query), re.S)
    return re.findall(r"<li>(.*?)</li>", box.group(1)) if box else []


def chips(client: Client, query: str) -> list[str]:
    return re.findall(r'class="chip" href="([^"]*)"', page(client, query).replace("&amp;", "&"))


@pytest.fixture
def four_brands() -> None:
    """Ada broke a promise, Bea kept one, Cid has too little on file, Dee is listed and nobody looked at it."""
    banking, _new = Sector.objects.get_or_create(slug="banking", defaults={"name_en": "Banking", "name_fr": "Banque"})
    factories.published(factories.a_breach("Ada", country="GB"))
    factories.published(factories.a_kept_promise("Bea", sector=banking))
    factories.published(factories.an_empty_file("Cid"))
    factories.a_brand("Dee", listed=True, country="ZZ")


# --- Who is on it -----------------------------------------------------------------------------------------------------


def test_an_empty_list_says_why_and_where_to_go(client: Client) -> None:
    html = page(client)
    assert "No brand is public yet." in html
    assert "<table" not in html


@pytest.mark.usefixtures("four_brands")
def test_published_and_listed_brands_stand_in_order_of_name(client: Client) -> None:
    factories.judged(factories.a_breach("Abe"))
    assert listed(client) == ["Ada", "Bea", "Cid", "Dee"]


def test_an_unpublished_brand_is_on_the_analysts_list_alone(client: Client) -> None:
    factories.judged(factories.a_breach("Abe"))
    assert listed(client) == []
    client.force_login(factories.an_analyst())
    assert listed(client) == ["Abe"]
    assert "Draft – not published" in page(client)


def test_a_listed_brand_is_no_draft(client: Client) -> None:
    factories.a_brand("Abe", listed=True)
    client.force_login(factories.an_analyst())
    assert "Draft – not published" not in page(client)


@pytest.mark.usefixtures("four_brands")
def test_a_row_tells_the_verdict_and_what_it_rests_on(client: Client) -> None:
    html = page(client, "?q=ada")
    for word in ("Broken promise", "United Kingdom", "Insurance", "1 item", "2 independent sources", "Robust"):
        assert word in html
    assert 'href="/en/brands/ada/covid-19/"' in html


@pytest.mark.usefixtures("four_brands")
def test_the_list_speaks_french(client: Client) -> None:
    html = page(client, "?q=ada", "fr")
    assert "Royaume-Uni" in html
    assert "Assurance" in html


@pytest.mark.parametrize(("judged", "state"), [(False, "Not yet assessed"), (True, "Assessment under way")])
def test_a_listed_brand_without_a_verdict_shows_no_archetype(client: Client, judged: bool, state: str) -> None:
    brand = factories.a_breach("Eve", listed=True)
    if judged:
        factories.judged(brand)
    table = page(client).split("<tbody")[1].split("</tbody>")[0]
    assert state in table
    assert "Broken promise" not in table
    assert "a-broken" not in table


@pytest.mark.usefixtures("four_brands")
def test_signals_stand_beside_the_verdict(client: Client) -> None:
    table = page(client, "?q=ada").split("<tbody")[1]
    assert "Harm alert" in table
    assert "Harm alert" not in page(client, "?q=bea").split("<tbody")[1]


# --- Filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("four_brands")
@pytest.mark.parametrize(
    ("query", "brands"),
    [
        ("?outcome=broken_promise", ["Ada"]),
        ("?outcome=aligned&outcome=broken_promise", ["Ada", "Bea"]),
        ("?outcome=insufficient_evidence", ["Cid"]),
        ("?outcome=not_assessed", ["Dee"]),
        ("?outcome=under_review", []),
        ("?outcome=aligned&outcome=not_assessed", ["Bea", "Dee"]),
        ("?sector=banking", ["Bea"]),
        ("?sector=banking&sector=insurance", ["Ada", "Bea", "Cid", "Dee"]),
        ("?country=GB", ["Ada"]),
        ("?country=GB&sector=banking", []),
        ("?stakeholder=customers", ["Ada", "Bea"]),
        ("?stakeholder=partners", []),
        ("?signal=harm_alert", ["Ada"]),
        ("?signal=purpose_washing", []),
        ("?signal=divergent_stakeholders", []),
        ("?crisis=covid-19", ["Ada", "Bea", "Cid"]),
        ("?since=2020-01-01", ["Ada", "Bea", "Cid"]),
        ("?since=2999-01-01", []),
        ("?q=bea", ["Bea"]),
        ("?q=bea&outcome=broken_promise", []),
        ("?q=&sector=", ["Ada", "Bea", "Cid", "Dee"]),
    ],
)
def test_filters_narrow_the_list(client: Client, query: str, brands: list[str]) -> None:
    assert listed(client, query) == brands
    assert complaints(client, query) == []


def test_robustness_filters_too(client: Client) -> None:
    robust = factories.published(factories.a_breach("Ada")).snapshot.robustness
    other = factories.published(factories.a_kept_promise("Bea")).snapshot.robustness
    assert robust != other
    assert listed(client, f"?robustness={robust}") == ["Ada"]
    assert listed(client, f"?robustness={robust}&robustness={other}") == ["Ada", "Bea"]


def test_a_judged_but_unpublished_brand_is_found_as_under_way(client: Client) -> None:
    factories.judged(factories.a_breach("Eve", listed=True))
    assert listed(client, "?outcome=under_review") == ["Eve"]
    assert listed(client, "?outcome=not_assessed") == []
    assert listed(client, "?outcome=broken_promise") == []


def test_of_several_crises_only_the_one_asked_for_is_shown(client: Client) -> None:
    brand = factories.a_breach("Ada")
    flood = factories.a_crisis("flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    factories.a_proof(factories.an_action(brand, flood, started="2024-02-01"), brand.promises.get())
    score_brand(factories.touched(brand))
    for case in Assessment.objects.filter(brand=brand):
        publish(case, by=factories.an_editor())
    assert listed(client) == ["Ada", "Ada"]
    assert listed(client, "?crisis=flood") == ["Ada"]
    assert 'data-label="Crisis">Flood' in page(client, "?crisis=flood")
    assert 'data-label="Crisis">Covid-19' not in page(client, "?crisis=flood")


def test_a_crisis_that_is_being_prepared_is_not_named(client: Client) -> None:
    factories.published(factories.a_breach("Ada"))
    factories.a_crisis("flood", name_en="Flood nobody knows of", name_fr="Crue")
    html = page(client)
    assert "Flood" not in html
    assert "Covid-19" in html
    assert 'data-label="Crisis"' not in html  # one crisis needs no column


@pytest.mark.usefixtures("four_brands")
def test_each_filter_can_be_taken_off_and_the_others_stay(client: Client) -> None:
    assert chips(client, "?q=a&sector=banking&sector=insurance&since=2020-01-01&page=1") == [
        "?sector=banking&sector=insurance&since=2020-01-01",
        "?q=a&sector=insurance&since=2020-01-01",
        "?q=a&sector=banking&since=2020-01-01",
        "?q=a&sector=banking&sector=insurance",
    ]


@pytest.mark.usefixtures("four_brands")
def test_the_form_remembers_what_was_chosen(client: Client) -> None:
    html = page(client, "?q=Bea&outcome=aligned&since=2020-01-01")
    assert 'value="Bea"' in html
    assert 'value="aligned" checked' in html
    assert 'value="broken_promise" checked' not in html
    assert 'value="2020-01-01"' in html


@pytest.mark.usefixtures("four_brands")
@pytest.mark.parametrize(("query", "count"), [("", "4 brands"), ("?q=ada", "1 brand<"), ("?country=FR", "2 brands")])
def test_the_number_of_results_is_announced(client: Client, query: str, count: str) -> None:
    status = re.search(r'role="status">(.*?)</p>', page(client, query), re.S)
    assert status is not None
    assert count in status.group(1)


@pytest.mark.usefixtures("four_brands")
@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("?sector=nowhere", "Sector: there is no “nowhere” here"),
        ("?outcome=best", "Verdict: there is no “best” here"),
        ("?country=FR&country=XX", "Country: there is no “XX” here"),
        ("?since=yesterday", "“yesterday” is not a date"),
        ("?colour=red", "“colour” is not a filter of this list"),
        ("?page=7", "There is no such page: this is page 1."),
        ("?page=two", "There is no such page: this is page 1."),
        ("?page=-1", "There is no such page: this is page 1."),
        (f"?sector={'x' * 60}", f"there is no “{'x' * 40}…” here"),
    ],
)
def test_what_makes_no_sense_is_told_and_left_out(client: Client, query: str, complaint: str) -> None:
    (told,) = complaints(client, query)
    assert complaint in told
    assert listed(client, query) != []


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?q=%F0%9F%98%80",
        "?q=" + "a" * 5000,
        "?sector=%00",
        "?since=9999-99-99",
        "?q='--",
        "?page=999999999999",
    ],
)
def test_hostile_queries_get_a_page(client: Client, query: str) -> None:
    factories.published(factories.a_breach("Ada"))
    page(client, query)


def test_what_was_typed_is_shown_as_text(client: Client) -> None:
    html = page(client, "?q=<script>alert(1)</script>&sector=<b>")
    assert "<script>alert" not in html
    assert "<b>" not in html.replace("<body>", "")


# --- Searching --------------------------------------------------------------------------------------------------------


def test_search_knows_aliases_accents_and_slips(client: Client) -> None:
    factories.published(factories.a_breach("Intermarché", slug="intermarche", aliases="Les Mousquetaires"))
    for query in ("intermarche", "INTERMARCHÉ", "mousquetaire", "intremarché"):
        assert listed(client, f"?q={query}") == ["Intermarché"]
    assert listed(client, "?q=carrefour") == []


def test_a_name_that_begins_with_the_query_comes_first(client: Client) -> None:
    for name in ("Banque Axel", "Axel"):
        factories.published(factories.a_breach(name))
    assert listed(client, "?q=axel") == ["Axel", "Banque Axel"]
    assert listed(client) == ["Axel", "Banque Axel"]


def test_without_a_result_the_closest_spellings_are_offered(client: Client) -> None:
    factories.published(factories.a_breach("Zappos"))
    html = page(client, "?q=zaposs+shoes")
    assert "No brand answers to these filters." in html
    assert 'href="?q=Zappos"' in html
    assert "Clear filters" in html
    assert 'href="/en/report/?about=brand&amp;where=zaposs%20shoes">Suggest this brand<' in html
    assert 'value="zaposs shoes"' in client.get("/en/report/?about=brand&where=zaposs%20shoes").content.decode()
    client.force_login(factories.an_editor(), backend="django.contrib.auth.backends.ModelBackend")
    assert 'href="/en/suggest/?kind=brand&amp;text=zaposs%20shoes">Suggest this brand<' in page(
        client, "?q=zaposs+shoes"
    )
    assert ">\nzaposs shoes</textarea>" in client.get("/en/suggest/?kind=brand&text=zaposs%20shoes").content.decode()
    assert "Suggest this brand" not in page(client, "?since=2999-01-01")


def test_brands_that_are_picked_can_be_exported(client: Client) -> None:
    for name in ("Aster", "Birch", "Cedar"):
        factories.published(factories.a_breach(name))
    assert 'formaction="/en/data/scorecards/"' in page(client)
    answer = client.get("/en/data/scorecards/?b=aster&b=cedar&sector=banks", follow=True)
    assert answer.redirect_chain == [("/en/data/scorecards/?brand=aster&brand=cedar", 302)]
    words = answer.content.decode()
    assert "Aster" in words
    assert "Birch" not in words


def test_hidden_brands_are_neither_found_nor_offered(client: Client) -> None:
    factories.judged(factories.a_breach("Zappos"))
    assert "Zappos" not in page(client, "?q=zappos").replace('value="zappos"', "")
    assert "Zappos" not in page(client, "?q=zaposs+shoes")


def test_filters_offer_the_places_of_visible_brands_alone(client: Client) -> None:
    factories.published(factories.a_breach("Ada", country="FR"))
    factories.judged(factories.a_breach("Abe", country="JP"))
    html = page(client)
    assert 'name="country" value="FR"' in html
    assert 'value="JP"' not in html


# --- Picking for a comparison -----------------------------------------------------------------------------------------


def pick_form(client: Client, query: str) -> str:
    return page(client, query).partition('id="pick"')[2].partition("</form>")[0].replace("&amp;", "&")


@pytest.mark.usefixtures("four_brands")
def test_rows_are_picked_by_boxes_of_one_form_that_leads_to_the_comparison(client: Client) -> None:
    html = page(client, "?b=ada")
    assert 'name="b" value="ada" form="pick" checked>' in html
    assert 'name="b" value="bea" form="pick">' in html
    assert '<form class="picking no-print" id="pick" action="/en/compare/"' in html
    assert 'formaction="/en/brands/"' in pick_form(client, "?b=ada")


@pytest.mark.usefixtures("four_brands")
def test_picks_outlive_filters_and_those_out_of_sight_stay_picked(client: Client) -> None:
    form = pick_form(client, "?b=ada&b=bea&outcome=aligned")
    assert 'type="hidden" name="b" value="ada"' in form
    assert 'type="hidden" name="b" value="bea"' not in form
    assert 'type="hidden" name="outcome" value="aligned"' in form
    filters = page(client, "?b=ada&outcome=aligned").partition('id="filters"')[2].partition("</form>")[0]
    assert 'type="hidden" name="b" value="ada"' in filters
    assert chips(client, "?b=ada&outcome=aligned") == ["?b=ada"]
    assert 'href="/en/brands/?b=ada">Clear filters' in filters


@pytest.mark.usefixtures("four_brands")
def test_the_tray_counts_what_is_picked_and_leads_to_the_comparison(client: Client) -> None:
    assert "btn tray" not in page(client)
    html = page(client, "?b=ada&b=bea&b=ada&crisis=covid-19").replace("&amp;", "&")
    tray = html.partition('class="btn tray"')[2].partition("</a>")[0]
    assert 'href="/en/compare/?b=ada&b=bea&crisis=covid-19"' in tray
    assert '<span class="count">2</span>' in tray
    assert '"/en/brands/?crisis=covid-19"' not in tray


@pytest.mark.usefixtures("four_brands")
def test_the_other_language_keeps_the_picks(client: Client) -> None:
    assert 'href="/fr/brands/?b=ada"' in page(client, "?b=ada")


def test_picks_travel_through_the_pages(client: Client) -> None:
    many(PAGE_SIZE + 1)
    assert 'href="?b=brand-000&amp;page=2"' in page(client, "?b=brand-000")


# --- Pages and costs --------------------------------------------------------------------------------------------------


def many(count: int) -> None:
    """As many published brands, copied from one: making each by hand would take longer than the test is worth."""
    first = factories.published(factories.a_breach("Brand 000"))
    for number in range(1, count):
        brand = factories.a_brand(f"Brand {number:03}")
        case = Assessment.objects.create(brand=brand, crisis=first.assessment.crisis)
        snapshot = Snapshot.objects.get(pk=first.snapshot_id)
        snapshot.pk, snapshot.assessment, snapshot._state.adding = None, case, True
        snapshot.save()
        Publication.objects.create(assessment=case, snapshot=snapshot, version=1)


def test_fifty_stand_on_a_page_and_the_others_on_the_next(client: Client) -> None:
    many(PAGE_SIZE + 1)
    assert len(listed(client)) == PAGE_SIZE
    assert listed(client, "?page=2") == [f"Brand {PAGE_SIZE:03}"]
    html = page(client, "?sector=insurance")
    assert 'href="?sector=insurance&amp;page=2"' in html
    assert '<span aria-current="page">' in html


@pytest.mark.parametrize("count", [2, 20, 50])
@pytest.mark.parametrize("query", ["", "?q=brand&outcome=broken_promise&signal=harm_alert"])
def test_the_list_costs_eight_queries_at_most_whatever_its_length(
    client: Client, django_assert_max_num_queries: Any, count: int, query: str
) -> None:
    many(count)
    with django_assert_max_num_queries(8) as counted:
        assert len(listed(client, query)) == count
    assert len(counted) == (6 if query else 5)
