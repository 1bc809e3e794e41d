"""A stored scorecard, arranged for its page: what stands first, what is folded away, where things link to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxalign.pages import words
from cxalign.templatetags.cxalign import cited, full_date, here, page_language, partial_date, told
from scoring import charts, wording
from scoring.engine.dossier import PartialDate
from scoring.ledger import NOT_COUNTED, ReadAct
from scoring.lineage import index as index_value
from scoring.models import Publication
from scoring.voices.showing import Voice

Document = Mapping[str, Any]

# --- The verdict ------------------------------------------------------------------------------------------------------


def explanation(document: Document, page: str = "") -> SafeString:
    """The two sentences, with raised source numbers; a quotation in another language says which.

    Shown elsewhere than on its page, the numbers lead to that page, in a window of its own.
    """
    text = str(cited(document["explanation"]))
    if page:
        leading = format_html('<a target="_blank" rel="noopener" href="{}#source-', page)
        text = text.replace('<a href="#source-', leading)
    for promise in document["promises"]:
        quote, language = promise["quote"].strip().rstrip("."), promise["quote_lang"]
        if quote and language and language != page_language():
            escaped = str(conditional_escape(quote))
            text = text.replace(escaped, format_html('<span lang="{}">{}</span>', language, quote), 1)
    return mark_safe(text)  # noqa: S308 – every part was escaped above


def caps(document: Document) -> list[str]:
    """Why the verdict may not be called more than fragile, in words."""
    return [wording.CAPS[code][page_language()] for code in document["caps"]]


def reason(document: Document) -> str:
    """Why there is too little evidence, in words."""
    return wording.REASONS[document["reason"]][page_language()] if document["reason"] else ""


@dataclass(frozen=True)
class Chance:
    outcome: str
    probability: str
    is_ours: bool


def chances(document: Document) -> list[Chance]:
    """The probability of each outcome that has one, the greatest first, in the decimals of the method."""
    found = document["probabilities"] or {}
    decimal = "," if page_language() == "fr" else "."
    return [
        Chance(outcome, f"{value:.4f}".replace(".", decimal), outcome == document["outcome"])
        for outcome, value in sorted(found.items(), key=lambda pair: -pair[1])
        if value
    ]


# --- What would change it ---------------------------------------------------------------------------------------------

FIRST_CHANGES = 3
_SEEKING = ("kept_proof", "first_promise", "remedy_up", "evidence_up", "level_found", "claim_disproved")
"""Changes that a reader can go and look for stand before those that only a coder can see."""


def changes(document: Document) -> tuple[list[Document], list[Document]]:
    """Up to three conditions, chosen to lead to different outcomes or to be about different things; then the others."""
    conditions = sorted(document["would_change"], key=_nearness)
    first: list[Document] = []
    for fresh in (_new_outcome, _new_subject):
        for change in conditions:
            if len(first) < FIRST_CHANGES and change not in first and fresh(change, first):
                first.append(change)
    first.sort(key=_nearness)
    return first, [change for change in conditions if change not in first]


def _nearness(change: Document) -> int:
    """By what somebody could look for; taking a promise off the file, which seldom happens, comes last."""
    if change["edit"] == "promise_withdrawn":
        return len(_SEEKING) + 1
    return _SEEKING.index(change["edit"]) if change["edit"] in _SEEKING else len(_SEEKING)


def _new_outcome(change: Document, first: Sequence[Document]) -> bool:
    return change["to"] not in {other["to"] for other in first}


def _new_subject(change: Document, first: Sequence[Document]) -> bool:
    """About another act, promise or group: a second reading of the same act can wait. An act's proofs are its own."""
    return _subject(change) not in {_subject(other) for other in first}


def _subject(change: Document) -> str:
    return str(change["subject"]).partition(":")[0]


@dataclass(frozen=True)
class Distance:
    """What an archetype still lacks."""

    archetype: str
    breadth: str | None
    conditions: list[str]


_BARS = ("promise_on_file", "no_breach", "no_serious_harm")
"""What stands before every archetype but the broken promise: said once, not once an archetype."""


