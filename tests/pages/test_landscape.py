"""The landscape of a crisis: what it says, what it counts, whom it names, and how it is narrowed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from brands.models import Crisis, Sector
from cxalign.pages import landscape as landscape_page
from scoring.models import Publication, Snapshot
from scoring.publishing import publish
from scoring.rescoring import score_brand
from tests import factories
from tests.pages.landscapes import copies_of, five_brands
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/landscape/covid-19/{query}")
    assert answer.status_code == 200
    return html_of(answer)


def listed(client: Client, query: str = "") -> list[str]:
    table = page(client, query).partition('id="brands"')[2]
    return re.findall(r'scope="row">(?:<svg.*?</svg>)?<a[^>]*>([^<]+)</a>', table)


def tiles(client: Client, query: str = "") -> list[int]:
    return [int(count) for count in re.findall(r'<b class="num">(\d+)</b>', page(client, query))]


def cells(client: Client, query: str = "") -> dict[tuple[str, str], list[str]]:
    """Row and column → the brands named in the cell."""
    found = {}
    grid = page(client, query).partition('<table class="grid"')[2].partition("</table>")[0]
    for row in grid.split('<tr role="row">')[2:]:
        name = row.partition('scope="row">')[2].partition("<span>")[0]
        for label, cell in re.findall(r'data-label="([^"]+)">(.*?)</td>', row, re.S):
            names = re.findall(r'class="place [^"]*" href="[^"]*">.*?<span>([^<]+)<span class="sr">', cell, re.S)
            found[name, label] = [one.strip() for one in names]
    return found


def title(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html)
    assert found
    return found.group(1)


def complaints(client: Client, query: str) -> list[str]:
    box = re.search(r'role="alert">.*?<ul>(.*?)</ul>', page(client, query), re.S)
    return re.findall(r"<li>(.*?)</li>", box.group(1)) if box else []


def chips(client: Client, query: str) -> list[str]:
    return re.findall(r'class="chip" href="([^"]*)"', page(client, query).replace("&amp;", "&"))


# --- Empty and elsewhere ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["landscape/", "landscape/covid-19/"])
@pytest.mark.parametrize(("language", "said"), [("en", "No verdict is public yet."), ("fr", "Aucun verdict")])
def test_before_the_first_verdict_it_says_what_will_be_here(
    client: Client, path: str, language: str, said: str
) -> None:
    factories.judged(factories.a_breach("Hidden"))
    answer = client.get(f"/{language}/{path}")
    assert answer.status_code == 200
    assert said in html_of(answer)
    assert "Hidden" not in html_of(answer)


def test_it_leads_to_the_newest_crisis_and_keeps_what_was_asked(client: Client) -> None:
    factories.published(factories.a_breach("Ada"))
    a_flood()
    assert client.get("/en/landscape/").headers["Location"] == "/en/landscape/flood/"
    asked = client.get("/en/landscape/?crisis=covid-19&sector=insurance&b=ada")
    assert asked.headers["Location"] == "/en/landscape/covid-19/?sector=insurance&b=ada"
    assert client.get("/en/landscape/covid-19/?crisis=flood").headers["Location"] == "/en/landscape/flood/"
    assert client.get("/en/landscape/?crisis=%00").headers["Location"] == "/en/landscape/flood/"


def a_flood() -> Crisis:
    flood = factories.a_crisis("flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    brand = factories.a_brand("Wet")
    factories.a_proof(factories.an_action(brand, flood, started="2024-02-01"), factories.a_promise(brand))
    (snapshot,) = score_brand(factories.touched(brand))
    publish(snapshot.assessment, by=factories.an_editor())
    return flood


def test_crises_are_a_step_apart_and_those_in_preparation_do_not_exist(client: Client) -> None:
    factories.published(factories.a_breach("Ada"))
    factories.a_crisis("storm", name_en="Storm", name_fr="Tempête", starts_on=date(2025, 1, 1))
    assert "Storm" not in page(client)
    assert client.get("/en/landscape/storm/").status_code == 404
    assert client.get("/en/landscape/nowhere/").status_code == 404
    a_flood()
    assert 'href="/en/landscape/flood/"' in page(client)


# --- What it says -----------------------------------------------------------------------------------------------------


def test_it_counts_each_archetype_and_those_without(client: Client) -> None:
    five_brands()
    assert tiles(client) == [2, 1, 0, 0, 2]
    assert "3 of 5 brands on record have a verdict" in page(client)


def test_the_title_is_neutral_under_five_verdicts_and_then_says_what_they_say(client: Client) -> None:
    first = factories.published(factories.a_breach("Ada"))
    assert title(page(client)) == "One brand recorded"
    copies_of(first, 4)
    assert title(page(client)) == "All five brands fell short of their promise, mostly towards customers"
    assert "surtout envers les clients" in title(page(client, language="fr"))


@pytest.mark.parametrize("query", ["?outcome=broken_promise", "?robustness=robust", "?signal=harm_alert", "?reach=-2"])
def test_the_title_does_not_conclude_from_what_was_asked_for(client: Client, query: str) -> None:
    copies_of(factories.published(factories.a_breach("Ada")), 5)
    assert title(page(client, query)) == "Six brands, selected by their verdicts"
    assert title(page(client, "?country=FR")).startswith("All six brands fell short")
    assert title(page(client, "?q=nothing+like+it")) == "No brand for these filters"


def test_a_brand_is_a_chip_in_its_cell_and_opens_its_scorecard(client: Client) -> None:
    five_brands()
    found = cells(client)
    assert len(found) == 15
    assert found["One-off", "Well short"] == ["Abe", "Ada"]
    assert found["One-off", "Meets"] == ["Bea"]
    assert "Too narrow to conclude" in page(client)
    chip = re.search(r'<a class="place a-broken (\w+)" href="/en/brands/ada/covid-19/">', page(client))
    assert chip
    assert chip.group(1) == "robust"


def test_of_nine_in_a_cell_seven_are_named_and_the_rest_is_a_link_to_all_of_them(client: Client) -> None:
    first = factories.published(factories.a_breach("Ada"))
    copies_of(first, 7)
    assert len(cells(client)["One-off", "Well short"]) == 8
    copies_of(first, 1, "More")
    assert len(cells(client)["One-off", "Well short"]) == 7
    more = re.search(r'class="place more" href="([^"]*)">\+2<', page(client))
    assert more
    address = more.group(1).replace("&amp;", "&")
    assert address == "?reach=-2&rootedness=one_off#brands"
    assert len(listed(client, address.partition("#")[0])) == 9


def test_beyond_three_hundred_the_grid_counts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    five_brands()
    assert "too many to name" not in page(client)
    monkeypatch.setattr(landscape_page, "PLACED_AT_MOST", 2)
    html = page(client)
    assert "3 brands are too many to name here" in html
    assert cells(client)["One-off", "Well short"] == []
    assert 'href="?reach=-2&amp;rootedness=one_off#brands">2 brands</a>' in html


def test_each_reason_for_no_verdict_has_a_box_that_names_the_brands(client: Client) -> None:
    five_brands()
    factories.judged(factories.a_breach("Eve", listed=True))
    html = page(client).partition('class="unplaced"')[2].partition("</section>")[0]
    for heading, name in (
        ("Insufficient evidence", "Cid"),
        ("Assessment under way", "Eve"),
        ("Not yet assessed", "Dee"),
    ):
        box = html.partition(heading)[2].partition("</div>")[0]
        assert f">{name}</a>" in box
    assert "No promise on file" not in html


def test_verdicts_without_a_gap_stand_apart_with_what_they_rest_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = factories.a_brand("Ada")
    factories.a_promise(brand, stakeholders=("employees",))
    factories.a_proof(factories.an_action(brand, sources=2), direction="harms", depth="3")
    first = factories.published(factories.touched(brand))
    factories.published(factories.a_kept_promise("Bea"))
    copies_of(first, 2)
    monkeypatch.setattr(landscape_page, "NAMED", 2)
    html = page(client)
    box = html.partition('class="unplaced"')[2].partition('<ul class="places">')
    assert "A verdict, and no gap to the central promise · 3" in box[0]
    assert 'Broken promise · 3</h5><p class="small">A serious, established harm' in box[0]
    assert ">+1<" in box[2]
    address = "?reach=none&outcome=broken_promise"
    assert f'href="{address.replace("&", "&amp;")}#brands">+1<' in box[2]
    assert listed(client, address) == ["Ada", "Copy 000", "Copy 001"]
    assert page(client, address).count("Duty of care only</span>") == 3
    assert "Devoir de soin seul</span>" in page(client, address, "fr")


def test_a_brand_under_assessment_shows_no_archetype(client: Client) -> None:
    factories.published(factories.a_kept_promise("Bea"))
    factories.judged(factories.a_breach("Eve", listed=True))
    assert tiles(client) == [0, 1, 0, 0, 1]
    row = page(client).partition('value="eve"')[2].partition("</tr>")[0]
    assert "Assessment under way" in row
    assert "broken" not in row.lower()


@pytest.mark.parametrize("kind", ["stranger", "analyst", "editor"])
def test_drafts_are_on_it_for_nobody(client: Client, kind: str) -> None:
    factories.published(factories.a_kept_promise("Bea"))
    factories.judged(factories.a_breach("Hidden"))
    if kind != "stranger":
        client.force_login(factories.an_analyst() if kind == "analyst" else factories.an_editor())
    for view in ("table", "heat", "sectors"):
        html = page(client, f"?view={view}")
        assert "Hidden" not in html
    assert tiles(client) == [0, 1, 0, 0, 0]


def test_verdicts_of_two_methods_are_told_apart(client: Client) -> None:
    first = factories.published(factories.a_breach("Ada"))
    (other,) = copies_of(first, 1)
    assert "different versions of the method" not in page(client)
    old = Snapshot.objects.get(assessment__brand=other)
    old.pk, old.sequence, old.method_version, old._state.adding = None, 2, "0.9.0", True
    old.save()
    case = old.assessment
    case.publications.update(snapshot=old)
    assert "different versions of the method" in page(client)
    assert "0.9.0" in page(client)


# --- The three ways to list them --------------------------------------------------------------------------------------


def test_the_table_tells_gaps_weakest_stakeholder_evidence_and_day(client: Client) -> None:
    five_brands()
    row = page(client).partition('value="ada"')[2].partition("</tr>")[0]
    for said in (
        "Broken promise",
        "Robust",
        'aria-label="1 × well short"',
        "Customers",
        "(well short)",
        "1 item",
        "2 sources",
    ):
        assert said in row
    silent = page(client).partition('value="cid"')[2].partition("</tr>")[0]
    assert "hatch" in silent
    assert "Undocumented" in silent
    assert "<circle" not in silent


def test_the_heat_table_has_mark_and_word_and_leads_to_the_ledger(client: Client) -> None:
    five_brands()
    html = page(client, "?view=heat")
    row = html.partition('value="ada"')[2].partition("</tr>")[0]
    assert "#g-broken" in row
    assert 'href="/en/brands/ada/covid-19/?stakeholder=customers#ledger"' in row
    assert "Well short" in row
    assert row.count("hatch") == 4
    assert row.count("?stakeholder=") == 5


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("?view=heat", ["Abe", "Ada", "Bea", "Cid", "Dee"]),
        ("?view=heat&sort=-brand", ["Dee", "Cid", "Bea", "Ada", "Abe"]),
        ("?view=heat&sort=customers", ["Abe", "Ada", "Bea", "Cid", "Dee"]),
        ("?view=heat&sort=-customers", ["Bea", "Abe", "Ada", "Cid", "Dee"]),
        ("", ["Ada", "Bea", "Abe", "Cid", "Dee"]),
        ("?sort=updated", ["Abe", "Cid", "Ada", "Bea", "Dee"]),
    ],
)
def test_rows_are_sorted_by_links_and_what_is_missing_comes_last(client: Client, query: str, order: list[str]) -> None:
    """By day, and within one day by name: the hour at which a verdict was published means nothing."""
    five_brands()
    older = Publication.objects.filter(assessment__brand__slug__in=("abe", "cid"))
    assert older.update(published_at=F("published_at") - timedelta(days=3)) == 2
    assert listed(client, query) == order


def test_the_sorted_column_says_so_and_its_link_turns_it_round(client: Client) -> None:
    five_brands()
    html = page(client, "?view=heat&sort=customers").replace("&amp;", "&")
    assert 'aria-sort="ascending"><a class="sort" href="?view=heat&sort=-customers#brands">Customers' in html
    assert html.count("aria-sort") == 1


def test_no_column_sorts_by_verdict(client: Client) -> None:
    five_brands()
    assert "sort=outcome" not in page(client)
    assert complaints(client, "?sort=outcome") == ["Order: there is no “outcome” here; this filter was left out."]


def test_sectors_are_counted_by_verdict_and_lead_to_their_brands(client: Client) -> None:
    five_brands()
    bank = Sector.objects.get_or_create(slug="banking", defaults={"name_en": "Banking", "name_fr": "Banque"})[0]
    factories.published(factories.a_kept_promise("Fay", sector=bank))
    html = page(client, "?view=sectors&country=FR").replace("&amp;", "&")
    assert 'href="?country=FR&sector=banking#brands">Banking</a>' in html
    row = html.partition(">Insurance</a>")[2].partition("</tr>")[0]
    assert 'href="?country=FR&sector=insurance&outcome=aligned#brands">1' in row
    assert listed(client, "?country=FR&sector=insurance&outcome=aligned") == ["Bea"]
    without = re.search(r'href="([^"]*outcome=not_assessed[^"]*)">2', row)
    assert without
    assert listed(client, without[1].partition("#")[0]) == ["Cid", "Dee"]


def test_fifty_stand_on_a_page_and_tabs_keep_the_filters(client: Client) -> None:
    copies_of(factories.published(factories.a_breach("Ada")), 50)
    html = page(client, "?sector=insurance").replace("&amp;", "&")
    assert len(listed(client, "?sector=insurance")) == 50
    assert 'href="?sector=insurance&page=2#brands"' in html
    assert 'href="?sector=insurance&view=heat#brands"' in html
    assert len(listed(client, "?sector=insurance&page=2")) == 1


# --- Filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "brands"),
    [
        ("?outcome=broken_promise", ["Abe", "Ada"]),
        ("?outcome=not_assessed", ["Dee"]),
        ("?outcome=not_assessed&outcome=aligned", ["Bea", "Dee"]),
        ("?outcome=not_assessed&robustness=robust", ["Dee"]),
        ("?country=GB", ["Ada"]),
        ("?stakeholder=customers", ["Abe", "Ada", "Bea"]),
        ("?signal=harm_alert", ["Abe", "Ada"]),
        ("?since=2999-01-01", []),
        ("?q=bea", ["Bea"]),
        ("?q=nothing+like+it", []),
        ("?reach=-2", ["Abe", "Ada"]),
        ("?reach=0&reach=-2", ["Abe", "Ada", "Bea"]),
        ("?rootedness=rooted", []),
        ("?crisis=covid-19", ["Abe", "Ada", "Bea", "Cid", "Dee"]),
    ],
)
def test_filters_narrow_everything_on_the_page(client: Client, query: str, brands: list[str]) -> None:
    five_brands()
    assert listed(client, f"{query}&view=heat") == brands
    assert complaints(client, query) == []
    if not brands:
        assert "No brand answers to these filters." in page(client, query)


def test_a_filter_without_a_brand_says_so_and_counts_nothing(client: Client) -> None:
    five_brands()
    html = page(client, "?country=GB&outcome=aligned")
    assert "No brand on record matches these filters" in html
    assert "0 of 0" not in html


def test_each_filter_can_be_taken_off(client: Client) -> None:
    five_brands()
    assert chips(client, "?q=a&reach=-2&rootedness=one_off&view=heat") == [
        "?reach=-2&rootedness=one_off&view=heat",
        "?q=a&rootedness=one_off&view=heat",
        "?q=a&reach=-2&view=heat",
    ]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("?sector=nowhere", "Sector: there is no “nowhere” here"),
        ("?reach=7", "Gap: there is no “7” here"),
        ("?view=pie", "View: there is no “pie” here"),
        ("?crisis=nowhere", "Crisis: there is no “nowhere” here"),
        ("?colour=red", "“colour” is not a filter of this list"),
        ("?page=9", "There is no such page"),
    ],
)
def test_what_makes_no_sense_is_told_and_left_out(client: Client, query: str, complaint: str) -> None:
    five_brands()
    (told,) = complaints(client, query)
    assert complaint in told


@pytest.mark.parametrize(
    "query", ["?q=%00", "?sector=%00", "?view=%00", "?sort=<b>", "?b=%00&b=<b>", "?since=9999-99-99"]
)
def test_hostile_queries_get_a_page(client: Client, query: str) -> None:
    five_brands()
    assert "<b>" not in re.sub(r'<b class="num">', "", page(client, query))


# --- Costs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?view=heat&q=copy&outcome=broken_promise&sort=customers", "?view=sectors"])
def test_it_costs_the_same_number_of_queries_whatever_its_length(
    client: Client, django_assert_max_num_queries: Any, query: str
) -> None:
    first = factories.published(factories.a_breach("Copy"))
    counted = []
    for more in (1, 20, 40):
        copies_of(first, more, f"Copy {more}")
        with django_assert_max_num_queries(12) as queries:
            page(client, query)
        counted.append(len(queries))
    assert len(set(counted)) == 1
