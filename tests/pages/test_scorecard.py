"""The scorecard: who sees what at which address, and what stands on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from brands.models import Brand
from cxalign.pages import arranging, citing, words
from scoring.models import Publication
from scoring.publishing import withdraw
from scoring.scorecards import Scorecard
from tests import factories as make

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


def case(brand: Brand, rest: str = "", language: str = "en") -> str:
    return f"/{language}/brands/{brand.slug}/covid-19/{rest}"


def text_of(response: Any) -> str:
    """What a reader reads: no tags, single spaces."""
    body = re.sub(r"(?s)<(script|svg|style).*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body).replace("&#x27;", "'").replace("\u2060", "")).strip()


@pytest.fixture
def breach() -> Brand:
    brand = make.a_breach("Fictia")
    make.published(brand)
    return brand


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_a_stranger_reads_the_published_scorecard_and_no_other(client: Client) -> None:
    brand = make.a_kept_promise("Fictia")
    make.judged(brand)
    assert client.get(case(brand)).status_code == 404
    make.published(make.touched(brand))
    assert client.get(case(brand)).status_code == 200


def test_an_analyst_is_led_to_the_draft_where_nothing_is_published(client: Client) -> None:
    brand = make.a_kept_promise("Fictia")
    make.judged(brand)
    client.force_login(make.an_analyst())
    answer = client.get(case(brand))
    assert answer.status_code == 302
    assert answer["Location"] == case(brand, "draft/")


def test_a_draft_exists_for_those_who_may_read_drafts_only(client: Client) -> None:
    brand = make.a_kept_promise("Fictia")
    make.judged(brand)
    assert client.get(case(brand, "draft/")).status_code == 404
    client.force_login(make.a_user())
    assert client.get(case(brand, "draft/")).status_code == 404
    client.force_login(make.an_analyst())
    page = client.get(case(brand, "draft/"))
    assert page.status_code == 200
    assert "Draft – not published" in text_of(page)
    assert "noindex" in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"


def test_a_draft_shows_the_newest_verdict_and_the_public_page_the_published_one(client: Client, breach: Brand) -> None:
    action = breach.actions.get()
    action.proofs.update(depth="1")
    make.judged(make.touched(breach))
    client.force_login(make.an_analyst())
    assert "falls short" in text_of(client.get(case(breach, "draft/")))
    assert "That breaks the promise" in text_of(client.get(case(breach)))


@pytest.mark.parametrize("path", ["brands/nobody/covid-19/", "brands/fictia/plague/", "brands/fictia/covid-19/v7/"])
def test_what_does_not_exist_is_not_found(client: Client, breach: Brand, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404
    assert client.get(case(breach)).status_code == 200


def test_a_listed_brand_without_research_says_that_this_says_nothing(client: Client) -> None:
    brand = make.a_brand("Fictia", listed=True)
    make.a_crisis()
    page = client.get(case(brand))
    assert page.status_code == 200
    assert "Not yet assessed" in text_of(page)
    assert "says nothing about what it did" in text_of(page)
    assert "noindex" in page.content.decode()


def test_a_listed_brand_under_review_shows_no_archetype_and_no_fact(client: Client) -> None:
    brand = make.a_breach("Fictia", listed=True)
    make.judged(brand)
    text = text_of(client.get(case(brand)))
    assert "Assessment under way" in text
    assert "Broken promise" not in text
    assert "Refused to pay" not in text


def test_a_withdrawn_version_answers_gone_with_its_reason_for_good(client: Client, breach: Brand) -> None:
    withdraw(Publication.objects.get(), by=make.an_editor(), reason_en="A source was misread.", reason_fr="")
    for address in (case(breach), case(breach, "v1/"), case(breach, "evidence/"), case(breach, "cite/text")):
        page = client.get(address)
        assert page.status_code == 410, address
        assert "A source was misread." in text_of(page)
    assert "A source was misread." in text_of(client.get(case(breach, language="fr")))


def test_a_withdrawal_of_the_newest_version_leaves_the_older_address_readable(client: Client, breach: Brand) -> None:
    breach.actions.get().proofs.update(depth="3")
    newest = make.published(make.touched(breach))
    withdraw(newest, by=make.an_editor(), reason_en="Wrong.", reason_fr="Erreur.")
    assert client.get(case(breach, "v1/")).status_code == 200
    assert client.get(case(breach, "v2/")).status_code == 410
    assert client.get(case(breach)).status_code == 410


# --- Frozen versions --------------------------------------------------------------------------------------------------


def test_a_frozen_version_may_be_kept_for_ever_and_points_to_the_current_one(client: Client, breach: Brand) -> None:
    page = client.get(case(breach, "v1/"))
    assert "immutable" in page["Cache-Control"]
    assert "max-age=31536000" in page["Cache-Control"]
    html = page.content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{case(breach)}">' in html
    assert "immutable" not in client.get(case(breach))["Cache-Control"]


def test_a_frozen_version_stays_the_same_after_the_next_one(client: Client, breach: Brand) -> None:
    before = text_of(client.get(case(breach, "v1/")))
    breach.actions.get().proofs.update(depth="3")
    make.published(make.touched(breach))
    assert text_of(client.get(case(breach, "v1/"))) == before
    assert text_of(client.get(case(breach))) != before


# --- What stands on the page ------------------------------------------------------------------------------------------


def test_the_verdict_stands_with_its_two_sentences_and_their_sources(client: Client, breach: Brand) -> None:
    page = client.get(case(breach))
    html = page.content.decode()
    assert "Broken promise" in text_of(page)
    assert re.search(r'<sup class="ref"><a href="#source-\d+">\d+</a></sup>', html)
    for number in set(re.findall(r'href="#source-(\d+)"', html)):
        assert f'id="source-{number}"' in html


def test_parts_stand_in_reading_order(client: Client, breach: Brand) -> None:
    html = client.get(case(breach)).content.decode()
    order = ["verdict", "changes", "signal-1", "indices", "h-ledger", "coverage", "timeline", "h-voice", "h-history",
             "h-sources", "h-cite", "errors"]  # fmt: skip
    places = [html.index(f'id="{name}"') for name in order]
    assert places == sorted(places)


def test_every_fragment_on_the_page_leads_somewhere(client: Client, breach: Brand) -> None:
    html = client.get(case(breach)).content.decode()
    for fragment in set(re.findall(r'href="(?:\?[^"#]*)?#([^"]+)"', html)):
        assert f'id="{fragment}"' in html, fragment


def test_links_to_proofs_lead_to_rows_of_the_evidence_page(client: Client, breach: Brand) -> None:
    html = client.get(case(breach)).content.decode()
    evidence = client.get(case(breach, "evidence/")).content.decode()
    fragments = set(re.findall(r'evidence/#([^"]+)"', html))
    assert any(fragment.startswith("proof-") for fragment in fragments)
    for fragment in fragments:
        assert f'id="{fragment}"' in evidence, fragment


def test_what_nobody_documented_is_never_nought(client: Client, breach: Brand) -> None:
    page = client.get(case(breach))
    assert "1 of 5 stakeholders documented" in text_of(page)
    assert "Undocumented – report a source" in text_of(page)


def test_an_index_without_a_definition_is_not_a_number(client: Client) -> None:
    brand = make.a_brand("Fictia")
    make.a_proof(make.an_action(brand))
    make.published(make.touched(brand))
    assert "Delivery not defined" in text_of(client.get(case(brand)))


def test_a_case_without_a_promise_says_so_and_still_shows_the_acts(client: Client) -> None:
    brand = make.a_brand("Fictia")
    make.a_proof(make.an_action(brand))
    make.published(make.touched(brand))
    text = text_of(client.get(case(brand)))
    assert "No promise on file" in text
    assert "We found no promise." in text
    assert "Duty of care" in text


def test_insufficient_evidence_has_the_grey_mark_and_no_other_colour(client: Client) -> None:
    brand = make.an_empty_file("Fictia")
    make.published(brand)
    html = client.get(case(brand)).content.decode()
    assert 'class="verdict a-none' in html
    assert "No act was read against this promise yet." in html


def test_more_than_six_acts_are_folded(client: Client) -> None:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand)
    for _ in range(8):
        make.a_proof(make.an_action(brand), promise)
    make.published(make.touched(brand))
    assert "4 more acts" in text_of(client.get(case(brand)))


def test_the_ledger_is_filtered_by_the_address(client: Client, breach: Brand) -> None:
    make.a_proof(make.an_action(breach, statement_en="Paid its staff."), stakeholder="employees")
    make.published(make.touched(breach))
    assert text_of(client.get(case(breach))).count("Paid its staff") > text_of(
        client.get(case(breach, "?stakeholder=customers"))
    ).count("Paid its staff")


@pytest.mark.parametrize("value", ["nobody", "", "<script>", "customers&stakeholder=x"])
def test_an_unknown_filter_is_no_filter(client: Client, breach: Brand, value: str) -> None:
    page = client.get(case(breach, f"?stakeholder={value}"))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_a_quotation_says_its_language(client: Client) -> None:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand, quote="Le soin d’abord", quote_language="fr")
    make.a_proof(make.an_action(brand), promise, direction="harms", depth="2")
    make.published(make.touched(brand))
    html = client.get(case(brand)).content.decode()
    assert '<q lang="fr">Le soin d’abord</q>' in html
    assert '<span lang="fr">' not in html  # the verdict tells it in the reader's language
    assert '<span lang="fr">' not in client.get(case(brand, language="fr")).content.decode()


def test_a_foreign_quotation_in_a_verdict_of_old_says_its_language() -> None:
    told = "What Fictia promised its customers: “Le soin d’abord” [1]."
    document = {
        "explanation": {"en": told, "fr": told},
        "promises": [{"quote": "Le soin d’abord", "quote_lang": "fr"}],
    }
    with translation.override("en"):
        assert '<span lang="fr">Le soin d’abord</span>' in arranging.explanation(document)


def test_what_people_typed_is_escaped_everywhere(client: Client) -> None:
    brand = make.a_brand("Fictia", summary_en="<b>x</b>")
    attack = "</script><script>alert(1)</script>"
    promise = make.a_promise(brand, statement_en=f"Says {attack}.", quote=attack, quote_language="en")
    action = make.an_action(brand, statement_en=f"Paid {attack} [1].", sources=0)
    make.a_link(action, source=make.a_source(title=attack, publisher=attack))
    make.a_proof(action, promise)
    make.a_judgement(brand, label=attack[:120], description_en=attack)
    make.published(make.touched(brand))
    for rest in ("", "evidence/", "history/"):
        html = client.get(case(brand, rest)).content.decode()
        assert attack not in html
        assert "<b>x</b>" not in html


def test_an_address_that_is_not_http_is_text_and_no_link(client: Client) -> None:
    brand = make.a_brand("Fictia")
    action = make.an_action(brand, sources=0)
    make.a_link(action, source=make.a_source(url="javascript:alert(1)", title="Bad"))
    make.a_link(action, source=make.a_source(url="https://example.org/good", title="Good"))
    make.a_proof(action, make.a_promise(brand))
    make.published(make.touched(brand))
    html = client.get(case(brand)).content.decode()
    assert "javascript:" not in html
    assert 'href="https://example.org/good"' in html


def test_others_judgement_stands_beside_ours_and_says_whether_it_agrees(client: Client, breach: Brand) -> None:
    make.a_judgement(breach, label="keeps its word", archetype="aligned")
    make.a_judgement(breach, label="breaks its word", archetype="broken_promise", polarity="negative")
    make.a_judgement(breach, label="tone deaf", polarity="negative")
    make.published(make.touched(breach))
    text = text_of(client.get(case(breach)))
    assert "They differ. For that archetype, our file still lacks: no act that breaks a promise" in text
    assert "Both come to the same archetype." in text
    assert "It implies no archetype of ours." in text


def test_the_founding_article_stands_right_after_the_verdict(client: Client, breach: Brand) -> None:
    from scoring.scorecards import FOUNDING_ARTICLES

    article = make.a_source(url=FOUNDING_ARTICLES[0], author="Laurence Body")
    make.a_judgement(breach, archetype="dna_proactive", source=article)
    make.published(make.touched(breach))
    html = client.get(case(breach)).content.decode()
    assert html.index('id="verdict"') < html.index('id="founding-1"') < html.index('id="changes"')


def test_a_repeated_source_has_one_number(client: Client) -> None:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand)
    source = make.a_source(title="Shared")
    for _ in range(2):
        action = make.an_action(brand, sources=0)
        make.a_link(action, source=source)
        make.a_proof(action, promise)
    make.published(make.touched(brand))
    assert client.get(case(brand)).content.decode().count(">Shared</cite>") == 1


@pytest.mark.parametrize("make_case", [make.a_kept_promise, make.a_breach, make.an_empty_file])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_outcome_has_its_page_in_both_languages(
    client: Client, make_case: Callable[[str], Brand], language: str
) -> None:
    brand = make_case("Fictia")
    make.published(brand)
    for rest in ("", "evidence/", "history/", "v1/"):
        page = client.get(case(brand, rest, language))
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.content.decode()
        assert page.content.decode().count("<h1") == 1


def test_french_acts_and_dates_are_french(client: Client, breach: Brand) -> None:
    text = text_of(client.get(case(breach, language="fr")))
    assert "A refusé de payer les sinistres" in text
    assert "1er avril 2020" in text.replace(NBSP, " ")


def test_a_semicolon_takes_its_space_in_french_only(client: Client, breach: Brand) -> None:
    french, english = (client.get(case(breach, language=code)).content.decode() for code in ("fr", "en"))
    assert re.search(r"independent sources?; ", english)
    assert not re.search(r"[^\u00a0&\w];\s|\w; ", re.sub(r"(?s)<script.*?</script>|<[^>]+>|&\w+;", "", french))


def test_headings_never_skip_a_level(client: Client, breach: Brand) -> None:
    for rest in ("", "evidence/", "history/"):
        levels = [int(level) for level in re.findall(r"<h([1-6])", client.get(case(breach, rest)).content.decode())]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_verdict_of_long_ago_says_since_when_nobody_reviewed_it(client: Client, breach: Brand) -> None:
    assert "Not reviewed since" not in text_of(client.get(case(breach)))
    long_ago = timezone.localdate() + timedelta(days=366)
    with mock.patch("cxalign.pages.scorecard.timezone.localdate", return_value=long_ago):
        page, frozen = text_of(client.get(case(breach))), text_of(client.get(case(breach, "v1/")))
    assert "Not reviewed since" in page
    assert "The verdict stands as it was then" in page
    assert "Not reviewed since" not in frozen, "a frozen page never changes"


def test_a_verdict_that_no_choice_of_method_moves_says_so(client: Client, breach: Brand) -> None:
    document = json.loads(breach.assessments.get().snapshots.latest("sequence").document)
    text = text_of(client.get(case(breach)))
    assert ("No single choice of the method moves this verdict." in text) == (not document["method_choices"])
    assert "variants of the rules give the same verdict" in text


# --- Cost -------------------------------------------------------------------------------------------------------------


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def with_acts(name: str, count: int) -> Brand:
    brand = make.a_brand(name)
    promise = make.a_promise(brand)
    for _ in range(count):
        make.a_proof(make.an_action(brand), promise)
    make.published(make.touched(brand))
    return brand


@pytest.mark.parametrize("rest", ["", "evidence/", "history/", "v1/", "cite/text"])
def test_a_page_costs_as_many_queries_with_twenty_acts_as_with_two(client: Client, rest: str) -> None:
    few, many = cost(client, case(with_acts("Few", 2), rest)), cost(client, case(with_acts("Many", 20), rest))
    assert few == many <= 6


def test_many_versions_cost_no_more_queries(client: Client, breach: Brand) -> None:
    before = cost(client, case(breach, "history/"))
    for depth in ("3", "1", "2"):
        breach.actions.get().proofs.update(depth=depth)
        make.published(make.touched(breach))
    assert cost(client, case(breach, "history/")) == before


def test_a_draft_costs_an_analyst_ten_queries_at_most(client: Client, breach: Brand) -> None:
    client.force_login(make.an_analyst())
    assert cost(client, case(breach, "draft/")) <= 10


def test_a_stranger_costs_no_session(client: Client, breach: Brand) -> None:
    page = client.get(case(breach))
    assert "Cookie" not in page.get("Vary", "")
    assert not page.cookies


def test_a_large_case_stays_within_the_budget(client: Client) -> None:
    import gzip

    brand = with_acts("Many", 20)
    assert len(gzip.compress(client.get(case(brand)).content)) <= 25_000


# --- Cite -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "media_type", "starts"),
    [
        ("text", "text/plain", "“Fictia – Covid-19”"),
        ("bibtex", "application/x-bibtex", "@misc{cxalign_fictia_covid_19_v1,"),
        ("ris", "application/x-research-info-systems", "TY  - ELEC\r\n"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "["),
    ],
)
def test_a_citation_names_the_version_and_its_lasting_address(
    client: Client, breach: Brand, style: str, media_type: str, starts: str
) -> None:
    answer = client.get(case(breach, f"cite/{style}"))
    assert answer["Content-Type"].startswith(media_type)
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.decode().startswith(starts)
    assert "/en/brands/fictia/covid-19/v1/" in answer.content.decode()


def test_an_unknown_style_is_not_found(client: Client, breach: Brand) -> None:
    assert client.get(case(breach, "cite/mla")).status_code == 404
    assert client.get(case(breach, "cite/text")).status_code == 200


def test_csl_json_is_json_that_reference_managers_take(client: Client, breach: Brand) -> None:
    (item,) = json.loads(client.get(case(breach, "cite/csl-json")).content)
    assert item["type"] == "webpage"
    assert item["title"] == "Fictia – Covid-19"
    assert len(item["issued"]["date-parts"][0]) == 3


def test_a_name_that_tex_would_stumble_over_is_escaped(client: Client) -> None:
    brand = make.a_kept_promise("Fic & tia 100%", slug="fictia")
    make.published(brand)
    assert r"Fic \& tia 100\% – Covid-19" in client.get(case(brand, "cite/bibtex")).content.decode()


def test_structured_data_is_json_and_closes_no_script(breach: Brand) -> None:
    publication = Publication.objects.get()
    publication.snapshot.document = publication.snapshot.document.replace("Fictia", "</script>&Co")
    data = citing.structured_data(Scorecard(publication.snapshot, publication, "https://example.org"), "en")
    assert "</" not in data
    assert json.loads(data)["itemReviewed"]["name"] == "</script>&Co"


def test_the_current_page_tells_when_it_was_read_and_a_frozen_one_does_not(client: Client, breach: Brand) -> None:
    assert "retrieved on" in text_of(client.get(case(breach)))
    assert "retrieved on" not in text_of(client.get(case(breach, "v1/")))


# --- Arranging --------------------------------------------------------------------------------------------------------


def a_change(edit: str, to: str, subject: str) -> dict[str, Any]:
    return {"edit": edit, "to": to, "subject": subject, "condition": {"en": edit, "fr": edit}}


def test_the_first_changes_lead_to_different_outcomes() -> None:
    conditions = [
        a_change("promise_withdrawn", "no_promise", "p1"),
        a_change("claim_disproved", "insufficient_evidence", "a1"),
        a_change("level_down", "insufficient_evidence", "a1"),
        a_change("kept_proof", "aligned", "customers"),
        a_change("level_up", "exceeds_promise", "a1:customers:helps"),
    ]
    first, others = arranging.changes({"would_change": conditions})
    assert [change["to"] for change in first] == ["aligned", "insufficient_evidence", "exceeds_promise"]
    assert [change["edit"] for change in others] == ["level_down", "promise_withdrawn"]


def test_a_second_reading_of_the_same_act_can_wait() -> None:
    conditions = [a_change(edit, "aligned", "a1") for edit in ("claim_disproved", "level_down", "evidence_down")]
    first, others = arranging.changes({"would_change": conditions})
    assert (len(first), len(others)) == (1, 2)


def test_without_a_change_there_is_nothing_to_show_first() -> None:
    assert arranging.changes({"would_change": []}) == ([], [])


def test_what_every_archetype_lacks_alike_is_said_once() -> None:
    unmet = [
        {
            "archetype": "exceeds_promise",
            "breadth": None,
            "conditions": ["no_breach", "far_beyond_a_promise"],
            "groups": [],
        },
        {"archetype": "aligned", "breadth": "all", "conditions": ["no_breach"], "groups": []},
    ]
    assert arranging.bars({"unmet": unmet}) == ["no act that breaks a promise"]
    (distance,) = arranging.distances({"unmet": unmet})
    assert distance.conditions == ["an established act far beyond a promise, not self-serving"]


@pytest.mark.parametrize(
    ("code", "value", "word"),
    [
        ("delivery", None, "not defined"),
        ("delivery", -67, "well short"),
        ("delivery", -33, "short"),
        ("delivery", 0, "nothing established"),
        ("delivery", 33, "in part"),
        ("delivery", 67, "delivered"),
        ("harm", 0, "none"),
        ("harm", 33, "low"),
        ("harm", 67, "medium"),
        ("harm", 100, "high"),
        ("purpose_washing", 0, "low"),
        ("purpose_washing", 25, "medium"),
        ("purpose_washing", 50, "high"),
        ("purpose_washing", None, "not defined"),
    ],
)
def test_every_index_has_its_word(code: str, value: int | None, word: str) -> None:
    assert words.index_word(code, value) == word


def test_an_act_without_a_date_is_in_the_table_and_not_on_the_drawing(client: Client) -> None:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand)
    make.a_proof(make.an_action(brand, statement_en="Paid at some time.", started=""), promise)
    make.a_proof(make.an_action(brand, statement_en="Paid in April.", started="2020-04"), promise)
    make.published(make.touched(brand))
    html = client.get(case(brand)).content.decode()
    drawing, table = html[html.index('class="tl"') :].split("The same as a table")
    assert "paid in April" in drawing
    assert "paid at some time" not in drawing
    assert "Paid at some time." in table


def test_the_lines_of_the_timeline_stand_in_the_order_of_time(client: Client, breach: Brand) -> None:
    make.a_proof(make.an_action(breach, started="2020-03-02", statement_en="Paid early."), stakeholder="employees")
    both = make.an_action(breach, started="", statement_en="Paid some.")
    make.a_proof(both)
    make.a_proof(both, direction="harms", depth="1", stakeholder="employees")
    make.published(make.touched(breach))
    html = client.get(case(breach)).content.decode()
    told = html[html.index('<ol class="moments">') : html.index("</ol>", html.index('<ol class="moments">'))]
    lines = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in told.split("<li ")[1:]]
    lines = [line.partition("> ")[2] for line in lines]
    told_by_phases = [line for line in lines if "lockdown" in line or "pandemic" in line]
    acts_and_versions = [line for line in lines if line not in told_by_phases]
    assert lines.index(told_by_phases[0]) == 1
    assert acts_and_versions[:2] == [
        "2 March 2020 + helps: Paid early.",
        "1 April 2020 − harms: Refused to pay claims.",
    ]
    assert [line.partition("Version ")[2] for line in acts_and_versions[2:4]] == [
        "1 of the verdict: Broken promise",
        "2 of the verdict: Broken promise",
    ]
    assert lines[-1] == "undated ± helps some, harms others: Paid some."


def test_the_lead_of_the_timeline_tells_the_last_turn(client: Client, breach: Brand) -> None:
    breach.actions.get().proofs.update(direction="helps", depth="0")
    make.published(make.touched(breach))
    today = date.today()
    assert f"The verdict went from “Broken promise” to “Aligned” on {today.day} " in text_of(client.get(case(breach)))