def bars(document: Document) -> list[str]:
    """What every other archetype lacks alike."""
    codes = [code for unmet in document["unmet"] for code in unmet["conditions"] if code in _BARS]
    return _conditions(dict.fromkeys(codes), ())


def distances(document: Document) -> list[Distance]:
    """What each other archetype lacks beside that."""
    return [
        Distance(unmet["archetype"], unmet["breadth"], _conditions(own, unmet["groups"]))
        for unmet in document["unmet"]
        if (own := [code for code in unmet["conditions"] if code not in _BARS])
    ]


def _conditions(codes: Iterable[str], groups: Sequence[str]) -> list[str]:
    return [wording.unmet_condition(code, groups)[page_language()] for code in codes]


# --- Signals and indices ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HollowAct:
    action: Document
    reasons: str


def hollow_acts(document: Document, signal: Document) -> list[HollowAct]:
    """The acts found hollow, each with why."""
    actions = {action["id"]: action for action in document["actions"]}
    return [
        HollowAct(actions[hollow["action"]], _listed(wording.HOLLOW[code] for code in hollow["reasons"]))
        for hollow in signal["hollow_actions"]
    ]


def _listed(texts: Iterable[Mapping[str, str]]) -> str:
    language = page_language()
    return wording.listed([text[language] for text in texts], language)


@dataclass(frozen=True)
class Index:
    """One of the eight indices: its bar, its number, its word, and the proofs that make it."""

    code: str
    value: int | None
    word: str
    bar: charts.Bar | None
    basis: list[tuple[int, str]]
    more: int


INDICES = ("delivery", "surpassing", "breadth", "proactivity", "dna", "harm", "evidence", "purpose_washing")
BASIS_SHOWN = 4


def indices(document: Document) -> list[Index]:
    numbers = proof_numbers(document)
    return [_index(code, document, numbers) for code in INDICES]


def _index(code: str, document: Document, numbers: Mapping[str, int]) -> Index:
    value = index_value(document, code)
    ids = sorted({id_ for id_ in document["index_basis"].get(code, []) if id_ in numbers}, key=lambda id_: numbers[id_])
    basis = [(numbers[id_], id_) for id_ in ids[:BASIS_SHOWN]]
    return Index(
        code,
        value,
        words.index_told(document, code),
        charts.bar(value, signed=code == "delivery"),
        basis,
        len(ids) - len(basis),
    )


def proof_numbers(document: Document) -> dict[str, int]:
    """Proofs as the evidence page numbers them. An act, which some indices name, has that of its first."""
    numbers: dict[str, int] = {}
    count = 0
    for action in document["actions"]:
        for proof in action["proofs"]:
            count += 1
            numbers[proof["id"]] = count
            numbers.setdefault(action["id"], count)
    return numbers


# --- Sources ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UsedIn:
    """A way back from a source to what rests on it."""

    word: str
    address: str


def used_in(document: Document, address: str) -> dict[str, list[UsedIn]]:
    """Key of a source → the promises, acts and opinions that it bears, numbered as the page lists them."""
    found: dict[str, list[UsedIn]] = {}
    for number, promise in enumerate(document["promises"], start=1):
        for key in promise["sources"]:
            place = f"{address}evidence/#promise-{promise['id']}"
            found.setdefault(key, []).append(UsedIn(_("promise %(number)d") % {"number": number}, place))
    for number, action in enumerate(document["actions"], start=1):
        for source in action["sources"]:
            place = f"{address}evidence/#act-{action['id']}"
            found.setdefault(source["id"], []).append(UsedIn(_("act %(number)d") % {"number": number}, place))
    for key in (document["profile"] or {"sources": ()})["sources"]:
        found.setdefault(key, []).append(UsedIn(_("profile"), f"{address}evidence/#profile"))
    for number, opinion in enumerate(opinions(document), start=1):
        place = f"founding-{number}" if opinion.stands_first else "opinions"
        found.setdefault(opinion.judgement["source"], []).append(UsedIn(_("opinion"), f"{address}#{place}"))
    return found


