"""Change forms: the codebook beside the codes, what is computed and why, nothing asked twice, groups that swap."""

from __future__ import annotations

from typing import Any

import pytest

from brands.codebook import CODEBOOK, HELP
from brands.forms import groups_for
from brands.models import Action, Event, Promise, Proof
from cxalign.accounts import roles
from scoring.readings import read_action
from tests import factories as make
from tests.accounts.desk import change_page, edit, errors, form_on, list_page, save, signed_in

pytestmark = pytest.mark.django_db


# --- The codebook -----------------------------------------------------------------------------------------------------


def test_every_entry_of_the_codebook_belongs_to_a_field_that_exists() -> None:
    from django.apps import apps

    for key in {*CODEBOOK, *HELP}:
        model, field = key.split(".")
        assert apps.get_model("brands", model)._meta.get_field(field), key


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_levels_and_the_rules_stand_beside_the_codes(language: str) -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action)
    page = signed_in(language=language).get(change_page(action)).content.decode()
    words = {
        "en": ["3 – major: removes most of the need", "Codebook: Depth", "any customer, any request (Zappos)"],
        "fr": ["Grille de codage\u00a0: Profondeur", "tout client, toute demande (Zappos)", "à prix coûtant valent 1"],
    }
    for word in words[language]:
        assert word in page


# --- What is computed -------------------------------------------------------------------------------------------------

LINKS: list[tuple[list[tuple[str, str]], int, str]] = [
    ([], 0, "No source that can be traced."),
    ([("anonymous", "a")], 0, "No source that can be traced."),
    ([("interested", "a")], 1, "Only sources that gain"),
    ([("independent", "a")], 2, "a second one, of another group"),
    ([("independent", "a"), ("independent", "a")], 2, "a second one, of another group"),
    ([("independent", "a"), ("independent", "b")], 3, "2 independent sources."),
    ([("against_interest", "a")], 3, "admits what harms itself"),
    ([("primary", "a"), ("interested", "b")], 3, "A primary source was opened"),
]


@pytest.mark.parametrize(("links", "grade", "why"), LINKS)
def test_the_evidence_grade_is_the_engine_s_with_its_reason(links: Any, grade: int, why: str) -> None:
    action = make.an_action(make.a_brand(), sources=0)
    for kind, group in links:
        make.a_link(action, kind, independence_group=group)
    reading = read_action(action)
    assert reading.evidence == grade
    assert why in reading.why
    assert f"<strong>{grade}</strong>" in signed_in().get(change_page(action)).content.decode()


def test_a_documented_denial_lowers_the_grade_and_says_so() -> None:
    action = make.an_action(make.a_brand(), sources=3, disputed=True)
    assert read_action(action).evidence == 2
    assert "A denial is documented" in read_action(action).why


YARDSTICKS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "customers", "“Puts its customers first.”"),
    ({"since": "2021"}, "customers", "later than the act (2020-04-01)"),
    ({"statement_level": "0"}, "customers", "statement level is below 1"),
    ({"stakeholders": ("partners",)}, "customers", "does not address this group"),
    ({"withdrawn_at": "2026-01-01T00:00:00Z"}, "customers", "was withdrawn"),
]


@pytest.mark.parametrize(("promise", "group", "words"), YARDSTICKS)
def test_the_yardstick_is_the_one_that_the_engine_really_uses(promise: dict[str, Any], group: str, words: str) -> None:
    brand = make.a_brand()
    action = make.an_action(brand)
    proof = make.a_proof(action, make.a_promise(brand, **promise), stakeholder=group)
    other = make.a_proof(action, None, stakeholder="employees")
    reading = read_action(action)
    assert words in reading.yardsticks[proof.pk]
    assert reading.yardsticks[other.pk] == "duty of care"
    assert words in signed_in().get(change_page(action)).content.decode()


def test_a_row_says_where_its_case_stands() -> None:
    public, draft = make.a_kept_promise("Public"), make.a_kept_promise("Draft")
    make.published(public)
    make.judged(draft)
    rows = signed_in().get(list_page(Action)).context["cl"].result_list
    assert {(row.brand.name, row.case_state) for row in rows} == {("Public", "Published"), ("Draft", "Draft")}


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_a_part_of_the_form_that_hides_an_error_opens_itself_and_says_so() -> None:
    brand = make.a_brand()
    desk = signed_in()
    fine = desk.get(change_page(brand)).content.decode()
    assert "<details open>" not in fine
    refused = save(desk, change_page(brand), form_on(desk, change_page(brand)), lei="x" * 21)
    page = refused.content.decode()
    assert page.count("<details open>") == 1
    assert "1 field to correct" in page


