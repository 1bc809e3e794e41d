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
from brands.models.importing import ImportJob, ImportRow, ImportState, Outcome, SavedMapping
from brands.models.log import AppendOnlyError, Event, EventQuerySet

__all__ = [
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
    "ImportJob",
    "ImportRow",
    "ImportState",
    "Judgement",
    "LevelField",
    "Outcome",
    "Promise",
    "Proof",
    "SavedMapping",
    "Sector",
    "Source",
    "TextColumn",
    "fold",
    "one_of",
    "validate_plain_text",
]
