"""The truth table of the policies: what each refuses, warns about or passes, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.utils import timezone, translation

from brands.models import Brand
from cxalign.accounts.models import User
from scoring import policies, review
from scoring.coding import measuring
from scoring.models import Snapshot
from scoring.policies import GATES, Policy
from scoring.publishing import PublishingRefused, can_publish, check_can_publish, publish
from tests import factories as make
from tests.scoring.review import making

pytestmark = pytest.mark.django_db

SOLO, FOUR_EYES, STRICT = Policy
ALL = (SOLO, FOUR_EYES, STRICT)


@dataclass
class Stage:
    """A case that every policy passes, and the people around it."""

    brand: Brand
    editor: User
    coder: User
    snapshot: Snapshot

    def judge_again(self) -> None:
        self.snapshot = make.judged(make.touched(self.brand))


def a_clean_case(outcome: str = "aligned") -> Stage:
    """Doubly coded by somebody else, two sources, searched, no tie; each row of the table spoils one thing."""
    brand = make.a_breach() if outcome == "broken_promise" else make.a_kept_promise()
    action = brand.actions.get()
    if outcome != "broken_promise":
        make.a_link(action)
    coder, editor = make.an_analyst(), make.an_editor()
    making.coded_by(coder, action)
    making.doubly_coded(brand)
    for person in (coder, editor):
        making.no_tie(person, brand)
    stage = Stage(brand, editor, coder, make.judged(brand))
    making.harm_looked_for(stage.snapshot.assessment)
    assert stage.snapshot.outcome == outcome
    return stage


# --- What spoils it, and what mends it --------------------------------------------------------------------------------


def nothing(stage: Stage) -> None:
    pass


def promise_without_source(stage: Stage) -> None:
    stage.brand.promises.get().sources.clear()
    stage.judge_again()


def act_without_source(stage: Stage) -> None:
    stage.brand.actions.get().source_links.all().delete()
    stage.judge_again()


def editor_coded(stage: Stage) -> None:
    making.coded_by(stage.editor, stage.brand.actions.get())


def editor_coded_before_somebody_else(stage: Stage) -> None:
    editor_coded(stage)
    making.coded_by(stage.coder, stage.brand.actions.get())


def editor_changed_a_text(stage: Stage) -> None:
    making.coded_by(stage.editor, stage.brand.actions.get(), {"statement_en": ["Paid.", "Paid claims at once."]})


def editor_coded_another_act(stage: Stage) -> None:
    making.coded_by(stage.editor, make.an_action(stage.brand))


def editor_tied(stage: Stage) -> None:
    making.a_tie(stage.editor, stage.brand)


def editor_tied_long_ago(stage: Stage) -> None:
    making.a_tie(stage.editor, stage.brand, since=date(2015, 1, 1), until=date(2019, 12, 31))


def editor_tied_to_another_brand(stage: Stage) -> None:
    making.a_tie(stage.editor, make.a_brand())


def editor_silent(stage: Stage) -> None:
    review.take_back_tie(stage.editor.ties.get(), reason="Was not asked.")


def coder_tied(stage: Stage) -> None:
    making.a_tie(stage.coder, stage.brand)


def proof_coded_once(stage: Stage) -> None:
    stage.brand.actions.get().proofs.update(coding="single")
    stage.judge_again()


def act_coded_once(stage: Stage) -> None:
    stage.brand.actions.update(coding="single")
    stage.judge_again()


def kind_of_source_agreed_on_too_little(stage: Stage) -> None:
    figure = {"n": 40, "percent": 70.0, "alpha": 0.629, "low": 0.5, "high": 0.7}
    measuring.adopt(
        by=None, scope="A round", figures={"source_kind": figure, "su": {**figure, "alpha": 0.9}}, reason="Measured."
    )


def agreed_on_too_little_and_coded_once(stage: Stage) -> None:
    kind_of_source_agreed_on_too_little(stage)
    act_coded_once(stage)


def another_act_coded_once(stage: Stage) -> None:
    make.an_action(stage.brand)  # no proof, so it decides nothing
    stage.judge_again()


def harm_not_looked_for_at_partners(stage: Stage) -> None:
    searches = stage.snapshot.assessment.searches.filter(stakeholder="partners")
    review.take_back_search(searches.get(), by=stage.editor, reason="The wrong brand.")


def partners_do_not_apply(stage: Stage) -> None:
    harm_not_looked_for_at_partners(stage)
    make.a_profile(stage.brand, not_applicable=("partners",), not_applicable_reason="It has none.")
    stage.judge_again()


def only_help_looked_for(stage: Stage) -> None:
    harm_not_looked_for_at_partners(stage)
    making.a_search(stage.snapshot.assessment, "partners", "helps")


def weaker_evidence(stage: Stage) -> None:
    stage.brand.actions.get().source_links.first().delete()
    stage.judge_again()


def weaker_evidence_and_asked(stage: Stage) -> None:
    weaker_evidence(stage)
    making.a_notice(stage.snapshot)


def asked_and_still_waiting(stage: Stage) -> None:
    making.a_notice(stage.snapshot, days_left=3)


def one_source_only(stage: Stage) -> None:
    stage.brand.actions.get().source_links.first().delete()
    stage.judge_again()


def one_language_only(stage: Stage) -> None:
    stage.brand.actions.update(statement_fr="")
    stage.judge_again()


Spoil = Callable[[Stage], None]
TABLE: list[tuple[str, str, Spoil, Spoil, Policy | None]] = [
    ("no_sourced_promise", "aligned", promise_without_source, nothing, FOUR_EYES),
    ("no_sourced_action", "aligned", act_without_source, nothing, FOUR_EYES),
    ("own_coding", "aligned", editor_coded, nothing, FOUR_EYES),
    ("own_coding", "aligned", editor_coded, editor_coded_before_somebody_else, FOUR_EYES),
    ("own_coding", "aligned", editor_coded, editor_changed_a_text, FOUR_EYES),
    ("own_coding", "aligned", editor_coded, editor_coded_another_act, FOUR_EYES),
    ("own_tie", "aligned", editor_tied, nothing, FOUR_EYES),
    ("own_tie", "aligned", editor_tied, editor_tied_long_ago, FOUR_EYES),
    ("own_tie", "aligned", editor_tied, editor_tied_to_another_brand, FOUR_EYES),
    ("own_tie_undeclared", "aligned", editor_silent, nothing, STRICT),
    ("coded_once", "aligned", proof_coded_once, nothing, STRICT),
    ("coded_once", "aligned", act_coded_once, another_act_coded_once, STRICT),
    ("weakly_agreed", "aligned", agreed_on_too_little_and_coded_once, kind_of_source_agreed_on_too_little, None),
    ("weakly_agreed", "aligned", agreed_on_too_little_and_coded_once, act_coded_once, None),
    ("reply_not_offered", "broken_promise", weaker_evidence, nothing, STRICT),
    ("reply_not_offered", "broken_promise", weaker_evidence, weaker_evidence_and_asked, STRICT),
    ("reply_window_open", "broken_promise", asked_and_still_waiting, nothing, STRICT),
    ("harm_not_looked_for", "aligned", harm_not_looked_for_at_partners, nothing, STRICT),
    ("harm_not_looked_for", "aligned", only_help_looked_for, partners_do_not_apply, STRICT),
    ("coder_tied", "aligned", coder_tied, nothing, STRICT),
    ("single_source", "aligned", one_source_only, nothing, None),
    ("one_language", "aligned", one_language_only, nothing, None),
]


def found_by(stage: Stage) -> dict[str, policies.Finding]:
    return {found.gate.code: found for found in policies.ask(policies.situation_of(stage.snapshot, stage.editor))}


@pytest.mark.parametrize("policy", ALL)
@pytest.mark.parametrize(
    ("gate", "outcome", "spoil", "mend", "refuses_from"),
    TABLE,
    ids=[f"{row[0]}:{row[2].__name__}:{row[3].__name__}" for row in TABLE],
)
def test_each_gate_refuses_from_its_policy_on_warns_before_and_passes_when_met(
    gate: str, outcome: str, spoil: Spoil, mend: Spoil, refuses_from: Policy | None, policy: Policy, settings: Any
) -> None:
    settings.PUBLICATION_POLICY = policy
    good = a_clean_case(outcome)
    mend(good)
    assert found_by(good)[gate].state == "met"
    bad = a_clean_case(outcome)
    spoil(bad)
    refuses = refuses_from is not None and policy.rank >= refuses_from.rank
    assert found_by(bad)[gate].state == ("refuses" if refuses else "warns")


@pytest.mark.parametrize("policy", ALL)
@pytest.mark.parametrize("outcome", ["aligned", "broken_promise"])
def test_a_clean_case_passes_every_policy_without_a_word(policy: Policy, outcome: str, settings: Any) -> None:
    settings.PUBLICATION_POLICY = policy
    stage = a_clean_case(outcome)
    assert check_can_publish(stage.editor, stage.snapshot) == []
    publication = publish(stage.snapshot.assessment, by=stage.editor)
    assert (publication.policy, publication.warnings, publication.ties) == (policy, [], [])


@pytest.mark.parametrize("policy", ALL)
def test_an_analyst_publishes_under_no_policy(policy: Policy, settings: Any) -> None:
    settings.PUBLICATION_POLICY = policy
    stage = a_clean_case()
    assert can_publish(stage.editor, stage.snapshot)
    assert not can_publish(stage.coder, stage.snapshot)


def test_a_refusal_names_everything_that_is_missing_and_where_it_is_mended(settings: Any) -> None:
    settings.PUBLICATION_POLICY = STRICT
    stage = a_clean_case()
    harm_not_looked_for_at_partners(stage)
    editor_coded(stage)
    with pytest.raises(PublishingRefused) as refused:
        publish(stage.snapshot.assessment, by=stage.editor)
    places = {finding.gate.code: finding.address for finding in refused.value.findings}
    case = f"/en/desk/cases/{stage.brand.slug}/covid-19/"
    assert places == {
        "own_coding": f"/admin/brands/brand/{stage.brand.pk}/change/",
        "harm_not_looked_for": f"{case}searches/",
    }
    assert "partners" in str(refused.value)
    assert "Paid claims at once (customers)" in str(refused.value)
    assert not stage.snapshot.assessment.publications.exists()


def test_solo_publishes_with_the_same_findings_as_warnings(settings: Any) -> None:
    settings.PUBLICATION_POLICY = SOLO
    stage = a_clean_case()
    harm_not_looked_for_at_partners(stage)
    editor_coded(stage)
    assert publish(stage.snapshot.assessment, by=stage.editor).warnings == ["own_coding", "harm_not_looked_for"]


def test_that_no_promise_is_on_file_is_a_verdict_and_only_warns(settings: Any) -> None:
    settings.PUBLICATION_POLICY = FOUR_EYES
    brand = make.a_brand()
    make.a_proof(make.an_action(brand))
    stage = Stage(brand, make.an_editor(), make.an_analyst(), make.judged(make.touched(brand)))
    assert stage.snapshot.outcome == "no_promise"
    assert found_by(stage)["no_sourced_promise"].state == "warns"
    assert can_publish(stage.editor, stage.snapshot)


def test_a_reply_closes_the_window_before_its_last_day(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLICATION_POLICY = STRICT
    stage = a_clean_case("broken_promise")
    asked_and_still_waiting(stage)
    pk, today = stage.snapshot.assessment_id, timezone.localdate()
    assert found_by(stage)["reply_window_open"].state == "refuses"
    for on, state in ((today - timedelta(days=30), "refuses"), (today, "met")):
        reply = review.Request("reply", "reply:1", on)
        monkeypatch.setattr(review, "requests", [lambda ids, reply=reply: {pk: [reply]}])
        assert found_by(stage)["reply_window_open"].state == state


def test_records_of_coding_count_beside_the_log(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLICATION_POLICY = FOUR_EYES
    stage = a_clean_case()
    proof = stage.snapshot.review["deciding"][0]["proof"]
    assert can_publish(stage.editor, stage.snapshot)
    monkeypatch.setattr(review, "coders_of_proof", [lambda proofs: {proof: {stage.editor.pk}}])
    assert found_by(stage)["own_coding"].details == ["Paid claims at once (customers)"]
    assert not can_publish(stage.editor, stage.snapshot)


def test_a_snapshot_from_before_the_column_is_read_from_its_document(settings: Any) -> None:
    settings.PUBLICATION_POLICY = STRICT
    stage = a_clean_case()
    proof_coded_once(stage)
    new = [(found.gate.code, found.state) for found in policies.ask(policies.situation_of(stage.snapshot))]
    stage.snapshot.review = None
    assert [(found.gate.code, found.state) for found in policies.ask(policies.situation_of(stage.snapshot))] == new
    assert ("coded_once", "refuses") in new


def test_every_gate_has_words_in_both_languages_and_a_row_in_this_table() -> None:
    for gate in GATES:
        with translation.override("fr"):
            french = str(gate.missing), str(gate.met)
        with translation.override("en"):
            assert all(fr != en for fr, en in zip(french, (str(gate.missing), str(gate.met)), strict=True)), gate.code
    assert {row[0] for row in TABLE} == {gate.code for gate in GATES}
    assert {gate.code: gate.refuses_from for gate in GATES} == {row[0]: row[4] for row in TABLE}


@pytest.mark.parametrize(("policy", "complaints"), [("solo", 0), ("four_eyes", 0), ("strict", 0), ("anarchy", 1)])
def test_a_policy_that_does_not_exist_is_told_at_start(policy: str, complaints: int, settings: Any) -> None:
    settings.PUBLICATION_POLICY = policy
    assert len([found for found in run_checks() if found.id == "cxalign.E001"]) == complaints
