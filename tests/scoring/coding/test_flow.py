"""An item on its way: blind codings, agreement, comparison, adjudication, reopening, and what reaches the facts."""

from __future__ import annotations

from typing import Any

import pytest

from brands import editing
from brands.models import Action, AppendOnlyError, Event, Proof
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.coding import flow, rights
from scoring.coding.flow import Decision
from scoring.coding.rights import CodingRefused
from scoring.coding.rounds import close_round, items_of_cases, sample
from scoring.models import Assessment, CodingItem, CodingStep, ItemCoding, ItemState, Snapshot
from tests import factories as make
from tests.accounts.desk import somebody
from tests.scoring.coding import making
from tests.scoring.coding.making import WHY, both_in, codes_for, hands_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[User, User, User]:
    return making.three_people()


@pytest.fixture
def case(people: tuple[User, User, User]) -> Assessment:
    """A judged case in an open round of two analysts."""
    found = making.a_case()
    making.a_round(found, *people)
    return found


def coders(people: tuple[User, User, User]) -> tuple[User, User]:
    return people[0], people[1]


def action(case: Assessment) -> Action:
    return Action.objects.get(brand=case.brand)


# --- Agreed -----------------------------------------------------------------------------------------------------------


def test_two_equal_codings_are_settled_and_reach_the_facts_through_the_gate(
    case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    chosen = codes_for(case, substance="3", kind="service", categories="care|safety")
    revision = action(case).revision
    with django_capture_on_commit_callbacks(execute=True):
        item = both_in(case, coders(people), chosen, chosen)
    assert (item.state, item.settled_as, item.settled_by) == (ItemState.SETTLED, "agreed", people[1])
    changed = action(case)
    assert (changed.substance, changed.kind, changed.coding) == ("3", "service", "agreed")
    assert changed.categories == ("safety", "care")  # in the order of the code book
    assert Proof.objects.get(action=changed).coding == "agreed"
    assert changed.revision > revision
    line = Event.objects.get(kind="evidence.corrected", subject=f"brands.action:{changed.key}")
    assert line.changes["substance"] == ["2", "3"]
    assert (line.actor, line.reason) == (people[1], "Two people coded it, each alone, and agreed.")
    case.brand.refresh_from_db()
    assert case.brand.facts_revision > 1


def test_a_verdict_moves_with_what_was_settled(case: Assessment, people: Any) -> None:
    assert Snapshot.objects.latest_of(case).outcome == "aligned"  # type: ignore[union-attr]
    chosen = codes_for(case, substance="1")
    both_in(case, coders(people), chosen, chosen)
    assert make.judged(case.brand).outcome == "insufficient_evidence"


def test_what_both_left_out_stays_as_it_is_on_file(case: Assessment, people: Any) -> None:
    both_in(case, coders(people), codes_for(case, kind="goods"), codes_for(case))
    assert action(case).kind == "money"  # only one of them had an opinion


def test_unknown_goes_to_the_facts_where_they_can_hold_it(case: Assessment, people: Any) -> None:
    chosen = codes_for(case, substance="u", kind="u")
    item = both_in(case, coders(people), chosen, chosen)
    assert item.state == ItemState.SETTLED
    assert (action(case).substance, action(case).kind, action(case).coding) == ("u", "", "agreed")


CANNOT_TELL = ("appraisal", "source.kind", "source.group", "proof.customers.helps.yardstick")


@pytest.mark.parametrize("code", CANNOT_TELL)
def test_what_neither_can_tell_is_not_agreed_and_what_stays_on_file_counts_as_one_persons(
    case: Assessment, people: Any, code: str
) -> None:
    name = code.replace("source", f"source.{action(case).source_links.get().source.key}")
    chosen = codes_for(case, **{name: "u"})
    item = both_in(case, coders(people), chosen, chosen)
    assert item.state == ItemState.ADJUDICATION
    flow.adjudicate(item, by=people[2], decisions={name: Decision("u", "Nobody can tell from this text.")})
    act, proof = action(case), Proof.objects.get(action__brand=case.brand)
    on_file = act.appraisal, act.source_links.get().kind, proof.promise is not None
    assert on_file == (False, "independent", True)
    assert [act.coding, proof.coding] == (["adjudicated", "single"] if "proof" in code else ["single", "agreed"])


def test_an_adjudicator_can_tell_what_neither_coder_could(case: Assessment, people: Any) -> None:
    chosen = codes_for(case, appraisal="u")
    item = both_in(case, coders(people), chosen, chosen)
    flow.adjudicate(item, by=people[2], decisions={"appraisal": Decision("yes", "It describes no act.")})
    assert (action(case).appraisal, action(case).coding) == (True, "adjudicated")


def test_an_independence_group_is_the_same_however_it_is_spelt(case: Assessment, people: Any) -> None:
    link = action(case).source_links.get()
    name = f"source.{link.source.key}.group"
    item = both_in(
        case, coders(people), codes_for(case, **{name: "Le  Monde Été"}), codes_for(case, **{name: "le-monde-ete"})
    )
    assert (item.state, item.settled_as) == (ItemState.SETTLED, "agreed")
    link.refresh_from_db()
    assert link.independence_group == "le-monde-ete"


def test_a_group_that_neither_saw_loses_its_proof_with_a_line_in_the_log(case: Assessment, people: Any) -> None:
    chosen = codes_for(
        case,
        proof__customers__helps=None,
        proof__community__helps="yes",
        proof__community__helps__yardstick="duty",
        proof__community__helps__depth="1",
    )
    both_in(case, coders(people), chosen, chosen)
    proof = Proof.objects.get(action=action(case))
    assert (proof.stakeholder, proof.promise, proof.depth, proof.rationale_en) == ("community", None, "1", WHY)
    gone = Event.objects.get(kind="evidence.withdrawn")
    assert gone.subject == f"brands.proof:{action(case).key}:customers:helps"


# --- Handing in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rationale", "missing"),
    [
        ({"substance": None}, WHY, "substance"),
        ({"appraisal": None}, WHY, "appraisal"),
        ({"proof__customers__helps__depth": None}, WHY, "proof.customers.helps.depth"),
        ({"substance": "7"}, WHY, "substance"),
        ({}, "Too short.", "rationale"),
    ],
)
def test_what_is_missing_keeps_a_coding_from_being_handed_in(
    case: Assessment, people: Any, changes: dict[str, Any], rationale: str, missing: str
) -> None:
    item = making.item_of(case)
    with pytest.raises(flow.Incomplete) as refused:
        hands_in(people[0], item, codes_for(case, **changes), rationale)
    assert list(refused.value.problems) == [missing]
    hands_in(people[0], item, codes_for(case))


