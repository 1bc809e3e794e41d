"""Completeness: every way to write a fact or a decision leaves its line, and what went round the gate is found.

Three nets. The first walks all models: each is a fact, a part of one, a decision or nothing of the kind, and a fact's
screens, files and steps are tried. The second compares what the lines add up to with what is on file. The third reads
our own code for writes that go round the gate.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.test import Client

from brands import editing
from brands.changes import subject_of
from brands.folding import FACTS, verify_facts
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
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring import publishing
from scoring.models import Publication
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, save, somebody
from tests.brands.trail_makers import sql

pytestmark = pytest.mark.django_db

# --- Which models there are -------------------------------------------------------------------------------------------

PARTS = {CrisisPhase, ActionSource, Proof}
"""Edited on the screen of the record they belong to, and written down there or under their own name."""

DECISIONS = {
    "scoring.Publication",
    "scoring.Assessment",  # who works on it by when; it is made when the facts call for it
    "scoring.CodingRound",
    "scoring.CodingItem",  # that it is settled; on its way there its steps are kept in CodingStep
    "scoring.Measurement",
    "scoring.EvidenceSearch",
    "scoring.Tie",
    "scoring.BrandContact",
    "scoring.ReplyNotice",
    "scoring.Reply",
    "scoring.ErrorReport",
    "scoring.Correction",
}
"""What people decide about a case: each write ends with ``record_decision``."""

NEITHER = {
    "brands.Event": "the trail itself",
    "brands.TrailHead": "the trail itself",
    "brands.Pseudonym": "the trail itself; erasing somebody is written down",
    "brands.VerificationRun": "what the installation finds out about itself",
    "brands.SavedFilter": "a list as somebody likes it: nothing about a brand",
    "brands.ArchiveOrder": "who asked for copies; each copy that is kept has its line, with who asked and why",
    "brands.ArchiveJob": "bookkeeping of the fetching; see ArchiveOrder",
    "brands.ImportJob": "bookkeeping of an import; each record that it writes or takes back has its line",
    "brands.SavedMapping": "how a team calls the columns of its files",
    "brands.ImportRow": "a row that waits to be written; see ImportJob",
    "scoring.CoderSeat": "part of a round, told in the line that opens it",
    "scoring.ItemCoding": "a coder's own sheet, blind until it is settled; each step is kept in CodingStep",
    "scoring.CodingStep": "a log of its own, written once and guarded by the database",
    "scoring.CodeDecision": "written once and guarded by the database; told when the item is settled",
    "scoring.ReplyDocument": "part of a reply, told in its line; a letter that comes later has a line of its own",
    "scoring.TakenIntoAccount": "part of a publication, told in its line",
    "scoring.OutgoingMail": "a mail on its way; what it tells of has its line",
    "scoring.QualityCount": "computed from the facts",
    "scoring.Snapshot": "computed from the facts, written once",
    "scoring.ScoringJob": "bookkeeping of the scoring",
    "scoring.PublishedFact": "a copy of what a publication shows",
    "scoring.PublishedFigure": "a copy of a figure as it is shown; publishing it has its line",
    "scoring.PublishedFacet": "a copy of what a publication shows",
}
"""Why no line is due for a write to the others."""


def test_every_model_is_a_fact_a_decision_or_known_to_be_neither() -> None:
    """A new model fails here until somebody has said what its writes leave in the trail."""
    models = {model._meta.label for name in ("brands", "scoring") for model in apps.get_app_config(name).get_models()}
    facts = {model._meta.label for model in (*FACTS, *PARTS)}
    assert models == facts | DECISIONS | NEITHER.keys()
    assert not facts & NEITHER.keys()


# --- Every screen -----------------------------------------------------------------------------------------------------


def new_records(brand: Brand, crisis: Crisis, source: Source) -> dict[type[Model], dict[str, Any]]:
    return {
        Sector: {"slug": "space", "name_en": "Space", "name_fr": "Espace"},
        Tag: {"name": "Strike"},
        Crisis: {"slug": "flood", "name_en": "Flood", "name_fr": "Inondation", "starts_on": "2021-07-14"},
        Brand: {"name": "Nova", "slug": "nova", "sector": brand.sector_id, "country": "FR", "entity_type": "brand"},
        Source: {"title": "A title", "source_type": "press"},
        Promise: {"brand": brand.pk, "kind": "mission", "statement_en": "Cares.", "stakeholders": ["customers"]},
        Action: {"brand": brand.pk, "crisis": crisis.pk, "statement_en": "Paid."},
        BrandProfile: {"brand": brand.pk, "crisis": crisis.pk, "purpose": "2"},
        Judgement: {
            "brand": brand.pk,
            "crisis": crisis.pk,
            "label": "Hero",
            "polarity": "positive",
            "source": source.pk,
        },
        OutcomeFigure: {
            "brand": brand.pk,
            "crisis": crisis.pk,
            "kind": "nps",
            "series": "Daily barometer",
            "value": "12.50",
            "unit": "points",
            "measured_on": "2019-12",
            "source": source.pk,
        },
    }


CHANGED = {
    Sector: ("name_en", "Outer space"),
    Tag: ("name", "Grève"),
    Crisis: ("name_en", "Great flood"),
    Brand: ("name", "Nova Group"),
    Source: ("title", "Another title"),
    Promise: ("statement_en", "Cares more."),
    Action: ("statement_en", "Paid at once."),
    BrandProfile: ("purpose", "3"),
    Judgement: ("label", "Villain"),
    OutcomeFigure: ("unit", "percent"),
}


def editor() -> tuple[User, Client]:
    user = somebody(roles.EDITOR)
    return user, desk_of(user)


def last() -> Event:
    return Event.objects.order_by("-sequence")[0]


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_adding_and_changing_on_the_screen_leave_who_before_after_and_why(model: type[Model]) -> None:
    user, desk = editor()
    fields = new_records(make.a_brand(), make.a_crisis(), make.a_source())[model]
    page = f"/admin/brands/{model._meta.model_name}/add/"
    blank = {
        name: value
        for name, value in form_on(desk, page).items()
        if not name.startswith(("source_links-0", "proofs-0", "phases-0"))
    }
    forms = {name: "0" for name in blank if name.endswith("-TOTAL_FORMS")}
    assert save(desk, page, blank, **forms, **fields).status_code == 302
    record: Any = model._base_manager.order_by("-pk")[0]
    added = last()
    assert (added.actor, added.subject) == (user, subject_of(record))
    assert added.kind.endswith(".added")
    assert told_about(record) == []
    name, value = CHANGED[model]
    before = getattr(record, name)
    assert edit(desk, change_page(record), **{name: value}, why="Because.").status_code == 302
    changed = last()
    assert (changed.actor, changed.changes) == (user, {name: [before, value]})
    assert changed.reason == ("Because." if model not in (Sector, Tag) else "")
    assert told_about(record) == []


def told_about(record: Any) -> list[str]:
    return [str(found) for found in verify_facts() if found.subject == subject_of(record)]


def made_by_hand(desk: Client, model: type[Model]) -> Any:
    fields = new_records(make.a_brand(), make.a_crisis(), make.a_source())[model]
    page = f"/admin/brands/{model._meta.model_name}/add/"
    blank = form_on(desk, page)
    forms = {name: "0" for name in blank if name.endswith("-TOTAL_FORMS")}
    assert save(desk, page, blank, **forms, **fields).status_code == 302
    return model._base_manager.order_by("-pk")[0]


@pytest.mark.parametrize("model", [Source, Promise, Action, Judgement], ids=lambda model: model.__name__)
def test_withdrawing_and_restoring_leave_who_before_after_and_why(model: type[Any]) -> None:
    user, desk = editor()
    fact = made_by_hand(desk, model)
    editing.withdraw([fact], by=user, reason="Of another brand.")
    taken = last()
    assert (taken.actor, taken.reason) == (user, "Of another brand.")
    assert taken.changes["withdrawn_reason"] == ["", "Of another brand."]
    assert told_about(fact) == []
    editing.restore([fact], by=user, reason="It was not.")
    assert (last().actor, last().reason) == (user, "It was not.")
    assert last().changes["withdrawn_at"][1] is None
    assert told_about(fact) == []


def test_deleting_a_draft_leaves_all_that_it_held() -> None:
    user, desk = editor()
    promise = made_by_hand(desk, Promise)
    assert desk.post(change_page(promise).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 302
    assert not Promise.objects.filter(pk=promise.pk).exists()
    gone = last()
    assert (gone.actor, gone.kind, gone.changes["statement_en"]) == (user, "evidence.withdrawn", ["Cares.", None])
    assert told_about(promise) == []


def test_parts_that_are_added_changed_and_taken_out_are_told() -> None:
    _user, desk = editor()
    action, source = made_by_hand(desk, Action), make.a_source()
    page = change_page(action)
    link = {"source": source.pk, "kind": "independent", "independence_group": "g"}
    proof = {"stakeholder": "customers", "direction": "helps", "depth": "1", "remedy": "0"}
    rows = {f"source_links-0-{name}": value for name, value in link.items()}
    rows |= {f"proofs-0-{name}": value for name, value in proof.items()}
    counts = {"source_links-TOTAL_FORMS": "1", "proofs-TOTAL_FORMS": "1"}
    assert save(desk, page, form_on(desk, page), **rows, **counts).status_code == 302
    assert last().changes["proofs.customers:helps.depth"] == [None, "1"]
    assert told_about(action) == []
    edit(desk, page, **{"proofs-0-depth": "2"})
    assert last().changes == {"proofs.customers:helps.depth": ["1", "2"]}
    edit(desk, page, **{"source_links-0-DELETE": "on"})
    assert not ActionSource.objects.exists()
    assert told_about(action) == []


def test_publishing_and_withdrawing_leave_who_what_and_why() -> None:
    case, user = make.judged(make.a_breach()).assessment, somebody(roles.EDITOR)
    publication = publishing.publish(case, by=user, note_en="First entry.")
    assert (last().kind, last().actor, last().reason) == ("scorecard.published", user, "First entry.")
    assert last().changes["version"] == [None, 1]
    publishing.withdraw(publication, by=user, reason_en="Wrong brand.")
    assert (last().kind, last().actor, last().reason) == ("scorecard.withdrawn", user, "Wrong brand.")
    assert Publication.objects.get().state == "withdrawn"


def test_a_public_record_is_not_changed_without_a_reason() -> None:
    _user, desk = editor()
    brand = make.a_breach()
    make.published(brand)
    promise, lines = brand.promises.get(), Event.objects.count()
    assert edit(desk, change_page(promise), statement_en="Cares more.").status_code == 200
    assert Event.objects.count() == lines
    assert edit(desk, change_page(promise), statement_en="Cares more.", why="A slip.").status_code == 302
    assert last().reason == "A slip."


# --- What the lines add up to -----------------------------------------------------------------------------------------


@pytest.fixture
def catalogue() -> None:
    call_command("load_catalogue", str(settings.BASE_DIR / "brands" / "catalogue"), crisis="covid-19", verbosity=0)


def all_told() -> list[str]:
    return [str(found) for found in verify_facts()]


def test_what_the_product_brings_along_needs_no_line() -> None:
    assert Crisis.objects.exists()
    assert not Event.objects.exists()
    assert all_told() == []


def test_the_catalogue_is_told_completely(catalogue: None) -> None:
    assert Event.objects.count() > 800
    assert all_told() == []


TABLES: dict[type[Model], tuple[str, Any]] = {
    Sector: ("name_en", "Other"),
    Crisis: ("name_fr", "Autre"),
    CrisisPhase: ("name_fr", "Autre"),
    Brand: ("country", "XX"),
    Source: ("publisher", "Somebody else"),
    Promise: ("weight", "context"),
    Action: ("substance", "0"),
    ActionSource: ("independence_group", "one-voice"),
    Proof: ("rationale_en", "Another reason altogether."),
    BrandProfile: ("purpose", "0"),
    Judgement: ("label", "Another label"),
}


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back: the catalogue is loaded once for many attempts."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def whole_of(record: Any) -> Any:
    """The record under whose name a part is told."""
    return getattr(record, "action", None) or record.crisis if type(record) in PARTS else record


def test_each_change_behind_the_gate_is_found_and_named(catalogue: None) -> None:
    for model, (name, value) in TABLES.items():
        record = next(one for one in model._base_manager.order_by("pk") if getattr(one, name) != value)
        with undone():
            sql(f"UPDATE {model._meta.db_table} SET {name} = %s WHERE id = %s", value, record.pk)
            (found,) = all_told()
        assert found.startswith(f"{subject_of(whole_of(record))}: "), model
        assert f"{name} is '{value}' on file" in found


def test_evidence_taken_out_of_use_or_cut_from_its_source_behind_the_gate_is_found(catalogue: None) -> None:
    promise = Promise.objects.filter(sources__isnull=False)[0]
    statements = {
        "withdrawn_at": "UPDATE brands_promise SET withdrawn_at = '2026-01-01 00:00:00+00:00' WHERE id = %s",
        "withdrawn_reason": "UPDATE brands_promise SET withdrawn_reason = 'No.' WHERE id = %s",
        "sources": "DELETE FROM brands_promise_sources WHERE promise_id = %s",
    }
    for name, statement in statements.items():
        with undone():
            sql(statement, promise.pk)
            assert [found.partition(" is ")[0] for found in all_told()] == [f"{subject_of(promise)}: {name}"]


def test_a_record_deleted_behind_the_gate_is_found(catalogue: None) -> None:
    for model in (Judgement, Proof, ActionSource):
        record: Any = model._base_manager.order_by("pk")[0]
        with undone():
            sql(f"DELETE FROM {model._meta.db_table} WHERE id = %s", record.pk)
            found = all_told()
        assert found, model
        assert all(line.startswith(f"{subject_of(whole_of(record))}: ") for line in found)


def test_a_record_that_came_in_behind_the_gate_is_found(catalogue: None) -> None:
    source = make.a_source(key="smuggled")
    assert all_told() == [f"{subject_of(source)}: is on file, but the trail has no line about it"]


def test_checking_every_fact_costs_the_same_queries_for_two_and_for_many(
    catalogue: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(45):
        assert all_told() == []


# --- What our own code may do -----------------------------------------------------------------------------------------

ALLOWED: dict[tuple[str, str], str] = {
    ("brands/changes.py", "mark_as_due"): "the gate itself: says that a brand is due",
    ("brands/archiving.py", "check_links"): "what a machine notes about a link; counts in nothing, told by nobody",
    ("brands/archiving.py", "claim"): "bookkeeping of the fetching",
    ("brands/archiving.py", "finish"): "bookkeeping of the fetching",
    ("brands/archiving.py", "take_back_left_behind"): "bookkeeping of the fetching",
    ("brands/forms.py", "ProofRows"): "proofs that make way for one another while a form is saved; told with the act",
    ("cxalign/accounts/tasks.py", "forget_repeats"): "answers that were kept for a program to ask again; no decision",
    ("cxalign/api/idempotency.py", "kept"): "bookkeeping of a request that was refused: its name is free again",
    ("cxalign/api/idempotency.py", "once"): "bookkeeping of a request that failed: its name is free again",
    ("cxalign/api/idempotency.py", "take"): "bookkeeping of a request that is over or was given up",
    ("brands/claiming.py", "Crew"): "bookkeeping of a job: its worker is alive, or it is taken up again",
    ("brands/importing/jobs.py", "purge"): "rows and reports of old imports; the lines of what they wrote stay",
    ("brands/importing/jobs.py", "put_on_trial"): "rows that nothing was written from",
    ("brands/importing/jobs.py", "step"): "bookkeeping of an import: its state",
    ("brands/importing/jobs.py", "settle_columns"): "bookkeeping of an import: a mapping in memory, no table",
    ("brands/importing/jobs.py", "write"): "marks rows as written; the writing ends with record_changes",
    ("brands/importing/undoing.py", "remove"): "the undoing of an import: ends with record_changes",
    ("brands/importing/undoing.py", "withdraw"): "the undoing of an import: ends with record_changes",
    ("brands/importing/undoing.py", "note"): "marks rows as taken back, and says why others stay",
    ("brands/editing.py", "raise_revision"): "bookkeeping beside a line that the caller writes",
    ("brands/erasing.py", "erase_person"): "the pseudonym of an erased person; writes its own line",
    ("brands/erasing.py", "_empty"): "log entries of the stock admin that hold a user name",
    ("brands/imports/saving.py", "update"): "the import: ends with record_changes",
    ("brands/imports/saving.py", "relate_to_many"): "the import: ends with record_changes",
    ("brands/imports/saving.py", "relate_to_own_kind"): "the import: ends with record_changes",
    ("brands/imports/saving.py", "raise_revisions"): "the import: ends with record_changes",
    ("brands/models/log.py", "_brand_keys"): "reads, with a lock",
    ("brands/models/log.py", "_take_other_locks"): "takes locks",
    ("brands/trail.py", "missing_guards"): "reads the catalogue of the database",
    ("scoring/outcomes.py", "publish_figure"): "the copy before is no longer current; ends with a line",
    ("scoring/publishing/versions.py", "publish"): "the version before is no longer current; ends with a line",
    ("scoring/publishing/shown_facts.py", "show_facts_of"): "copies for the API, made from a publication",
    ("scoring/publishing/shown_facts.py", "hide_facts_of"): "copies for the API, made from a publication",
    ("cxalign/settings.py", ""): "a dictionary of options",
    ("scoring/admin.py", "ScoringJobAdmin"): "bookkeeping of the scoring",
    ("scoring/coding/reopening.py", "_count_as_single"): "ends with record_changes",
    ("scoring/coding/settling.py", "_write_proofs"): "the settling of an item: ends with record_changes",
    ("scoring/voices/documents.py", "erase_letters"): "personal data at its end; the caller writes the line",
    ("scoring/voices/erasing.py", "_empty_mails"): "personal data at its end; the caller writes the line",
    ("scoring/voices/erasing.py", "erase_old"): "personal data at its end; ends with a line",
    ("scoring/voices/mailing.py", "_claim"): "bookkeeping of the mails",
    ("scoring/voices/mailing.py", "_send"): "bookkeeping of the mails",
    ("scoring/voices/mailing.py", "try_again"): "bookkeeping of the mails",
    ("cxalign/accounts/erasing.py", "erase"): "keys of somebody who leaves; ends with a line",
    ("cxalign/accounts/following.py", "follow"): "follows from groups, whose change is told",
    ("cxalign/accounts/keys.py", "note_use"): "when a key was last used: noted, not decided",
    ("cxalign/accounts/sessions.py", "SessionStore"): "the session itself",
    ("cxalign/exports/jobs.py", "cancel"): "bookkeeping of the exports: nothing about a brand",
    ("cxalign/exports/jobs.py", "purge"): "bookkeeping of the exports: nothing about a brand",
    ("cxalign/exports/jobs.py", "remove"): "bookkeeping of the exports: nothing about a brand",
    ("cxalign/pages/saved_views.py", "delete"): "an address that somebody kept: nothing about a brand",
    ("cxalign/plans/editing.py", "_mark_to_recheck"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/plans/editing.py", "set_scenarios"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/plans/editing.py", "set_promises"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/plans/editing.py", "delete_scenario"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/plans/editing.py", "delete_problem"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/plans/editing.py", "_restore"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/plans/editing.py", "save_problem"): "a plan is its team’s alone, and has a log of its own",
    ("cxalign/portfolios/editing.py", "_drop"): "a portfolio is its team’s alone, and has a log of its own",
    ("cxalign/watches/following.py", "stop"): "what somebody watches is their own: nothing about a brand",
    ("cxalign/watches/following.py", "resume"): "what somebody watches is their own: nothing about a brand",
    ("cxalign/watches/following.py", "end"): "what somebody watches is their own: nothing about a brand",
    ("cxalign/watches/following.py", "forget_old"): "mails and notes about telling at their end: nothing about a brand",
    ("cxalign/watches/holding.py", "forget"): "what somebody who leaves watched; the closing has its line",
    ("cxalign/pages/watching/telling.py", "_move_on"): "bookkeeping of who was told of what",
    ("cxalign/saved_filters.py", "change"): "a list as somebody likes it: nothing about a brand",
}
"""Places that write past Django's ``save`` and why each may. A new one is a question to its author."""


