"""The lists: what is missing is said, what is searched is found, twenty rows cost as many queries as two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands.archiving import order_copies
from brands.models import (
    Action,
    ArchiveOrder,
    Brand,
    BrandProfile,
    Crisis,
    Event,
    Judgement,
    OutcomeFigure,
    Promise,
    SavedFilter,
    Sector,
    Source,
    Tag,
)
from cxalign.accounts import roles
from scoring.models import Assessment, Publication, ScoringJob, Snapshot
from tests import factories as make
from tests.accounts.desk import change_page, edit, list_page, signed_in

pytestmark = pytest.mark.django_db


def queries(desk: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert desk.get(address).status_code == 200
    return len(captured)


def a_row_of_everything() -> None:
    brand = make.a_kept_promise(sector=Sector.objects.create(slug=f"s{make.number()}", name_en="S", name_fr="S"))
    make.a_profile(brand)
    make.a_judgement(brand)
    OutcomeFigure.objects.create(
        brand=brand,
        crisis=make.a_crisis(),
        kind="nps",
        series="Barometer",
        value="3.50",
        unit="points",
        measured_on="2019-12",
        source=make.a_source(),
    )
    make.published(brand)
    ScoringJob.objects.get_or_create(brand=brand)
    tag = Tag.objects.create(name=f"Tag {make.number()}")
    for record in (brand, brand.promises.get(), brand.actions.get(), make.a_source()):
        record.tags.add(tag)
    order_copies([make.a_source()], by=make.an_analyst(), reason="Kept.")
    owner = make.an_analyst()
    SavedFilter.objects.create(owner=owner, list_label="brands.action", name="Mine", query="missing=code")
    Assessment.objects.filter(brand=brand).update(owner=owner)


LISTS = [Brand, Source, BrandProfile, Promise, Action, Judgement, OutcomeFigure, Sector, Event, Tag, ArchiveOrder]
LISTS += [Assessment, Publication, Snapshot, ScoringJob]


@pytest.mark.parametrize("policy", ["solo", "strict"])
def test_every_list_costs_as_many_queries_with_fifty_rows_as_with_two(policy: str, settings: Any) -> None:
    desk = signed_in(roles.EDITOR)
    for _ in range(2):
        a_row_of_everything()
    settings.PUBLICATION_POLICY = policy
    for model in LISTS:
        desk.get(list_page(model))  # what a process remembers from then on
    with_two = {model.__name__: queries(desk, list_page(model)) for model in LISTS}
    settings.PUBLICATION_POLICY = "solo"  # under which they are published
    for _ in range(48):
        a_row_of_everything()
    settings.PUBLICATION_POLICY = policy
    assert {model.__name__: queries(desk, list_page(model)) for model in LISTS} == with_two
    assert max(with_two.values()) <= 20


def test_an_action_with_ten_proofs_asks_for_its_promises_once() -> None:
    brand, desk = make.a_brand(), signed_in()
    few, many = make.an_action(brand), make.an_action(brand)
    promise = make.a_promise(brand, stakeholders=("customers", "employees", "partners", "community"))
    make.a_proof(few, promise)
    for group in ("customers", "employees", "partners", "community", "environment"):
        for direction in ("helps", "harms"):
            make.a_proof(many, promise, stakeholder=group, direction=direction, depth="1")
    desk.get(change_page(few))  # what a process remembers from then on
    assert queries(desk, change_page(many)) == queries(desk, change_page(few))


def titles(desk: Client, model: Any, query: str) -> set[str]:
    return {str(record) for record in desk.get(f"{list_page(model)}?{query}").context["cl"].result_list}


MISSING: list[tuple[str, str, Callable[[Brand], Any]]] = [
    ("action", "source", lambda brand: make.an_action(brand, statement_en="Poor.", sources=0)),
    ("action", "code", lambda brand: make.an_action(brand, statement_en="Poor.", reach="")),
    ("action", "date", lambda brand: make.an_action(brand, statement_en="Poor.", started="")),
    ("action", "text", lambda brand: make.an_action(brand, statement_en="Poor.", statement_fr="")),
    ("promise", "source", lambda brand: make.a_promise(brand, statement_en="Poor.", sourced=False)),
    ("promise", "code", lambda brand: make.a_promise(brand, statement_en="Poor.", statement_level="")),
    ("promise", "date", lambda brand: make.a_promise(brand, statement_en="Poor.", since="")),
]


@pytest.mark.parametrize(("kind", "what", "poor"), MISSING)
def test_a_list_names_what_is_missing_and_filters_by_it(kind: str, what: str, poor: Callable[[Brand], Any]) -> None:
    brand, desk = make.a_brand(), signed_in()
    make.an_action(brand, statement_en="Rich.")
    make.a_promise(brand, statement_en="Rich.")
    poor(brand)
    model: Any = {"action": Action, "promise": Promise}[kind]
    assert titles(desk, model, f"missing={what}") == {"Poor."}
    assert titles(desk, model, "") == {"Poor.", "Rich."}


def test_an_action_without_a_proof_is_to_be_done() -> None:
    brand, desk = make.a_brand(), signed_in()
    make.a_proof(make.an_action(brand, statement_en="Read."))
    make.an_action(brand, statement_en="Unread.")
    assert titles(desk, Action, "missing=proof&use=current") == {"Unread."}


def test_a_search_finds_a_brand_without_its_accents() -> None:
    make.a_brand("Société Générale", slug="societe-generale")
    make.a_brand("Axa")
    assert titles(signed_in(), Brand, "q=societe+generale") == {"Société Générale"}


def test_the_chooser_of_a_relation_searches_as_one_types() -> None:
    make.a_brand("Société Générale", slug="societe-generale")
    found = signed_in().get("/admin/autocomplete/?app_label=brands&model_name=promise&field_name=brand&term=soci")
    assert [entry["text"] for entry in found.json()["results"]] == ["Société Générale"]


def test_a_brand_counts_what_is_on_file_about_it_and_offers_to_add() -> None:
    brand, desk = make.a_kept_promise(), signed_in()
    page = desk.get(change_page(brand)).content.decode()
    for words in ("Promises (1)", "Brand profiles (0)", f"/admin/brands/promise/add/?brand={brand.pk}"):
        assert words in page


def test_the_links_of_a_brand_lead_to_its_own_facts() -> None:
    brand, desk = make.a_kept_promise(), signed_in()
    make.a_kept_promise()
    files = desk.get(change_page(brand)).context["files"]
    counted = [(file["count"], len(desk.get(file["list"]).context["cl"].result_list)) for file in files]
    assert counted == [(0, 0), (1, 1), (1, 1), (0, 0), (0, 0)]
    assert {desk.get(file["add"]).status_code for file in files} == {200}


def test_the_log_is_read_and_never_written() -> None:
    brand, desk = make.a_kept_promise(), signed_in(roles.ADMINISTRATOR)
    event = Event.objects.get()
    assert desk.get(change_page(event)).status_code == 200
    assert desk.get("/admin/brands/event/add/").status_code == 403
    for page in (change_page(event), change_page(event).replace("/change/", "/delete/")):
        assert desk.post(page, {"post": "yes"}).status_code == 403
    assert str(brand) in desk.get(list_page(Event)).content.decode()


def test_the_history_of_a_record_is_its_part_of_the_log() -> None:
    source, desk = make.a_source(), signed_in()
    edit(desk, change_page(source), title="Second title")
    edit(desk, change_page(make.a_source()), title="Not about it")
    history = desk.get(change_page(source).replace("/change/", "/history/"), follow=True)
    assert [line.event.changes["title"][1] for line in history.context["lines"]] == ["Second title"]
    event = Event.objects.get(subject=f"brands.source:{source.key}")
    alike = desk.get(change_page(event).replace("/change/", "/history/"), follow=True)
    assert [line.event for line in alike.context["lines"]] == [event]
    assert "Second title" in desk.get(change_page(event)).content.decode()


def test_a_crisis_is_entered_with_its_phases() -> None:
    response = edit(
        signed_in(roles.EDITOR),
        "/admin/brands/crisis/add/",
        slug="flood",
        name_en="Flood",
        name_fr="Inondation",
        starts_on="2021-07-14",
        **{
            "phases-0-name_en": "Rescue",
            "phases-0-name_fr": "Secours",
            "phases-0-starts_on": "2021-07-14",
            "phases-0-ends_on": "2021-07-20",
        },
    )
    assert response.status_code == 302
    assert Crisis.objects.get(slug="flood").phases.get().name_fr == "Secours"
    assert Event.objects.get().changes["phases.Rescue.ends_on"] == [None, "2021-07-20"]
