"""Codes → the words of the screen, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from brands import codes
from cxalign.practices.models import Category, EffortBand, EvidenceLevel, TimeBand
from scoring.lineage import unknown_codes
from scoring.models import OutcomeChoice, Publication, RobustnessChoice, TieKind
from scoring.wording import NBSP, untold

Vocabulary = Mapping[Any, Any]


def choices(of: type[TextChoices]) -> Vocabulary:
    return dict(of.choices)


VOCABULARIES: dict[str, Vocabulary] = {
    "outcome": choices(OutcomeChoice),
    "robustness": choices(RobustnessChoice),
    "cause": dict(Publication._meta.get_field("cause").flatchoices),
    "tie_kind": choices(TieKind),
    "request": {
        "notice": _("reply asked for on"),
        "reply": _("reply of the brand of"),
        "report": _("error reported on"),
    },
    "tie_role": {"publisher": _("publication"), "coder": _("coding"), "adjudicator": _("adjudication")},
    "stakeholder": {
        "customers": _("Customers"),
        "employees": _("Employees"),
        "partners": _("Partners"),
        "community": _("Community"),
        "environment": _("Environment"),
    },
    "gap": {
        -2: _("Well short"),
        -1: _("Short"),
        0: _("Meets"),
        1: _("Beyond"),
        2: _("Well beyond"),
        None: _("Undocumented"),
    },
    "rootedness": {"rooted": _("Rooted"), "shared": _("Shared"), "one_off": _("One-off")},
    "rootedness_told": {
        "rooted": _("every core group, or care that predates the crisis"),
        "shared": _("several core groups"),
        "one_off": _("one core group or one act"),
    },
    "state": {
        **choices(OutcomeChoice),
        "under_review": _("Assessment under way"),
        "not_assessed": _("Not yet assessed"),
    },
    "signal": {
        "purpose_washing": _("Purpose-washing signal"),
        "harm_alert": _("Harm alert"),
        "divergent_stakeholders": _("Divergent stakeholders"),
    },
    "washing_level": {"low": _("low"), "medium": _("medium"), "high": _("high")},
    "sign": {"+": _("helps"), "−": _("harms"), "±": _("helps some, harms others"), "·": _("not counted")},
    "initiative_short": {"0": _("required"), "1": _("pressured"), "2": _("asked"), "3": _("unprompted")},
    "weight": choices(codes.Weight),
    "value_type": {"functional": _("functional"), "human": _("human"), "both": _("human and functional")},
    "promise_kind": choices(codes.PromiseKind),
    "statement_level": choices(codes.Statement),
    "specificity": choices(codes.Specificity),
    "scope": choices(codes.Scope),
    "substance": choices(codes.Substance),
    "reach": choices(codes.Reach),
    "initiative": choices(codes.Initiative),
    "generosity": choices(codes.Generosity),
    "duration": choices(codes.Duration),
    "action_kind": choices(codes.ActionKind),
    "category": choices(codes.Category),
    "family": choices(codes.Family),
    "direction": choices(codes.Direction),
    "helps_depth": {
        "0": _("0 – keeps: does what was to be expected"),
        "1": _("1 – beyond what was to be expected"),
        "2": _("2 – far beyond: open-ended or unconditional"),
        "u": codes.Depth.UNKNOWN.label,
    },
    "harms_depth": {
        "1": _("1 – falls short"),
        "2": _("2 – breaks: refuses, withholds or does the opposite"),
        "3": codes.Depth.ENDANGERS.label,
        "u": codes.Depth.UNKNOWN.label,
    },
    "remedy": choices(codes.Remedy),
    "source_kind": choices(codes.SourceKind),
    "source_type": choices(codes.SourceType),
    "polarity": choices(codes.Polarity),
    "coding": choices(codes.Coding),
    "purpose": choices(codes.Purpose),
    "values_heritage": choices(codes.ValuesHeritage),
    "customer_record": choices(codes.CustomerRecord),
    "evidence": {
        0: _("0 – untraceable"),
        1: _("1 – interested party only"),
        2: _("2 – one independent source"),
        3: _("3 – corroborated, official or primary"),
    },
    "figure_kind": choices(codes.FigureKind),
    "code": {
        "statement_level": _("Statement"),
        "substance": _("Substance"),
        "reach": _("Reach"),
        "initiative": _("Initiative"),
        "generosity": _("Generosity"),
        "purpose": _("Purpose"),
        "values_heritage": _("Values heritage"),
        "customer_record": _("Customer record"),
    },
    "index": {
        "delivery": _("Delivery"),
        "surpassing": _("Surpassing"),
        "breadth": _("Breadth"),
        "proactivity": _("Proactivity"),
        "dna": _("DNA"),
        "harm": _("Harm"),
        "evidence": _("Evidence"),
        "purpose_washing": _("Purpose-washing risk"),
    },
    "breadth": {"all": _("every core group"), "promised": _("the groups promised something")},
    "reason": {
        "harm_to_settle": _("a harm to settle"),
        "partial": _("in part only"),
        "token": _("words or tokens"),
        "undescribed": _("not described well enough"),
        "unverified": _("unverified"),
        "no_helpful_act": _("no helpful act"),
        "no_action": _("no act that helps or harms"),
    },
    "link": {
        "ok": _("link answers"),
        "moved": _("link leads elsewhere now"),
        "dead": _("link is dead"),
        "unreachable": _("link could not be reached"),
    },
    "yardstick": {"promise": _("promise"), "duty": _("duty of care")},
    "citation": {"text": _("Text"), "bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON"},
    "voice_event": {
        "notice.sent": _("notice sent"),
        "notice.reminded": _("reminder sent"),
        "notice.moved": _("deadline moved"),
        "notice.revoked": _("notice revoked"),
        "reply.received": _("received"),
        "reply.letter_received": _("signed letter received"),
        "reply.confirmed": _("mailbox confirmed"),
        "reply.published": _("published"),
        "reply.refused": _("refused"),
        "reply.followed_up": _("outcome told anew"),
        "reply.retired": _("taken from beside the verdict"),
        "reply.erased": _("sender erased"),
        "report.received": _("received"),
        "report.accepted": _("accepted"),
        "report.declined": _("not accepted"),
        "report.erased": _("sender erased"),
        "correction.published": _("correction logged"),
        "correction.completed": _("correction completed"),
    },
    "practice_category": choices(Category),
    "evidence_level": choices(EvidenceLevel),
    "time_band": choices(TimeBand),
    "effort_band": choices(EffortBand),
    "phase": {"+": _("Acts +"), "−": _("Acts −"), "voice": _("Replies")},
}

TONES = {
    "broken_promise": "broken",
    "aligned": "aligned",
    "exceeds_promise": "exceeds",
    "dna_proactive": "dna",
}
"""Outcome → the name of its colour and mark; everything else is “none”."""

METER = {"contested": 1, "fragile": 2, "probable": 3, "robust": 4}
"""Robustness → how many of the four bars are filled."""

GAP_TONES = {-2: "broken", -1: "broken", 0: "aligned", 1: "exceeds", 2: "exceeds"}


def word(code: Any, vocabulary: str) -> str:
    """The word of a code; a code that is not in the list is shown as it is, so that nothing vanishes."""
    return str(VOCABULARIES[vocabulary].get(code, code if code is not None else ""))


def short_word(code: Any, vocabulary: str) -> str:
    """The word without the definition that follows it in the codebook: “2 – real: a concrete service…” → “2 – real”."""
    return word(code, vocabulary).partition(":")[0].rstrip(f" {NBSP}")


def tone(outcome: str | None) -> str:
    return TONES.get(outcome or "", "none")


def stakeholders(codes: Iterable[str]) -> str:
    """“customers, community”, inside a line."""
    return ", ".join(word(code, "stakeholder").lower() for code in codes)


def gap_tone(gap: int | None) -> str:
    return GAP_TONES.get(gap, "none") if gap is not None else "none"


def index_word(code: str, value: int | None) -> str:
    """How much an index says, in a word."""
    if value is None:
        return gettext("not defined")
    if code == "delivery":
        return _delivery_word(value)
    low, medium = (24, 49) if code == "purpose_washing" else (33, 67)
    if not value and code != "purpose_washing":
        return _amount(code, 0)
    return _amount(code, 1 if value <= low else 2 if value <= medium else 3)


def index_told(document: Mapping[str, Any], code: str) -> str:
    """How much an index of a scorecard says; what it would take to tell, where that is unknown."""
    unknown = unknown_codes(document) if code == "dna" else []
    if unknown:
        return untold(unknown)["fr" if (get_language() or "en").startswith("fr") else "en"]
    return index_word(code, document["indices"][code])


def _amount(code: str, step: int) -> str:
    """None, low, medium or high, in the gender that French gives the name of the index."""
    if code in ("breadth", "proactivity"):
        said = (pgettext("feminine", "none"), pgettext("feminine", "low"))
        return (*said, pgettext("feminine", "medium"), pgettext("feminine", "high"))[step]
    if code == "evidence":
        said = (pgettext("feminine plural", "none"), pgettext("feminine plural", "low"))
        return (*said, pgettext("feminine plural", "medium"), pgettext("feminine plural", "high"))[step]
    return (gettext("none"), gettext("low"), gettext("medium"), gettext("high"))[step]


def _delivery_word(value: int) -> str:
    if value < 0:
        return gettext("well short") if value <= -67 else gettext("short")
    if not value:
        return gettext("nothing established")
    return gettext("in part") if value < 67 else pgettext("index", "delivered")
