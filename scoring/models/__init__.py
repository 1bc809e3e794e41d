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
from scoring.models.public import Publication, PublicationQuerySet, PublishedFacet, PublishedFact
from scoring.models.review import EvidenceSearch, Tie, TieKind
from scoring.models.voices import ReplyNotice

__all__ = [
    "MAX_ATTEMPTS",
    "READ_DRAFTS",
    "Assessment",
    "EvidenceSearch",
    "OutcomeChoice",
    "Publication",
    "PublicationQuerySet",
    "PublishedFacet",
    "PublishedFact",
    "ReplyNotice",
    "RobustnessChoice",
    "ScoringJob",
    "ScoringJobQuerySet",
    "Snapshot",
    "SnapshotQuerySet",
    "Tie",
    "TieKind",
    "may_read_drafts",
]
