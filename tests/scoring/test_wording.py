"""Every code has its words in both languages, and whatever the facts, the sentences read well."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

import pytest

from scoring import wording
from scoring.engine.dossier import (
    DUTY,
    Action,
    Direction,
    Dossier,
    Group,
    PartialDate,
    Profile,
    Promise,
    Proof,
    Source,
    SourceKind,
)
from scoring.engine.judge import judge
from scoring.engine.method import method_in_force
from scoring.engine.verdict import (
    Breadth,
    Cap,
    Condition,
    Counterfactual,
    EditCode,
    EditKind,
    FindingCode,
    HollowAction,
    HollowReason,
    Outcome,
    Reason,
    Signal,
    SignalCode,
    Switch,
    SwitchEffect,
    Verdict,
    WashingLevel,
)
from scoring.engine.verdict_json import verdict_to_dict
from scoring.wording.grammar import (
    count_words,
    curled,
    of_name,
    opens_with_verb,
    promised,
    quoted,
    to_groups,
    told,
    without_heading,
)
from scoring.wording.lexicon import level_name

AS_OF = date(2020, 12, 31)
LANGUAGES = pytest.mark.parametrize("language", wording.LANGUAGES)

# --- What every sentence must be --------------------------------------------------------------------------------------

WRONG_FRENCH = re.compile(r"[^\u00a0][:;!?%»]|«[^\u00a0]|'|\bde les\b|\bà les\b|\bà le\b|\bde le\b|\bque il\b")
DOUBLED = re.compile(r"\.\.|,,|::| {2}|;\.|,\.|:\.|\(\)|“”|«\u00a0»")
BANNED = re.compile(r"\b(lie|lies|hypocrit\w*|scandal\w*|betray\w*|fake|greedy|mensonge\w*|trahi\w*|cupid\w*)\b", re.I)


def check(text: dict[str, str]) -> None:
    """Both languages are there, in their typography, with nothing doubled, left open or blamed."""
    assert set(text) == {"en", "fr"}
    for sentence in text.values():
        assert sentence.strip() == sentence
        assert sentence
        assert not DOUBLED.search(sentence), sentence
        assert not BANNED.search(sentence), sentence
        assert "{" not in sentence
        assert "None" not in sentence
    french = re.sub(r"https?://\S+|\d:\d", "", text["fr"])
    assert not WRONG_FRENCH.search(french), text["fr"]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Outcome, wording.OUTCOMES),
        (Group, wording.GROUPS),
        (Switch, wording.SWITCHES),
        (Reason, wording.REASONS),
        (HollowReason, wording.HOLLOW),
        (WashingLevel, wording.WASHING),
        (Cap, wording.CAPS),
        (FindingCode, wording.FINDINGS),
    ],
)
def test_every_code_has_its_words_in_both_languages(codes: type[StrEnum], words: dict[StrEnum, wording.Text]) -> None:
    assert set(words) == set(codes)
    for text in words.values():
        check(text)


@pytest.mark.parametrize("code", Condition)
@pytest.mark.parametrize("groups", [(), ("customers",), ("partners", "community")])
def test_every_unmet_condition_is_worded(code: Condition, groups: tuple[str, ...]) -> None:
    needs_groups = code in (Condition.KEPT_FOR_EVERY_CORE_GROUP, Condition.KEPT_FOR_EVERY_PROMISED_GROUP)
    if needs_groups and not groups:
        groups = ("employees",)
    check(wording.unmet_condition(code, groups))


@pytest.mark.parametrize("code", ["su", "in", "ge", "depth", "pu", "vh", "cc"])
def test_every_level_has_a_short_word(code: str) -> None:
    for level in range(4):
        check(level_name(code, level))


def test_the_same_depth_is_another_word_for_a_harm_than_for_a_help() -> None:
    assert level_name("depth", 2)["en"] == "far beyond"
    assert level_name("depth", 2, "harms")["en"] == "breaks"


# --- Signals and choices of method ------------------------------------------------------------------------------------

SIGNALS = [
    Signal(SignalCode.HARM_ALERT, harmed=(Group.EMPLOYEES,)),
    Signal(SignalCode.HARM_ALERT, harmed=(Group.COMMUNITY, Group.ENVIRONMENT)),
    Signal(SignalCode.DIVERGENT_STAKEHOLDERS, helped=(Group.CUSTOMERS, Group.COMMUNITY), harmed=(Group.COMMUNITY,)),
    Signal(SignalCode.PURPOSE_WASHING, level=WashingLevel.HIGH, contradiction=True),
    Signal(
        SignalCode.PURPOSE_WASHING,
        level=WashingLevel.MEDIUM,
        hollow_actions=(HollowAction("a", (HollowReason.WORDS_ONLY,)),),
    ),
    Signal(
        SignalCode.PURPOSE_WASHING,
        level=WashingLevel.HIGH,
        hollow_actions=tuple(HollowAction(key, (HollowReason.WORDS_ONLY,)) for key in "ab"),
        contradiction=True,
    ),
]


@pytest.mark.parametrize("signal", SIGNALS)
def test_every_signal_reads_well(signal: Signal) -> None:
    check(wording.signal(signal))


def test_all_signal_codes_are_among_those_read() -> None:
    assert {signal.code for signal in SIGNALS} == set(SignalCode)


def test_purpose_washing_is_an_indication_and_never_an_intention() -> None:
    text = wording.signal(SIGNALS[3])
    assert "not an intention attributed to the brand" in text["en"]
    assert "pas une intention prêtée à la marque" in text["fr"]


def test_harm_to_a_community_takes_the_article_that_french_asks_for() -> None:
    assert "nuit aux habitants et citoyens" in wording.signal(SIGNALS[2])["fr"]


@pytest.mark.parametrize("switch", Switch)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_choice_of_method_reads_well(switch: Switch, outcome: Outcome) -> None:
    check(wording.method_choice(SwitchEffect(switch, outcome)))


# --- What would change a verdict --------------------------------------------------------------------------------------

WORDS = wording.CaseWords(
    brand="Orange",
    acts={"a1": wording.ActWords({"en": "Refused to pay.", "fr": "A refusé de payer."}, "Le Monde", 3)},
    promises={
        "p1": wording.PromiseWords({"en": "Says it pays fast.", "fr": "Dit payer vite."}, "", [Group.CUSTOMERS], 1),
        "p2": wording.PromiseWords(
            {"en": "Mission: care.", "fr": "Mission : le soin."}, "We care", [Group.CUSTOMERS], 2
        ),
    },
    proof_action={"a1:customers:harms": "a1", "a1:customers:helps": "a1"},
)


def edits(code: EditCode) -> list[Counterfactual]:
    """Each way in which the engine uses an edit."""
    check_, kind_code, new = EditKind.CHECK, EditKind.CODE, EditKind.NEW
    to = Outcome.ALIGNED
    if code in (EditCode.EVIDENCE_UP, EditCode.EVIDENCE_DOWN):
        return [Counterfactual(check_, code, "a1", to, code="ev", level_to=level) for level in range(4)]
    if code in (EditCode.LEVEL_UP, EditCode.LEVEL_DOWN, EditCode.LEVEL_FOUND):
        before = None if code is EditCode.LEVEL_FOUND else 1
        acts = [Counterfactual(kind_code, code, "a1", to, None, name, before, 2) for name in ("su", "in", "ge")]
        deep = [
            Counterfactual(kind_code, code, f"a1:customers:{way}", to, None, "depth", before, 2, Group.CUSTOMERS)
            for way in ("helps", "harms")
        ]
        profile = [Counterfactual(kind_code, code, "profile", to, None, name, before, 2) for name in ("pu", "vh", "cc")]
        return [*acts, *deep, *profile]
    if code is EditCode.PROMISE_WITHDRAWN:
        return [Counterfactual(check_, code, key, to) for key in ("p1", "p2")]
    if code is EditCode.FIRST_PROMISE:
        return [Counterfactual(new, code, "promises", to, group=group) for group in (None, Group.COMMUNITY)]
    subject = {EditCode.REMEDY_UP: "a1:customers:harms", EditCode.KEPT_PROOF: "customers"}.get(code, "a1")
    group = Group.CUSTOMERS if code in (EditCode.REMEDY_UP, EditCode.KEPT_PROOF) else None
    return [Counterfactual(new if group else check_, code, subject, to, group=group)]


@pytest.mark.parametrize("code", EditCode)
def test_every_edit_reads_as_a_noun_phrase(code: EditCode) -> None:
    for change in edits(code):
        text = wording.condition(change, WORDS)
        check(text)
        assert not text["en"].endswith(".")
        assert not text["en"][0].isupper()


def test_our_words_stand_behind_a_colon_and_theirs_in_quotation_marks() -> None:
    ours, theirs = (wording.condition(change, WORDS) for change in edits(EditCode.PROMISE_WITHDRAWN))
    assert ours["en"] == "this promise taken off the file: says it pays fast"
    assert theirs["en"] == "this promise taken off the file: “We care”"
    assert theirs["fr"].endswith("«\u00a0We care\u00a0»")


def test_a_promise_to_the_community_is_made_aux_habitants() -> None:
    change = Counterfactual(EditKind.NEW, EditCode.FIRST_PROMISE, "promises", Outcome.ALIGNED, group=Group.COMMUNITY)
    assert "aux habitants et citoyens" in wording.condition(change, WORDS)["fr"]


def test_an_unknown_level_is_documented_rather_than_raised() -> None:
    change = Counterfactual(EditKind.CODE, EditCode.LEVEL_FOUND, "a1", Outcome.ALIGNED, code="su", level_to=2)
    assert wording.condition(change, WORDS)["en"].startswith(
        "the substance of this act, unknown so far, documented as “real”"
    )


# --- Grammar ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "en", "fr"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a and b", "a et b"),
        (["a", "b", "c"], "a, b and c", "a, b et c"),
        (["a", "b et c"], "a and b et c", "a ainsi que b et c"),
        (["a", "a"], "a", "a"),
    ],
)
def test_lists_join_as_each_language_does(parts: list[str], en: str, fr: str) -> None:
    assert wording.listed(parts, "en") == en
    assert wording.listed(parts, "fr") == fr


def test_a_french_list_repeats_its_preposition_and_contracts_it() -> None:
    assert to_groups([Group.COMMUNITY, Group.CUSTOMERS], "fr") == "à ses clients ainsi qu'aux habitants et citoyens"
    assert to_groups([Group.COMMUNITY, Group.CUSTOMERS], "en") == "to its customers and the community"


@pytest.mark.parametrize(("name", "expected"), [("AXA", "d'AXA"), ("Ford", "de Ford"), ("Éram", "d'Éram")])
def test_names_elide_as_they_are_spoken(name: str, expected: str) -> None:
    assert of_name(name) == expected


@pytest.mark.parametrize(
    ("en", "fr", "expected"),
    [
        ("Refunded bookings.", "A remboursé les réservations.", True),
        ("Gave masks.", "A donné des masques.", True),
        ("Joined 3M to build masks.", "S’est associé à 3M pour fabriquer des masques.", True),
        ("Says it is committed.", "Se dit engagée.", True),
        ("Paid everyone.", "", True),
        ("", "A payé chacun.", True),
        ("Criticised for a full flight.", "Critiquée pour un vol complet.", False),
        ("Found guilty of abuse.", "Reconnue coupable d’abus.", False),
        ("Reported to have offered 20%.", "Aurait proposé 20 %.", False),
        ("Its president claimed a duty.", "Son président revendique un devoir.", False),
        ("Mission: a better world.", "Mission : un monde meilleur.", False),
        ("Criticised for a full flight.", "", False),
        ("In Austria, guaranteed jobs.", "En Autriche, a garanti les emplois.", False),
    ],
)
def test_a_subject_is_put_before_verbs_only(en: str, fr: str, expected: bool) -> None:
    assert opens_with_verb({"en": en, "fr": fr}) is expected


def act(en: str, fr: str, publisher: str = "Le Monde") -> wording.ActWords:
    return wording.ActWords({"en": en, "fr": fr}, publisher, 3)


def test_a_verb_phrase_gets_its_subject() -> None:
    refused = act("Refused to pay.", "A refusé de payer.")
    assert told(refused, "Orange", "en") == "according to Le Monde, it refused to pay [3]"
    assert told(refused, "Orange", "fr") == "selon Le Monde, elle a refusé de payer [3]"
    assert told(refused, "Orange", "en", by_name=True) == "according to Le Monde, Orange refused to pay [3]"


def test_a_participle_that_takes_the_brand_for_masculine_gets_its_name() -> None:
    assert told(act("Joined 3M.", "S’est associé à 3M."), "Ford", "fr").startswith("selon Le Monde, Ford s’est associé")
    assert told(act("Joined 3M.", "S’est associée à 3M."), "Ford", "fr").startswith(
        "selon Le Monde, elle s’est associée"
    )


def test_any_other_statement_stands_behind_a_colon() -> None:
    criticised = act("Criticised for a flight.", "Critiquée pour un vol.")
    assert told(criticised, "Orange", "en").endswith("this is on record: criticised for a flight [3]")
    assert "chez Orange : critiquée" in told(criticised, "Orange", "fr", by_name=True)


def test_a_brand_that_speaks_of_itself_is_not_its_own_authority() -> None:
    own = act("Gave masks.", "A donné des masques.", publisher="Orange")
    assert told(own, "Orange", "en").startswith("by its own account")
    assert told(own, "Orange", "fr").startswith("d'après ce qu'elle en dit")


@pytest.mark.parametrize(
    ("promise", "en"),
    [
        (WORDS.promises["p1"], "Orange says it pays fast [1]"),
        (WORDS.promises["p2"], "What Orange promised its customers: “We care” [2]"),
        (
            wording.PromiseWords({"en": "Mission: care for all.", "fr": "Mission : le soin."}, "", [], None),
            "What Orange promised its customers: care for all",
        ),
        (
            wording.PromiseWords({"en": "Its head vowed to pay.", "fr": "Son chef a juré de payer."}, "", [], None),
            "What Orange promised its customers: its head vowed to pay",
        ),
    ],
)
def test_a_promise_is_told_in_the_brands_words_where_they_are_on_file(promise: wording.PromiseWords, en: str) -> None:
    assert promised(promise, [Group.CUSTOMERS], "Orange", "en") == en
    assert promised(promise, [Group.CUSTOMERS], "Orange", "fr")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Mission: care", "care"),
        ("We pay", "We pay"),
        ("A very long sentence that goes on and on before it comes to this: care", None),
        ("Mission:", "Mission:"),
    ],
)
def test_a_heading_is_left_out_only_where_it_is_one(statement: str, expected: str | None) -> None:
    assert without_heading(statement) == (expected or statement)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("its hosts' rules", "its hosts’ rules"), ("isn't", "isn’t"), ("'wow' effect", "'wow' effect")],
)
def test_apostrophes_are_curled_and_quotation_marks_left_alone(typed: str, printed: str) -> None:
    assert curled(typed) == printed


def test_numbers_of_sources_and_lone_signs_are_no_words() -> None:
    assert count_words("Paid [3] its customers\u00a0: 100 € – all.") == 5


@LANGUAGES
def test_acronyms_keep_their_capitals_inside_a_sentence(language: str) -> None:
    assert wording.verb_phrase("NHS staff were paid.") == "NHS staff were paid"
    assert wording.verb_phrase("Paid NHS staff.") == "paid NHS staff"
    assert quoted("We care.", language)[1:-1].strip("\u00a0") == "We care"


def test_a_missing_language_is_filled_by_the_other() -> None:
    assert wording.cited(wording.ActWords({"en": "Paid.", "fr": ""}, "X", None), "fr") == "paid"


# --- The two sentences ------------------------------------------------------------------------------------------------


def a_source(key: str = "s1", kind: SourceKind = SourceKind.INDEPENDENT, group: str = "le-monde") -> Source:
    return Source(key, kind, group, PartialDate(2020, 4))


def an_action(*proofs: Proof, sources: tuple[Source, ...] = (), su: int | None = 2, **codes: int | None) -> Action:
    return Action(
        "a1", PartialDate(2020, 4), su, codes.get("re", 2), codes.get("in_", 2), codes.get("ge", 1),
        sources=sources or (a_source(),), proofs=proofs,
    )  # fmt: skip


def a_proof(direction: Direction, depth: int, yardstick: str = "p1", group: Group = Group.CUSTOMERS) -> Proof:
    return Proof(f"a1:{group}:{direction}", group, yardstick, direction, depth)


TWO = (a_source(), a_source("s2", group="le-figaro"))
HELPS, HARMS = Direction.HELPS, Direction.HARMS
PROMISE = Promise("p1", 2, frozenset({Group.CUSTOMERS}), PartialDate(2018))
TO_TWO = Promise("p1", 2, frozenset({Group.CUSTOMERS, Group.PARTNERS}), PartialDate(2018))
ALL = Promise("p1", 2, frozenset(list(Group)[:4]), PartialDate(2018))

CASES: dict[str, tuple[Outcome, Breadth | Reason | None, tuple[Promise, ...], Profile, tuple[Action, ...]]] = {
    "breach": (Outcome.BROKEN_PROMISE, None, (PROMISE,), Profile(), (an_action(a_proof(HARMS, 2)),)),
    "shortfall": (Outcome.BROKEN_PROMISE, None, (PROMISE,), Profile(), (an_action(a_proof(HARMS, 1), sources=TWO),)),
    "duty": (Outcome.BROKEN_PROMISE, None, (PROMISE,), Profile(), (an_action(a_proof(HARMS, 3, DUTY)),)),
    "as promised": (Outcome.ALIGNED, Breadth.PROMISED, (PROMISE,), Profile(), (an_action(a_proof(HELPS, 0)),)),
    "on duty alone": (
        Outcome.ALIGNED,
        Breadth.PROMISED,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HELPS, 0, DUTY)),),
    ),
    "partly on duty": (
        Outcome.ALIGNED,
        Breadth.PROMISED,
        (TO_TWO,),
        Profile(),
        (an_action(a_proof(HELPS, 0), a_proof(HELPS, 0, DUTY, Group.PARTNERS)),),
    ),
    "somewhat short": (
        Outcome.ALIGNED,
        Breadth.PROMISED,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HELPS, 0), a_proof(HARMS, 1)),),
    ),
    "with all, on duty": (
        Outcome.ALIGNED,
        Breadth.ALL,
        (PROMISE,),
        Profile(),
        (an_action(*(a_proof(HELPS, 0, DUTY, group) for group in list(Group)[:4])),),
    ),
    "both yardsticks": (
        Outcome.BROKEN_PROMISE,
        None,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HARMS, 2), a_proof(HARMS, 3, DUTY, Group.COMMUNITY)),),
    ),
    "with all": (
        Outcome.ALIGNED,
        Breadth.ALL,
        (ALL,),
        Profile(),
        (an_action(*(a_proof(HELPS, 0, "p1", group) for group in list(Group)[:4])),),
    ),
    "exceeds": (Outcome.EXCEEDS_PROMISE, None, (PROMISE,), Profile(), (an_action(a_proof(HELPS, 2), ge=2),)),
    "in its dna": (
        Outcome.DNA_PROACTIVE,
        None,
        (PROMISE,),
        Profile(vh=3, cc=2),
        (an_action(a_proof(HELPS, 1), in_=3, ge=2),),
    ),
    "to settle": (
        Outcome.INSUFFICIENT_EVIDENCE,
        Reason.HARM_TO_SETTLE,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HARMS, 2, DUTY)),),
    ),
    "partial": (Outcome.INSUFFICIENT_EVIDENCE, Reason.PARTIAL, (TO_TWO,), Profile(), (an_action(a_proof(HELPS, 0)),)),
    "token": (
        Outcome.INSUFFICIENT_EVIDENCE,
        Reason.TOKEN,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HELPS, 0), su=1),),
    ),
    "undescribed": (
        Outcome.INSUFFICIENT_EVIDENCE,
        Reason.UNDESCRIBED,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HELPS, 0), su=None),),
    ),
    "unverified": (
        Outcome.INSUFFICIENT_EVIDENCE,
        Reason.UNVERIFIED,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HELPS, 0), sources=(a_source(kind=SourceKind.INTERESTED),)),),
    ),
    "no helpful act": (
        Outcome.INSUFFICIENT_EVIDENCE,
        Reason.NO_HELPFUL_ACT,
        (PROMISE,),
        Profile(),
        (an_action(a_proof(HARMS, 1)),),
    ),
    "no act": (Outcome.INSUFFICIENT_EVIDENCE, Reason.NO_ACTION, (PROMISE,), Profile(), ()),
    "no promise": (Outcome.NO_PROMISE, None, (), Profile(), (an_action(a_proof(HELPS, 0, DUTY)),)),
    "no promise, harm": (Outcome.NO_PROMISE, None, (), Profile(), (an_action(a_proof(HARMS, 3, DUTY)),)),
}


def verdict_of(name: str) -> Verdict:
    _, _, promises, profile, actions = CASES[name]
    return judge(Dossier(PartialDate(2020, 3), AS_OF, promises, profile, actions), method_in_force(AS_OF))


STATEMENTS = [
    ("Refused to pay.", "A refusé de payer."),
    ("Criticised for a full flight.", "Critiquée pour un vol complet."),
    ("An independent review found abuse.", "Une revue indépendante conclut à des abus."),
    (" ".join(["Paid"] + ["every one of them"] * 8) + ".", " ".join(["A payé"] + ["chacun d’entre eux"] * 9) + "."),
]
PROMISES = [
    ("Says it pays fast.", "Dit payer vite.", ""),
    ("Mission: care.", "Mission : le soin.", ""),
    ("Mission: care.", "Mission : le soin.", "We care about all of you."),
    ("Its president vowed it.", "Son président l’a juré.", ""),
]


def words_of(verdict: Verdict, statement: tuple[str, str], promise: tuple[str, str, str]) -> wording.CaseWords:
    words = wording.CaseWords(brand="Orange", profile=wording.text("old values", "valeurs anciennes"))
    words.acts["a1"] = wording.ActWords({"en": statement[0], "fr": statement[1]}, "Le Monde", 3)
    words.promises["p1"] = wording.PromiseWords({"en": promise[0], "fr": promise[1]}, promise[2], [Group.CUSTOMERS], 1)
    for proof in (f"a1:{group}:{direction}" for group in Group for direction in Direction):
        words.proof_action[proof] = "a1"
        words.proof_group[proof] = Group(proof.split(":")[1])
        duty = any(finding.code == FindingCode.SERIOUS_HARM_UNDER_DUTY for finding in verdict.findings)
        words.proof_promise[proof] = DUTY if duty else "p1"
    return words


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_what_it_says(name: str) -> None:
    outcome, sub, *_ = CASES[name]
    verdict = verdict_of(name)
    assert verdict.outcome == outcome
    assert sub in (None, verdict.breadth, verdict.reason)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("statement", STATEMENTS, ids=["verb", "participle", "subject", "long"])
@pytest.mark.parametrize("promise", PROMISES, ids=["verb", "heading", "quoted", "subject"])
def test_whatever_the_facts_the_explanation_reads_well_and_keeps_within_sixty_words(
    name: str, statement: tuple[str, str], promise: tuple[str, str, str]
) -> None:
    verdict = verdict_of(name)
    text = wording.explanation(verdict, words_of(verdict, statement, promise))
    check(text)
    for sentence in text.values():
        assert count_words(sentence) <= wording.MAX_WORDS, (count_words(sentence), sentence)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert sentence.count(". ") <= 2


def explained(name: str, statement: int = 0, promise: int = 2) -> wording.Text:
    verdict = verdict_of(name)
    return wording.explanation(verdict, words_of(verdict, STATEMENTS[statement], PROMISES[promise]))


def test_a_breach_tells_the_promise_the_act_and_what_would_lift_it() -> None:
    assert explained("breach")["en"] == (
        "What Orange promised its customers: “We care about all of you” [1]."
        " According to Le Monde, it refused to pay [3], which breaks that promise;"
        " good deeds elsewhere do not offset it, but a fuller repair to the same people would change the verdict."
    )


def test_a_breach_reads_as_well_in_french() -> None:
    assert explained("breach")["fr"] == wording.french(
        "Promesse d'Orange à ses clients : « We care about all of you » [1]."
        " Selon Le Monde, elle a refusé de payer [3], ce qui rompt cette promesse ; aucune bonne action ailleurs ne"
        " compense, mais une réparation plus complète aux mêmes personnes changerait le verdict."
    )


def test_a_shortfall_is_told_from_a_breach() -> None:
    assert "falls short of that promise" in explained("shortfall")["en"]
    assert "reste en deçà de cette promesse" in explained("shortfall")["fr"]


def test_a_harm_that_no_promise_covers_is_read_against_the_duty_of_care() -> None:
    assert "No promise covers this act" in explained("duty")["en"]
    assert "devoir de soin" in explained("duty")["fr"]


def test_an_aligned_brand_names_those_about_whom_nothing_is_known() -> None:
    assert explained("as promised")["en"].endswith(
        "We found nothing established about its employees, its partners and the community."
    )


HEADLINES = {
    "breach": "what it did falls short of its promise to its customers",
    "shortfall": "what it did falls short of its promise to its customers",
    "duty": "a serious harm to its customers goes against the duty of care; no promise on file covers it",
    "both yardsticks": (
        "what it did falls short of its promise to its customers, and of its duty of care to the community"
    ),
    "as promised": "it kept its word to its customers",
    "on duty alone": (
        "it stood by its customers, to whom a promise is on file; its acts are read against the duty of care"
    ),
    "partly on duty": (
        "it kept its word to its customers; towards its partners, its acts are read against the duty of care alone"
    ),
    "somewhat short": "it stood by its customers, while falling somewhat short of its promise to its customers",
    "with all": "it kept its word to its customers, its employees, its partners and the community",
    "with all, on duty": ("it stood by every core group of stakeholders; its acts are read against the duty of care"),
    "exceeds": "it went well beyond its promise to its customers",
    "in its dna": "caring for its customers predates the crisis, and it helped them before being asked",
}


@pytest.mark.parametrize("name", CASES)
def test_a_title_follows_what_the_verdict_rests_on(name: str) -> None:
    verdict = verdict_of(name)
    coverage = [
        {"stakeholder": row.group, "applicable": row.applicable, "promised": row.promised} for row in verdict.coverage
    ]
    told = wording.headline({**verdict_to_dict(verdict), "coverage": coverage})
    assert (told["en"] if told else None) == HEADLINES.get(name)
    if told:
        check({language: f"Orange {text}" for language, text in told.items()})


def test_a_word_is_said_to_be_kept_only_towards_those_for_whom_an_act_tests_it() -> None:
    told = explained("partly on duty")
    assert "kept its word to its customers and stood by its partners" in told["en"]
    assert "Towards its partners, its acts are read against the duty of care" in told["en"]
    assert "a tenu parole envers ses clients et agi pour ses partenaires" in told["fr"]
    assert "keeps its word" not in explained("with all, on duty")["en"]
    assert "tient parole" not in explained("with all, on duty")["fr"]


@pytest.mark.parametrize("name", ["on duty alone", "breach"])
def test_no_order_in_time_is_claimed_between_a_promise_and_an_act(name: str) -> None:
    long = ("Says " + "it pays fast " * 20, "Dit " + "payer vite " * 20, "")
    told = wording.explanation(verdict_of(name), words_of(verdict_of(name), STATEMENTS[0], long))
    assert "had made" not in told["en"]
    assert "avait fait" not in told["fr"]
    assert "on file" in told["en"]
    assert "au dossier" in told["fr"]


def test_without_a_promise_a_serious_harm_is_still_said() -> None:
    assert "broken promise" in explained("no promise, harm")["en"]
    assert "broken promise" not in explained("no promise")["en"]


def test_insufficient_evidence_says_what_to_look_for_first() -> None:
    assert "The first thing to look for is a real act for its partners" in explained("partial")["en"]
    assert "official record" in explained("to settle")["en"]
