"""What is on file, and the log of its changes."""

from brands.models.archives import ArchiveJob, ArchiveOrder, JobState
from brands.models.base import LEVELS, Fact, FactQuerySet, LevelField, TextColumn, fold, one_of, validate_plain_text
from brands.models.facts import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    CrisisPhase,
    Judgement,
    LinkStatus,
    Promise,
    Proof,
    Sector,
    Source,
)
from brands.models.log import AppendOnlyError, Event, EventQuerySet
from brands.models.tags import SavedFilter, Tag

__all__ = [
    "LEVELS",
    "Action",
    "ActionSource",
    "AppendOnlyError",
    "ArchiveJob",
    "ArchiveOrder",
    "Brand",
    "BrandProfile",
    "Crisis",
    "CrisisPhase",
    "Event",
    "EventQuerySet",
    "Fact",
    "FactQuerySet",
    "JobState",
    "Judgement",
    "LevelField",
    "LinkStatus",
    "Promise",
    "Proof",
    "SavedFilter",
    "Sector",
    "Source",
    "Tag",
    "TextColumn",
    "fold",
    "one_of",
    "validate_plain_text",
]