# --- Others' judgement ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opinion:
    """Somebody else's judgement beside ours: whether they agree, and where not, what ours lacks for theirs."""

    judgement: Document
    source: Document
    agrees: bool | None
    also_met: bool
    lacking: list[str]

    @property
    def founding(self) -> bool:
        """Made in one of the two articles that the method comes from; documents of before knew no such field."""
        return bool(self.judgement.get("founding_article"))

    @property
    def stands_first(self) -> bool:
        """Right beside the verdict, and then not once more among the others."""
        return self.founding and bool(self.judgement["archetype"])


def opinions(document: Document) -> list[Opinion]:
    """Those of the founding articles first."""
    sources = {source["id"]: source for source in document["sources"]}
    ordered = sorted(document["judgements"], key=lambda judgement: not judgement.get("founding_article"))
    return [_opinion(judgement, sources[judgement["source"]], document) for judgement in ordered]


def _opinion(judgement: Document, source: Document, document: Document) -> Opinion:
    implied = judgement["archetype"]
    agrees = None if implied is None else implied == document["outcome"]
    also_met = implied in document["also_meets"]
    lacking = [] if agrees or also_met or implied is None else _lacking(document, implied)
    return Opinion(judgement, source, agrees, also_met, lacking)


def _lacking(document: Document, archetype: str) -> list[str]:
    for unmet in document["unmet"]:
        if unmet["archetype"] == archetype:
            return _conditions(unmet["conditions"], unmet["groups"])
    return []


# --- Versions and the timeline ----------------------------------------------------------------------------------------


def standing(versions: Sequence[Publication]) -> list[Publication]:
    """The versions that were not withdrawn, oldest first; ``versions`` come newest first."""
    return [one for one in reversed(versions) if not one.withdrawn_at]


def timeline(document: Document, versions: Sequence[Publication], voice: Voice | None) -> charts.Timeline | None:
    """``versions`` oldest first. A draft has no voice beside it, and no lane for one."""
    phases = [
        charts.Phase(here(phase["name"]), date.fromisoformat(phase["starts_on"]), date.fromisoformat(phase["ends_on"]))
        for phase in document["crisis"]["phases"]
    ]
    lanes = (words.word("+", "phase"), words.word("−", "phase"))
    since = _("published from %(date)s") % {"date": full_date(versions[0].published_at)} if versions else ""
    told = _replies(voice) if voice else None
    drawn = [_version(one) for one in versions]
    return charts.timeline(_dated_acts(document), phases, drawn, lanes, _tick, told, since)


@dataclass(frozen=True)
class Moment:
    """One line of the timeline where the drawing has no room: when, and what happened."""

    kind: str
    """``phase``, ``act``, ``voice`` or ``version``."""
    when: str
    what: str
    sign: str = ""
    tone: str = ""
    counted: bool = True


def moments(document: Document, versions: Sequence[Publication], voice: Voice | None) -> list[Moment]:
    """What the drawing shows, line by line in the order of time; undated acts last. ``versions`` oldest first."""
    dated = [*_acts_told(document), *_phases_told(document), *_voices_told(voice), *_versions_told(versions)]
    return [moment for _day, moment in sorted(dated, key=lambda pair: pair[0])]


_Dated = tuple[date, Moment]


def _acts_told(document: Document) -> Iterable[_Dated]:
    for action in document["actions"]:
        occurred = action["occurred_on"]
        day = PartialDate.parse(occurred).first if occurred else date.max
        when = partial_date(occurred) or _("undated")
        sign = ReadAct(action, action["proofs"]).sign if action["proofs"] else NOT_COUNTED
        yield day, Moment("act", when, told(action["statement"]), sign=sign, counted=action["counted"])


def _phases_told(document: Document) -> Iterable[_Dated]:
    """The phases that touch the time between the first act and the last."""
    acts = [PartialDate.parse(action["occurred_on"]) for action in document["actions"] if action["occurred_on"]]
    for phase in document["crisis"]["phases"]:
        start, end = date.fromisoformat(phase["starts_on"]), date.fromisoformat(phase["ends_on"])
        if any(act.last >= start for act in acts) and any(act.first <= end for act in acts):
            yield start, Moment("phase", f"{full_date(start)} – {full_date(end)}", here(phase["name"]))


def _voices_told(voice: Voice | None) -> Iterable[_Dated]:
    return [(one.on, Moment("voice", full_date(one.on), one.label)) for one in said(voice)]


