"""The slides and the report of a plan: what they say, and to whom."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from cxalign.pages.plans import slides
from cxalign.plans import editing
from cxalign.plans.models import ActivityKind, Plan
from cxalign.plans.reading import PlanView
from tests.exports.files import slides_of, title_of, words_of
from tests.plans.making import a_plan, a_planner, an_item

pytestmark = pytest.mark.django_db
TITLES = {
    "en": [
        "“Do Now” holds 2 actions",
        "“Do Next” holds 1 action",
        "“Do Later” holds no action yet",
        "“Set aside” holds 1 action",
    ],
    "fr": [
        "« Do Now » compte 2 actions",
        "« Do Next » compte 1 action",
        "« Do Later » ne compte encore aucune action",
        "« Écartées » compte 1 action",
    ],
}


@pytest.fixture
def plan() -> Plan:
    made = a_plan(title="Reopen", mission="Be there for all")
    judged = {"mission_fit": 4, "need": 3, "feasibility": 5, "category": "care", "stakeholders": ["customers"]}
    an_item(made, "Open a line", horizon="now", owner="Lina", due_on=date(2026, 12, 24), proof="Calls taken", **judged)
    an_item(made, "=Pay early", horizon="now")
    an_item(made, "Widen access", horizon="next", description="In all shops.")
    an_item(made, "Buy an advert", horizon="aside", aside_reason="Not needed")
    an_item(made, "Somewhere else")
    return made


def fetched(plan: Plan, ending: str, language: str = "en") -> bytes:
    client = Client()
    client.force_login(plan.by)
    answer = client.get(f"/{language}/plans/{plan.pk}/table/plan.{ending}")
    assert answer.status_code == 200
    assert re.search(rf'filename="plan_reopen_[0-9-]{{10}}_{language}\.{ending}"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    return bytes(answer.content)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u00ad-]+", "", text)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_there_is_one_slide_a_horizon_and_one_of_blind_spots(plan: Plan, language: str) -> None:
    made = slides_of(fetched(plan, "pptx", language))
    titles = [title_of(slide).replace("\u00a0", " ") for slide in made]
    assert [title.split(" – ")[0] for title in titles[:-1]] == TITLES[language]
    with translation.override(language):
        view = PlanView(plan)
        said = squeezed(words_of(made[-1]))
        assert view.blind_spots
        for spot in view.blind_spots:
            assert squeezed(spot.text) in said
    assert str(len(view.blind_spots)) in titles[-1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_card_says_on_its_slide_what_it_says_on_the_board(plan: Plan, language: str) -> None:
    first, second, _later, aside, _spots = slides_of(fetched(plan, "pptx", language))
    words = words_of(first)
    for said in (
        "Open a line",
        "=Pay early",
        "Lina",
        "Calls taken",
        "2026",
        "Private" if language == "en" else "équipe",
    ):
        assert said in words
    assert "Widen access" not in words
    assert "In all shops." in second.notes_slide.notes_text_frame.text
    assert "Be there for all" in second.notes_slide.notes_text_frame.text
    assert "Not needed" in words_of(aside)


OURS = {"en": "Do Next and Do Later are our reading", "fr": "Do Next et Do Later sont notre lecture"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_holds_every_action_and_every_blind_spot(plan: Plan, language: str) -> None:
    reader = PdfReader(io.BytesIO(fetched(plan, "pdf", language)))
    words = squeezed("\n".join(page.extract_text() for page in reader.pages))
    with translation.override(language):
        view = PlanView(plan)
        told = [*(card.item.title for card in view.cards), *(spot.text for spot in view.blind_spots), plan.mission]
        told += [OURS[language]] if any(view.column(code).cards for code in ("next", "later")) else []
    for text in told:
        assert squeezed(text) in words, text
    assert reader.trailer["/Root"]["/Lang"].startswith(language)
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_a_full_plan_takes_more_slides_and_no_more_queries(plan: Plan) -> None:
    client = Client()
    client.force_login(plan.by)

    def cost(ending: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/en/plans/{plan.pk}/table/plan.{ending}").status_code == 200
        return len(caught)

    before = {ending: cost(ending) for ending in ("pptx", "pdf")}
    editing.add_items(plan, plan.by, [f"Action number {number}" for number in range(30)])
    plan.items.filter(title__startswith="Action").update(horizon="later")
    assert {ending: cost(ending) for ending in ("pptx", "pdf")} == before
    assert max(before.values()) <= 20
    assert any("(2/" in title_of(slide) for slide in slides_of(fetched(plan, "pptx")))


def test_an_empty_plan_has_files_too() -> None:
    plan = a_plan(title="Reopen")
    made = slides_of(fetched(plan, "pptx"))
    titles = [title_of(slide).split(" – ")[0] for slide in made]
    assert titles[:3] == [f"“Do {when}” holds no action yet" for when in ("Now", "Next", "Later")]
    assert fetched(plan, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize("ending", ["pptx", "pdf"])
def test_the_files_are_the_teams_only_and_their_taking_is_in_the_log(plan: Plan, ending: str) -> None:
    place = f"/en/plans/{plan.pk}/table/plan.{ending}"
    assert Client().get(place).status_code == 302
    other = Client()
    other.force_login(a_planner())
    assert other.get(place).status_code == 404
    assert not plan.activities.filter(kind=ActivityKind.EXPORTED).exists()
    fetched(plan, ending)
    assert plan.activities.filter(kind=ActivityKind.EXPORTED).count() == 1
    mate = Client()
    mate.force_login(plan.by)
    for page in ("inventory", "board"):
        assert f'href="{place}"' in mate.get(f"/en/plans/{plan.pk}/{page}/").content.decode()
    assert slides.as_pptx(PlanView(plan))[:2] == b"PK"
