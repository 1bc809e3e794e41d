"""The answer of the engine for the page: the way through the rule with its values, then what a scorecard would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxalign.pages import arranging, words
from cxalign.pages.decision_tree import Step as Question
from cxalign.pages.decision_tree import steps as questions
from cxalign.templatetags.cxalign import page_language
from scoring import charts, wording
from scoring.engine.dossier import Dossier
from scoring.engine.method import Method
from scoring.engine.path import HarmRead, Measure, Path, Step, Value
from scoring.engine.verdict import FindingCode, Verdict
from scoring.engine.verdict_json import verdict_to_dict
from scoring.lineage import CODES
from scoring.lineage import index as index_value
from scoring.wording import CaseWords

# --- The way through the rule -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToldValue:
    """One value beside its bar, in words; ``act`` is the row that it comes from."""

    name: str
    level: int
    bar: int
    reaches: bool
    act: str


@dataclass(frozen=True)
class ToldHarm:
    act: str
    group: str
    yardstick: str
    harm: HarmRead
    comes_to: str
    counts: bool


@dataclass(frozen=True)
class ToldStep:
    question: Question
    step: Step
    answer: str
    values: list[ToldValue]
    harms: list[ToldHarm]
    nothing: str
    """What is said where there is no value to show."""


MEASURES: dict[Measure, Any] = {
    Measure.STATEMENT: gettext_lazy("statement level"),
    Measure.KEPT: gettext_lazy("best established help"),
    Measure.APPLICABLE_GROUPS: gettext_lazy("Core groups that it has"),
    Measure.PROMISED_GROUPS: gettext_lazy("Core groups to whom a promise is on file"),
    Measure.SURPASSING: gettext_lazy("Furthest beyond a promise"),
    Measure.PURPOSE_OR_VALUES: gettext_lazy("Purpose or values, the higher"),
    Measure.CUSTOMER_RECORD: gettext_lazy("Customer record"),
    Measure.PROACTIVITY: gettext_lazy("Best unprompted act for customers"),
}

BREACHES: dict[FindingCode, Any] = {
    FindingCode.BREACH_OF_PROMISE: gettext_lazy("breaks the promise"),
    FindingCode.SERIOUS_HARM_UNDER_DUTY: gettext_lazy("goes against the duty of care, gravely or beyond doubt"),
    FindingCode.UNANSWERED_SHORTFALL: gettext_lazy("falls short of the promise, corroborated and unanswered"),
}


def told_path(path: Path, method: Method) -> list[ToldStep]:
    """In the order in which this method asks."""
    by_code = {question.code: question for question in questions()}
    return [_told(step, by_code[step.question], method) for step in path.steps]


def end_of(path: Path) -> int:
    """The number of the drawn question at which the way ends; past the last where none ends it."""
    order = [question.code for question in questions()]
    ends = [order.index(step.question) for step in path.steps if step.ends]
    return ends[0] if ends else len(order)


def _told(step: Step, question: Question, method: Method) -> ToldStep:
    serious = step.question == "serious_harm"
    harms = [harm for harm in step.harms if harm.serious] if serious else step.harms
    return ToldStep(
        question,
        step,
        _("yes") if step.holds else _("no"),
        [_value(value) for value in step.values],
        [_harm(harm, method, serious=serious) for harm in harms],
        _nothing(step),
    )


def _nothing(step: Step) -> str:
    if step.question == "promise_on_file":
        return _("No promise is on file.")
    return _("No established serious harm is on file.") if step.question == "serious_harm" else _("No harm is on file.")


def _value(value: Value) -> ToldValue:
    name = str(MEASURES[value.measure])
    if value.promise:
        name = _("Promise %(number)s: %(what)s") % {"number": value.promise[1:], "what": name}
    elif value.measure is Measure.KEPT and value.group:
        name = _("%(group)s: %(what)s") % {"group": words.word(value.group, "stakeholder"), "what": name}
    return ToldValue(name, value.level, value.bar, value.reaches, value.action or "")


def _harm(harm: HarmRead, method: Method, *, serious: bool) -> ToldHarm:
    yardstick = _("promise %(number)s") % {"number": harm.promise[1:]} if harm.promise else _("the duty of care")
    group = words.word(harm.group, "stakeholder")
    if serious:
        return ToldHarm(harm.action, group, yardstick, harm, _("bars every favourable archetype"), True)
    comes_to = str(BREACHES[harm.breach]) if harm.breach else _why_no_breach(harm, method)
    return ToldHarm(harm.action, group, yardstick, harm, comes_to, harm.breach is not None)


def _why_no_breach(harm: HarmRead, method: Method) -> str:
    """What is missing for rule 1, the first thing that applies."""
    if not harm.severity:
        return _("nothing is left of it after the remedy") if harm.remedy else _("its depth is unknown: no harm yet")
    if harm.severity < method.breach_of_promise.severity:
        return _shortfall(harm, method)
    if harm.evidence < method.breach_of_promise.evidence:
        return _("evidence too weak: at least %(bar)d is needed") % {"bar": method.breach_of_promise.evidence}
    return _("without a promise, its severity or its evidence would have to be %(bar)d") % {
        "bar": method.breach_of_duty.grave_severity
    }


def _shortfall(harm: HarmRead, method: Method) -> str:
    if not harm.promise:
        return _("a mere shortfall, and no promise covers it")
    if harm.evidence < method.shortfall.evidence:
        return _("a mere shortfall: it counts only with evidence %(bar)d") % {"bar": method.shortfall.evidence}
    return _("a mere shortfall, answered: the promise is kept to the same group")


# --- What a scorecard would say ---------------------------------------------------------------------------------------


def document_of(dossier: Dossier, verdict: Verdict, told: CaseWords) -> dict[str, Any]:
    """The parts of a scorecard’s document that need no database: what the templates of a scorecard read."""
    judged = verdict_to_dict(verdict)
    return {
        **judged,
        "profile": {code: None if (level := getattr(dossier.profile, code)) is None else str(level) for code in CODES},
        "explanation": wording.explanation(verdict, told),
        "would_change": [
            {**as_judged, "condition": wording.condition(change, told)}
            for change, as_judged in zip(verdict.counterfactuals, judged["counterfactuals"], strict=True)
        ],
        "signals": [
            {**as_judged, "text": wording.signal(signal)}
            for signal, as_judged in zip(verdict.signals, judged["signals"], strict=True)
        ],
        "method_choices": [{"text": wording.method_choice(effect)} for effect in verdict.method_agreement.flips],
        "actions": [
            {"id": action.id, "statement": told.acts[action.id].statement, "proofs": []} for action in dossier.actions
        ],
        "provisional": wording.provisional(verdict.provisional),
    }


@dataclass(frozen=True)
class Index:
    code: str
    value: int | None
    word: str
    bar: charts.Bar | None


def indices(document: Mapping[str, Any]) -> list[Index]:
    return [
        Index(
            code,
            (value := index_value(document, code)),
            words.index_told(document, code),
            charts.bar(value, signed=code == "delivery"),
        )
        for code in arranging.INDICES
    ]


REMARKS = (
    FindingCode.YARDSTICK_DOWNGRADED,
    FindingCode.DUPLICATE_IGNORED,
    FindingCode.DATED_LATER_IGNORED,
    FindingCode.CODES_SWITCHED_OFF,
)


@dataclass(frozen=True)
class Remark:
    """How the file was read: what counted otherwise than it was typed."""

    text: str
    acts: tuple[str, ...]


def remarks(verdict: Verdict) -> list[Remark]:
    language = page_language()
    return [
        Remark(wording.FINDINGS[finding.code][language], finding.actions)
        for finding in verdict.findings
        if finding.code in REMARKS
    ]