# --- The next one -----------------------------------------------------------------------------------------------------


def test_the_next_act_begins_with_the_brand_the_crisis_and_the_source_of_this_one() -> None:
    action = make.an_action(make.a_brand(), sources=0)
    link = make.a_link(action, independence_group="daily")
    desk = signed_in()
    fields = {**form_on(desk, change_page(action)), "_addanother": "1"}
    answered = desk.post(change_page(action), fields)
    assert answered.status_code == 302
    opened = form_on(desk, answered["Location"])
    assert opened["brand"] == str(action.brand_id)
    assert opened["crisis"] == str(action.crisis_id)
    assert opened["source_links-0-source"] == str(link.source_id)
    assert opened["source_links-0-independence_group"] == "daily"
    added = save(desk, answered["Location"], opened, statement_en="Another.", **{"source_links-0-kind": "independent"})
    assert added.status_code == 302, errors(added)
    second = Action.objects.exclude(pk=action.pk).get()
    assert second.source_links.get().source == link.source


def test_a_source_that_is_taken_along_is_never_dropped_in_silence() -> None:
    action = make.an_action(make.a_brand())
    desk = signed_in()
    link = action.source_links.get()
    address = f"{list_page(Action)}add/?brand={action.brand_id}&sources={link.source_id}:daily"
    refused = save(desk, address, form_on(desk, address), statement_en="Another.")
    assert refused.status_code == 200  # its kind, relative to this claim, is still to be said
    assert Action.objects.count() == 1


def test_the_next_promise_begins_with_the_brand_and_the_source_of_this_one() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    answered = desk.post(change_page(promise), {**form_on(desk, change_page(promise)), "_addanother": "1"})
    opened = form_on(desk, answered["Location"])
    assert (opened["brand"], opened["sources"]) == (str(promise.brand_id), str(promise.sources.get().pk))


@pytest.mark.parametrize("sources", ["", "x", "0:a", "99999", "1:a,,:", "-1"])
def test_odd_sources_to_begin_with_are_left_out(sources: str) -> None:
    assert signed_in().get(f"{list_page(Action)}add/?sources={sources}").status_code == 200


# --- The brand of a new act -------------------------------------------------------------------------------------------


def test_the_promises_of_the_brand_are_offered_without_a_script_and_nothing_typed_is_lost() -> None:
    brand, desk = make.a_brand(), signed_in()
    promise = make.a_promise(brand, quote="We put customers first.")
    address = f"{list_page(Action)}add/"
    opened = form_on(desk, address)
    assert "We put customers first." not in desk.get(address).content.decode()
    typed = {
        "brand": brand.pk,
        "statement_en": "Refunded.",
        "proofs-0-rationale_en": "Because.",
        "_offer_promises": "1",
    }
    offered = desk.post(address, {**opened, **typed})
    page = offered.content.decode()
    for words in ("Nothing is saved yet", "We put customers first.", "Refunded.", "Because."):
        assert words in page
    assert not Action.objects.exists()
    assert f'value="{promise.pk}"' in page


def test_a_brand_s_promises_and_groups_are_told_to_who_may_read_them() -> None:
    brand, other = make.a_brand("Fictia"), make.a_brand()
    promise = make.a_promise(brand)
    make.a_promise(other)
    make.a_link(make.an_action(brand, sources=0), independence_group="daily")
    told = signed_in().get(f"{list_page(Action)}of-brand/?brand={brand.pk}").json()
    assert [entry["id"] for entry in told["promises"]] == [promise.pk]
    assert told["groups"] == ["fictia", "daily"]
    nobody = make.a_user(is_staff=True)
    from tests.accounts.desk import desk_of

    assert desk_of(nobody).get(f"{list_page(Action)}of-brand/?brand={brand.pk}").status_code == 403


def test_groups_on_file_are_suggested_for_any_brand() -> None:
    make.a_link(make.an_action(make.a_brand(), sources=0), independence_group="daily")
    assert groups_for("") == ["daily"]
    assert groups_for("abc") == ["daily"]