def test_a_source_that_was_not_judged_keeps_it_too(case: Assessment, people: Any) -> None:
    chosen = {name: value for name, value in codes_for(case).items() if not name.endswith(".kind")}
    with pytest.raises(flow.Incomplete):
        hands_in(people[0], making.item_of(case), chosen)


def test_a_draft_is_kept_however_little_it_holds_and_nobody_else_can_save_it(case: Assessment, people: Any) -> None:
    coding = making.coding_of(making.item_of(case), people[0])
    flow.save_draft(coding, by=people[0], codes={"substance": "2"}, rationale="", revision=0)
    coding.refresh_from_db()
    assert (coding.codes, coding.submitted_at, coding.revision) == ({"substance": "2"}, None, 1)
    with pytest.raises(CodingRefused, match="somebody else’s"):
        flow.save_draft(coding, by=people[1], codes={}, rationale="", revision=1)


def test_a_second_window_is_told_and_overwrites_nothing(case: Assessment, people: Any) -> None:
    coding = making.coding_of(making.item_of(case), people[0])
    flow.save_draft(coding, by=people[0], codes={"substance": "2"}, rationale="", revision=0)
    with pytest.raises(flow.StaleCoding, match="another window") as stale:
        flow.save_draft(coding, by=people[0], codes={"substance": "1"}, rationale="", revision=0)
    assert stale.value.stored.codes == {"substance": "2"}


def test_nobody_codes_a_text_that_changed_under_their_eyes(case: Assessment, people: Any) -> None:
    coding = making.coding_of(making.item_of(case), people[0])
    coding.item = making.item_of(case)
    with pytest.raises(flow.StaleCoding, match="was edited while"):
        flow.hand_in(coding, by=people[0], codes=codes_for(case), rationale=WHY, revision=0, text="other")


