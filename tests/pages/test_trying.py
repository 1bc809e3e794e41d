"""“Try it”: what a reader codes is judged by the engine of the published verdicts, and kept nowhere."""

from __future__ import annotations

import html
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given

from brands.models import Action, Brand, Promise
from cxalign.pages.trying import loading
from cxalign.pages.trying.case import Case
from cxalign.pages.trying.forms import MAX_ACTS, MAX_PROMISES
from cxalign.pages.trying.views import answer
from cxalign.pages.worked_cases import worked_cases
from scoring.engine.dossier import Dossier
from scoring.engine.judge import judge
from scoring.engine.method import get
from scoring.engine.reading import in_time
from scoring.models import Assessment, Publication, Snapshot
from tests import factories
from tests.engine.build import AS_OF
from tests.engine.random_dossiers import dossiers
from tests.looking import inspector, look
from tests.pages.reading import html_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

METHOD = get("1.0.0")
ADDRESS = "/en/method/try/"

AXA: dict[str, Any] = {
    "ps": "1",
    "as": "1",
    "p1-st": "2",
    "p1-to": "customers",
    "a1-k1": "independent",
    "a1-e-customers": "x2",
    "a1-y-customers": "1",
}
"""The insurer of the founding article: a promise to customers, and one established act that breaks it."""


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


def shown(client: Client, query: Any = "", language: str = "en", status: int = 200) -> str:
    address = f"/{language}/method/try/"
    answered = client.get(f"{address}?{query if isinstance(query, str) else urlencode(query, doseq=True)}")
    assert answered.status_code == status
    return html.unescape(html_of(answered))


def sent(client: Client, status: int = 200, **rows: Any) -> str:
    answered = client.post(ADDRESS, {**AXA, **{name.replace("__", "-"): value for name, value in rows.items()}})
    assert answered.status_code == status
    return html.unescape(html_of(answered))


def read_again(dossier: Dossier) -> Case:
    """The dossier as the form shows it, sent as it stands."""
    case = Case.of(loading.rows(dossier, loading.Words("Specimen"), METHOD.version))
    assert case.is_valid(), [form.errors for form in case.forms if form.errors]
    return case


# --- The same engine --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [worked.case.slug for worked in worked_cases("1.1.0")])
def test_a_case_of_the_articles_gets_the_verdict_of_the_method_page(client: Client, slug: str) -> None:
    worked = next(worked for worked in worked_cases("1.1.0") if worked.case.slug == slug)
    data = loading.of_worked_case(slug, "1.1.0")
    assert data is not None
    case = Case.of(data)
    assert case.is_valid()
    verdict = answer(case)["verdict"]
    for part in ("outcome", "breadth", "reason", "indices", "probabilities", "robustness", "caps", "method_agreement"):
        assert getattr(verdict, part) == getattr(worked.verdict, part), part


@given(dossiers())
def test_any_dossier_that_goes_through_the_form_comes_to_the_same_verdict(dossier: Dossier) -> None:
    used, _later = in_time(dossier)
    case = read_again(used)
    before, after = judge(used, METHOD), judge(case.dossier(AS_OF), METHOD)
    assert (after.outcome, after.breadth, after.reason) == (before.outcome, before.breadth, before.reason)
    if len(case.acts) == sum(bool(action.proofs) for action in used.actions):  # no act had to be taken apart
        assert after.indices == before.indices
        assert after.probabilities == before.probabilities
        assert after.robustness == before.robustness


@given(dossiers())
def test_the_address_of_a_case_gives_the_case_again(dossier: Dossier) -> None:
    case = read_again(in_time(dossier)[0])
    again = Case.of(QueryDict(case.query()))
    assert again.is_valid()
    assert again.dossier(AS_OF) == case.dossier(AS_OF)


@pytest.mark.django_db
def test_the_published_codes_of_a_brand_come_to_its_published_verdict(client: Client) -> None:
    for brand in (factories.a_breach("Breach"), factories.a_kept_promise("Kept"), factories.an_empty_file("Empty")):
        publication = factories.published(brand)
        case = Case.of(loading.of_publication(publication))
        assert case.is_valid()
        verdict = answer(case)["verdict"]
        assert verdict.outcome == publication.snapshot.outcome
        assert verdict.robustness == publication.snapshot.robustness