def test_a_second_proof_is_written_without_scripts_in_a_place_that_a_link_opens() -> None:
    action, desk = make.an_action(make.a_brand()), signed_in()
    make.a_proof(action, stakeholder="customers", rationale_en="first")
    plain = desk.get(change_page(action)).content.decode()
    assert 'name="proofs-1-stakeholder"' not in plain
    assert '<a href="?more=1#proofs-group">' in plain.partition("<noscript>")[2]
    address = f"{change_page(action)}?more=1"
    assert 'name="proofs-1-stakeholder"' in desk.get(address).content.decode()
    second = {"stakeholder": "employees", "direction": "helps", "yardstick": "duty", "depth": "1"}
    fields = {f"proofs-1-{name}": value for name, value in second.items()}
    response = edit(desk, address, **fields, **{"proofs-1-rationale_en": "second"})
    assert response.status_code == 302, errors(response)
    assert proofs(action) == {("customers", "helps", "first"), ("employees", "helps", "second")}


@pytest.mark.parametrize(("more", "places"), [("x", 0), ("-1", 0), ("99", 5)])
def test_only_a_few_empty_places_can_be_asked_for(more: str, places: int) -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action)
    page = signed_in().get(f"{change_page(action)}?more={more}").content.decode()
    assert f'name="proofs-TOTAL_FORMS" value="{places + 1}"' in page


# --- Proofs that change places ----------------------------------------------------------------------------------------


def proofs(action: Action) -> set[tuple[str, str, str]]:
    return set(Proof.objects.filter(action=action).values_list("stakeholder", "direction", "rationale_en"))


def test_two_proofs_swap_their_groups_in_one_save() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, stakeholder="customers", rationale_en="first")
    make.a_proof(action, stakeholder="employees", rationale_en="second")
    swapped = {"proofs-0-stakeholder": "employees", "proofs-1-stakeholder": "customers"}
    response = edit(signed_in(), change_page(action), **swapped)
    assert response.status_code == 302, errors(response)
    assert proofs(action) == {("employees", "helps", "first"), ("customers", "helps", "second")}
    changes = Event.objects.get(kind="evidence.corrected").changes
    assert changes["proofs.customers:helps.rationale_en"] == ["first", "second"]


def test_three_proofs_move_round_in_a_circle_and_one_takes_a_place_that_is_given_up() -> None:
    action = make.an_action(make.a_brand())
    for group in ("community", "customers", "employees", "partners"):
        make.a_proof(action, stakeholder=group, rationale_en=group)
    moves = {"0": "customers", "1": "employees", "2": "community"}
    fields = {f"proofs-{number}-stakeholder": group for number, group in moves.items()}
    response = edit(signed_in(), change_page(action), **fields, **{"proofs-3-DELETE": "on"})
    assert response.status_code == 302, errors(response)
    assert proofs(action) == {
        ("customers", "helps", "community"),
        ("employees", "helps", "customers"),
        ("community", "helps", "employees"),
    }


def test_a_proof_takes_the_place_of_one_that_is_removed_in_the_same_save() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, stakeholder="customers", rationale_en="first")
    make.a_proof(action, stakeholder="employees", rationale_en="second")
    fields = {"proofs-0-stakeholder": "employees", "proofs-1-DELETE": "on"}
    response = edit(signed_in(), change_page(action), **fields)
    assert response.status_code == 302, errors(response)
    assert proofs(action) == {("employees", "helps", "first")}


def test_two_proofs_in_one_place_are_refused() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, stakeholder="customers")
    make.a_proof(action, stakeholder="employees")
    refused = edit(signed_in(), change_page(action), **{"proofs-1-stakeholder": "customers"})
    assert refused.status_code == 200
    assert "Two proofs have the same group and direction" in refused.content.decode()
    assert Proof.objects.filter(stakeholder="employees").exists()


def test_where_every_place_is_taken_a_swap_is_refused_and_nothing_is_lost() -> None:
    action = make.an_action(make.a_brand())
    for group in ("customers", "employees", "partners", "community", "environment"):
        for direction in ("helps", "harms"):
            make.a_proof(action, stakeholder=group, direction=direction, depth="1")
    fields = form_on(signed_in(roles.EDITOR), change_page(action))
    first, second = fields["proofs-0-stakeholder"], fields["proofs-2-stakeholder"]
    assert fields["proofs-0-direction"] == fields["proofs-2-direction"]
    refused = edit(signed_in(), change_page(action), **{"proofs-0-stakeholder": second, "proofs-2-stakeholder": first})
    assert "change one after the other" in refused.content.decode()
    assert Proof.objects.filter(action=action).count() == 10


def test_another_brand_s_promise_is_still_refused() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action)
    foreign = make.a_promise(make.a_brand())
    refused = edit(signed_in(), change_page(action), **{"proofs-0-promise": foreign.pk})
    assert refused.status_code == 200
    assert Promise.objects.filter(proofs__action=action).count() == 0