def test_what_is_handed_in_cannot_be_changed(case: Assessment, people: Any) -> None:
    item = making.item_of(case)
    hands_in(people[0], item, codes_for(case))
    with pytest.raises(CodingRefused, match="handed in this item"):
        hands_in(people[0], item, codes_for(case, substance="1"))


# --- One step apart ---------------------------------------------------------------------------------------------------


def revisions(item: CodingItem) -> tuple[int, int]:
    first, second = item.codings.order_by("seat__number").values_list("revision", flat=True)
    return first, second


def compares(user: User, item: CodingItem, **choices: str) -> CodingItem:
    coding = making.coding_of(item, user)
    coding.item = CodingItem.objects.with_subject().get(pk=item.pk)
    named = {name.replace("__", "."): value for name, value in choices.items()}
    return flow.compare(coding, by=user, choices=named, revisions=revisions(item))


@pytest.fixture
def one_step(case: Assessment, people: Any) -> CodingItem:
    item = both_in(case, coders(people), codes_for(case), codes_for(case, substance="1"))
    assert item.state == ItemState.CONVERGING
    return item


def test_one_step_apart_a_coder_takes_the_others_code_and_the_change_is_logged(
    one_step: CodingItem, case: Assessment, people: Any
) -> None:
    assert compares(people[1], one_step, substance="2").state == ItemState.SETTLED
    step = CodingStep.objects.get(item=one_step, kind="compared")
    assert (step.actor, step.changes) == (people[1], {"substance": ["1", "2"]})
    assert action(case).coding == "agreed"
    # agreement is measured on what was chosen blind
    assert making.coding_of(one_step, people[1]).blind_codes["substance"] == "1"  # type: ignore[index]


def test_two_who_keep_their_codes_go_to_adjudication(one_step: CodingItem, people: Any) -> None:
    assert compares(people[0], one_step, substance="2").state == ItemState.CONVERGING
    assert compares(people[1], one_step, substance="1").state == ItemState.ADJUDICATION


def test_a_coder_who_compares_on_an_old_screen_is_told(one_step: CodingItem, people: Any) -> None:
    coding = making.coding_of(one_step, people[0])
    coding.item = one_step
    with pytest.raises(flow.StaleCoding, match="look again"):
        flow.compare(coding, by=people[0], choices={"substance": "1"}, revisions=(0, 0))


def test_only_the_two_values_in_dispute_can_be_chosen(one_step: CodingItem, people: Any) -> None:
    compares(people[0], one_step, substance="3", initiative="3")
    assert making.coding_of(one_step, people[0]).codes["substance"] == "2"
    assert making.coding_of(one_step, people[0]).codes["initiative"] == "2"


# --- Far apart --------------------------------------------------------------------------------------------------------


FAR: dict[str, dict[str, str | None]] = {
    "two levels": {"substance": "0"},
    "unknown against a level": {"substance": "u"},
    "another yardstick": {"proof__customers__helps__yardstick": "duty"},
    "one group more": {
        "proof__community__helps": "yes",
        "proof__community__helps__yardstick": "duty",
        "proof__community__helps__depth": "0",
    },
    "opposite directions": {
        "proof__customers__helps": None,
        "proof__customers__harms": "yes",
        "proof__customers__harms__yardstick": "duty",
        "proof__customers__harms__depth": "1",
        "proof__customers__harms__remedy": "0",
    },
    "appraisal or not": {"appraisal": "yes"},
}


@pytest.mark.parametrize("changes", FAR.values(), ids=FAR)
def test_far_apart_goes_to_adjudication(case: Assessment, people: Any, changes: dict[str, Any]) -> None:
    item = both_in(case, coders(people), codes_for(case), codes_for(case, **changes))
    assert item.state == ItemState.ADJUDICATION


@pytest.mark.parametrize("changes", [{"kind": "goods"}, {"family": "F01"}, {"categories": "care"}], ids=str)
def test_another_name_where_no_verdict_depends_on_it_can_be_talked_over(
    case: Assessment, people: Any, changes: dict[str, str]
) -> None:
    described = {"kind": "money", "family": "F09", "categories": "financial_relief"}
    item = both_in(case, coders(people), codes_for(case, **described), codes_for(case, **{**described, **changes}))
    assert item.state == ItemState.CONVERGING


