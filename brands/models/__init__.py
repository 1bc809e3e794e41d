"""What is on file, and the log of its changes."""

from brands.models.base import LEVELS, Fact, FactQuerySet, LevelField, TextColumn, fold, one_of, validate_plain_text
from brands.models.facts import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    CrisisPhase,
    Judgement,
    Promise,
    Proof,
    Sector,
    Source,
)
from brands.models.log import ACCOUNT, AppendOnlyError, Event, EventQuerySet, Pseudonym, TrailHead, VerificationRun

__all__ = [
    "ACCOUNT",
    "LEVELS",
    "Action",
    "ActionSource",
    "AppendOnlyError",
    "Brand",
    "BrandProfile",
    "Crisis",
    "CrisisPhase",
    "Event",
    "EventQuerySet",
    "Fact",
    "FactQuerySet",
    "Judgement",
    "LevelField",
    "Promise",
    "Proof",
    "Pseudonym",
    "Sector",
    "Source",
    "TextColumn",
    "TrailHead",
    "VerificationRun",
    "fold",
    "one_of",
    "validate_plain_text",
]
