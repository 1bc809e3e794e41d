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
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from brands import archiving, capture, editing, trail
from brands.changes import subject_of
from brands.folding import FACTS
from brands.importing import undoing
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    CrisisPhase,
    Event,
    Judgement,
    OutcomeFigure,
    Promise,
    Proof,
    Sector,
    Source,
    Tag,
)
from cxalign.accounts import erasing, roles
from cxalign.accounts.models import User
from scoring import review
from scoring.assigning import assign
from scoring.coding import flow
from scoring.coding.reopening import reopen_changed
from scoring.coding.sheets import UNKNOWN, codes_on_file, sheet_of
from scoring.models import Assessment, BrandContact, CodingItem, ItemState, Snapshot, TieKind
from scoring.publishing import publish, withdraw
from scoring.verifying import CHECKS
from scoring.voices import erasing as voices_erasing
from scoring.voices import notices, reports
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, save, somebody
from tests.brands.sheets import imported, sheet
from tests.brands.trail_makers import sql
from tests.scoring.coding import making as coding
from tests.scoring.figures import a_figure
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
    first, second = somebody(roles.ANALYST, username="ines.roux", last_name="Roux"), somebody(roles.ANALYST)
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
    add(desk, Sector, slug="space", name_en="Space", name_fr="Espace")
    add(desk, Tag, name="Strike")
    sector = Sector.objects.get(slug="space")
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


def code_item(item: CodingItem, first: User, second: User) -> None:
    """Both hand in what is on file; on an act the second sees the least substance, and somebody else decides."""
    sheet_shown = sheet_of(item)
    on_file = {name: value for name, value in codes_on_file(item).items() if value}
    asked = [code for code in sheet_shown.own if code.decides]
    asked += [code for part in sheet_shown.proofs if part.switch and part.switch.name in on_file for code in part.codes]
    codes = {code.name: UNKNOWN if UNKNOWN in dict(code.choices) else "no" for code in asked} | on_file
    coding.hands_in(first, item, codes)
    coding.hands_in(second, item, {**codes, "substance": "0"} if item.kind == "action" else codes)
    item.refresh_from_db()
    if item.state == ItemState.ADJUDICATION:
        _both, apart = flow.open_differences(CodingItem.objects.with_subject().get(pk=item.pk))
        decisions = {one.code.name: flow.Decision("2", "The report settles it.") for one in apart}
        flow.adjudicate(item, by=somebody(roles.EDITOR), decisions=decisions)
        item.refresh_from_db()
    assert item.state == ItemState.SETTLED


def go_public(brand: Brand, editor: User, coders: tuple[User, User]) -> None:
    """Searches, ties, a notice and its reply; published, reported, corrected, withdrawn."""
    case = Assessment.objects.select_related("brand", "crisis").get(brand=brand)
    entries = [
        review.SearchEntry(group, way, "Fictia claims", "Europresse", date(2020, 6, 1), 12)
        for group in ("customers", "employees", "partners", "community")
        for way in ("helps", "harms")
    ]
    review.log_searches(case, entries, by=coders[0])
    taken_back = review.log_searches(case, entries[:1], by=coders[0])[0]
    review.take_back_search(taken_back, by=coders[0], reason="Entered twice.")
    adjudicators = list(User.objects.filter(groups__name=roles.EDITOR).exclude(pk=editor.pk))
    for person in (*coders, editor, *adjudicators):
        review.declare_tie(person, brand, kind=TieKind.NONE)
    texts = {"text_en": "Advised the brand.", "text_fr": "A conseillé la marque."}
    tie = review.declare_tie(somebody(roles.ANALYST), brand, kind=TieKind.CLIENT, **texts)
    review.end_tie(tie, on=date(2020, 1, 1))
    assign([case], by=editor, owner=coders[1], due_on=timezone.localdate() + timedelta(days=3), reason="Her sector.")
    answering = voices.an_answering_editor()
    contact = BrandContact(brand=brand, name="Press office", email="press@fictia.example", source="Its site.")
    contact.language = "en"
    notices.add_contact(contact, by=answering)
    soon = timezone.localdate() + timedelta(days=10)
    with mock.patch.object(Snapshot, "is_unfavourable", True):  # this day is about what the trail tells of a notice
        notice = notices.send_notice(make.judged(brand), contact, deadline=soon, by=answering)
    replied = voices.a_reply_to(notice, email="ada@fictia.example")
    publication = publish(case, by=editor, note_en="First entry.", note_fr="Première entrée.")
    voices.put_out(replied, by=answering)
    report = voices.a_report(publication, email="ada@fictia.example")
    correction = reports.accept(report, by=answering, wrong_en="A day.", wrong_fr="Un jour.", **voices.REASONS)
    action = brand.actions.get()
    assert edit(desk_of(editor), change_page(action), statement_en="Paid.", why="As reported.")
    make.judged(brand)
    second = publish(case, by=editor, note_en="Corrected.", note_fr="Corrigé.")
    changed = {"changed_en": "The day.", "changed_fr": "Le jour."}
    reports.complete(correction, by=answering, corrected_in=second, **changed)
    withdraw(second, by=editor, reason_en="Wrong brand.", reason_fr="Mauvaise marque.")
    voices_erasing.erase_sender(replied, by=answering)
    notices.retire_contact(contact, by=answering)
    reopen_changed(brand.pk)
    make.judged(brand)
    assert {version.policy for version in case.publications.all()} == {"strict"}


