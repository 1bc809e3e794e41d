"""The documented form of every record. Nothing is built from these: they describe what is sent, and name the fields.

Codes are told as text with the values known today, because a list of codes may grow within a version of the API.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rest_framework import serializers

from brands import codes
from brands.importing.dates import Order
from brands.importing.kinds import KINDS
from brands.models import ImportState, Outcome
from cxalign.exports.models import ExportState
from cxalign.practices.models import FAMILIES, Category, EffortBand, EvidenceLevel, TimeBand
from scoring.engine import verdict
from scoring.engine.dossier import MeasuredCode
from scoring.models import ReplyOutcome, TieKind


class Shape(serializers.Serializer[Any]):
    # Part of an answer: every field is always there. (No docstring: it would describe all shapes below.)
    pass


class Record(serializers.Serializer[Any]):
    # A record that has an address. With ``fields=`` only those asked for are there, and the id.
    pass


class BilingualText(Shape):
    """A text in both languages; with ``lang=``, the text in that one."""

    en = serializers.CharField(allow_blank=True)
    fr = serializers.CharField(allow_blank=True)


def a_text(help_text: str = "", **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=help_text, allow_blank=True, **options)


def a_code(values: Iterable[str], **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=f"One of {', '.join(values)}; others may be added.", **options)


def a_level(help_text: str) -> serializers.CharField:
    return serializers.CharField(
        help_text=f"{help_text}: a level, u for unknown, or null if not coded.", allow_null=True
    )


def some_ids(help_text: str = "") -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), help_text=help_text)


def a_group(**options: Any) -> serializers.CharField:
    return a_code(codes.Stakeholder.values, **options)


def some_groups() -> serializers.ListField:
    return serializers.ListField(child=a_group())


def a_partial_date() -> serializers.CharField:
    return a_text("Known to the day, month or year: 2020-04-13, 2020-04 or 2020.", allow_null=True)


def an_outcome(**options: Any) -> serializers.CharField:
    return a_code(verdict.Outcome, **options)


def an_archetype() -> serializers.CharField:
    return a_code((kind for kind in verdict.Outcome if kind.is_archetype), allow_null=True)


def a_breadth() -> serializers.CharField:
    return a_code(verdict.Breadth, allow_null=True)


ETAG = "The entity tag of this record, with its quotes."


# --- Brands and crises ------------------------------------------------------------------------------------------------


class SectorShape(Shape):
    slug = serializers.CharField()
    name = BilingualText()


class Identifiers(Shape):
    lei = a_text()
    siren = a_text()
    wikidata = a_text()


class BrandVerdict(Shape):
    crisis = serializers.CharField()
    outcome = an_outcome()
    archetype = an_archetype()
    breadth = a_breadth()
    robustness = a_code(verdict.Robustness, allow_null=True)
    version = serializers.IntegerField()
    as_of = serializers.DateField()
    scorecard = a_text("The id of the scorecard.")
    url = serializers.URLField()


class BrandPart(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    sector = SectorShape()
    country = a_text("ISO 3166-1, two letters; ZZ for several countries.")
    country_name = BilingualText()
    parent_group = a_text()
    summary = BilingualText()
    in_founding_article = serializers.BooleanField()


class Brand(Record, BrandPart):
    id = a_text("The slug.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    aliases = some_ids("Other names.")
    entity_type = a_code(codes.EntityType.values)
    perimeter = a_text("Which entity decides, and what is left out.")
    website = a_text()
    identifiers = Identifiers()
    verdicts = BrandVerdict(many=True, help_text="The verdict published now, for each crisis.")


class CrisisPhase(Shape):
    name = BilingualText()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class CrisisPart(Shape):
    slug = serializers.CharField()
    name = BilingualText()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    phases = CrisisPhase(many=True)


class Crisis(Record, CrisisPart):
    id = a_text("The slug.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


# --- Facts ------------------------------------------------------------------------------------------------------------


class PromisePart(Shape):
    id = serializers.CharField()
    kind = a_code(codes.PromiseKind.values)
    statement = BilingualText()
    quote = a_text("The brand’s own words, in their own language.")
    quote_lang = a_text()
    stakeholders = some_groups()
    stated_on = a_partial_date()
    since = a_partial_date()
    statement_level = a_level("ST")
    weight = a_code(codes.Weight.values)
    value_type = a_code(codes.ValueType.values, allow_null=True)
    specificity = a_level("Specificity")
    scope = a_level("Scope")
    testable = serializers.BooleanField()
    rationale = BilingualText()
    sources = some_ids("Ids of sources.")


class Promise(Record, PromisePart):
    etag = a_text(ETAG)
    url = serializers.URLField()
    brand = serializers.CharField()


class ProofPart(Shape):
    """One action read against one yardstick, for one stakeholder group."""

    id = serializers.CharField()
    stakeholder = a_group()
    yardstick = a_code(("promise", "duty"))
    promise = a_text("The id of the promise; null for the duty of care.", allow_null=True)
    direction = a_code(codes.Direction.values)
    depth = a_level("Depth")
    remedy = a_code(codes.Remedy.values)
    rationale = BilingualText()
    coding = a_code(codes.Coding.values)
    decisive = serializers.BooleanField(help_text="Whether the verdict turns on it.")


class SourceUse(Shape):
    id = serializers.CharField()
    n = serializers.IntegerField(help_text="Its number in the scorecard.")
    kind = a_code(codes.SourceKind.values)
    group = a_text("Sources of one group speak in one voice.")


class ActionPart(Shape):
    id = serializers.CharField()
    statement = BilingualText()
    occurred_on = a_partial_date()
    date_precision = a_code(("day", "month", "year"), allow_null=True)
    ended_on = a_partial_date()
    country = a_text(allow_null=True)
    amount = a_text(allow_null=True)
    amount_currency = a_text(allow_null=True)
    substance = a_level("SU")
    reach = a_level("RE")
    initiative = a_level("IN")
    generosity = a_level("GE")
    evidence = serializers.IntegerField(allow_null=True, help_text="The evidence grade, 0 to 3.")
    counted = serializers.BooleanField()
    appraisal = serializers.BooleanField()
    disputed = serializers.BooleanField()
    kind = a_code(codes.ActionKind.values, allow_null=True)
    category = serializers.ListField(child=a_code(codes.Category.values))
    family = a_code(codes.Family.values, allow_null=True)
    duration = a_level("Duration")
    duplicate_of = a_text(allow_null=True)
    coding = a_code(codes.Coding.values)
    rationale = BilingualText()
    sources = SourceUse(many=True)
    proofs = ProofPart(many=True)


class Action(Record, ActionPart):
    etag = a_text(ETAG)
    url = serializers.URLField()
    brand = serializers.CharField()
    crisis = serializers.CharField()


class Proof(Record, ProofPart):
    etag = a_text(ETAG)
    url = serializers.URLField()
    brand = serializers.CharField()
    crisis = serializers.CharField()
    action = serializers.CharField()


class ArchivedCopy(Shape):
    url = a_text("Of a copy that somebody else keeps; empty where there is ours alone.")
    captured_at = serializers.DateTimeField(allow_null=True, help_text="When we made our own copy.")
    sha256 = a_text("Of our own copy, never of another; empty where we keep none.")


class SourcePart(Shape):
    id = serializers.CharField()
    type = a_code(codes.SourceType.values)
    title = serializers.CharField()
    publisher = a_text()
    author = a_text()
    published_on = a_partial_date()
    url = a_text("The address of the document itself.")
    lang = a_text()
    passage = a_text("The words that carry the fact, as published.")
    archive = ArchivedCopy(allow_null=True)


class Source(Record, SourcePart):
    etag = a_text(ETAG)
    api_url = serializers.URLField(help_text="The address of this record; “url” is that of the document.")


# --- Scorecards -------------------------------------------------------------------------------------------------------


def an_index(low: int = 0, **options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=low, max_value=100, **options)


class Indices(Shape):
    delivery = an_index(-100, allow_null=True)
    surpassing = an_index()
    breadth = an_index()
    proactivity = an_index()
    dna = an_index()
    harm = an_index()
    evidence = an_index()
    purpose_washing = an_index(allow_null=True)


class IndexUnknown(Shape):
    dna = serializers.ListField(
        child=a_code(("pu", "vh", "cc")),
        help_text="Codes of the profile that are unknown. Where there are any, the 0 of this index is no finding.",
    )


class IndexBasis(Shape):
    """The proofs, or for purpose-washing the actions, that make each index what it is."""

    delivery = some_ids()
    surpassing = some_ids()
    breadth = some_ids()
    proactivity = some_ids()
    harm = some_ids()
    evidence = some_ids()
    purpose_washing = some_ids()


class SwitchEffect(Shape):
    switch = a_code(verdict.Switch)
    outcome = an_outcome()
    breadth = a_breadth()


class MethodAgreement(Shape):
    same = serializers.IntegerField()
    of = serializers.IntegerField()
    flips = serializers.ListField(child=a_code(verdict.Switch))
    flip_outcomes = SwitchEffect(many=True)


class MethodChoice(Shape):
    switch = a_code(verdict.Switch)
    outcome = an_outcome()
    text = BilingualText()


class Unmet(Shape):
    archetype = an_outcome()
    breadth = a_breadth()
    conditions = serializers.ListField(child=a_code(verdict.Condition))
    groups = some_groups()


class Gap(Shape):
    promise = serializers.CharField()
    group = a_group()
    gap = serializers.IntegerField(allow_null=True, min_value=-2, max_value=2)
    actions = some_ids()


class PromiseGap(Shape):
    stakeholder = a_group()
    gap = serializers.IntegerField(allow_null=True, min_value=-2, max_value=2)
    actions = some_ids()


class Finding(Shape):
    code = a_code(verdict.FindingCode)
    numbers = serializers.DictField(child=serializers.IntegerField())
    groups = some_groups()
    promises = some_ids()
    actions = some_ids()
    proofs = some_ids()
    sources = some_ids()


class Evidence(Shape):
    proofs = serializers.IntegerField()
    independent_groups = serializers.IntegerField()
    sources = serializers.IntegerField()
    double_coded = serializers.BooleanField()
    adjudicated = serializers.IntegerField()


class Provisional(Shape):
    """Why a verdict is provisional: the codes that one coder read alone and on which coders agree too little."""

    codes = serializers.ListField(child=a_code(MeasuredCode))
    text = BilingualText()


class Change(Shape):
    """One edit of the evidence that would change the verdict."""

    kind = a_code(verdict.EditKind)
    edit = a_code(verdict.EditCode)
    subject = serializers.CharField()
    to = an_outcome()
    to_breadth = a_breadth()
    code = a_text("Which code moves.", allow_null=True)
    level_from = serializers.IntegerField(allow_null=True)
    level_to = serializers.IntegerField(allow_null=True)
    group = a_group(allow_null=True)
    condition = BilingualText()


class HollowAction(Shape):
    action = serializers.CharField()
    reasons = serializers.ListField(child=a_code(verdict.HollowReason))


class Signal(Shape):
    code = a_code(verdict.SignalCode)
    level = a_code(verdict.WashingLevel, allow_null=True)
    hollow_actions = HollowAction(many=True)
    contradiction = serializers.BooleanField()
    helped = some_groups()
    harmed = some_groups()
    text = BilingualText()


class ScorecardPromise(PromisePart):
    outside_verdict = serializers.BooleanField(
        help_text="True only where the rule did not count the promise: nobody's statement of it is on file, it is "
        "addressed to no group, or it came after the judgement. In older versions it is also true of a promise that "
        "counts, is too general to test on its own and has no act read against it."
    )
    gaps = PromiseGap(many=True)


class ScorecardSource(SourcePart):
    n = serializers.IntegerField()
    used_in = some_ids("Ids of the promises and actions that rest on it.")


class Profile(Shape):
    pu = a_level("Purpose")
    vh = a_level("Values heritage")
    cc = a_level("Customer record")
    labels = some_ids()
    not_applicable = some_groups()
    not_applicable_reason = a_text()
    rationale = BilingualText()
    sources = some_ids()


class Coverage(Shape):
    """What is on file for a group. The result of a group that nobody documented is null, never 0."""

    stakeholder = a_group()
    applicable = serializers.BooleanField()
    promised = serializers.BooleanField(allow_null=True)
    central = serializers.BooleanField()
    evidence_items = serializers.IntegerField()
    value_types = serializers.ListField(child=a_code(("human", "functional")))
    result = serializers.IntegerField(allow_null=True, min_value=-2, max_value=2)
    status = a_code(("documented", "not_established", "undocumented"))


class OthersJudgement(Shape):
    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields out of the class
    polarity = a_code(codes.Polarity.values)
    archetype = an_archetype()
    description = BilingualText()
    source = serializers.CharField()  # type: ignore[assignment]
    n = serializers.IntegerField()
    founding_article = serializers.BooleanField(help_text="Whether a founding article of the method says it.")


class DeclaredTie(Shape):
    """A tie to the brand declared by somebody who published, coded or settled this version. No names."""

    role = a_code(("publisher", "coder", "adjudicator"))
    kind = a_code([kind for kind in TieKind.values if kind != TieKind.NONE])
    text = BilingualText()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class ReplyBeside(Shape):
    """The brand’s reply that stands beside this version."""

    status = a_code(("published",))
    received_on = serializers.DateField()
    url = serializers.URLField(help_text="The page of all replies.")


class Scorecard(Record):
    id = a_text("The case and the version, such as axa:covid-19:v1.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    version = serializers.IntegerField()
    as_of = serializers.DateField()
    published_at = serializers.DateTimeField()
    state = a_code(("published", "superseded"))
    reply = ReplyBeside(allow_null=True)
    ties_declared = DeclaredTie(many=True)
    licence = serializers.CharField()
    format = serializers.IntegerField(help_text="The form of the document; raised when it changes.")
    brand = BrandPart()
    crisis = CrisisPart()
    method_version = serializers.CharField()
    outcome = an_outcome()
    archetype = an_archetype()
    breadth = a_breadth()
    reason = a_code(verdict.Reason, allow_null=True)
    also_meets = serializers.ListField(child=an_outcome())
    indices = Indices()
    index_unknown = IndexUnknown(
        required=False, help_text="Why an index at 0 cannot be told; documents of older versions have no such field."
    )
    index_basis = IndexBasis()
    probabilities = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1), allow_null=True, help_text="Outcome → probability."
    )
    robustness = a_code(verdict.Robustness, allow_null=True)
    caps = serializers.ListField(child=a_code(verdict.Cap))
    more_probable = an_outcome(allow_null=True)
    shadow = an_outcome(allow_null=True)
    harm_alert = some_groups()
    weakest_group = a_group(allow_null=True)
    decisive_proofs = some_ids()
    method_agreement = MethodAgreement()
    unmet = Unmet(many=True)
    gaps = Gap(many=True)
    reach = serializers.IntegerField(allow_null=True)
    rootedness = a_code(verdict.Rootedness)
    findings = Finding(many=True)
    evidence = Evidence()
    provisional = Provisional(allow_null=True, required=False)
    explanation = BilingualText()
    would_change = Change(many=True)
    signals = Signal(many=True)
    method_choices = MethodChoice(many=True)
    promises = ScorecardPromise(many=True)
    actions = ActionPart(many=True)
    profile = Profile(allow_null=True)
    coverage = Coverage(many=True)
    judgements = OthersJudgement(many=True)
    sources = ScorecardSource(many=True)


class RequestTaken(Shape):
    """A notice to the brand, a reply of the brand or a reader's report that a version takes into account."""

    kind = a_code(("notice", "reply", "report"))
    on = serializers.DateField()


