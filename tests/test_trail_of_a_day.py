"""One day of work, through the gates that the screens use: the trail tells all of it, and whatever is altered behind
the gates afterwards is found and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from brands import archiving, capture, editing
from brands.changes import subject_of
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    CrisisPhase,
    Event,
    Judgement,
    Promise,
    Proof,
    Sector,
    Source,
    Tag,
)
from cxalign.accounts import erasing, roles
from cxalign.accounts.models import User
from scoring import review
from scoring.coding.rights import CodingRefused
from scoring.models import Assessment, TieKind
from scoring.publishing import publish, withdraw
from scoring.verifying import CHECKS
from scoring.voices import notices, replies, reports
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, save, somebody
from tests.brands.sheets import imported, sheet
from tests.brands.trail_makers import sql
from tests.scoring.coding import making as coding
from tests.scoring.voices import making as voices

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><title>Claims</title><p>They paid."
PERSONAL = ("Ada Private", "ada@fictia.example", "Press office", "press@fictia.example", "ines.roux", "Roux")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.PUBLICATION_POLICY = "strict"


def told() -> list[str]:
    return [str(found) for check in CHECKS.values() for found in check()]


def the_day() -> Brand:
    """From an empty installation to a version that was corrected and withdrawn, and somebody who left."""
    first, second, editor = (somebody(roles.ANALYST, username=name) for name in ("ines.roux", "b", "c"))
    editor = somebody(roles.EDITOR)
    brand = of_the_desk(editor)
    files(first)
    add_evidence(brand, first)
    for case in Assessment.objects.filter(brand=brand):
        doubly_code(case, first, second, editor)
    go_public(brand, editor, (first, second))
    erasing.erase(first, by=somebody(roles.ADMINISTRATOR))
    return brand


def of_the_desk(editor: User) -> Brand:
    """Reference data and a brand, on their screens."""
    desk = desk_of(editor)
    add(desk, Sector, slug="insurance", name_en="Insurance", name_fr="Assurance")
    add(desk, Tag, name="Strike")
    sector = Sector.objects.get(slug="insurance")
    add(desk, Crisis, slug="flood", name_en="Flood", name_fr="Inondation", starts_on="2021-07-14")
    page = change_page(Crisis.objects.get(slug="flood"))
    phase = {"name_en": "Rise", "name_fr": "Crue", "starts_on": "2021-07-14", "ends_on": "2021-07-20"}
    rows = {f"phases-0-{name}": value for name, value in phase.items()}
    assert save(desk, page, form_on(desk, page), **rows, **{"phases-TOTAL_FORMS": "1"}).status_code == 302
    add(desk, Brand, name="Fictia", slug="fictia", sector=sector.pk, country="FR", entity_type="brand")
    return Brand.objects.get(slug="fictia")


def add(desk: Any, model: type[Model], **fields: Any) -> None:
    page = f"/admin/brands/{model._meta.model_name}/add/"
    blank = {name: value for name, value in form_on(desk, page).items() if not name.startswith("phases-0")}
    forms = {name: "0" for name in blank if name.endswith("-TOTAL_FORMS")}
    assert save(desk, page, blank, **forms, **fields).status_code == 302


def files(by: User) -> None:
    """Sources by sheet; one import is undone."""
    from brands.importing import undoing

    rows = [{"title": f"Report {n}", "url": f"https://paper.example/{n}", "type": "press"} for n in (1, 2)]
    assert imported("sources", sheet(*rows), by=by).state == "done"
    wrong = imported("sources", sheet({"title": "Not ours", "url": "https://other.example/", "type": "press"}), by=by)
    assert undoing.undo(wrong, by) == 1


def add_evidence(brand: Brand, by: User) -> None:
    """Capture, edit, tag, archive, a profile and an appraisal."""
    crisis = Crisis.objects.get(slug="covid-19")
    one, two = Source.objects.filter(url__startswith="https://paper.example/").order_by("url")
    promise = Promise(brand=brand, kind="mission", statement_en="Cares.", statement_fr="Veille.", quote="We care.")
    promise.quote_language, promise.statement_level, promise.weight, promise.testable = "en", "2", "central", True
    promise.stakeholders, promise.since = ("customers",), "2018"  # type: ignore[assignment]
    kept = capture.keep_promise(promise, one, by=by, key="fictia--promise")
    act = Action(brand=brand, crisis=crisis, statement_en="Paid.", statement_fr="A payé.", started="2020-04-01")
    act.substance, act.reach, act.initiative, act.generosity = "2", "2", "2", "1"
    proof = Proof(stakeholder="customers", promise=kept.record, direction="helps", depth="1")
    proof.rationale_en = "Nobody could expect it so soon."
    link = ActionSource(kind="independent", independence_group="paper")
    action = capture.keep_act(act, [proof], link, one, by=by, key="fictia--act").record
    more = ActionSource(kind="independent", independence_group="other")
    capture.link_to_act(action, more, two, by=by, why="A second report.")
    desk = desk_of(by)
    assert edit(desk, change_page(action), statement_en="Paid at once.", why="Closer.").status_code == 302
    editing.tag([action, one], by=by, reason="For the review.", new="Grève", add=Tag.objects.all())
    assert edit(desk_of(somebody(roles.EDITOR)), change_page(Tag.objects.get(name="Strike")), name="Strikes")
    archiving.keep_by_hand(one, PAGE, "text/html", by=by, reason="Before it goes.")
    add(desk, BrandProfile, brand=brand.pk, crisis=crisis.pk, purpose="2")
    good = {"label": "Hero", "polarity": "positive", "source": two.pk}
    add(desk, Judgement, brand=brand.pk, crisis=crisis.pk, **good)
    make.judged(brand)


def doubly_code(case: Assessment, first: User, second: User, editor: User) -> None:
    """Two people code all of it, and differ once."""
    case = Assessment.objects.select_related("brand", "crisis").get(pk=case.pk)
    opened = coding.a_round(case, first, second, editor)
    for item in opened.items.with_subject().order_by("pk"):
        code_item(item, first, second)


def code_item(item: Any, first: User, second: User) -> None:
    from scoring.coding import flow
    from scoring.coding.catalogue import codes_on_file
    from scoring.coding.sheets import sheet_of, stem_of
    from scoring.models import ItemState

    codes = {**dict.fromkeys(sheet_of(item).all, "unknown"), **codes_on_file(item)}
    codes = {name: value for name, value in codes.items() if value}
    other = {**codes, "substance": "0"} if item.kind == "action" else codes
    coding.hands_in(first, item, codes)
    coding.hands_in(second, item, other)
    item.refresh_from_db()
    if item.state == ItemState.ADJUDICATION:
        judge = somebody(roles.EDITOR)
        _both, apart = flow.open_differences(item)
        decisions = {one.code.name: flow.Decision("3", "The report settles it.") for one in apart}
        flow.adjudicate(item, by=judge, decisions=decisions)
    item.refresh_from_db()
    assert item.state == ItemState.SETTLED, (item.kind, item.state)
    assert stem_of("proof.customers.helps.depth")
