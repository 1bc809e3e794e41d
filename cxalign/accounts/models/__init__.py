"""People who sign in, their teams, what is private to a team, and the keys of their programs."""

from cxalign.accounts.models.keys import ApiKey, Scope
from cxalign.accounts.models.people import Team, User
from cxalign.accounts.models.repeats import RepeatableRequest
from cxalign.accounts.models.saved_views import SavedView
from cxalign.accounts.models.suggestions import Suggestion, SuggestionQuerySet
from cxalign.accounts.models.teamwork import TeamPrivate, TeamPrivateQuerySet

__all__ = [
    "ApiKey",
    "RepeatableRequest",
    "SavedView",
    "Scope",
    "Suggestion",
    "SuggestionQuerySet",
    "Team",
    "TeamPrivate",
    "TeamPrivateQuerySet",
    "User",
]
