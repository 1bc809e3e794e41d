"""The judgement: case files, snapshots, what of them is public, and what others say about it."""

from scoring.models.cases import (
    MAX_ATTEMPTS,
    READ_DRAFTS,
    Assessment,
    OutcomeChoice,
    RobustnessChoice,
    ScoringJob,
    ScoringJobQuerySet,
    Snapshot,
    SnapshotQuerySet,
    may_read_drafts,
)
from scoring.models.coding import (
    CodeDecision,
    CoderSeat,
    CodingItem,
    CodingItemQuerySet,
    CodingRound,
    CodingStep,
    ItemCoding,
    ItemState,
    Measurement,
    StepKind,
)
from scoring.models.public import Publication, PublicationQuerySet, PublishedFacet, PublishedFact
from scoring.models.quality import QualityCount
from scoring.models.review import EvidenceSearch, Tie, TieKind
from scoring.models.voices import ReplyNotice

__all__ = [
    "MAX_ATTEMPTS",
    "READ_DRAFTS",
    "Assessment",
    "CodeDecision",
    "CoderSeat",
    "CodingItem",
    "CodingItemQuerySet",
    "CodingRound",
    "CodingStep",
    "EvidenceSearch",
    "ItemCoding",
    "ItemState",
    "Measurement",
    "OutcomeChoice",
    "Publication",
    "PublicationQuerySet",
    "PublishedFacet",
    "PublishedFact",
    "QualityCount",
    "ReplyNotice",
    "RobustnessChoice",
    "ScoringJob",
    "ScoringJobQuerySet",
    "Snapshot",
    "SnapshotQuerySet",
    "StepKind",
    "Tie",
    "TieKind",
    "may_read_drafts",
]