# --- What is shown ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_way_through_the_rule_names_the_value_that_decided(client: Client) -> None:
    page = shown(client, AXA)
    assert "Broken promise" in page
    assert "read against promise 1: severity 2 (depth 2 − remedy 0), evidence 2 → breaks the promise" in page
    assert page.count("– not asked any more") == 5


@pytest.mark.django_db
def test_in_french_too(client: Client) -> None:
    page = shown(client, AXA, "fr")
    assert "Promesse rompue" in page
    assert "rompt la promesse" in page
    assert "0,7500" in page


@pytest.mark.django_db
def test_what_misses_a_bar_says_which(client: Client) -> None:
    rumour = {**AXA, "a1-k1": "interested"}
    assert "evidence too weak: at least 2 is needed" in shown(client, rumour)
    duty = {**AXA, "a1-y-customers": "duty"}
    page = shown(client, duty)
    assert "without a promise, its severity or its evidence would have to be 3" in page
    assert "bars every favourable archetype" in page
    short = {**AXA, "a1-e-customers": "x1"}
    assert "a mere shortfall: it counts only with evidence 3" in shown(client, short)
    mended = {**AXA, "a1-r-customers": "2"}
    assert "nothing is left of it after the remedy" in shown(client, mended)


@pytest.mark.django_db
def test_a_promise_made_later_is_no_yardstick_and_the_page_says_so(client: Client) -> None:
    page = shown(client, {**AXA, "p1-si": "2021", "a1-on": "2020-04"})
    assert "The promise does not cover this act: it is read against the duty of care." in page


@pytest.mark.django_db
def test_the_drawing_marks_the_way_that_was_taken(client: Client) -> None:
    page = shown(client, AXA)
    assert page.count('class="q taken"') == 2
    assert '<g class="a-broken taken">' in page
    assert "taken" not in html_of(client.get("/en/method/")).partition('<svg class="tree"')[2].partition("</svg>")[0]


@pytest.mark.django_db
def test_a_form_without_a_case_shows_no_verdict(client: Client) -> None:
    page = shown(client)
    assert 'id="result"' not in page
    assert 'name="p1-st"' in page


@pytest.mark.django_db
def test_the_anchors_of_the_codebook_are_the_options(client: Client) -> None:
    page = shown(client)
    assert ">3 – unprompted: before any documented request or obligation<" in page
    assert ">primary: official record or original document, opened and checked<" in page


# --- Rows -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_are_added_with_everything_kept(client: Client) -> None:
    page = sent(client, do="add-a", a1__w="Refused to pay.")
    assert 'id="a2"' in page
    assert "Refused to pay." in page
    assert 'id="result"' not in page


@pytest.mark.django_db
def test_no_more_rows_than_the_bounds(client: Client) -> None:
    page = shown(client, {"ps": "999", "as": "500"})
    assert f'id="p{MAX_PROMISES}"' in page
    assert f'id="p{MAX_PROMISES + 1}"' not in page
    assert f'id="a{MAX_ACTS}"' in page
    assert f'id="a{MAX_ACTS + 1}"' not in page
    assert 'value="add-a"' not in page


@pytest.mark.django_db
def test_removing_a_promise_moves_what_was_read_against_the_later_ones(client: Client) -> None:
    second = {"ps": "2", "p2__st": "3", "p2__to": "employees", "a1__e-employees": "h0", "a1__y-employees": "2"}
    page = sent(client, do="remove-p1", **second)
    assert 'id="p2"' not in page
    assert '<option value="1" selected>promise 1</option>' in page
    customers = page.partition('name="a1-y-customers"')[2].partition("</select>")[0]
    assert 'value="duty" selected' in customers


@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["remove-p9", "remove-", "add-x", "remove-p", "drop table"])
def test_a_wish_that_makes_no_sense_changes_nothing(client: Client, wish: str) -> None:
    page = sent(client, do=wish)
    assert 'id="p1"' in page
    assert 'id="a1"' in page


