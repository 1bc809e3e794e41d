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
from scoring.wording.grammar import count_words, curled, groups_in_short, of_name, on_date, printed, quoted, to_groups
from scoring.wording.lexicon import level_name
from scoring.wording.statements import Form, form_of, promised, told, without_heading

AS_OF = date(2020, 12, 31)
LANGUAGES = pytest.mark.parametrize("language", wording.LANGUAGES)

# --- What every sentence must be --------------------------------------------------------------------------------------

WRONG_FRENCH = re.compile(r"[^\u00a0][:;!?%»]|«[^\u00a0]|'|\bde les\b|\bà les\b|\bà le\b|\bde le\b|\bque il\b")
DOUBLED = re.compile(r"\.\.|,,|::| {2}|;\.|,\.|:\.|\(\)|“”|«\u00a0»")
BANNED = {
    "en": re.compile(r"\b(lie|lies|lied|hypocrit\w*|scandal\w*|betray\w*|fake|greedy)\b", re.I),
    "fr": re.compile(r"\b(mensonge\w*|menti\w*|hypocrit\w*|scandal\w*|trahi\w*|cupid\w*|faux-semblant\w*)\b", re.I),
}


def check(text: dict[str, str]) -> None:
    """Both languages are there, in their typography, with nothing doubled, left open or blamed."""
    assert set(text) == {"en", "fr"}
    for language, sentence in text.items():
        assert sentence.strip() == sentence
        assert sentence
        assert not DOUBLED.search(sentence), sentence
        assert not BANNED[language].search(sentence), sentence
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
    ("en", "fr", "in_english", "in_french"),
    [
        ("Refunded bookings.", "A remboursé les réservations.", Form.VERB, Form.VERB),
        ("Joined 3M to build masks.", "S’est associé à 3M pour fabriquer des masques.", Form.VERB, Form.VERB),
        ("Says it is committed.", "Se dit engagée.", Form.VERB, Form.VERB),
        ("Lifted data caps.", "Ont déplafonné les volumes.", Form.VERB, Form.VERB),
        ("Apologised for refunds taking months.", "S’est excusée de remboursements tardifs.", Form.VERB, Form.VERB),
        ("Pledged for 60 days not to cut off.", "Engagement de 60 jours : pas de coupure.", Form.VERB, Form.LABEL),
        ("Paid everyone.", "", Form.VERB, Form.LABEL),
        ("", "A payé chacun.", Form.LABEL, Form.VERB),
        ("Criticised for a full flight.", "Critiquée pour un vol complet.", Form.PASSIVE, Form.PASSIVE),
        ("Found guilty of abuse.", "Reconnue coupable d’abus.", Form.PASSIVE, Form.PASSIVE),
        ("Reported to have offered 20%.", "Aurait proposé 20 %.", Form.PASSIVE, Form.VERB),
        ("Listed among brands that pay.", "Figure parmi les marques qui paient.", Form.PASSIVE, Form.VERB),
        ("Its president claimed a duty.", "Son président revendique un devoir.", Form.CLAUSE, Form.CLAUSE),
        ("Workers said they risked a lot.", "Des salariés disent avoir risqué gros.", Form.CLAUSE, Form.CLAUSE),
        ("In one store, staff got vouchers.", "Dans un magasin, les salariés ont reçu des bons.",
         Form.CLAUSE, Form.CLAUSE),
        ("Ordered by a court to pay, it appealed.", "Condamné par un tribunal, l’assureur a fait appel.",
         Form.CLAUSE, Form.CLAUSE),
        ("In Austria, guaranteed jobs.", "En Autriche, a garanti les emplois.",
         Form.AFTER_ADVERB, Form.AFTER_ADVERB),
        ("Mission: a better world.", "Mission : un monde meilleur.", Form.LABEL, Form.LABEL),
        ("Certified B Corp placing care first.", "Labellisée B Corp, place le soin d’abord.", Form.LABEL, Form.LABEL),
        ("€500m cash-flow relief: early payment.", "500 M€ de trésorerie : paiement anticipé.",
         Form.LABEL, Form.LABEL),
    ],
)  # fmt: skip
def test_each_language_knows_the_form_of_a_statement(en: str, fr: str, in_english: Form, in_french: Form) -> None:
    statement = {"en": en, "fr": fr}
    assert form_of(statement, "en") == in_english
    assert form_of(statement, "fr") == in_french


DAY = PartialDate(2020, 4, 18)


def act(en: str, fr: str, publisher: str = "Le Monde", day: PartialDate | None = None) -> wording.ActWords:
    return wording.ActWords({"en": en, "fr": fr}, publisher, 3, day)


