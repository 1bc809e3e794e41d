"""The history of a record: who, when, from what to what, and why, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brands.changes import record_change, record_decision
from brands.erasing import erase_person
from brands.models import Brand, Event, Promise, VerificationRun
from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.desk.trail.marking import marked
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, signed_in, somebody
from tests.brands.trail_makers import alter

pytestmark = pytest.mark.django_db


def ines() -> User:
    return somebody(roles.EDITOR, first_name="Inès", last_name="Roux")


def a_changed_promise(user: User, brand: Brand | None = None) -> Promise:
    promise = make.a_promise(brand or make.a_brand("Fictia"), statement_en="Puts its customers first, always.")
    edit(
        desk_of(user),
        change_page(promise),
        statement_en="Puts its clients first, always.",
        statement_level="3",
        stakeholders=["customers", "employees"],
        why="A slip of the pen.",
    )
    return promise


def history_of(promise: Promise, language: str = "en") -> str:
    return f"/{language}/desk/trail/brands.promise:{promise.key}/"


def read(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


# --- In words ---------------------------------------------------------------------------------------------------------


def test_a_line_tells_who_when_what_and_why_in_words() -> None:
    page = read(signed_in(), history_of(a_changed_promise(ines())))
    for words in (
        "Evidence corrected",
        "<strong>Inès Roux</strong>",
        "A slip of the pen.",
        "ST – statement level",
        "2 – reported: an independent source quotes or paraphrases the commitment",
        "3 – on file: the brand’s own words, dated",
        "Puts its <del>customers</del> first, always.",
        "Puts its <ins>clients</ins> first, always.",
    ):
        assert words in page


def test_the_same_line_in_french() -> None:
    page = read(signed_in(language="fr"), history_of(a_changed_promise(ines()), "fr"))
    for words in ("Preuve corrigée", "Avant", "Après", "clients, collaborateurs", "Pourquoi", "Ligne "):
        assert words in page
    assert "customers, employees" not in page


def test_records_people_and_days_go_by_their_names() -> None:
    brand, owner, crisis = make.a_brand("Fictia"), ines(), make.a_crisis()
    case = make.judged(make.a_breach("Nova")).assessment
    record_decision(
        "case.assigned",
        subject=case,
        brand=case.brand,
        actor=somebody(roles.EDITOR, first_name="Marc"),
        changes={"owner": [None, owner], "due_on": [None, crisis.starts_on]},
        reason="She knows the sector.",
    )
    page = read(signed_in(), "/en/desk/trail/?brand=nova")
    assert "Inès Roux" in page
    assert "1 March 2020" in page
    assert f"Everything about {brand}" not in page


def test_a_proof_is_told_on_the_page_of_its_action_by_group_and_direction() -> None:
    brand = make.a_brand()
    action = make.an_action(brand)
    proof = make.a_proof(action, None)
    record_change(
        "evidence.added", brand=brand, subject=proof, changes={"depth": [None, "1"], "direction": [None, "helps"]}
    )
    desk = signed_in()
    page = read(desk, f"/en/desk/trail/brands.action:{action.key}/")
    assert "Proof (customers, helps)" in page
    assert "Proof (customers, helps)" in read(desk, f"/en/desk/trail/brands.proof:{proof.key}/")
    edit(desk, change_page(action), **{"proofs-0-depth": "2"})
    assert "Proof (customers, helps) – depth" in read(desk, f"/en/desk/trail/brands.action:{action.key}/")


def test_what_a_file_loaded_says_so() -> None:
    promise = make.a_promise(make.a_brand())
    changes = {"quote": [None, "We care."]}
    record_change(
        "evidence.added", brand=promise.brand, subject=promise, changes=changes, reason="catalogue: promises.csv"
    )
    page = read(signed_in(), history_of(promise))
    assert "Loaded from the file promises.csv." in page
    assert "written by the installation itself" in page


def test_text_that_somebody_typed_is_never_markup() -> None:
    promise = make.a_promise(make.a_brand())
    evil = "<script>alert(1)</script> {{ 7|add:7 }}"
    record_change(
        "evidence.corrected", brand=promise.brand, subject=promise, changes={"quote": ["a", evil]}, reason=evil
    )
    page = read(signed_in(), history_of(promise))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_erased_person_has_no_name_any_more(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    user = ines()
    promise = a_changed_promise(user)
    desk = signed_in()
    assert "Inès Roux" in read(desk, history_of(promise))
    erase_person(user)
    page = read(desk, history_of(promise))
    assert "erased person" in page
    assert "Inès" not in page


def test_a_kind_or_field_that_has_no_words_yet_is_shown_as_it_is() -> None:
    brand = make.a_brand("Fictia")
    record_decision("coding.settled", subject="scoring.nothing:4", brand=brand, changes={"final_code": ["1", "2"]})
    page = read(signed_in(), "/en/desk/trail/?brand=fictia")
    assert "coding.settled" in page
    assert "Final code" in page


# --- The chain --------------------------------------------------------------------------------------------------------


def test_the_page_says_how_far_the_chain_was_checked() -> None:
    promise, desk = a_changed_promise(ines()), signed_in()
    assert "has not been checked as a whole yet" in read(desk, history_of(promise))
    VerificationRun.objects.create(what="trail", up_to=7)
    assert "The chain is intact up to line 7" in read(desk, history_of(promise))
    VerificationRun.objects.create(what="trail", findings=2)
    page = read(desk, history_of(promise))
    assert "found 2 places that are not as they were left" in page
    assert "intact up to" not in page


def test_a_line_that_was_altered_is_marked_on_the_spot() -> None:
    promise, desk = a_changed_promise(ines()), signed_in()
    VerificationRun.objects.create(what="trail", up_to=7)
    line = Event.objects.get(subject=f"brands.promise:{promise.key}")
    assert "does not match" not in read(desk, history_of(promise))
    alter(line, reason="Never happened.")
    page = read(desk, history_of(promise))
    assert f"Line {line.sequence} does not match its digest, or the line before it." in page
    assert "intact" not in page


# --- Which lines ------------------------------------------------------------------------------------------------------


def shown(desk: Client, query: str) -> list[int]:
    answer = desk.get(f"/en/desk/trail/{query}")
    assert answer.status_code == 200
    return [line.event.sequence for line in answer.context["lines"]]


def test_lines_are_asked_for_by_person_kind_and_day() -> None:
    user, brand, desk = ines(), make.a_brand("Fictia"), signed_in()
    by_hand = record_decision("scorecard.published", subject="scoring.publication:1", brand=brand, actor=user)
    by_file = record_decision("evidence.added", subject="brands.source:x", brand=brand)
    assert shown(desk, "?brand=fictia") == [by_file.sequence, by_hand.sequence]
    assert shown(desk, f"?brand=fictia&person={by_hand.actor_code}") == [by_hand.sequence]
    assert shown(desk, "?brand=fictia&person=automatic") == [by_file.sequence]
    assert shown(desk, "?brand=fictia&kind=evidence.added") == [by_file.sequence]
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    assert len(shown(desk, f"?brand=fictia&since={today}&until={today}")) == 2
    assert shown(desk, f"?brand=fictia&since={tomorrow}") == []


@pytest.mark.parametrize(
    "query", ["?since=yesterday", "?person=nobody", "?kind=nothing", "?since=2026-02-01&until=2026-01-01"]
)
def test_a_filter_that_makes_no_sense_is_told_beside_its_field(query: str) -> None:
    record_decision("evidence.added", subject="brands.source:x")
    answer = signed_in().get(f"/en/desk/trail/{query}")
    assert 'class="error"' in answer.content.decode()
    assert len(answer.context["lines"]) == 1


def test_a_brand_is_told_apart_from_others_and_a_case_from_other_crises() -> None:
    brand, other, desk = make.a_brand("Fictia"), make.a_brand("Nova"), signed_in()
    flood = make.a_crisis("flood")
    here, there = make.an_action(brand, make.a_crisis("covid-19")), make.an_action(brand, flood)
    promise = make.a_promise(brand)
    for record in (here, there, promise, make.a_proof(there, promise), make.an_action(other)):
        record_change("evidence.added", brand=getattr(record, "brand", brand), subject=record)
    assert shown(desk, "?brand=fictia") == [4, 3, 2, 1]
    assert shown(desk, "?brand=fictia&crisis=covid-19") == [3, 1]
    assert shown(desk, "?brand=fictia&crisis=flood") == [4, 3, 2]
    assert len(shown(desk, "")) == 5


@pytest.mark.parametrize(
    "address", ["?brand=nobody", "?brand=fictia&crisis=nothing", "brands.promise:nothing/", "nonsense/"]
)
def test_what_is_not_on_file_has_no_history(address: str) -> None:
    make.a_brand("Fictia")
    assert signed_in().get(f"/en/desk/trail/{address}").status_code == 404


def test_a_record_that_is_gone_keeps_its_history() -> None:
    record_decision("evidence.withdrawn", subject="brands.promise:gone", changes={"quote": ["We care.", None]})
    page = read(signed_in(), "/en/desk/trail/brands.promise:gone/")
    assert "no longer on file" in page
    assert "We care." in page


def test_a_record_about_which_nothing_was_written_says_so() -> None:
    promise = make.a_promise(make.a_brand())
    assert "Nothing has been written down yet." in read(signed_in(), history_of(promise))


def test_long_histories_come_in_pages_that_keep_what_was_asked() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    for _ in range(51):
        record_decision("evidence.added", subject="brands.source:x", brand=brand)
    assert len(shown(desk, "?brand=fictia&kind=evidence.added")) == 50
    assert shown(desk, "?brand=fictia&kind=evidence.added&page=2") == [1]
    page = read(desk, "/en/desk/trail/?brand=fictia&kind=evidence.added")
    assert "?brand=fictia&amp;kind=evidence.added&amp;page=2" in page


# --- Who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [roles.ANALYST, roles.EDITOR, roles.ADMINISTRATOR])
def test_everybody_who_reads_drafts_reads_the_trail(role: str) -> None:
    assert signed_in(role).get("/en/desk/trail/").status_code == 200


def test_a_consultant_and_a_stranger_do_not() -> None:
    assert signed_in(roles.CONSULTANT).get("/en/desk/trail/").status_code == 403
    assert Client().get("/en/desk/trail/").status_code == 302


def test_lines_about_accounts_are_for_those_who_look_after_accounts() -> None:
    user = somebody(roles.ANALYST)
    record_decision("person.changed", subject=user, changes={"is_active": [True, False]})
    address = f"accounts.user:{user.pk}/"
    assert shown(signed_in(roles.ADMINISTRATOR), "") == [1]
    assert shown(signed_in(roles.ADMINISTRATOR), address) == [1]
    assert shown(signed_in(roles.EDITOR), "") == []
    assert signed_in(roles.EDITOR).get(f"/en/desk/trail/{address}").status_code == 404


def test_the_history_button_of_the_admin_leads_here() -> None:
    promise, desk = a_changed_promise(ines()), signed_in()
    answer = desk.get(change_page(promise).replace("/change/", "/history/"))
    assert answer["Location"] == history_of(promise)
    case = make.judged(make.a_breach("Nova")).assessment
    answer = desk.get(change_page(case).replace("/change/", "/history/"))
    assert answer["Location"] == "/en/desk/trail/?brand=nova"


# --- Costs and texts --------------------------------------------------------------------------------------------------


def test_a_page_costs_the_same_queries_for_two_lines_and_for_many(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    some_of_each(brand)
    desk.get("/en/desk/trail/?brand=fictia")
    with django_assert_max_num_queries(20) as asked:
        desk.get("/en/desk/trail/?brand=fictia")
    for _ in range(6):
        some_of_each(brand)
    with django_assert_num_queries(len(asked)):
        desk.get("/en/desk/trail/?brand=fictia")


def some_of_each(brand: Brand) -> None:
    user = somebody(roles.ANALYST)
    promise, source = make.a_promise(brand), make.a_source()
    action = make.an_action(brand)
    link = {"sources": [[], [source.key]]}
    record_change("evidence.added", brand=brand, subject=promise, actor=user, changes=link)
    record_change("evidence.added", brand=brand, subject=action, changes={"crisis": [None, "covid-19"]})
    record_change(
        "evidence.added", brand=brand, subject=make.a_proof(action, promise), changes={"promise": [None, promise.key]}
    )
    record_decision("case.assigned", subject="scoring.assessment:1", brand=brand, changes={"owner": [None, user]})


def test_only_what_differs_is_marked_and_long_stretches_are_shortened() -> None:
    same = "word " * 200
    before, after = marked(f"{same}old {same}", f"{same}new {same}")
    assert [one.text.strip() for one in before if one.changed] == ["old"]
    assert [one.text.strip() for one in after if one.changed] == ["new"]
    assert sum(len(one.text) for one in after) < 300
    assert "[…]" in after[0].text


def test_a_text_written_anew_is_marked_whole_without_comparing_every_word() -> None:
    before, after = marked(" ".join(map(str, range(900))), " ".join(map(str, range(1000, 1900))))
    assert [len(side) for side in (before, after)] == [1, 1]
    assert before[0].changed
    assert after[0].changed