# --- What is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "text", "target"),
    [
        ({"p1__to": []}, "Tick at least one group", "id_p1-to"),
        ({"a1__e-customers": ""}, "Say for at least one group", "id_a1-e-customers"),
        ({"a1__r-employees": "1"}, "Only a harm has a remedy.", "id_a1-r-employees"),
        ({"a1__on": "spring"}, "Write a date as 2020", "id_a1-on"),
        ({"a1__on": "2999"}, "This date is after today", "id_a1-on"),
        ({"a1__v1": "0"}, "greater than or equal to 1", "id_a1-v1"),
        ({"a1__su": "7"}, "Select a valid choice", "id_a1-su"),
        ({"ps": "2", "a1__y-customers": "2"}, "Promise 2 is empty", "id_a1-y-customers"),
        ({"a1__w": "x\x00y"}, "", "id_a1-w"),
    ],
)
def test_what_is_wrong_stands_at_the_top_and_leads_to_its_field(
    client: Client, rows: dict[str, Any], text: str, target: str
) -> None:
    page = sent(client, 422, **rows)
    top = page.partition('id="errors"')[2].partition("</div>")[0]
    assert text in top
    assert f'href="#{target}"' in top
    assert f'id="{target}"' in page
    assert f'id="{target}_error"' in page
    assert 'id="result"' not in page


@pytest.mark.django_db
def test_an_empty_row_is_no_record(client: Client) -> None:
    page = shown(client, {"ps": "1", "as": "1"})
    assert "No promise on file" in page


# --- Nobody else’s words, nothing kept --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_address_cannot_put_words_into_the_page(client: Client) -> None:
    page = shown(client, {**AXA, "n": "Acme Assurances", "a1-w": "Left its customers alone.", "p1-w": "Never alone."})
    page = page.partition("<main")[2]  # the frame's link to the other language repeats the address
    assert "Acme" not in page
    assert "alone" not in page.lower()
    assert "Brand X" in page


@pytest.mark.django_db
def test_the_readers_words_are_used_and_left_out_of_the_address(client: Client) -> None:
    page = sent(client, n="Acme <b>Assurances</b>", a1__w="Left its customers alone.")
    assert "left its customers alone" in page
    raw = client.post(ADDRESS, {**AXA, "n": "Acme <b>Assurances</b>"}).content.decode()
    assert "<b>Assurances" not in raw
    share = raw.partition('href="/en/method/try/?')[2].partition('"')[0]
    assert "p1-st=2" in share
    assert "Acme" not in share


@pytest.mark.django_db
def test_words_come_only_from_a_form_of_this_site() -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(ADDRESS, {**AXA, "n": "Acme"}).status_code == 403


@pytest.mark.django_db
def test_nothing_is_stored_and_no_cache_keeps_the_answer(client: Client) -> None:
    tables = (Brand, Promise, Action, Assessment, Snapshot, Publication)
    before = [table.objects.count() for table in tables]
    answered = client.post(ADDRESS, AXA)
    assert [table.objects.count() for table in tables] == before
    assert "no-store" in answered["Cache-Control"]
    assert "noindex" in answered["X-Robots-Tag"]


@pytest.mark.django_db
def test_a_case_too_long_for_an_address_says_so(client: Client) -> None:
    rows: dict[str, Any] = {"ps": "1", "as": str(MAX_ACTS), "p1-to": ["customers", "employees"]}
    for number in range(1, MAX_ACTS + 1):
        for group in ("customers", "employees", "partners", "community"):
            rows |= {f"a{number}-e-{group}": "x2", f"a{number}-r-{group}": "1", f"a{number}-k1": "independent"}
    answered = client.post(ADDRESS, rows)
    assert answered.status_code == 200
    assert "too long for an address" in html.unescape(html_of(answered))


@pytest.mark.django_db
def test_too_many_cases_from_one_connection_have_to_wait(client: Client, settings: Any) -> None:
    settings.TRIALS_PER_HOUR = 2
    assert [client.post(ADDRESS, AXA).status_code for _ in range(3)] == [200, 200, 429]
    last = client.post(ADDRESS, {**AXA, "n": "Acme"})
    assert int(last["Retry-After"]) > 0
    assert "Acme" in html_of(last)
    assert client.get(ADDRESS).status_code == 200


# --- Starting from what is published ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_brand_is_loaded_by_its_name_with_a_slip(client: Client) -> None:
    factories.published(factories.a_breach("Specimen Vie"))
    page = shown(client, {"brand": "specimn"})
    assert "Refused to pay claims." in page
    assert "It started from the published codes of Specimen Vie" in page


@pytest.mark.django_db
def test_a_draft_cannot_be_loaded(client: Client) -> None:
    brand = factories.a_breach("Secretive")
    factories.judged(brand)
    for asked in (brand.slug, brand.name):
        page = shown(client, {"brand": asked})
        assert f"no published verdict for “{asked}”" in page
        assert "Refused to pay" not in page