@pytest.mark.parametrize(
    ("en", "fr", "told_en", "told_fr"),
    [
        ("Refused to pay.", "A refusé de payer.",
         "on 18 April 2020, according to Le Monde, it refused to pay [3]",
         "le 18 avril 2020, selon Le Monde, elle a refusé de payer [3]"),
        ("Criticised for a flight.", "Critiquée pour un vol.",  # not on the day of the flight
         "according to Le Monde, it was criticised for a flight [3]",
         "selon Le Monde, elle a été critiquée pour un vol [3]"),
        ("Workers said they risked a lot.", "Des salariés disent avoir risqué gros.",
         "according to Le Monde, workers said they risked a lot [3]",
         "selon Le Monde, des salariés disent avoir risqué gros [3]"),
        ("Foundation gave toys.", "Sa fondation a donné des jeux.",
         "on 18 April 2020, according to Le Monde, its foundation gave toys [3]",
         "le 18 avril 2020, selon Le Monde, sa fondation a donné des jeux [3]"),
        ("In Austria, guaranteed jobs.", "En Autriche, a garanti les emplois.",
         "according to Le Monde, in Austria, it guaranteed jobs [3]",
         "selon Le Monde, en Autriche, elle a garanti les emplois [3]"),
        ("Relief of €5m: early payment.", "5 M€ de trésorerie : paiement anticipé.",
         "on 18 April 2020, according to Le Monde: relief of €5m – early payment [3]",
         "le 18 avril 2020, selon Le Monde : 5 M€ de trésorerie – paiement anticipé [3]"),
    ],
)  # fmt: skip
def test_an_act_is_told_as_its_form_asks(en: str, fr: str, told_en: str, told_fr: str) -> None:
    assert told(act(en, fr, day=DAY), "Orange", "en") == told_en
    assert told(act(en, fr, day=DAY), "Orange", "fr") == told_fr


def test_an_act_told_without_its_promise_names_the_brand() -> None:
    refused, struck = act("Refused to pay.", "A refusé de payer."), act("Staff struck.", "Ses salariés ont cessé.")
    assert told(refused, "Orange", "en", by_name=True) == "according to Le Monde, Orange refused to pay [3]"
    assert told(struck, "Orange", "en", by_name=True) == "at Orange, according to Le Monde, the staff struck [3]"
    assert told(struck, "Orange", "fr", by_name=True).startswith("chez Orange, selon Le Monde, les salariés ont")


def test_a_participle_that_takes_the_brand_for_masculine_gets_its_name() -> None:
    assert told(act("Joined 3M.", "S’est associé à 3M."), "Ford", "fr").startswith("selon Le Monde, Ford s’est associé")
    assert told(act("Joined 3M.", "S’est associée à 3M."), "Ford", "fr").startswith(
        "selon Le Monde, elle s’est associée"
    )
    assert "Ford a été critiqué pour" in told(act("Criticised for it.", "Critiqué pour un vol."), "Ford", "fr")


def test_a_brand_that_speaks_of_itself_is_not_its_own_authority() -> None:
    own = act("Gave masks.", "A donné des masques.", publisher="Orange")
    assert told(own, "Orange", "en", sourced=False).startswith("by its own account")
    assert told(own, "Orange", "fr", sourced=False).startswith("d'après ce qu'elle en dit")


def test_an_overall_judgement_always_says_whose_it_is() -> None:
    judged = wording.ActWords({"en": "Kept its word.", "fr": "A tenu parole."}, "An expert", 3, appraisal=True)
    assert told(judged, "Orange", "en", sourced=False) == "according to An expert, it kept its word [3]"