@pytest.fixture
def dispute(case: Assessment, people: Any) -> CodingItem:
    return both_in(case, coders(people), codes_for(case), codes_for(case, substance="0", generosity="2"))


DECISIONS = {
    "substance": Decision("1", "A symbolic gift beside the need."),
    "generosity": Decision("2", "Nothing was recouped."),
}


def test_an_adjudicator_decides_code_by_code_and_the_reasons_are_kept(
    dispute: CodingItem, case: Assessment, people: Any
) -> None:
    settled = flow.adjudicate(dispute, by=people[2], decisions=DECISIONS)
    assert (settled.state, settled.settled_as, settled.settled_by) == (ItemState.SETTLED, "adjudicated", people[2])
    assert (action(case).substance, action(case).generosity, action(case).coding) == ("1", "2", "adjudicated")
    assert {one.code: one.reason for one in settled.decisions.all()} == {
        name: one.reason for name, one in DECISIONS.items()
    }
    line = Event.objects.get(kind="evidence.corrected", subject=f"brands.action:{action(case).key}")
    assert "A symbolic gift" in line.reason
    assert "Nothing was recouped" in line.reason
    assert Proof.objects.get(action=action(case)).coding == "agreed"  # on the proof they did not differ


def test_on_a_group_that_one_coder_saw_the_adjudicator_decides_each_code(case: Assessment, people: Any) -> None:
    item = both_in(case, coders(people), codes_for(case), codes_for(case, **FAR["one group more"]))
    stem, reason = "proof.community.helps", "Residents were served as well."
    decisions = {stem: Decision("yes", reason)}
    with pytest.raises(flow.Incomplete) as refused:
        flow.adjudicate(item, by=people[2], decisions=decisions)
    assert list(refused.value.problems) == [f"{stem}.yardstick", f"{stem}.depth"]
    decisions |= {f"{stem}.yardstick": Decision("duty", ""), f"{stem}.depth": Decision("1", "Nobody expected it.")}
    flow.adjudicate(item, by=people[2], decisions=decisions)
    proof = Proof.objects.get(action=action(case), stakeholder="community")
    assert (proof.depth, proof.promise, proof.coding) == ("1", None, "adjudicated")
    assert proof.settlement == f"{reason}\nNobody expected it."
    assert dict(item.decisions.values_list("code", "value")) == {name: one.value for name, one in decisions.items()}


def test_nothing_more_is_asked_where_the_act_is_decided_not_to_bear_on_the_group(case: Assessment, people: Any) -> None:
    item = both_in(case, coders(people), codes_for(case), codes_for(case, **FAR["one group more"]))
    flow.adjudicate(item, by=people[2], decisions={"proof.community.helps": Decision("no", "They are customers.")})
    assert not Proof.objects.filter(action=action(case), stakeholder="community").exists()


@pytest.mark.parametrize(
    ("decisions", "field"),
    [
        ({}, "substance"),
        ({**DECISIONS, "substance": Decision("1", " ")}, "substance-reason"),
        ({**DECISIONS, "generosity": Decision("9", "No such level.")}, "generosity"),
    ],
)
def test_every_code_in_dispute_needs_a_decision_and_a_reason(
    dispute: CodingItem, people: Any, decisions: dict[str, Decision], field: str
) -> None:
    with pytest.raises(flow.Incomplete) as refused:
        flow.adjudicate(dispute, by=people[2], decisions=decisions)
    assert field in refused.value.problems
    assert CodingItem.objects.get(pk=dispute.pk).state == ItemState.ADJUDICATION


def test_the_second_adjudicator_is_told_who_was_quicker_and_changes_nothing(dispute: CodingItem, people: Any) -> None:
    flow.adjudicate(dispute, by=people[2], decisions=DECISIONS)
    other = somebody(roles.EDITOR)
    with pytest.raises(CodingRefused, match=f"{people[2]} has settled this item meanwhile"):
        flow.adjudicate(dispute, by=other, decisions={**DECISIONS, "substance": Decision("3", "I see it otherwise.")})
    assert dispute.decisions.count() == 2


