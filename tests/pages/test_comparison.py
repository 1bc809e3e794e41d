"""Brands side by side: who stands there, what differs, what makes them hard to compare, and how to get there."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from scoring import charts
from scoring.models import Snapshot
from scoring.publishing import publish
from scoring.rescoring import score_brand
from tests import factories
from tests.pages.landscapes import copies_of, five_brands
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/compare/{query}")
    assert answer.status_code == 200
    return html_of(answer)


def columns(html: str) -> list[str]:
    head = html.partition('<table class="compare">')[2].partition("</thead>")[0]
    return re.findall(r'<th scope="col"[^>]*><a href="[^"]*">([^<]+)</a>', head)


def row(html: str, label: str) -> list[str]:
    """The cells of one row, as text."""
    found = html.partition(f'<th scope="row">{label}</th>')[2].partition("</tr>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found, re.S)]


def labels(html: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)</th>', html)


def complaints(html: str) -> list[str]:
    box = re.search(r'role="alert">.*?<ul>(.*?)</ul>', html, re.S)
    return re.findall(r"<li>(.*?)</li>", box.group(1)) if box else []


def offers(html: str) -> dict[str, str]:
    found = re.findall(r'<a class="btn" href="([^"]*)"><span class="sr">Add</span>([^<]+)</a>', html)
    return {name.strip(): href.replace("&amp;", "&") for href, name in found}


def banners(html: str) -> list[str]:
    return re.findall(r'<p class="note warn"><strong>([^<]+)</strong>', html)


# --- Picking ----------------------------------------------------------------------------------------------------------


def test_without_a_brand_there_is_a_choice_and_no_empty_table(client: Client) -> None:
    five_brands()
    html = page(client)
    assert "Pick the first brand" in html
    assert offers(html) == {
        "Abe": "/en/compare/?b=abe",
        "Ada": "/en/compare/?b=ada",
        "Bea": "/en/compare/?b=bea",
        "Cid": "/en/compare/?b=cid",
    }
    assert '<table class="compare">' not in html


def test_with_one_brand_another_is_asked_for(client: Client) -> None:
    five_brands()
    html = page(client, "?b=ada&crisis=covid-19")
    assert "One more at least." in html
    assert offers(html)["Bea"] == "/en/compare/?b=ada&b=bea&crisis=covid-19"
    assert "Ada" not in offers(html)


def test_brands_are_found_by_name_for_the_comparison(client: Client) -> None:
    five_brands()
    assert list(offers(page(client, "?b=ada&add=bee"))) == []
    assert list(offers(page(client, "?b=ada&add=BEA"))) == ["Bea"]
    assert "answers to “bee”" in page(client, "?b=ada&add=bee")


def test_before_the_first_verdict_there_is_nothing_to_compare(client: Client) -> None:
    factories.judged(factories.a_breach("Hidden"))
    html = page(client)
    assert "there is nothing to compare" in html
    assert "Hidden" not in html


def test_the_form_of_a_list_leads_to_a_clean_address(client: Client) -> None:
    five_brands()
    answer = client.get("/en/compare/?sector=insurance&outcome=aligned&q=a&crisis=covid-19&b=ada&b=bea")
    assert answer.headers["Location"] == "/en/compare/?b=ada&b=bea&crisis=covid-19"
    answer = client.get("/en/compare/?sector=insurance&crisis=covid-19&crisis=flood&b=ada&b=bea")
    assert answer.headers["Location"] == "/en/compare/?b=ada&b=bea"
    assert client.get("/en/compare/?colour=red").headers["Location"] == "/en/compare/"


# --- Side by side -----------------------------------------------------------------------------------------------------


def test_brands_are_columns_in_the_order_of_the_address(client: Client) -> None:
    five_brands()
    assert columns(page(client, "?b=bea&b=ada&b=bea")) == ["Bea", "Ada"]
    assert columns(page(client, "?b=ada&b=bea&b=cid&b=abe")) == ["Ada", "Bea", "Cid", "Abe"]


def test_every_group_of_rows_is_there(client: Client) -> None:
    five_brands()
    html = page(client, "?b=ada&b=bea")
    assert row(html, "Verdict") == ["Broken promise", "Aligned"]
    assert row(html, "Robustness")[0] == "Robust"
    assert row(html, "Delivery")[0] == "well short −67"
    assert row(html, "DNA") == ["cannot be told: profile not documented"] * 2
    assert row(html, "Acts of help") == ["We found none", "1 asked"]
    assert row(html, "Rootedness") == ["One-off", "One-off"]
    assert row(html, "Lowest gap over the central promises") == ["Well short", "Meets"]
    assert row(html, "Signals") == ["Harm alert", "none raised"]
    assert row(html, "Items of evidence") == ["1", "1"]
    for title in ("Indices", "Promises by stakeholder", "Result by stakeholder", "Evidence", "As of"):
        assert f'scope="rowgroup" colspan="3">{title}<' in html


def test_what_nobody_documented_is_hatched_and_never_a_number(client: Client) -> None:
    five_brands()
    html = page(client, "?b=ada&b=bea")
    results = html.partition("Result by stakeholder")[2]
    partners = results.partition('<th scope="row">Partners</th>')[2].partition("</tr>")[0]
    assert partners.count('class="hatch') == 2
    assert partners.count("Undocumented") == 2
    assert not re.search(r">\s*[−+]?\d", partners)


def test_a_promise_that_no_act_tests_is_still_a_promise_on_file(client: Client) -> None:
    five_brands()
    factories.a_promise(ada := Brand.objects.get(slug="ada"), testable=False, stakeholders=("partners",))
    factories.published(factories.touched(ada))
    promises = page(client, "?b=ada&b=bea").partition("Promises by stakeholder")[2]
    assert row(promises, "Partners") == ["Puts its customers first. central", "We found none"]


def test_a_result_leads_to_its_row_of_the_ledger(client: Client) -> None:
    five_brands()
    assert 'href="/en/brands/ada/covid-19/?stakeholder=customers#ledger"' in page(client, "?b=ada&b=bea")


def test_a_brand_without_a_verdict_says_so_and_nothing_else(client: Client) -> None:
    five_brands()
    factories.judged(factories.a_breach("Eve", listed=True))
    html = page(client, "?b=ada&b=dee&b=eve")
    assert row(html, "Verdict") == ["Broken promise", "Not yet assessed", "Assessment under way"]
    assert row(html, "Delivery")[1:] == ["– Not yet assessed", "– Assessment under way"]


def test_only_differences_are_shown_if_asked_and_the_others_are_counted(client: Client) -> None:
    five_brands()
    everything, different = page(client, "?b=ada&b=abe"), page(client, "?b=ada&b=abe&only=differences")
    assert "Verdict" in labels(everything)
    assert "Verdict" not in labels(different)
    hidden = len(labels(everything)) - len(labels(different))
    assert hidden > 5
    assert f"{hidden} rows are the same for all and are hidden." in different
    assert 'href="/en/compare/?b=ada&amp;b=abe&amp;only=differences#h-rows"' in everything
    assert 'href="/en/compare/?b=ada&amp;b=abe#h-rows"' in different


def test_each_stakeholder_is_drawn_once_and_told_in_words(client: Client) -> None:
    five_brands()
    html = page(client, "?b=ada&b=bea&b=dee")
    drawn = re.findall(r'<svg class="dots"[^>]*role="img" aria-label="([^"]+)"', html)
    assert len(drawn) == 5
    assert drawn[0] == "Customers: Ada – well short; Bea – meets; Dee – not yet assessed"
    assert drawn[1] == "Employees: Ada – undocumented; Bea – undocumented; Dee – not yet assessed"


def test_a_sixth_brand_is_left_out_with_the_reason_and_the_way_to_all(client: Client) -> None:
    copies_of(factories.published(factories.a_breach("Ada")), 5)
    slugs = ["ada", *(f"copy-{number:03}" for number in range(5))]
    html = page(client, "?" + "&".join(f"b={slug}" for slug in slugs))
    assert len(columns(html)) == 5
    assert "Five brands at most stand side by side" in html
    assert "Left out: Copy 004." in html
    assert 'href="/en/landscape/covid-19/"' in html
    assert offers(html) == {}


def test_a_brand_can_be_taken_out(client: Client) -> None:
    five_brands()
    html = page(client, "?b=ada&b=bea&b=cid&only=differences").replace("&amp;", "&")
    assert 'class="drop no-print" href="/en/compare/?b=ada&b=cid&only=differences"' in html


# --- On a phone -------------------------------------------------------------------------------------------------------


def test_two_columns_are_in_sight_on_a_phone_and_a_form_picks_others(client: Client) -> None:
    five_brands()
    html = page(client, "?b=ada&b=bea&b=cid")
    verdicts = html.partition('<th scope="row">Verdict</th>')[2].partition("</tr>")[0]
    assert [("unseen" in cell) for cell in re.findall(r'<td class="([^"]*)"', verdicts)] == [False, False, True]
    html = page(client, "?b=ada&b=bea&b=cid&show=cid&show=ada")
    verdicts = html.partition('<th scope="row">Verdict</th>')[2].partition("</tr>")[0]
    assert [("unseen" in cell) for cell in re.findall(r'<td class="([^"]*)"', verdicts)] == [False, True, False]
    assert '<option value="cid" selected>' in html
    assert 'class="sight' not in page(client, "?b=ada&b=bea")


# --- Banners ----------------------------------------------------------------------------------------------------------


def test_verdicts_more_than_ninety_days_apart_get_a_banner(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, day in (("Ada", date(2021, 1, 10)), ("Bea", date(2021, 4, 10)), ("Cid", date(2021, 4, 11))):
        monkeypatch.setattr(timezone, "localdate", lambda day=day: day)
        factories.published(factories.a_breach(name))
    assert banners(page(client, "?b=ada&b=bea")) == []
    assert banners(page(client, "?b=ada&b=cid")) == ["These verdicts were reached more than 90 days apart."]
    assert banners(page(client, "?b=ada&b=cid", "fr")) == ["Plus de 90 jours séparent ces verdicts."]


def test_verdicts_of_two_methods_get_a_banner(client: Client) -> None:
    first = factories.published(factories.a_breach("Ada"))
    (other,) = copies_of(first, 1)
    assert banners(page(client, "?b=ada&b=copy-000")) == []
    old = Snapshot.objects.get(assessment__brand=other)
    old.pk, old.sequence, old.method_version, old._state.adding = None, 2, "0.9.0", True
    old.save()
    old.assessment.publications.update(snapshot=old)
    assert banners(page(client, "?b=ada&b=copy-000")) == [
        "These verdicts were reached under different versions of the method."
    ]
    assert row(page(client, "?b=ada&b=copy-000"), "Method")[1] == "0.9.0"


def test_without_a_crisis_named_a_brand_may_stand_with_its_verdict_of_another_and_that_is_told(client: Client) -> None:
    five_brands()
    flood = factories.a_crisis("flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    wet = factories.a_brand("Wet")
    factories.a_proof(factories.an_action(wet, flood, started="2024-02-01"), factories.a_promise(wet))
    (snapshot,) = score_brand(factories.touched(wet))
    publish(snapshot.assessment, by=factories.an_editor())
    html = page(client, "?b=ada&b=bea&b=wet")
    assert banners(html) == ["These verdicts are about different crises."]
    assert "· Flood" in html.partition("</thead>")[0]
    html = page(client, "?b=ada&b=wet&crisis=covid-19")
    assert banners(html) == []
    assert row(html, "Verdict") == ["Broken promise", "Not yet assessed"]
    assert 'href="/en/compare/?b=ada&amp;b=wet&amp;crisis=flood"' in html


# --- What is not public, and what makes no sense ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["stranger", "analyst"])
def test_a_draft_is_a_brand_that_does_not_exist(client: Client, kind: str) -> None:
    five_brands()
    factories.judged(factories.a_breach("Hidden"))
    if kind == "analyst":
        client.force_login(factories.an_analyst())
    html = page(client, "?b=ada&b=bea&b=hidden")
    assert columns(html) == ["Ada", "Bea"]
    assert complaints(html) == ["Brand: there is no “hidden” here; this filter was left out."]
    assert "Hidden" not in html


def test_a_newer_draft_does_not_move_the_comparison(client: Client) -> None:
    brand = factories.a_breach("Ada")
    factories.published(brand)
    factories.published(factories.a_kept_promise("Bea"))
    brand.actions.get().proofs.update(direction="helps", depth="0")
    factories.judged(factories.touched(brand))
    assert row(page(client, "?b=ada&b=bea"), "Verdict") == ["Broken promise", "Aligned"]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("?b=ada&b=nobody", "Brand: there is no “nobody” here"),
        ("?b=ada&b=bea&crisis=nowhere", "Crisis: there is no “nowhere” here"),
        ("?b=ada&b=bea&only=best", "Rows: there is no “best” here"),
    ],
)
def test_what_makes_no_sense_is_told_and_left_out(client: Client, query: str, complaint: str) -> None:
    five_brands()
    (told,) = complaints(page(client, query))
    assert complaint in told


@pytest.mark.parametrize(
    "query", ["?b=%00", "?b=<b>&b=ada", "?b=ada&b=bea&show=%00", "?add=%00<b>", "?b=ada&crisis=%00"]
)
def test_hostile_queries_get_a_page(client: Client, query: str) -> None:
    five_brands()
    assert "<b>" not in re.sub(r"<td[^>]*>.*?</td>", "", page(client, query), flags=re.S)


def test_five_brands_cost_as_many_queries_as_two(client: Client, django_assert_max_num_queries: Any) -> None:
    copies_of(factories.published(factories.a_breach("Ada")), 5)
    counted = []
    for count in (2, 4):
        with django_assert_max_num_queries(12) as queries:
            page(client, "?" + "&".join(f"b=copy-{number:03}" for number in range(count)))
        counted.append(len(queries))
    assert counted[0] == counted[1]


# --- Shapes -----------------------------------------------------------------------------------------------------------


def test_dots_of_one_step_stand_side_by_side_and_many_are_one_with_a_number() -> None:
    drawn = charts.strip([-2, 0, 0, 2])
    assert drawn.dots == [10, 83.5, 92.5, 166]
    assert charts.strip([1] * 5).heaps == [charts.Heap(127, 5)]
    assert charts.strip([1] * 4).heaps == []


def test_each_brand_has_a_row_of_its_own_so_that_equals_do_not_hide_one_another() -> None:
    plot = charts.dot_plot([charts.Standing(name, 0, "Meets") for name in ("Ada", "Bea", "A brand with a long name")])
    assert [row.x for row in plot.rows] == [plot.middle] * 3
    assert len({row.y for row in plot.rows}) == 3
    assert plot.rows[2].label == "A brand with a…"
    assert plot.height > plot.rows[-1].y
