"""The roles of the product and what each may do: one table, from which the groups are made.

The four groups are the product's own: every migration brings them back to this table. Whoever needs other rights
makes a group of another name.
"""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.db.models import Q
from django.utils.translation import gettext_noop

CONSULTANT, ANALYST, EDITOR, ADMINISTRATOR = "Consultant", "Analyst", "Editor", "Administrator"
ROLE_NAMES = (
    gettext_noop("Consultant"),
    gettext_noop("Analyst"),
    gettext_noop("Editor"),
    gettext_noop("Administrator"),
)

Rights = frozenset[str]


def rights(app: str, verbs: str, models: str) -> Rights:
    return frozenset(f"{app}.{verb}_{model}" for verb in verbs.split() for model in models.split())


EVIDENCE = "brand brandprofile promise action actionsource proof source judgement outcomefigure tag"
READING = (
    rights("brands", "view", f"{EVIDENCE} sector crisis crisisphase event archiveorder")
    | rights("scoring", "view", "assessment snapshot publication scoringjob")
    | rights("practices", "view", "practice")
    | {"scoring.read_drafts"}
)
WRITING = (
    rights("brands", "add change delete", EVIDENCE)
    | rights("practices", "add change delete", "practice")
    | rights("scoring", "change", "scoringjob")
)
"""To delete is for never-used drafts only: the screens see to that. To change a job is to ask for another try."""
REFERENCE = rights("brands", "add change delete", "sector crisis crisisphase")
EDITING = (
    frozenset(f"scoring.{act}" for act in ("publish", "organise", "code", "adjudicate", "answer_replies"))
    | rights("accounts", "view", "team")
    | {"practices.publish_practice"}
)
PEOPLE = (
    rights("accounts", "view add change", "user team")
    | rights("accounts", "view change", "apikey")
    | rights("auth", "view add change", "group")
)
"""To change a key is to revoke it. Nobody deletes a person: an account is closed, and its traces stay."""

ROLES: dict[str, Rights] = {
    CONSULTANT: frozenset(),
    ANALYST: READING | WRITING | {"scoring.code"},
    EDITOR: READING | WRITING | REFERENCE | EDITING,
    ADMINISTRATOR: READING | WRITING | REFERENCE | PEOPLE,
}
"""What a consultant reads is public or belongs to a team: no right on the facts as such."""


def opens_the_desk(group: Any) -> bool:
    """Whether this group lets people into the desk and the admin: a role with rights, or any group that has some."""
    return bool(ROLES[group.name]) if group.name in ROLES else bool(group.permissions.exists())


def ensure_roles(apps: Apps, using: str = "default", **kwargs: Any) -> None:
    """Create the groups of the roles, and bring their rights to the table above."""
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # migrated back to before there were groups
        return
    for name, wanted in ROLES.items():
        group, _ = groups.objects.using(using).get_or_create(name=name)
        group.permissions.set(permissions.objects.using(using).filter(any_of(wanted)) if wanted else [])


def any_of(wanted: Rights) -> Q:
    found = Q()
    for right in wanted:
        app, codename = right.split(".")
        found |= Q(content_type__app_label=app, codename=codename)
    return found