def test_decisions_and_steps_are_written_once(dispute: CodingItem, people: Any) -> None:
    flow.adjudicate(dispute, by=people[2], decisions=DECISIONS)
    for record in (dispute.decisions.first(), dispute.steps.first()):
        with pytest.raises(AppendOnlyError):
            record.save()  # type: ignore[union-attr]
        with pytest.raises(AppendOnlyError):
            record.delete()  # type: ignore[union-attr]


# --- Edited afterwards ------------------------------------------------------------------------------------------------


@pytest.fixture
def settled(case: Assessment, people: Any) -> CodingItem:
    return both_in(case, coders(people), codes_for(case), codes_for(case))


def edit(record: Any, **changes: str) -> None:
    """As the admin does: save, then the gate."""
    for name, value in changes.items():
        setattr(record, name, value)
    record.save()
    editing.record_by_hand("evidence.corrected", record, actor=make.an_analyst(), changes={}, reason="")


@pytest.mark.parametrize("what", ["act", "source", "proof", "code"])
def test_an_edit_after_settlement_reopens_the_item_and_takes_back_the_double_coding(
    what: str, settled: CodingItem, case: Assessment, django_capture_on_commit_callbacks: Any
) -> None:
    assert action(case).coding == "agreed"
    with django_capture_on_commit_callbacks(execute=True):
        if what == "act":
            edit(action(case), statement_en="Paid some claims, late.")
        elif what == "source":
            edit(action(case).sources.get(), passage="The insurer paid within the week.")
        elif what == "code":
            edit(action(case), substance="1")
        else:
            Proof.objects.filter(action=action(case)).update(depth="1")
            edit(action(case))
    item = CodingItem.objects.get(pk=settled.pk)
    assert item.state == ItemState.CODING
    assert set(item.codings.values_list("submitted_at", flat=True)) == {None}
    assert action(case).coding == "single"
    assert set(action(case).proofs.values_list("coding", flat=True)) == {"single"}
    assert item.steps.last().kind == "reopened"  # type: ignore[union-attr]
    assert item.codings.first().codes  # type: ignore[union-attr]  # as a draft, to be read again


