"""What is on file, and the log of its changes."""

from brands.models.archives import ArchiveJob, ArchiveOrder, JobState
from brands.models.base import (
    LEVELS,
    Fact,
    FactQuerySet,
    LevelField,
    TextColumn,
    fold,
    one_of,
    validate_plain_text,
    words_of,
)
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
from brands.models.importing import ImportJob, ImportRow, ImportState, Outcome, SavedMapping
from brands.models.log import ACCOUNT, AppendOnlyError, Event, EventQuerySet, Pseudonym, TrailHead, VerificationRun
from brands.models.outcomes import OutcomeFigure
from brands.models.tags import SavedFilter, Tag

__all__ = [
    "ACCOUNT",
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
    "ImportJob",
    "ImportRow",
    "ImportState",
    "JobState",
    "Judgement",
    "LevelField",
    "LinkStatus",
    "Outcome",
    "OutcomeFigure",
    "Promise",
    "Proof",
    "Pseudonym",
    "SavedFilter",
    "SavedMapping",
    "Sector",
    "Source",
    "Tag",
    "TextColumn",
    "TrailHead",
    "VerificationRun",
    "fold",
    "one_of",
    "validate_plain_text",
    "words_of",
]