def writes_past_save(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls that change rows without ``save``: on query sets, and with SQL of our own."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        on_rows = name in ("bulk_update", "raw", "cursor", "_raw_delete")
        on_rows |= name == "update" and bool(node.keywords) and not node.args  # a dictionary takes another one
        on_rows |= name == "delete" and not node.args and not node.keywords and not _is_cache(node.func.value)
        if on_rows:
            yield node


def _is_cache(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in ("cache", "storage")


def places() -> Iterator[tuple[str, str]]:
    for package in ("brands", "scoring", "cxalign"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                for top in ast.parse(path.read_text(encoding="utf-8")).body:
                    for _call in writes_past_save(top):
                        yield path.relative_to(settings.BASE_DIR).as_posix(), getattr(top, "name", "")


def test_nothing_writes_past_the_gate() -> None:
    found = set(places())
    assert sorted(found - ALLOWED.keys()) == [], (
        "writes past save(): end them with record_changes, then allow the place"
    )
    assert sorted(ALLOWED.keys() - found) == [], "allowed, but not there any more"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("Promise.objects.filter(pk=1).update(quote='x')", 1),
        ("Promise.objects.bulk_update(rows, ['quote'])", 1),
        ("promise.sources.all().delete()", 1),
        ("connection.cursor()", 1),
        ("{}.update({'a': 1})", 0),
        ("words.update(other)", 0),
        ("promise.save()", 0),
    ],
)
def test_the_reader_of_our_code_tells_rows_from_dictionaries(code: str, count: int) -> None:
    assert len(list(writes_past_save(ast.parse(code)))) == count