@pytest.mark.django_db
def test_what_changed_since_the_publication_is_not_loaded(client: Client) -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    Action.objects.update(statement_en="Paid nobody, says a draft.", substance="3")
    page = shown(client, {"brand": "specimen"})
    assert "Refused to pay claims." in page
    assert "says a draft" not in page


@pytest.mark.django_db
def test_a_withdrawn_verdict_cannot_be_loaded(client: Client) -> None:
    publication = factories.published(factories.a_breach("Specimen"))
    Publication.objects.filter(pk=publication.pk).update(
        is_current=False, withdrawn_at=publication.published_at, withdrawn_reason_en="An error of ours."
    )
    assert "no published verdict" in shown(client, {"brand": "specimen"})
    assert "It started from" not in sent(client, origin="specimen/covid-19")


@pytest.mark.django_db
def test_several_brands_that_answer_are_offered(client: Client) -> None:
    factories.published(factories.a_breach("Specimen Vie"))
    factories.published(factories.a_kept_promise("Specimen Auto"))
    page = shown(client, {"brand": "specimen"})
    assert "Several published verdicts answer to this name" in page
    assert "?brand=specimen-vie&crisis=covid-19" in page


@pytest.mark.django_db
def test_an_unknown_case_of_the_articles_is_not_found(client: Client) -> None:
    assert client.get(f"{ADDRESS}?case=nobody").status_code == 404


@pytest.mark.django_db
def test_a_file_with_more_rows_than_the_form_sends_to_its_scorecard(client: Client) -> None:
    brand = factories.a_brand("Prolific")
    promise = factories.a_promise(brand)
    for number in range(MAX_ACTS + 1):
        factories.a_proof(factories.an_action(brand, statement_en=f"Did the deed {number}."), promise)
    factories.published(factories.touched(brand))
    page = shown(client, {"brand": "prolific"})
    assert "has more rows than this form" in page


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_case(client: Client) -> None:
    factories.published(factories.a_breach("Small"))
    large = factories.a_breach("Large")
    for _ in range(4):
        factories.a_proof(factories.an_action(large), factories.a_promise(large))
    factories.published(factories.touched(large))
    counts = []
    for slug in ("small", "large"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown(client, {"brand": slug})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


@pytest.mark.django_db
def test_the_largest_case_is_judged_within_a_second_of_cpu_time() -> None:
    rows: dict[str, Any] = {"ps": str(MAX_PROMISES), "as": str(MAX_ACTS), "pu": "2", "vh": "2", "cc": "2"}
    groups = ("customers", "employees", "partners", "community", "environment")
    for number in range(1, MAX_PROMISES + 1):
        rows |= {f"p{number}-to": list(groups), f"p{number}-st": "2"}
    for number in range(1, MAX_ACTS + 1):
        rows |= {f"a{number}-{code}": "2" for code in ("su", "in", "ge", "re")}
        rows |= {f"a{number}-k1": "independent", f"a{number}-k2": "interested", f"a{number}-v1": str(number)}
        for place, group in enumerate(groups):
            rows |= {f"a{number}-e-{group}": "x2" if (number + place) % 4 == 0 else "h1"}
            rows |= {f"a{number}-y-{group}": str(1 + number % MAX_PROMISES)}
    case = Case.of(QueryDict(urlencode(rows, doseq=True)))
    assert case.is_valid()
    started = time.process_time()
    answer(case)
    assert time.process_time() - started < 1


# --- In a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_case_is_coded_and_judged_without_a_script(browser: Browser, live_server: Any, language: str) -> None:
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto(f"/{language}/method/try/")
    page.fill("#id_n", "Specimen")
    page.check("#id_p1-to_0")
    page.fill("#id_a1-w", "Refused to pay claims.")
    page.click("button[value=add-a]")
    assert page.input_value("#id_a1-w") == "Refused to pay claims."
    page.click("button[value=remove-a2]")
    page.select_option("#id_a1-e-customers", "x2")
    page.select_option("#id_a1-y-customers", "1")
    page.select_option("#id_a1-k1", "independent")
    page.press("#id_n", "Enter")
    assert page.locator("#result .verdict.a-broken").count() == 1
    assert page.locator(".steps-taken .ends").count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("query", ["", "?case=usaa", f"?{urlencode(AXA)}", "?ps=1&as=1&a1-su=9"])
def test_axe_finds_nothing(browser: Browser, live_server: Any, language: str, query: str) -> None:
    page: Page = inspector(browser, live_server, "dark" if language == "en" else "light")
    assert look(page, f"/{language}/method/try/{query}") == []