def _versions_told(versions: Sequence[Publication]) -> Iterable[_Dated]:
    for one in versions:
        outcome = one.snapshot.outcome
        what = _("Version %(version)s of the verdict: %(outcome)s") % {
            "version": one.version,
            "outcome": words.word(outcome, "outcome"),
        }
        when = full_date(one.published_at)
        yield timezone.localtime(one.published_at).date(), Moment("version", when, what, tone=words.tone(outcome))


def said(voice: Voice | None) -> list[charts.Reply]:
    """The day on which the brand was asked, and each reply, oldest first."""
    if voice is None:
        return []
    asked = [charts.Reply(voice.asked_on, _("the brand is asked"))] if voice.asked_on else []
    replies = [
        charts.Reply(timezone.localtime(one.reply.received_at).date(), _("reply of the brand")) for one in voice.spoken
    ]
    return sorted([*asked, *replies], key=lambda one: one.on)


def _replies(voice: Voice) -> charts.Replies:
    return charts.Replies(
        words.word("voice", "phase"), said(voice), _("none received") if voice.asked_on else _("not asked")
    )


def _dated_acts(document: Document) -> list[charts.Act]:
    """An act that helps some and harms others stands in both lanes."""
    acts = []
    for action in document["actions"]:
        if action["occurred_on"] and action["counted"]:
            day = PartialDate.parse(action["occurred_on"])
            label = wording.verb_phrase(here(action["statement"]))
            for direction in sorted({proof["direction"] for proof in action["proofs"]}):
                acts.append(charts.Act(action["id"], day.first, day.last, label, direction == "harms"))
    return acts


def _version(publication: Publication) -> charts.Version:
    snapshot = publication.snapshot
    label = f"v{publication.version} · {words.word(snapshot.outcome, 'outcome')}"
    return charts.Version(publication.version, publication.published_at.date(), label, words.tone(snapshot.outcome))


def _tick(day: date, with_year: bool) -> str:
    """“Apr 2020”, « avr. 2020 »: French months take no capital."""
    return format_date(day, "MMM y" if with_year else "MMM", locale=page_language())


def turns_on(document: Document, versions: Sequence[Publication]) -> str:
    """Where the story turned: the last change of verdict; else the act that decides. ``versions`` oldest first."""
    act = _deciding_act(document)
    if act is None or len({one.snapshot.outcome for one in versions}) > 1:
        return turning_point(versions)
    day = partial_date(act["occurred_on"]) if act["occurred_on"] else _("undated")
    told = wording.verb_phrase(here(act["statement"]))
    return _("The verdict turns on this act (%(date)s): %(act)s.") % {"date": day, "act": told}


def _deciding_act(document: Document) -> Document | None:
    """The act of the first deciding proof: the one that the verdict tells."""
    decisive = [proof.partition(":")[0] for proof in document["decisive_proofs"]]
    return next((act for act in document["actions"] if act["id"] in decisive[:1]), None)


def as_of(days: Sequence[date]) -> str:
    """The day, or the first and the last, whose knowledge several verdicts rest on."""
    if not days:
        return ""
    first, last = full_date(min(days)), full_date(max(days))
    if first == last:
        return _("As of %(date)s") % {"date": last}
    return _("As of %(first)s to %(last)s") % {"first": first, "last": last}


def turning_point(versions: Sequence[Publication]) -> str:
    """What moved last between two versions; with one version, what it said and when. ``versions`` oldest first."""
    for before, after in zip(reversed(versions[:-1]), reversed(versions[1:]), strict=True):
        if before.snapshot.outcome != after.snapshot.outcome:
            return _("The verdict went from “%(before)s” to “%(after)s” on %(date)s.") % {
                "before": words.word(before.snapshot.outcome, "outcome"),
                "after": words.word(after.snapshot.outcome, "outcome"),
                "date": full_date(after.published_at),
            }
    if not versions:
        return _("No version has been published yet.")
    return _("The verdict has been “%(outcome)s” since the first version, on %(date)s.") % {
        "outcome": words.word(versions[-1].snapshot.outcome, "outcome"),
        "date": full_date(versions[0].published_at),
    }
