"""Practices as rows that people send in: the same engine, screens and messages as for facts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from brands.importing import jobs, undoing
from brands.importing.giving_out import template_csv, template_xlsx
from brands.importing.kinds import kind_named
from brands.models import Event, ImportJob, ImportRow
from cxalign.accounts import roles
from cxalign.practices.models import Practice
from tests import factories as make
from tests.accounts.desk import somebody
from tests.accounts.making import a_key, bearer
from tests.brands.sheets import checked, imported, sheet
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db

ENGLISH = {
    "Title": "Open a shop",
    "Summary": "Opens a shop to neighbours.",
    "Practice family": "F01",
    "Category": "care",
    "For whom, as groups": "customers",
}
FRENCH = {
    "Titre": "Ouvrir une boutique",
    "Résumé": "Ouvre une boutique aux voisins.",
    "Famille": "F01",
    "Catégorie": "soin",
    "Pour quels publics": "clients|habitants",
    "Secteur": "Assurance",
    "Pays": "France",
    "Date": "avril 2020",
    "Marques": "Fictia",
    "Niveau de preuve": "corroborée",
}


def outcomes(job: ImportJob) -> list[str]:
    return list(ImportRow.objects.filter(job=job).order_by("number").values_list("outcome", flat=True))


def messages(job: ImportJob) -> list[tuple[str, str]]:
    rows = ImportRow.objects.filter(job=job).order_by("number")
    return [(column, code) for row in rows for column, code, *_rest in row.messages]


# --- The way through --------------------------------------------------------------------------------------------------


def test_french_headers_and_words_are_understood() -> None:
    make.a_brand("Fictia", sector=make.a_sector("insurance"))
    with translation.override("fr"):
        imported("practices", sheet(FRENCH))
    practice = Practice.objects.get()
    assert (practice.key, practice.title_fr) == ("ouvrir-une-boutique", "Ouvrir une boutique")
    assert (practice.category, practice.stakeholders) == ("care", ("customers", "community"))
    assert (practice.country, practice.started, practice.sector.slug) == ("FR", "2020-04", "insurance")
    assert [brand.name for brand in practice.seen_at.all()] == ["Fictia"]
    assert (practice.evidence_level, practice.is_published) == ("corroborated", False)
    assert "boutique" in practice.search_text
    assert Event.objects.filter(kind="practice.added", subject="practices.practice:ouvrir-une-boutique").count() == 1


def test_a_row_is_new_changed_unchanged_alike_or_wrong() -> None:
    a_practice("Open a shop", key="shop", is_published=False)
    a_practice("Send a bus for people on night shifts", key="bus", is_published=False)
    same = {**ENGLISH, "Practice key": "bus", "Title": "Send a bus for people on night shifts"}
    changed = {**ENGLISH, "Summary": "Opens a shop to everybody."}
    alike = {**ENGLISH, "Title": "Send a bus to people on night shifts"}
    job = checked(
        "practices",
        sheet(
            {**ENGLISH, "Title": "Sew masks"},
            changed,
            {**same, "For whom, as groups": "community"},
            alike,
            {**ENGLISH, "Title": "Long", "Summary": "word " * 31},
            {**ENGLISH, "Title": "No family", "Practice family": "F99"},
            {**ENGLISH, "Title": ""},
        ),
    )
    assert outcomes(job) == ["create", "update", "unchanged", "duplicate", "error", "error", "error"]
    assert ("summary_en", "too_many_words") in messages(job)
    assert ("title_en", "missing_value") in messages(job)
    jobs.confirm(job, job.requested_by, jobs.VALID)
    jobs.work_on_all_due()
    assert Practice.objects.get(key="shop").summary_en == "Opens a shop to everybody."
    assert Practice.objects.count() == 3


def test_undoing_takes_new_ones_away_and_gives_former_words_back() -> None:
    shop = a_practice("Open a shop", key="shop", is_published=False, seen_at=[make.a_brand("Fictia")])
    rows = sheet({**ENGLISH, "Summary": "Other words.", "Brands": ""}, {**ENGLISH, "Title": "Sew masks"})
    job = imported("practices", rows)
    shop.refresh_from_db()
    assert (shop.summary_en, shop.seen_at.count(), Practice.objects.count()) == ("Other words.", 0, 2)
    undoing.undo(job, job.requested_by)
    shop.refresh_from_db()
    assert (shop.summary_en, shop.seen_at.count()) == ("Opens a shop to neighbours.", 1)
    assert Practice.objects.count() == 1


def test_what_somebody_published_since_is_not_undone() -> None:
    job = imported("practices", sheet(ENGLISH))
    Practice.objects.update(revision=2)
    with pytest.raises(undoing.TouchedError):
        undoing.undo(job, job.requested_by)
    assert Practice.objects.exists()


# --- What readers rely on ---------------------------------------------------------------------------------------------


def test_a_published_practice_is_changed_by_those_who_publish_alone() -> None:
    a_practice("Open a shop", key="shop")
    rows = sheet({**ENGLISH, "Summary": "Other words."})
    job = checked("practices", rows, somebody(roles.ANALYST))
    assert (outcomes(job), messages(job)[0]) == (["error"], ("practice_slug", "published"))
    job = checked("practices", rows, somebody(roles.EDITOR))
    assert outcomes(job) == ["update"]


def test_a_row_never_breaks_what_must_hold_for_the_whole_practice() -> None:
    a_practice("Open a shop", key="shop")
    editor = somebody(roles.EDITOR)
    untitled = {**ENGLISH, "Practice key": "shop", "Titre": ""}
    assert messages(checked("practices", sheet(untitled), editor)) == [("title_fr", "missing_value")]
    untold = {**ENGLISH, "Title": "Sew masks", "Evidence": "outcome_documented"}
    assert messages(checked("practices", sheet(untold), editor)) == [("outcome_en", "missing_value")]
    told = {**untold, "Outcome": "A thousand masks."}
    assert outcomes(checked("practices", sheet(told), editor)) == ["create"]


# --- Templates, the command, the API ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_template_goes_in_again_as_it_is(language: str) -> None:
    make.a_brand("Fictia", slug="fictia")
    make.a_source(key="daily-2020-04-02")
    kind = kind_named("practices")
    assert template_xlsx(kind, language)
    with translation.override(language):
        job = checked("practices", template_csv(kind, language))
    assert (outcomes(job), messages(job)) == (["create"], [])
    jobs.confirm(job, job.requested_by)
    jobs.work_on_all_due()
    practice = Practice.objects.get()
    assert (practice.time_band, practice.effort_band, practice.sources.count()) == ("weeks", "low", 1)


def test_the_command_reads_the_same_sheet(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "practices.csv"
    path.write_bytes(sheet(ENGLISH))
    call_command("import_rows", "practices", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["outcome"] == "create"
    assert Practice.objects.count() == 1


def test_a_program_sends_practices_with_the_scope_for_acts() -> None:
    owner = somebody(roles.ANALYST)

    def send(scope: str, **cells: str) -> Any:
        body = {"type": "practices", "file": SimpleUploadedFile("file.csv", sheet({**ENGLISH, **cells}))}
        return Client().post("/api/v1/imports", body, headers=bearer(a_key(owner, scope).token))

    assert send("write:sources").json()["scope"] == "write:actions"
    answer = send("write:actions")
    assert (answer.status_code, answer.json()["type"]) == (202, "practices"), answer.content
    send("write:actions", **{"Practice key": "compare"})
    jobs.work_on_all_due()
    assert Practice.objects.count() == 1
    assert messages(ImportJob.objects.latest("created_at")) == [("practice_slug", "reserved_key")]