@pytest.mark.parametrize(
    ("day", "en", "fr"),
    [
        (PartialDate(2020), "in 2020", "en 2020"),
        (PartialDate(2020, 8), "in August 2020", "en août 2020"),
        (PartialDate(2020, 4, 1), "on 1 April 2020", "le 1er avril 2020"),
        (None, "", ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(day: PartialDate | None, en: str, fr: str) -> None:
    assert (on_date(day, "en"), on_date(day, "fr")) == (en, fr)


@pytest.mark.parametrize(
    ("promise", "en"),
    [
        (WORDS.promises["p1"], "Orange says it pays fast [1]"),
        (WORDS.promises["p2"], "Orange’s promise to its customers: “We care” [2]"),
        (
            wording.PromiseWords({"en": "Mission: care for all.", "fr": "Mission : le soin."}, "", [], None),
            "Orange’s promise to its customers: care for all",
        ),
        (
            wording.PromiseWords({"en": "Its head vowed to pay.", "fr": "Son chef a juré de payer."}, "", [], None),
            "at Orange, the head vowed to pay",
        ),
        (
            wording.PromiseWords({"en": "Mission: care.", "fr": "Mission : le soin."}, "Le soin", [], 2, "fr"),
            "Orange’s promise to its customers: care [2]",
        ),
    ],
)
def test_a_promise_is_told_in_the_brands_words_where_readers_understand_them(
    promise: wording.PromiseWords, en: str
) -> None:
    assert promised(promise, [Group.CUSTOMERS], "Orange", "en") == en
    assert promised(promise, [Group.CUSTOMERS], "Orange", "fr")


def test_groups_that_are_all_its_own_have_their_owner_said_once() -> None:
    three = [Group.CUSTOMERS, Group.EMPLOYEES, Group.PARTNERS]
    assert groups_in_short(three, "en") == "its customers, employees and partners"
    assert groups_in_short(three, "fr") == "ses clients, collaborateurs et partenaires"
    assert groups_in_short([Group.CUSTOMERS, Group.COMMUNITY], "en") == "its customers and the community"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Mission: care", "care"),
        ("We pay", "We pay"),
        ("A very long sentence that goes on and on before it comes to this: care", None),
        ("Mission:", "Mission:"),
        ("A pledge of 60 days: no cut", "A pledge of 60 days: no cut"),
        ("Purpose adopted in 2019: care", "care"),
    ],
)
def test_a_heading_is_left_out_only_where_it_is_one(statement: str, expected: str | None) -> None:
    assert without_heading(statement) == (expected or statement)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("its hosts' rules", "its hosts’ rules"), ("isn't", "isn’t"), ("'wow' effect", "'wow' effect")],
)
def test_apostrophes_are_curled_and_quotation_marks_left_alone(typed: str, shown: str) -> None:
    assert curled(typed) == shown


def test_french_blanks_do_not_break_where_french_has_none() -> None:
    typed = "Dit : « 10 000 pour l'été ! » ; 30 % de 5 :12"
    assert printed(typed, "fr") == "Dit\xa0: «\xa010\xa0000 pour l’été\xa0!\xa0»\xa0; 30\xa0% de 5 :12"
    assert printed(typed, "en") == "Dit : « 10 000 pour l’été ! » ; 30 % de 5 :12"


def test_numbers_of_sources_and_lone_signs_are_no_words() -> None:
    assert count_words("Paid [3] its customers\u00a0: 100 € – all.") == 5
    assert count_words("80\u00a0000 vendeurs") == 2


@LANGUAGES
def test_acronyms_keep_their_capitals_inside_a_sentence(language: str) -> None:
    assert wording.verb_phrase("NHS staff were paid.") == "NHS staff were paid"
    assert wording.verb_phrase("Paid NHS staff.") == "paid NHS staff"
    assert quoted("We care.", language)[1:-1].strip("\u00a0") == "We care"


def test_a_missing_language_is_filled_by_the_other() -> None:
    only_english = wording.ActWords({"en": "Paid.", "fr": ""}, "X", None)
    assert told(only_english, "Orange", "fr") == "selon X : paid"


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
        "Orange’s promise to its customers: “We care about all of you” [1]; according to Le Monde, it refused to pay"
        " [3]. That breaks the promise; good deeds elsewhere do not offset it, which rules out “aligned”; a fuller"
        " repair to the same people would change the verdict."
    )


def test_a_breach_reads_as_well_in_french() -> None:
    assert explained("breach")["fr"] == wording.french(
        "Promesse d'Orange à ses clients : « We care about all of you » [1] ; selon Le Monde, elle a refusé de payer"
        " [3]. Cela rompt la promesse ; aucune bonne action ailleurs ne compense, ce qui exclut « alignée » ; une"
        " réparation plus complète aux mêmes personnes changerait le verdict."
    )


def test_a_shortfall_is_told_from_a_breach() -> None:
    assert "falls short of the promise" in explained("shortfall")["en"]
    assert "reste en deçà de la promesse" in explained("shortfall")["fr"]


def test_a_harm_that_no_promise_covers_is_read_against_the_duty_of_care() -> None:
    assert "No promise on file covers this act" in explained("duty")["en"]
    assert "devoir de soin" in explained("duty")["fr"]


def test_a_broken_promise_is_told_before_a_harm_outside_any() -> None:
    """Both make the verdict, each by itself; the graver one, outside any promise, comes first for the engine."""
    harm = Action("a2", PartialDate(2020, 4), sources=(a_source("s3", group="cbs"),), proofs=(
        Proof("a2:employees:harms", Group.EMPLOYEES, DUTY, HARMS, 3),
    ))  # fmt: skip
    breach = an_action(a_proof(HARMS, 2))
    verdict = judge(Dossier(PartialDate(2020, 3), AS_OF, (PROMISE,), Profile(), (harm, breach)), method_in_force(AS_OF))
    words = words_of(verdict, STATEMENTS[0], PROMISES[2])
    words.acts["a2"] = act("Put staff at risk.", "A mis en danger son personnel.")
    words.proof_action["a2:employees:harms"] = "a2"
    words.proof_group["a2:employees:harms"] = Group.EMPLOYEES
    words.proof_promise.update({"a2:employees:harms": DUTY, "a1:customers:harms": "p1"})
    assert set(verdict.decisive_proofs) == {"a1:customers:harms", "a2:employees:harms"}
    assert "it refused to pay [3]. That breaks the promise" in wording.explanation(verdict, words)["en"]