def test_a_new_round_with_other_codes_stands_and_the_earlier_one_is_let_be(
    settled: CodingItem, case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    close_round(settled.round, by=people[2], reason="Done with.")
    again = making.a_round(case, *people, name="Once more").items.get(action__isnull=False)
    with django_capture_on_commit_callbacks(execute=True):
        for coder, level in zip(coders(people), ("3", "0"), strict=True):
            hands_in(coder, again, codes_for(case, substance=level))
        flow.adjudicate(again, by=people[2], decisions={"substance": Decision("3", "Large for the brand.")})
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.SETTLED
    assert (action(case).substance, action(case).coding) == ("3", "adjudicated")
    assert set(action(case).proofs.values_list("coding", flat=True)) == {"agreed"}
    assert Event.objects.filter(reason__startswith="Edited after").count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        edit(action(case), substance="1")
    assert CodingItem.objects.get(pk=again.pk).state == ItemState.CODING
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.SETTLED
    assert action(case).coding == "single"


def test_a_change_that_touches_nothing_coded_reopens_nothing(
    settled: CodingItem, case: Assessment, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make.touched(case.brand)
        edit(action(case), rationale_en="Worded better.")
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.SETTLED
    assert action(case).coding == "agreed"


def test_what_was_chosen_blind_outlives_comparing_and_reopening(
    one_step: CodingItem, case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    compares(people[1], one_step, substance="2")
    with django_capture_on_commit_callbacks(execute=True):
        edit(action(case), statement_en="Paid some claims, late.")
    again = making.coding_of(one_step, people[1])
    hands_in(people[1], making.item_of(case), again.codes)
    again.refresh_from_db()
    assert again.codes["substance"] == "2"
    assert again.blind_codes["substance"] == "1"  # type: ignore[index]


def test_a_coding_given_back_before_the_other_one_came_is_blind_again(
    case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    hands_in(people[0], making.item_of(case), codes_for(case, substance="1"))
    with django_capture_on_commit_callbacks(execute=True):
        edit(action(case), statement_en="Paid all claims, at once.")
    both_in(case, coders(people), codes_for(case, substance="3"), codes_for(case, substance="3"))
    first = making.coding_of(making.item_of(case), people[0])
    assert first.blind_codes["substance"] == "3"  # type: ignore[index]


def test_an_edit_of_a_promise_reopens_the_promise(
    case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    item = making.item_of(case, "promise")
    for coder in coders(people):
        hands_in(coder, item, {"statement_level": "2"})
    assert CodingItem.objects.get(pk=item.pk).state == ItemState.SETTLED
    with django_capture_on_commit_callbacks(execute=True):
        edit(item.promise, quote="We always pay.")
    assert CodingItem.objects.get(pk=item.pk).state == ItemState.CODING


def test_an_edit_of_a_promise_reopens_the_acts_that_were_read_against_it(
    settled: CodingItem, case: Assessment, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        another = make.a_promise(case.brand)
        edit(another, quote="We never pay late.")
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.SETTLED  # no yardstick of this act
    promise = Proof.objects.get(action=action(case)).promise
    with django_capture_on_commit_callbacks(execute=True):
        edit(promise, quote="We sometimes pay.")
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.CODING
    assert action(case).coding == "single"


def test_a_coding_of_an_act_is_given_back_when_what_it_can_be_read_against_changes(
    case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    item = making.item_of(case)
    hands_in(people[0], item, codes_for(case))
    with django_capture_on_commit_callbacks(execute=True):
        edit(case.brand.promises.get(), quote="We sometimes pay.")
    assert making.coding_of(item, people[0]).submitted_at is None


def test_what_an_earlier_version_settled_is_not_called_edited(
    settled: CodingItem, case: Assessment, django_capture_on_commit_callbacks: Any
) -> None:
    from scoring.coding.digests import READ, digest

    CodingItem.objects.filter(pk=settled.pk).update(text_digest=digest(READ["action"](action(case))))
    with django_capture_on_commit_callbacks(execute=True):
        make.touched(case.brand)
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.SETTLED


def test_where_a_coder_has_left_the_item_lapses_and_is_free_for_a_new_round(
    settled: CodingItem, case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        edit(action(case), statement_en="Paid some claims, late.")
    assert CodingItem.objects.get(pk=settled.pk).state == ItemState.LAPSED
    assert action(case) in [item.action for item in items_of_cases([case])]


def test_a_withdrawn_record_is_nobodys_work_any_more(case: Assessment, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        editing.withdraw([action(case)], by=make.an_analyst(), reason="A duplicate.")
    assert making.item_of(case).state == ItemState.CLOSED


def test_a_new_text_before_anybody_handed_in_is_simply_the_text(
    case: Assessment, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        edit(action(case), statement_en="Paid some claims, late.")
    item = making.item_of(case)
    assert (item.state, item.steps.count()) == (ItemState.CODING, 0)
    hands_in(people[0], item, codes_for(case))


# --- Rounds and rights ------------------------------------------------------------------------------------------------


def test_each_coder_gets_the_items_in_an_order_of_their_own_that_stays(people: Any) -> None:
    from scoring.coding.rounds import in_order

    case = making.a_case()
    for number in range(12):
        make.an_action(case.brand, statement_en=f"Act {number}.")
    opened = making.a_round(case, *people)
    rows = [
        [one.item_id for one in in_order(ItemCoding.objects.filter(seat=seat), opened.seed)]
        for seat in opened.seats.all()
    ]
    assert sorted(rows[0]) == sorted(rows[1])
    assert rows[0] != rows[1]
    again = in_order(ItemCoding.objects.filter(seat=opened.seats.first()), opened.seed)  # type: ignore[misc]
    assert [one.item_id for one in again] == rows[0]


def test_a_record_is_in_one_open_round_at_a_time(case: Assessment, people: Any) -> None:
    assert items_of_cases([case]) == []
    with pytest.raises(CodingRefused, match="nothing to code"):
        making.a_round(case, *people)


def test_only_an_editor_opens_a_round_and_only_people_who_may_code_get_a_seat(people: Any) -> None:
    case = making.a_case()
    first, second, editor = people
    with pytest.raises(CodingRefused, match="Only an editor"):
        making.a_round(case, first, second, first)
    with pytest.raises(CodingRefused, match="Two different people"):
        making.a_round(case, first, first, editor)
    with pytest.raises(CodingRefused, match="may not code"):
        making.a_round(case, first, somebody(roles.ADMINISTRATOR), editor)


def test_whoever_has_a_tie_with_the_brand_is_barred(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case, (first, second, editor) = making.a_case("Fictia"), people
    tied = [(first.pk, case.brand.pk)]
    rule = lambda user, brand: "a declared tie" if (user.pk, brand.pk) in tied else None  # noqa: E731
    monkeypatch.setattr(rights, "barred_from_case", [rule])
    with pytest.raises(CodingRefused, match="cannot code Fictia: a declared tie"):
        making.a_round(case, first, second, editor)
    tied.clear()
    making.a_round(case, first, second, editor)


def test_nobody_adjudicates_a_case_that_they_coded(case: Assessment, people: Any) -> None:
    editor_who_codes = somebody(roles.EDITOR)
    other = making.a_case()
    making.a_round(other, editor_who_codes, people[0], people[2])
    item = both_in(other, (editor_who_codes, people[0]), codes_for(other), codes_for(other, substance="0"))
    assert not rights.can_adjudicate(editor_who_codes, item)
    assert not rights.can_adjudicate(people[1], item)  # an analyst
    assert rights.can_adjudicate(people[2], item)


def test_nobody_codes_a_case_that_they_adjudicated(dispute: CodingItem, case: Assessment, people: Any) -> None:
    flow.adjudicate(dispute, by=people[2], decisions=DECISIONS)
    close_round(dispute.round, by=people[2], reason="Done with.")
    other = somebody(roles.EDITOR)
    with pytest.raises(CodingRefused, match=f"{people[2]} has adjudicated on"):
        making.a_round(case, people[2], people[0], other)
    making.a_round(case, other, people[0], people[2])


def test_a_seat_that_was_given_up_unused_bars_nobody_from_adjudicating(people: Any) -> None:
    case, editor = making.a_case(), somebody(roles.EDITOR)
    unused = making.a_round(case, editor, people[0], people[2])
    assert rights.has_coded(editor, case.pk)
    hands_in(people[0], making.item_of(case), codes_for(case))
    close_round(unused, by=people[2], reason="The coder fell ill.")
    assert not rights.has_coded(editor, case.pk)
    assert rights.has_coded(people[0], case.pk)


def test_a_coder_is_blind_to_the_brand_until_the_items_are_settled(case: Assessment, people: Any) -> None:
    first, second, editor = people
    assert not rights.can_see_codes(first, case)
    assert rights.can_see_codes(editor, case)
    for kind, codes in (("action", codes_for(case)), ("promise", {"statement_level": "2"})):
        item = making.item_of(case, kind)
        hands_in(first, item, codes)
        hands_in(second, item, codes)
    assert rights.can_see_codes(first, case)


def test_closing_a_round_gives_up_what_is_open(case: Assessment, people: Any) -> None:
    opened = making.item_of(case).round
    assert close_round(opened, by=people[2], reason="The coders are needed elsewhere.") == 2
    assert making.item_of(case).state == ItemState.CLOSED
    assert len(items_of_cases([case])) == 2
    with pytest.raises(CodingRefused, match="closed already"):
        close_round(opened, by=people[2], reason="Again.")


def test_the_sample_is_what_the_method_asks_for() -> None:
    brand = make.a_kept_promise("Published")
    deciding = Action.objects.get(brand=brand)
    make.published(brand)
    crowd = make.a_brand("Crowd")
    for _ in range(40):
        make.an_action(crowd)
    drawn = sample(deciding.crisis, 1)
    assert (drawn.total, drawn.double_coded, drawn.wanted) == (41, 0, 30)
    assert drawn.deciding == {deciding.pk}
    assert len(drawn.actions) == 30
    assert sample(deciding.crisis, 1) == drawn
    Action.objects.filter(brand=crowd).update(coding="agreed")
    assert sample(deciding.crisis, 1).actions == {deciding.pk}