# --- What the trail makes of it ---------------------------------------------------------------------------------------


def test_a_day_is_told_completely_and_names_nobody() -> None:
    the_day()
    assert told() == []
    assert sorted(OF_A_DAY - kinds()) == []
    sealed = json.dumps([[line.changes, line.reason, line.subject] for line in Event.objects.all()], ensure_ascii=False)
    assert [name for name in PERSONAL if name in sealed] == []
    by_nobody = set(Event.objects.filter(actor=None).values_list("kind", flat=True))
    assert by_nobody <= {"reply.received", "report.received", "evidence.corrected"}
    assert not kinds() - trail.KINDS.keys()
    call_command("verify", "all", stdout=StringIO())


OF_A_DAY = {
    "evidence.added",
    "evidence.corrected",
    "evidence.withdrawn",
    "evidence.archived",
    "evidence.tagged",
    "reference.added",
    "reference.corrected",
    "coding.opened",
    "coding.settled",
    "search.logged",
    "search.withdrawn",
    "tie.declared",
    "tie.ended",
    "case.assigned",
    "contact.added",
    "contact.retired",
    "notice.sent",
    "scorecard.published",
    "scorecard.withdrawn",
    "reply.received",
    "reply.published",
    "reply.erased",
    "report.received",
    "report.accepted",
    "correction.published",
    "correction.completed",
    "access.account_erased",
    "person.erased",
}


def kinds() -> set[str]:
    return set(Event.objects.values_list("kind", flat=True))


COLUMNS: dict[type[Model], tuple[str, Any]] = {
    Sector: ("name_en", "Other"),
    Tag: ("name", "Other"),
    Crisis: ("name_fr", "Autre"),
    CrisisPhase: ("name_fr", "Autre"),
    Brand: ("country", "XX"),
    Source: ("archive_sha256", "0" * 64),
    Promise: ("weight", "context"),
    Action: ("substance", "0"),
    ActionSource: ("independence_group", "one-voice"),
    Proof: ("rationale_en", "Another reason altogether."),
    BrandProfile: ("purpose", "0"),
    Judgement: ("label", "Another label"),
    OutcomeFigure: ("unit", "stars"),
}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_one_change_behind_the_gate_on_each_table_of_facts_is_found_after_such_a_day() -> None:
    a_figure(the_day(), "12", source=Source.objects.order_by("pk")[0], crisis=Crisis.objects.order_by("pk")[0])
    assert COLUMNS.keys() == {*FACTS, CrisisPhase, ActionSource, Proof}
    for model, (name, value) in COLUMNS.items():
        record: Any = model._base_manager.order_by("-pk")[0]
        whole = record.crisis if model is CrisisPhase else getattr(record, "action", record)
        with undone():
            sql(f"UPDATE {model._meta.db_table} SET {name} = %s WHERE id = %s", value, record.pk)
            found = [line for line in told() if line.startswith(f"{subject_of(whole)}: ")]
        assert any(f"{name} is " in line for line in found), model
    for table, subject in (("brands_action_tags", Action), ("brands_promise_sources", Promise)):
        one: Any = subject._base_manager.order_by("-pk")[0]
        with undone():
            sql(f"DELETE FROM {table}")
            assert any(line.startswith(f"{subject_of(one)}: ") for line in told()), table


def test_an_archived_copy_that_was_altered_or_is_gone_is_found() -> None:
    source = Source.objects.get(pk=make.a_source(key="kept").pk)
    archiving.keep_by_hand(source, PAGE, "text/html", by=make.an_analyst(), reason="Before it goes.")
    assert list(CHECKS["store"]()) == []
    (copy,) = archiving.folder().iterdir()
    copy.write_bytes(b"Another page.")
    told_now = [str(found) for found in CHECKS["store"]()]
    assert told_now[0] == f"brands.source:kept: its archived copy {copy.name} is not what was archived"
    copy.unlink()
    assert [str(found) for found in CHECKS["store"]()] == [f"brands.source:kept: its archived copy {copy.name} is gone"]
    (archiving.folder() / "smuggled").write_bytes(b"Mine.")
    assert any(str(found).startswith("archive/smuggled: ") for found in CHECKS["store"]())
