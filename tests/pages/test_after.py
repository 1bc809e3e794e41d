"""After the crisis: verdicts beside what was measured, nothing said where too little is known, and never a cause."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands.models import OutcomeFigure
from cxalign.pages.after import change_in_words
from cxalign.pages.after_chart import LEFT, RIGHT, strip
from tests import factories
from tests.looking import inspector, look
from tests.pages.reading import html_of
from tests.scoring.figures import a_figure, a_measured_brand, an_ended_crisis

pytestmark = pytest.mark.django_db

CAUSAL = re.compile(
    r"\b(because|caused?|led them|due to|result(ed)? (of|in)|punished by|provoqu|grâce à|à cause|parce que|entraîn)",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def crisis() -> Any:
    return an_ended_crisis()


def shown(client: Client, language: str = "en") -> str:
    answer = client.get(f"/{language}/after/covid-19/")
    assert answer.status_code == 200
    return html.unescape(html_of(answer))


def ten_brands() -> None:
    editor = factories.an_editor()
    for place in range(5):
        a_measured_brand(f"Broken {place}", str(-place - 1), broken=True, by=editor)
        a_measured_brand(f"Kept {place}", str(place + 1), by=editor)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_figures_the_page_says_what_would_stand_there(client: Client, language: str) -> None:
    factories.published(factories.a_breach("Specimen"))
    page = shown(client, language)
    assert ("No outcome figure is public yet." if language == "en" else "Aucun chiffre n’est encore public") in page


def test_too_few_brands_are_shown_and_not_compared(client: Client) -> None:
    a_measured_brand("Lonely", "-4", broken=True)
    page = shown(client)
    assert "Too few brands to say anything about this measure." in page
    assert "1 classed “broken promise” and 0 with a favourable archetype" in page
    assert "Lonely" in page
    assert "Cliff’s delta −" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_enough_brands_are_compared_with_effect_interval_and_test(client: Client, language: str) -> None:
    ten_brands()
    page = shown(client, language)
    if language == "en":
        assert "changed by a median of −3 points, those with a favourable archetype by +3 points" in page
        assert "Cliff’s delta −1.00, 95 % interval −1.00 to −0.13" in page
        assert "probability 0.008 (every way was counted)" in page
    else:
        assert "−1,00" in page
        assert "0,008" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_speaks_of_no_cause(client: Client, language: str) -> None:
    ten_brands()
    main = shown(client, language).partition("<main")[2].partition("</main>")[0]
    assert CAUSAL.findall(re.sub(r"<[^>]+>", " ", main)) == []
    nothing = "nothing here shows that one thing led to another" if language == "en" else "rien ici ne montre"
    assert nothing in main


def test_every_reading_leads_to_its_source(client: Client) -> None:
    a_measured_brand("Specimen", "-4", broken=True)
    page = shown(client)
    for figure in OutcomeFigure.objects.all():
        assert f'href="{figure.source.url}"' in page


def test_a_source_address_that_is_no_web_address_is_no_link(client: Client) -> None:
    a_measured_brand("Specimen", "-4", broken=True, source=factories.a_source(url="javascript:alert(1)"))
    assert "javascript:" not in shown(client)


def test_what_is_not_published_does_not_show(client: Client) -> None:
    brand = factories.a_breach("Secretive")
    factories.judged(brand)
    a_figure(brand, "10")
    open_brand = a_measured_brand("Open", "-4", broken=True)
    OutcomeFigure.objects.filter(brand=open_brand).update(value="777")
    page = shown(client)
    assert "Secretive" not in page
    assert "777" not in page


def test_verdicts_are_counted(client: Client) -> None:
    factories.published(factories.a_breach("Specimen"))
    page = shown(client)
    assert '<b class="num">1</b><a href="/en/brands/?crisis=covid-19&outcome=broken_promise">' in page


def test_the_short_address_leads_to_the_crisis_with_most_verdicts(client: Client) -> None:
    assert client.get("/en/after/").status_code == 200
    factories.published(factories.a_breach("Specimen"))
    assert client.get("/en/after/")["Location"] == "/en/after/covid-19/"


def test_an_unknown_crisis_is_not_found(client: Client) -> None:
    assert client.get("/en/after/flood/").status_code == 404


def test_a_crisis_that_is_being_prepared_is_not_found(client: Client) -> None:
    factories.published(factories.a_breach("Specimen"))
    factories.a_crisis("flood", name_en="Flood nobody knows of", name_fr="Inondation")
    assert client.get("/en/after/flood/").status_code == 404
    assert client.get("/en/after/covid-19/").status_code == 200


def test_queries_do_not_grow_with_the_brands(client: Client) -> None:
    counts = []
    for place in range(3):
        a_measured_brand(f"Specimen {place}", "-4", broken=True)
        with CaptureQueriesContext(connection) as queries:
            shown(client)
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 20


def test_a_change_always_has_its_sign() -> None:
    assert change_in_words(3.25, in_per_cent=False) == "+3.2 points"
    assert change_in_words(-3, in_per_cent=True) == "−3%"
    assert change_in_words(0, in_per_cent=False) == "0 points"


# --- The drawing ------------------------------------------------------------------------------------------------------


def test_dots_stand_on_one_scale_in_which_zero_has_its_place() -> None:
    drawn = strip([("broken_promise", [("A", -30.0), ("B", -10.0)]), ("aligned", [("C", 20.0)])])
    a, b, c = [dot.x for row in drawn.rows for dot in row.dots]
    assert LEFT <= a < b < drawn.zero < c <= RIGHT
    assert (b - a) == pytest.approx((drawn.zero - b) * 2, abs=0.3)
    assert 0 in [tick.value for tick in drawn.ticks]
    assert 2 <= len(drawn.ticks) <= 8


@pytest.mark.parametrize("value", [0.0, 0.004, -7.0, 123456.0])
def test_one_brand_alone_can_be_drawn(value: float) -> None:
    drawn = strip([("aligned", [("A", value)])])
    assert LEFT <= drawn.rows[0].dots[0].x <= RIGHT


def test_equal_changes_are_stacked_so_that_none_hides_another() -> None:
    drawn = strip([("aligned", [("A", 5.0), ("B", 5.0), ("C", 5.0)])])
    assert len({(dot.x, dot.y) for dot in drawn.rows[0].dots}) == 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing(browser: Any, live_server: Any, language: str) -> None:
    ten_brands()
    page = inspector(browser, live_server, "dark" if language == "en" else "light")
    assert look(page, f"/{language}/after/covid-19/") == []
