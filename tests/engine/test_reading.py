"""What counts: in time, once, and against the yardstick it may use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scoring.engine.dossier import DUTY, Dossier
from scoring.engine.evidence import claim_of
from scoring.engine.order import date_key, id_key
from scoring.engine.reading import read
from scoring.engine.verdict import Finding, FindingCode, Outcome, Verdict
from tests.engine.build import (
    COMMUNITY,
    CUSTOMERS,
    EMPLOYEES,
    action,
    day,
    dossier,
    harms,
    helps,
    method,
    promise,
    source,
    verdict_of,
)


def found(verdict: Verdict, code: FindingCode) -> list[Finding]:
    return [finding for finding in verdict.findings if finding.code is code]


def yardsticks(facts: Dossier) -> list[str | None]:
    return [proof.promise for act in read(facts, method()).actions for proof in act.proofs]


# ------------------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("since", "started", "fits"),
    [
        ("2018", "2020-04-01", True),
        ("2020-04-01", "2020-04-01", True),
        ("2020-04-02", "2020-04-01", False),
        ("2020", "2020-01-01", True),  # known to the year: taken to precede an act of the same year
        ("2020-04", "2020-04-01", True),
        ("2020-05", "2020-04-30", False),
        ("2020-04-30", "2020-04", True),  # and the other way round
        ("2020-06-01", "2020", True),
        ("2021", "2020", False),
        (None, "2020-04-01", True),
        ("2020-06", None, True),
        (None, None, True),
    ],
)
def test_a_promise_is_the_yardstick_only_of_acts_that_it_precedes(
    since: str | None, started: str | None, fits: bool
) -> None:
    facts = dossier(
        action("a", helps(on="p1"), started=started), promises=(promise(since=since),), as_of=date(2022, 1, 1)
    )
    assert yardsticks(facts) == ["p1" if fits else None]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (promise("p1", EMPLOYEES), "it addresses another group"),
        (promise("p1", CUSTOMERS, st=0), "nobody found it"),
        (promise("p1", CUSTOMERS, st=None), "nobody graded it"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_proof_falls_back_to_the_duty_of_care_where_its_promise_does_not_serve(given: object, why: str) -> None:
    facts = dossier(action("a", harms(on="p1")), promises=(given, promise("p2")))  # type: ignore[arg-type]
    assert yardsticks(facts) == [None]
    (finding,) = found(verdict_of(facts), FindingCode.YARDSTICK_DOWNGRADED)
    assert (finding.promises, finding.proofs, finding.groups) == (("p1",), ("a.1",), (CUSTOMERS,))


def test_a_promise_nobody_graded_gives_no_verdict() -> None:
    assert verdict_of(dossier(promises=(promise(st=None),))).outcome is Outcome.NO_PROMISE


def test_a_promise_to_nobody_in_particular_is_no_promise() -> None:
    nobody = replace(promise(), groups=frozenset())
    assert verdict_of(dossier(promises=(nobody,))).outcome is Outcome.NO_PROMISE


def test_an_undated_promise_counts_and_is_flagged() -> None:
    verdict = verdict_of(dossier(action("a", helps(on="p1"), su=2), promises=(promise(),)))
    assert verdict.outcome is Outcome.ALIGNED
    assert found(verdict, FindingCode.PROMISE_UNDATED)[0].promises == ("p1",)
    assert not found(verdict_of(dossier(promises=(promise(since="2018"),))), FindingCode.PROMISE_UNDATED)


# ------------------------------------------------------------------------------------------------------------ as of


def test_what_is_dated_after_the_day_is_left_out_and_reported() -> None:
    late = action("a2", harms(on="p1"), evidence=3, started="2020-06-01")
    facts = dossier(
        action("a1", helps(on="p1"), su=2, started="2020-04", sources=(source("independent", date="2020-06-02"),)),
        late,
        promises=(promise("p1", since="2018"), promise("p2", EMPLOYEES, since="2020-07")),
        as_of=date(2020, 5, 31),
    )
    verdict = verdict_of(facts)
    assert (verdict.outcome, verdict.grades[0].evidence) == (Outcome.INSUFFICIENT_EVIDENCE, 0)
    (finding,) = found(verdict, FindingCode.DATED_LATER_IGNORED)
    assert (finding.promises, finding.actions, finding.sources) == (("p2",), ("a2",), ("s1",))
    assert verdict_of(replace(facts, as_of=date(2020, 6, 1))).outcome is Outcome.BROKEN_PROMISE


@pytest.mark.parametrize(("started", "counts"), [("2020", True), ("2020-05", True), ("2020-05-31", True), (None, True)])
def test_what_may_have_happened_by_the_day_counts(started: str | None, counts: bool) -> None:
    facts = dossier(action("a", helps(), started=started), as_of=date(2020, 5, 31))
    assert verdict_of(facts).proofs_counted == counts


def test_a_proof_on_a_promise_that_came_later_is_read_against_the_duty_of_care() -> None:
    facts = dossier(action("a", harms(on="p2")), promises=(promise(), promise("p2", since="2021")))
    assert yardsticks(facts) == [None]


# ------------------------------------------------------------------------------------------------------- duplicates


def test_a_declared_duplicate_is_shown_and_not_counted() -> None:
    verdict = verdict_of(
        dossier(
            action("a1", helps(), su=2), action("a2", helps(EMPLOYEES), su=3, duplicate_of="a1"), promises=(promise(),)
        )
    )
    assert verdict.proofs_counted == 1
    assert [(grade.action, grade.counted) for grade in verdict.grades] == [("a1", True), ("a2", False)]
    assert found(verdict, FindingCode.DUPLICATE_IGNORED)[0].actions == ("a2", "a1")


def test_a_chain_of_duplicates_leads_to_one_original_and_a_circle_to_its_smallest_id() -> None:
    chain = dossier(action("a1"), action("a2", duplicate_of="a1"), action("a3", duplicate_of="a2"))
    assert [act.id for act in read(chain, method()).actions] == ["a1"]
    circle = dossier(action("a10", helps(), duplicate_of="a9"), action("a9", helps(EMPLOYEES), duplicate_of="a10"))
    assert [act.id for act in read(circle, method()).actions] == ["a9"]


def test_a_duplicate_of_something_that_came_later_counts_for_itself() -> None:
    facts = dossier(
        action("a1", helps(on="p1"), su=2, started="2021"),
        action("a2", helps(on="p1"), su=2, started="2020-04", duplicate_of="a1"),
        promises=(promise(),),
    )
    assert verdict_of(facts).outcome is Outcome.ALIGNED


def test_two_records_that_say_the_same_count_once_and_the_double_coded_one_stands_for_both() -> None:
    twice = dossier(
        action("a1", helps(on="p1"), su=2, voice="x"),
        action("a2", helps(on="p1"), su=2, voice="x", double_coded=True),
        promises=(promise(),),
    )
    assert [act.id for act in read(twice, method()).actions] == ["a2"]


@pytest.mark.parametrize(
    "changed",
    [{"su": 3}, {"started": "2020-04"}, {"voice": "y"}, {"appraisal": True}, {"evidence": 1}],
    ids=lambda changed: next(iter(changed)),
)
def test_records_that_differ_in_sources_start_or_codes_are_two(changed: dict[str, object]) -> None:
    plain: dict[str, object] = {"su": 2, "voice": "x", "started": None, "evidence": 2}
    facts = dossier(action("a1", helps(), **plain), action("a2", helps(), **{**plain, **changed}))  # type: ignore[arg-type]
    assert len(read(facts, method()).actions) == 2


# ----------------------------------------------------------------------------------------------- claims and their order


def test_a_claim_stands_or_falls_with_its_earliest_source() -> None:
    sources = (
        source("independent", "undated", id="s0"),
        source("independent", "later", id="s1", date="2020-05"),
        source("independent", "second", id="s10", date="2020-04-01"),
        source("independent", "first", id="s9", date="2020-04-01"),
    )
    assert claim_of("a", sources) == (0, "first")


def test_actions_without_a_source_stand_alone() -> None:
    assert claim_of("a1", ()) != claim_of("a2", ())
    assert claim_of("a1", ()) != claim_of("a2", (source("independent", "a1"),))


def test_ids_are_ordered_as_people_count() -> None:
    assert sorted(["a10", "a9", "a", "10", "9", "b1"], key=id_key) == ["9", "10", "a", "a9", "a10", "b1"]


def test_days_are_ordered_by_the_earliest_they_can_mean_and_the_unknown_come_last() -> None:
    days = [None, "2020-04", "2020-04-01", "2020", "2019-12-31", "2020-01-01"]
    assert sorted(days, key=lambda text: date_key(day(text))) == [
        "2019-12-31", "2020-01-01", "2020", "2020-04-01", "2020-04", None,
    ]  # fmt: skip


def test_duty_is_no_promise() -> None:
    assert yardsticks(dossier(action("a", helps(COMMUNITY, on=DUTY)), promises=(promise(),))) == [None]
