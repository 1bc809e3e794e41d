"""The gate for saved views: kept, renamed and shared by their owner, opened by whoever has the link, and found by the
members of the team that they are shared with."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cxalign.accounts.models import SavedView, Team, User

MOST_VIEWS = 100


class CannotKeep(Exception):
    """Why this view is not kept under this name; the text is what the screen shows."""


def views_of(owner: User) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner=owner)


def shared_view(token: str) -> SavedView | None:
    return SavedView.objects.filter(token=token).first()


def shared_with(reader: User) -> QuerySet[SavedView]:
    """What others share with a team of this reader, for as long as both are in it."""
    own_teams = Team.objects.filter(members=reader)
    found = SavedView.objects.filter(team__in=own_teams, team__members=F("owner"), owner__is_active=True)
    return found.exclude(owner=reader).select_related("owner", "team").order_by("name", "id")


@transaction.atomic
def keep(owner: User, *, name: str, path: str, query: str, shared: bool, team: Team | None = None) -> SavedView:
    """Keep an address under a name. Whoever calls has made sure that it is one of ours."""
    User.objects.select_for_update().get(pk=owner.pk)
    if views_of(owner).count() >= MOST_VIEWS:
        raise CannotKeep(_("You keep %(number)d views already: delete one first.") % {"number": MOST_VIEWS})
    check_name_is_free(owner, name)
    check_is_in(owner, team)
    token = _new_token() if shared else None
    view = SavedView(owner=owner, name=name, path=path, query=query, token=token, team=team)
    view.full_clean()
    view.save()
    return view


@transaction.atomic
def change(view: SavedView, *, name: str, shared: bool, team: Team | None = None) -> SavedView:
    """A new name, a link or none. A link that was taken back stays dead: sharing anew makes another."""
    held = SavedView.objects.select_for_update().get(pk=view.pk)
    check_name_is_free(held.owner, name, besides=held)
    check_is_in(held.owner, team)
    held.name, held.team = name, team
    held.token = (held.token or _new_token()) if shared else None
    held.full_clean()
    held.save()
    return held


def check_is_in(owner: User, team: Team | None) -> None:
    if team is not None and not team.members.filter(pk=owner.pk).exists():
        raise CannotKeep(_("You are not in this team any more: choose another one."))


def check_name_is_free(owner: User, name: str, besides: SavedView | None = None) -> None:
    others = views_of(owner).exclude(pk=besides.pk) if besides else views_of(owner)
    if others.filter(name=name).exists():
        raise CannotKeep(_("You have a view called “%(name)s” already: choose another name.") % {"name": name})


def _new_token() -> str:
    return secrets.token_urlsafe(18)