class ScorecardVersion(Record):
    """Once withdrawn, a version tells its reason and no longer its verdict."""

    id = serializers.CharField()
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    version = serializers.IntegerField()
    as_of = serializers.DateField()
    published_at = serializers.DateTimeField()
    state = a_code(("published", "superseded", "withdrawn"))
    cause = serializers.CharField()
    note = BilingualText()
    requests = RequestTaken(many=True)
    method_version = serializers.CharField()
    outcome = an_outcome(allow_null=True)
    archetype = an_archetype()
    breadth = a_breadth()
    robustness = a_code(verdict.Robustness, allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = BilingualText(allow_null=True)


# --- Landscapes and comparisons ---------------------------------------------------------------------------------------

STATES = (*verdict.Outcome, "under_review", "not_assessed")


class CrisisNamed(Shape):
    slug = serializers.CharField()
    name = BilingualText()


class LandscapeCounts(Shape):
    """Brands of each archetype, and of each reason for none."""

    broken_promise = serializers.IntegerField()
    aligned = serializers.IntegerField()
    exceeds_promise = serializers.IntegerField()
    dna_proactive = serializers.IntegerField()
    insufficient_evidence = serializers.IntegerField()
    no_promise = serializers.IntegerField()
    under_review = serializers.IntegerField()
    not_assessed = serializers.IntegerField()


class LandscapeCell(Shape):
    """A place of the grid; where a brand stands inside it means nothing."""

    reach = serializers.IntegerField(min_value=-2, max_value=2, help_text="The lowest gap over the central promises.")
    rootedness = a_code(verdict.Rootedness)
    too_narrow = serializers.BooleanField(help_text="Too little happens there to conclude from.")
    brands = some_ids("Slugs, by name.")


class NotPlaced(Shape):
    reason = a_code(("no_gap", "insufficient_evidence", "no_promise", "under_review", "not_assessed"))
    brands = some_ids("Slugs, by name.")


class PlacedGap(Shape):
    promise = serializers.CharField()
    stakeholder = a_group()
    gap = serializers.IntegerField(allow_null=True, min_value=-2, max_value=2)
    weight = a_code(codes.Weight.values)


class PlacedCoverage(Shape):
    stakeholder = a_group()
    applicable = serializers.BooleanField()
    promised = serializers.BooleanField(allow_null=True)
    evidence_items = serializers.IntegerField()
    result = serializers.IntegerField(allow_null=True, help_text="Null, never 0, where nothing is established.")
    status = a_code(("documented", "not_established", "undocumented"))


class WeakestGroups(Shape):
    stakeholders = some_groups()
    gap = serializers.IntegerField(allow_null=True, help_text="Null: promised something, and nothing is on file.")


class EvidenceCounted(Shape):
    proofs = serializers.IntegerField()
    independent_groups = serializers.IntegerField()


class LandscapeBrand(Shape):
    """A brand as the landscape shows it; what a verdict would say is null where there is none."""

    slug = serializers.CharField()
    name = serializers.CharField()
    sector = SectorShape()
    country = a_text("ISO 3166-1, two letters; ZZ for several countries.")
    country_name = BilingualText()
    state = a_code(STATES)
    archetype = an_archetype()
    robustness = a_code(verdict.Robustness, allow_null=True)
    reach = serializers.IntegerField(allow_null=True, min_value=-2, max_value=2)
    rootedness = a_code(verdict.Rootedness, allow_null=True)
    weakest = WeakestGroups(allow_null=True)
    coverage = PlacedCoverage(many=True)
    gaps = PlacedGap(many=True)
    evidence = EvidenceCounted(allow_null=True)
    signals = serializers.ListField(child=a_code(verdict.SignalCode), allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    method_version = a_text(allow_null=True)
    scorecard = a_text("The id of the scorecard.", allow_null=True)
    url = serializers.URLField(allow_null=True, help_text="The address of the scorecard.")


class Landscape(Record):
    """All public brands of a crisis, or those that match, each in its place."""

    id = a_text("The slug of the crisis.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    crisis = CrisisNamed()
    as_of = serializers.DateField(allow_null=True, help_text="The day of the newest judgement.")
    method_versions = serializers.ListField(child=serializers.CharField())
    takeaway = BilingualText()
    recorded = serializers.IntegerField()
    assessed = serializers.IntegerField(help_text="Those with an archetype.")
    counts = LandscapeCounts()
    cells = LandscapeCell(many=True)
    not_placed = NotPlaced(many=True)
    brands = LandscapeBrand(many=True)


class ComparedBrand(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    state = a_code(STATES)
    archetype = an_archetype()
    crisis = a_text("The crisis that the verdict is about.", allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    method_version = a_text(allow_null=True)
    scorecard = a_text("The id of the scorecard.", allow_null=True)
    url = serializers.URLField(allow_null=True)


class ComparedRow(Shape):
    """The same thing of every brand, in the order of the brands; null where a brand has no verdict."""

    group = a_code(
        (
            "verdict",
            "robustness",
            "indices",
            "promises",
            "gaps",
            "initiative",
            "rootedness",
            "signals",
            "evidence",
            "as_of",
        )
    )
    code = serializers.CharField()
    values = serializers.ListField(child=serializers.JSONField(allow_null=True))
    unknown = serializers.ListField(
        child=serializers.ListField(child=a_code(("pu", "vh", "cc"))),
        help_text="For each brand the codes of its profile that keep the index dna, then null, from being told.",
    )
    differs = serializers.BooleanField()


class ComparisonWarning(Shape):
    code = a_code(("crisis_differs", "method_differs", "as_of_differs"))
    text = BilingualText()


class Comparison(Record):
    """Two to five brands side by side. Nothing is added up."""

    id = serializers.CharField()
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    crisis = CrisisNamed()
    brands = ComparedBrand(many=True)
    rows = ComparedRow(many=True)
    warnings = ComparisonWarning(many=True)


# --- Voices -----------------------------------------------------------------------------------------------------------


class ContestedPassage(Shape):
    id = a_text("The sentence: verdict:1, promise:…, act:….")
    text = BilingualText()


class ReplyDocument(Shape):
    """A file that a brand sent with its reply; to be saved, never shown."""

    name = a_text("As the brand called it.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    url = serializers.URLField()


class Reply(Record):
    """What a brand replied, in full and unedited, and what it led to."""

    id = a_text("The reference.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    brand = serializers.CharField()
    crisis = serializers.CharField()
    version = serializers.IntegerField(allow_null=True, help_text="The version it contests; null: the draft before.")
    state = a_code(("published", "retired"))
    contested = ContestedPassage(many=True)
    contested_text = a_text("A passage in the brand’s own words.")
    text = serializers.CharField()
    text_lang = serializers.CharField()
    organisation = a_text()
    capacity = a_text()
    sources = some_ids("Addresses of documents.")
    documents = ReplyDocument(many=True)
    received_on = serializers.DateField()
    published_on = serializers.DateField()
    outcome = a_code(ReplyOutcome.values)
    reason = BilingualText()


class Correction(Record):
    """What was wrong in what we published, since when, and what putting it right changed."""

    id = a_text("The reference.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    brand = a_text("Null where it concerns the site.", allow_null=True)
    crisis = a_text(allow_null=True)
    state = a_code(("open", "corrected"))
    published_on = serializers.DateField()
    wrong = BilingualText()
    since_version = serializers.IntegerField(allow_null=True)
    corrected_in_version = serializers.IntegerField(allow_null=True)
    changed = BilingualText()
    outcome_before = an_outcome(allow_null=True)
    outcome_after = an_outcome(allow_null=True)


# --- Outcome figures --------------------------------------------------------------------------------------------------


class OutcomeSource(Shape):
    """The source of a figure, as it stood when the figure was published."""

    title = a_text()
    publisher = a_text()
    url = a_text()


class OutcomeFigure(Record):
    """One reading of one measure, before the crisis or after it. It stands beside the verdict and is no part of it."""

    id = a_text("The key of the figure.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    brand = a_text("Slug of the brand.")
    crisis = a_text("Slug of the crisis.")
    kind = a_code(codes.FigureKind.values)
    series = a_text("Who measures, and how: only readings of one series are compared.")
    value = serializers.CharField(help_text="A decimal number, as text so that none of it is lost.")
    unit = a_text("As written: points, %, EUR…")
    measured_on = a_partial_date()
    note = BilingualText()
    source = OutcomeSource()  # type: ignore[assignment]
    published_at = serializers.DateTimeField()


# --- Practices --------------------------------------------------------------------------------------------------------


class SeenAt(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()


class CitedSource(Shape):
    id = serializers.CharField()
    title = serializers.CharField()
    publisher = a_text()
    author = a_text()
    published_on = a_partial_date()
    url = a_text("The address of the document itself.")


class Practice(Record):
    """What was done somewhere: recorded, not recommended. An empty text means not documented."""

    id = a_text("The slug.")
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    title = BilingualText()
    summary = BilingualText()
    family = a_code([code for code, _label in FAMILIES])
    category = a_code(Category.values)
    stakeholders = some_groups()
    sector = SectorShape(allow_null=True)
    country = a_text("ISO 3166-1, two letters; ZZ for several countries.", allow_null=True)
    problem = BilingualText()
    done = BilingualText()
    for_whom = BilingualText()
    with_whom = BilingualText()
    time = a_code(TimeBand.values, allow_null=True)
    effort = a_code(EffortBand.values, allow_null=True)
    conditions = BilingualText()
    pitfalls = BilingualText()
    again = BilingualText()
    outcome = BilingualText()
    outcome_known = BilingualText()
    promise = BilingualText()
    evidence_level = a_code(EvidenceLevel.values)
    attributed_to = a_text("Who tells of it.")
    occurred_on = a_partial_date()
    seen_at = SeenAt(many=True)
    sources = CitedSource(many=True)


# --- Imports ----------------------------------------------------------------------------------------------------------


class ImportProgress(Shape):
    done = serializers.IntegerField()
    of = serializers.IntegerField()
    rows_per_second = serializers.FloatField()


class MappedColumn(Shape):
    header = a_text("As the file has it.")
    column = a_text("One of ours; empty where it is left out, null where nobody decided.", allow_null=True)


class ImportQuestion(Shape):
    """What stands between the file and its check: answer it and send the file again."""

    code = a_code(("missing_column", "unknown_column", "repeated_column", "ambiguous_date"))
    column = a_text("One of our columns, or the place of a column of the file, from 0.")
    text = serializers.CharField()


class Import(Record):
    """A file on its way into the database."""

    id = serializers.UUIDField()
    job = a_code(("import", "export"))
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField(help_text="The same import on the desk.")
    rows_url = serializers.URLField()
    type = a_code(kind.name for kind in KINDS)
    crisis = serializers.CharField(allow_null=True)
    state = a_code(ImportState.values)
    file = serializers.CharField()
    sha256 = serializers.CharField()
    rows = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Outcome → rows.")
    progress = ImportProgress()
    mode = a_code(("all_or_nothing", "valid_rows"), allow_null=True)
    language = serializers.CharField(help_text="In which it was sent.")
    mapping = MappedColumn(many=True)
    questions = ImportQuestion(many=True)
    error = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    undo_until = serializers.DateTimeField(allow_null=True)


class RowMessage(Shape):
    column = a_text("One of our columns; empty for the row as a whole.")
    code = serializers.CharField()
    text = serializers.CharField()


class RowChange(Shape):
    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ImportedRow(Record):
    id = serializers.CharField()
    row = serializers.IntegerField(help_text="As a spreadsheet counts it: the header is row 1.")
    state = a_code(("accepted", "rejected", "asked"))
    outcome = a_code(Outcome.values)
    label = a_text()  # type: ignore[assignment]
    resembles = serializers.CharField(allow_null=True)
    messages = RowMessage(many=True)
    changes = RowChange(many=True)
    written = serializers.BooleanField()
    undone = serializers.BooleanField(help_text="Written, and taken back since.")


class ImportSent(Shape):
    """A file, and what has to be known beside it."""

    file = serializers.FileField(help_text="CSV or XLSX, at most 10 MB and 20,000 rows.")
    type = serializers.ChoiceField([kind.name for kind in KINDS], help_text="What the rows are.")
    crisis = serializers.SlugField(required=False, help_text="Needed for rows that belong to a crisis.")
    mapping = serializers.CharField(
        required=False, help_text="JSON object: a header of the file → one of our columns, or empty to leave it out."
    )
    dates = serializers.ChoiceField([*Order], required=False, help_text="How 03/04/2020 is to be read.")
    mode = serializers.ChoiceField(["all_or_nothing", "valid_rows"], required=False, default="all_or_nothing")
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Check, then wait for a confirmation.")
    duplicates = serializers.ChoiceField(
        ["skip", "update", "create"], required=False, help_text="For rows that look like a record on file."
    )


class ImportConfirmation(Shape):
    mode = serializers.ChoiceField(["all_or_nothing", "valid_rows"], required=False, default="all_or_nothing")


class ImportUndoing(Shape):
    mode = serializers.ChoiceField(["all_or_nothing", "untouched_rows"], required=False, default="all_or_nothing")


# --- Exports ----------------------------------------------------------------------------------------------------------

EXPORTED_TABLES = ("scorecards", "promises", "acts", "proofs", "sources")


class ExportProgress(Shape):
    done = serializers.IntegerField()
    of = serializers.IntegerField()
    records_per_second = serializers.FloatField()


class Export(Record):
    """A file in the making, or made and kept for a week."""

    id = serializers.UUIDField()
    job = a_code(("import", "export"))
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField(help_text="The same export on the pages of the account.")
    type = a_code(("scorecards",))
    format = a_code(("xlsx", "csv"))
    language = serializers.CharField(help_text="In which the file is written.")
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Filter → chosen values."
    )
    table = a_code(EXPORTED_TABLES, allow_null=True)
    dialect = a_code(("rfc4180", "excel-fr"), allow_null=True)
    state = a_code(ExportState.values)
    file = serializers.CharField(help_text="Its name.")
    progress = ExportProgress()
    download_url = serializers.URLField(allow_null=True, help_text="Null until the file is ready.")
    bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="When the file is deleted.")


def some_values(help_text: str = "", **options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), required=False, help_text=help_text, **options)


class ExportOrder(Shape):
    """What the file is to hold: the published scorecards that answer to all of these."""

    format = serializers.ChoiceField(["xlsx", "csv"], help_text="A workbook of all tables, or one table.")
    table = serializers.ChoiceField(EXPORTED_TABLES, required=False, help_text="For csv; scorecards if left out.")
    dialect = serializers.ChoiceField(["rfc4180", "excel-fr"], required=False, help_text="For csv.")
    language = serializers.ChoiceField(["fr", "en"], required=False, help_text="Else that of the request.")
    q = serializers.CharField(required=False, max_length=80, help_text="Words of the brand’s name.")
    crisis = some_values("Slugs of crises.")
    outcome = some_values("Verdicts.")
    robustness = some_values()
    sector = some_values("Slugs of sectors.")
    country = some_values("ISO 3166-1, two letters; ZZ for several countries.")
    stakeholder = some_values("Documented for one of these groups.")
    signal = some_values("Verdicts with one of these flags beside them.")
    since = serializers.DateField(required=False, help_text="Published since that day.")


class JobProgress(Shape):
    done = serializers.IntegerField()
    of = serializers.IntegerField()
    rows_per_second = serializers.FloatField(required=False, help_text="Of an import.")
    records_per_second = serializers.FloatField(required=False, help_text="Of an export.")


class Job(Export, Import):
    """An import or an export: “job” says which, and with it which of these fields are there."""

    progress = JobProgress()  # type: ignore[assignment]
    type = a_text("What the rows or the file hold.")
    state = a_code(dict.fromkeys((*ImportState.values, *ExportState.values)))
    language = serializers.CharField(help_text="In which it was sent, or in which the file is written.")
    html_url = serializers.URLField(help_text="The same job on a page.")
    file = serializers.CharField(help_text="The name of the file.")


# --- Around them ------------------------------------------------------------------------------------------------------


class Count(Shape):
    value = serializers.IntegerField()
    precision = a_code(("exact", "at_least"))


class ParameterError(Shape):
    parameter = serializers.CharField(required=False, help_text="What follows the question mark.")
    pointer = serializers.CharField(required=False, help_text="A part of the body, such as /type.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(Shape):
    """A problem as RFC 9457 has it. The code never changes; the detail speaks the reader’s language."""

    type = serializers.URLField(help_text="Leads to a page that explains the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField()
    errors = ParameterError(many=True, required=False)  # type: ignore[assignment]
    reason = BilingualText(required=False, help_text="Why it was withdrawn.")
    withdrawn_at = serializers.DateTimeField(required=False)
    scope = serializers.CharField(required=False, help_text="The scope that is missing.")
    etag = serializers.CharField(required=False, help_text="The present entity tag, where If-Match names another.")


class Index(Shape):
    """Where everything is."""

    resources = serializers.DictField(child=serializers.URLField())
    openapi = serializers.URLField()
    documentation = serializers.URLField()


@cache
def list_of(record: type[Record]) -> type[Shape]:
    """The envelope of a list of these records."""
    return type(
        f"{record.__name__}List",
        (Shape,),
        {
            "data": record(many=True),
            "has_more": serializers.BooleanField(),
            "next": serializers.URLField(allow_null=True),
            "count": Count(required=False),
        },
    )