def test_a_promise_made_after_the_act_is_not_said_to_be_broken_by_it() -> None:
    late = Promise("p1", 2, frozenset({Group.CUSTOMERS}), PartialDate(2020, 9))
    dossier = Dossier(PartialDate(2020, 3), AS_OF, (late,), Profile(), (an_action(a_proof(HARMS, 3)),))
    verdict = judge(dossier, method_in_force(AS_OF))
    words = words_of(verdict, STATEMENTS[0], PROMISES[2])
    words.proof_promise["a1:customers:harms"] = "p1"  # as coded; the engine does not follow
    assert "No promise on file covers this act" in wording.explanation(verdict, words)["en"]


def test_an_aligned_brand_names_those_about_whom_nothing_is_known() -> None:
    assert explained("as promised")["en"].endswith(
        "It keeps its word to its customers, with no serious harm established: “aligned”, but not with all,"
        " for lack of established acts for its employees, its partners and the community."
    )


def test_an_act_outside_the_promise_does_not_keep_it() -> None:
    verdict = judge(
        Dossier(PartialDate(2020, 3), AS_OF, (PROMISE,), Profile(), (an_action(a_proof(HELPS, 0, DUTY)),)),
        method_in_force(AS_OF),
    )
    words = words_of(verdict, STATEMENTS[0], PROMISES[2])
    words.proof_promise["a1:customers:helps"] = DUTY
    text = wording.explanation(verdict, words)
    assert text["en"].startswith("Orange’s promise to its customers: “We care about all of you” [1]; ")
    assert "By the duty of care alone, its acts for its customers" in text["en"]
    assert "Au seul titre du devoir de soin, ses actes envers ses clients" in text["fr"]
    assert "keeps its word" not in text["en"]


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


def test_no_word_is_said_to_be_kept_where_no_act_tests_one() -> None:
    assert "keeps its word" not in explained("with all, on duty")["en"]
    assert "tient parole" not in explained("with all, on duty")["fr"]


@pytest.mark.parametrize("name", ["on duty alone", "breach"])
def test_no_order_in_time_is_claimed_between_a_promise_and_an_act(name: str) -> None:
    long = ("Says " + "it pays fast " * 20, "Dit " + "payer vite " * 20, "")
    told = wording.explanation(verdict_of(name), words_of(verdict_of(name), STATEMENTS[0], long))
    assert "had made" not in told["en"]
    assert "avait fait" not in told["fr"]


def test_without_a_promise_a_serious_harm_is_still_said() -> None:
    assert "broken promise" in explained("no promise, harm")["en"]
    assert "broken promise" not in explained("no promise")["en"]


def test_insufficient_evidence_says_what_was_found_and_what_is_missing() -> None:
    assert explained("partial")["en"] == (
        "Orange’s promise to its customers: “We care about all of you” [1]; according to Le Monde, it refused to pay"
        " [3]. It cannot be placed yet: too little for “aligned”, as we found no established act for its partners, to"
        " whom a promise is on file too."
    )
    assert "official record" in explained("to settle")["en"]


SAME_PARTS = {
    "offset": ("do not offset it", "compense"),
    "change": ("would change the verdict", "changerait le verdict"),
    "harmless": ("with no serious harm established", "sans tort grave établi"),
    "missing": ("for lack of established acts for", "faute d’actes établis envers"),
    "not placed": ("cannot be placed yet", "ne peut pas encore être classée"),
    "wanted": ("takes a real act", "demande un acte réel"),
    "aligned": ("“aligned”", "«\u00a0alignée\u00a0»"),
    "source": ("Le Monde", "Le Monde"),
    "promise on file": ("is on file [", "est au dossier ["),
}


def check_same_parts(text: wording.Text) -> None:
    for part, (en, fr) in SAME_PARTS.items():
        assert (en in text["en"]) == (fr in text["fr"]), (part, text)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("words", range(1, 30, 4))
def test_both_languages_keep_or_drop_the_same_parts(name: str, words: int) -> None:
    verdict = verdict_of(name)
    french = "A payé " + " ".join(["chacun"] * words * 2) + "."  # twice as long as the English
    text = wording.explanation(verdict, words_of(verdict, (f"Paid {' '.join(['all'] * words)}.", french), PROMISES[2]))
    check_same_parts(text)
