"""The table of ``matrix``, driven through pages, desk, admin and API by every role and every kind of key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from brands.models import Crisis, Event
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.models import Assessment, Publication, ScoringJob, Snapshot
from tests import factories as make
from tests.access import matrix, rights
from tests.access.matrix import KEY, ROWS, Row
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_draft, a_key, a_suggestion, a_team, bearer

REFUSED = (302, 401, 403, 404, 405)


class World:
    """One of everything, and everybody who may want something of it."""

    def __init__(self) -> None:
        brand = make.a_kept_promise("Fictia", slug="fictia")
        profile, opinion = make.a_profile(brand), make.a_judgement(brand)
        publication = make.published(brand)
        case = Assessment.objects.get(brand=brand)
        self.claire, outsider = somebody(roles.CONSULTANT), somebody(roles.CONSULTANT)
        team = a_team(self.claire)
        a_draft("Mine", team)
        a_draft("Other", a_team(outsider))
        a_draft("Nobodys")
        make.an_action(brand)
        moved = make.judged(make.touched(brand))
        suggestion = a_suggestion(self.claire)
        other_key = a_key(somebody(roles.EDITOR))
        self.places = {
            **{"brand": brand.pk, "profile": profile.pk, "opinion": opinion.pk, "publication": publication.pk},
            **{"promise": brand.promises.get().pk, "act": brand.actions.first().pk},  # type: ignore[union-attr]
            **{"source": brand.promises.get().sources.get().pk, "assessment": case.pk, "snapshot": moved.pk},
            **{"snapshot_shown": moved.pk, "event log": Event.objects.order_by("id")[0].pk, "team": team.pk},
            **{"scoring job": ScoringJob.objects.get_or_create(brand=brand)[0].pk, "suggestion": suggestion.pk},
            **{"user": somebody(roles.CONSULTANT).pk, "role": Group.objects.get(name=roles.EDITOR).pk},
            **{"API key": other_key.key.pk, "key_identifier": other_key.key.identifier},
            "unused source": make.a_source().pk,
            **{"crisis": Crisis.objects.get(slug="covid-19").pk, "sector": make.a_sector().pk},
        }
        closed = somebody(roles.ANALYST)
        self.clients: dict[str, Client] = {
            "anonymous": Client(),
            "consultant of the team": desk_of(self.claire),
            "consultant of another team": desk_of(outsider),
            **{role.lower(): desk_of(somebody(role)) for role in (roles.ANALYST, roles.EDITOR, roles.ADMINISTRATOR)},
            "inactive account": desk_of(closed),
            **{name: with_key(scope) for scope, name in KEY.items()},
        }
        User.objects.filter(pk=closed.pk).update(is_active=False)


def with_key(scope: str) -> Client:
    return Client(headers=bearer(a_key(somebody(roles.ANALYST), scope).token))


def filled(text: str, world: World) -> str:
    """A request with its places filled; raises ``NoReverseMatch`` where an address does not exist yet."""

    def place(found: re.Match[str]) -> str:
        name = found[1]
        return reverse(name.removeprefix("url:")) if name.startswith("url:") else str(world.places[name])

    with translation.override("en"):
        return re.sub(r"\{([^}]+)\}", place, text)


def try_it(row: Row, who: str, world: World, settings: Any) -> bool:
    """Whether this person's request did what it asked for. Nothing of it stays."""
    method, address = filled(row.request, world).split(" ", 1)
    sent = {name: filled(value, world) for name, value in row.sent.items()}
    if settings.PUBLIC_SITE is row.closed_site:
        settings.PUBLIC_SITE = not row.closed_site
    with transaction.atomic():
        client = world.clients[who]
        answer = client.post(address, sent) if method == "POST" else client.get(address)
        transaction.set_rollback(True)
    to_the_door = answer.status_code == 302 and "/login/" in answer["Location"]
    done = answer.status_code in (200, 201, 302) and not to_the_door
    assert done or answer.status_code in REFUSED, (row, who, answer.status_code, answer.content[:300])
    return done


def exists(row: Row, world: World) -> bool:
    try:
        filled(row.request, world)
    except NoReverseMatch:
        return False
    return True


@pytest.mark.django_db
def test_everybody_does_what_the_table_says_and_nothing_else(settings: Any) -> None:
    settings.API_RATE = settings.API_KEY_RATE = ""
    cache.clear()
    world, wrong = World(), []
    rows = [row for row in ROWS if exists(row, world)]
    for who in matrix.EVERYBODY:
        for row in rows:
            if try_it(row, who, world, settings) != (who in row.allowed):
                found = "may not" if who in row.allowed else "may"
                wrong.append(f"{who} {found} {row.action}: {row.thing} ({row.request})")
    assert wrong == []


@pytest.mark.django_db
def test_the_acts_of_the_table_are_real(settings: Any) -> None:
    """What an editor's request does when nobody takes it back: the rows are no mere forms."""
    world = World()
    publish = next(row for row in ROWS if row.action == "publish for good")
    _method, address = filled(publish.request, world).split(" ", 1)
    sent = {name: filled(value, world) for name, value in publish.sent.items()}
    before = Publication.objects.count()
    world.clients["analyst"].post(address, sent)
    assert Publication.objects.count() == before
    world.clients["editor"].post(address, sent)
    assert Publication.objects.count() == before + 1
    assert Snapshot.objects.get(pk=world.places["snapshot_shown"]).publication.version == 2


# --- The table itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", matrix.CELLS)
def test_each_cell_of_the_table_of_roles_is_tried(cell: str) -> None:
    """Who may has a row that says so; who may not has only rows that refuse; who may in part has both."""
    rows = [row for row in ROWS if row.cell == cell]
    for person, granted in matrix.CELLS[cell].items():
        may = [row for row in rows if person in row.allowed]
        may_not = [row for row in rows if person not in row.allowed]
        assert bool(may) == (granted != matrix.NO), (cell, person)
        assert may_not or granted == matrix.YES, (cell, person)


@pytest.mark.django_db
def test_only_rows_that_are_known_to_wait_are_left_out() -> None:
    world = World()
    named = {name for row in ROWS for name in re.findall(r"\{url:([^}]+)\}", row.request) if not exists(row, world)}
    later = {name for name in named if not name.startswith("desk-")}
    assert later == matrix.WAITING


def test_the_table_of_rights_in_the_documentation_is_this_one() -> None:
    page = Path(real_settings.BASE_DIR) / "docs" / "rights.md"
    wanted = rights.page()
    if rights.told_to_write():
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted, f"Write it anew: {rights.WRITE_IT}"
