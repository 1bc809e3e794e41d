"""Teams, keys and suggestions, in as few words as a test needs."""

from __future__ import annotations

from typing import Any

from brands.models import Brand
from cxalign.accounts import keys, roles
from cxalign.accounts.models import Suggestion, Team, User
from cxalign.accounts.suggestions import suggest
from scoring.models import Assessment, Snapshot
from tests import factories as make
from tests.accounts.desk import somebody


def a_team(*members: User, name: str = "") -> Team:
    team = Team.objects.create(name=name or f"Team {make.number()}")
    team.members.set(members)
    return team


def a_draft(name: str = "", team: Team | None = None, **fields: Any) -> Snapshot:
    """A case that was judged and never published, of a team if there is one."""
    snapshot = make.judged(make.a_breach(name, **fields))
    Assessment.objects.filter(pk=snapshot.assessment_id).update(team=team)
    return Snapshot.objects.select_related("assessment__brand", "assessment__crisis").get(pk=snapshot.pk)


def a_suggestion(by: User | None = None, **fields: Any) -> Suggestion:
    by = by or somebody(roles.CONSULTANT)
    given = {"kind": "action", "text": "It paid its suppliers in a week.", "team": by.teams.first(), **fields}
    return suggest(by, **given)


def a_key(owner: User | None = None, *scopes: str, **fields: Any) -> keys.NewKey:
    owner = owner or somebody(roles.ANALYST)
    return keys.make_key(owner, name="Nightly pull", scopes=list(scopes or ("read:published",)), **fields)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def address_of(snapshot: Snapshot, ending: str = "draft/", language: str = "en") -> str:
    case = snapshot.assessment
    return f"/{language}/brands/{case.brand.slug}/{case.crisis.slug}/{ending}"


def brand_of(snapshot: Snapshot) -> Brand:
    return snapshot.assessment.brand
