"""The way through the rule ends where the judgement does, and the values beside it are the reason."""

from __future__ import annotations

import pytest
from hypothesis import given

from scoring.engine.cases import load_cases
from scoring.engine.dossier import Dossier
from scoring.engine.judge import judge
from scoring.engine.method import FOLDER, available, get
from scoring.engine.path import Measure, Path, Question, Step, path_of
from scoring.engine.verdict import Breadth, Outcome
from tests.engine.random_dossiers import dossiers

METHOD = get("1.0.0")
ARTICLES = {case.slug: case for case in load_cases(FOLDER / "articles.toml")}


def way(slug: str) -> Path:
    return path_of(ARTICLES[slug].dossier, METHOD)


def ending(path: Path) -> Step | None:
    ends = [step for step in path.steps if step.ends]
    assert len(ends) <= 1
    return ends[0] if ends else None


def outcome_of(path: Path) -> tuple[Outcome, Breadth | None]:
    """Read off the steps alone."""
    end = ending(path)
    if end is None:
        return Outcome.INSUFFICIENT_EVIDENCE, None
    breadth = {Question.ALIGNED_ALL: Breadth.ALL, Question.ALIGNED_PROMISED: Breadth.PROMISED}.get(end.question)
    return end.outcome, breadth


@given(dossiers())
def test_the_steps_alone_lead_to_the_outcome_of_the_judgement(dossier: Dossier) -> None:
    for method in available():
        path, verdict = path_of(dossier, method), judge(dossier, method)
        assert outcome_of(path) == (verdict.outcome, verdict.breadth)
        assert path.decision == (verdict.outcome, verdict.breadth)
        assert path.reason == verdict.reason


@given(dossiers())
def test_the_values_of_a_favourable_rule_decide_its_answer(dossier: Dossier) -> None:
    """No other value is behind the answer: it holds exactly where each of them reaches its bar."""
    for step in path_of(dossier, METHOD).steps[3:]:
        assert step.holds == all(value.reaches for value in step.values), step


@given(dossiers())
def test_the_harms_shown_decide_whether_a_promise_is_broken(dossier: Dossier) -> None:
    _promise, breach, serious, *_ = path_of(dossier, METHOD).steps
    assert breach.holds == any(harm.breach for harm in breach.harms)
    assert serious.holds == any(harm.serious for harm in serious.harms)


@given(dossiers())
def test_every_question_is_there_once_and_none_is_asked_after_the_end(dossier: Dossier) -> None:
    steps = path_of(dossier, METHOD).steps
    assert sorted(step.question for step in steps) == sorted(Question)
    ended = False
    for step in steps:
        assert step.asked is not ended
        ended = ended or step.ends


@pytest.mark.parametrize(
    ("slug", "question"),
    [
        ("axa", Question.BREACH),
        ("zappos", Question.EXCEEDS_PROMISE),
        ("john-lewis", Question.ALIGNED_ALL),
        ("usaa", Question.DNA_PROACTIVE),
        ("toms", Question.PROMISE_ON_FILE),
        ("mixt", None),
    ],
)
def test_the_brands_of_the_articles_leave_the_tree_where_the_method_says(slug: str, question: Question | None) -> None:
    end = ending(way(slug))
    assert (end.question if end else None) == question


def test_a_breach_is_told_with_its_evidence_and_its_severity() -> None:
    harm = way("axa").steps[1].harms[0]
    assert (harm.evidence, harm.depth, harm.remedy, harm.severity) == (2, 2, 0, 2)
    assert harm.breach == "breach_of_promise"
    assert harm.promise is not None


def test_lineage_and_initiative_are_told_one_by_one() -> None:
    step = next(step for step in way("usaa").steps if step.question is Question.DNA_PROACTIVE)
    assert [(value.measure, value.level, value.bar) for value in step.values] == [
        (Measure.PURPOSE_OR_VALUES, 2, 2),
        (Measure.CUSTOMER_RECORD, 2, 2),
        (Measure.PROACTIVITY, 2, 2),
    ]


def test_where_nothing_ends_the_way_the_reason_stands() -> None:
    path = way("mixt")
    assert ending(path) is None
    assert path.reason == "undescribed"
