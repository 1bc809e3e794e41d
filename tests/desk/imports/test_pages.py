"""The screens of the import wizard, as a person without JavaScript goes through them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brands.importing import jobs
from brands.models import Action, Brand, ImportJob, ImportRow
from cxalign.accounts import roles
from cxalign.accounts.models import User
from tests import factories as make
from tests.accounts.desk import desk_of, signed_in
from tests.brands.sheets import ACTION, OTHER_ACT, analyst, checked, imported, sheet, uploaded, workbook

pytestmark = pytest.mark.django_db
START = "/en/desk/imports/"


@pytest.fixture
def brand() -> Brand:
    return make.a_brand("Fictia")


def send(desk: Client, data: bytes, name: str = "actes.csv", type: str = "actions") -> Any:
    fields = {"type": type, "crisis": make.a_crisis().pk, "file": SimpleUploadedFile(name, data)}
    return desk.post(START, fields)


def address(job: ImportJob, name: str = "job") -> str:
    return reverse(f"desk-imports-{name}", args=[job.pk])


def mapping_fields(job: ImportJob, **fields: str) -> dict[str, str]:
    chosen = {f"column-{place}": name for place, name in enumerate(job.mapping) if name}
    ignored = {f"ignore-{place}": "on" for place, name in enumerate(job.mapping) if name == ""}
    return {**chosen, **ignored, **fields}


# --- The flow ---------------------------------------------------------------------------------------------------------


def test_a_french_excel_file_goes_all_the_way(brand: Brand) -> None:
    """Windows-1252, semicolons, decimal commas and days first, as Excel in France saves it."""
    desk = signed_in(roles.ANALYST)
    row = {**ACTION, "Ce qu’elle a fait, en français": "A versé 1 500 € à l’été.", "Montant": "1500,50", "Devise": "€"}
    answer = send(desk, sheet(row, separator=";", encoding="cp1252"))
    job = ImportJob.objects.get()
    assert answer["Location"] == address(job, "columns")
    page = desk.get(answer["Location"])
    assert "A versé 1 500 € à l’été." in page.content.decode()
    assert '<option value="cp1252" selected>' in page.content.decode()
    answer = desk.post(address(job, "columns"), mapping_fields(job))
    assert answer["Location"] == address(job, "check")
    page = desk.get(answer["Location"]).content.decode()
    assert "nothing is written yet" in page
    assert not Action.objects.exists()
    answer = desk.post(address(job, "confirm"), {"mode": "all"})
    assert answer["Location"] == address(job)
    page = desk.get(answer["Location"]).content.decode()
    assert "Refresh" in page
    assert "Cancel the import" in page
    jobs.work_on_all_due()
    page = desk.get(address(job)).content.decode()
    assert "1 row was written." in page
    action = Action.objects.get()
    assert (action.started, str(action.amount), action.amount_currency) == ("2020-04-13", "1500.50", "EUR")
    assert desk.post(address(job, "undo"))["Location"] == address(job)
    assert "The import was undone" in desk.get(address(job)).content.decode()
    assert not Action.objects.exists()


def test_a_wrong_encoding_is_corrected_on_the_page(brand: Brand) -> None:
    desk = desk_of(analyst())
    send(desk, sheet({**ACTION, "Marque": "Café"}, encoding="cp1252"))
    job = ImportJob.objects.get()
    desk.post(address(job, "columns"), {"read": "1", "encoding": "mac_roman", "separator": ","})
    assert "CafÈ" in desk.get(address(job, "columns")).content.decode()
    answer = desk.post(address(job, "columns"), {"read": "1", "encoding": "utf-8", "separator": ","})
    assert answer.status_code == 422
    desk.post(address(job, "columns"), {"read": "1", "encoding": "cp1252", "separator": ","})
    assert "Café" in desk.get(address(job, "columns")).content.decode()


def test_what_is_missing_unknown_or_unclear_stops_at_the_columns(brand: Brand) -> None:
    desk = desk_of(analyst())
    send(desk, sheet({**ACTION, "Date": "03/04/2020", "Humeur": "bonne"}, {**OTHER_ACT, "Date": "13/04/2020"}))
    job = ImportJob.objects.get()
    answer = desk.post(address(job, "columns"), mapping_fields(job))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The column “Humeur” is not known" in page
    assert "what does 03/04/2020 mean?" in page
    assert "1 other in the column can only be day first (13/04/2020)." in page
    fields = mapping_fields(job, **{"ignore-3": "on", "dates-date": "day-first"})
    fields.pop("column-0")
    page = desk.post(address(job, "columns"), fields).content.decode()
    assert "“Brand” is missing" in page
    answer = desk.post(address(job, "columns"), {**fields, "column-0": "brand_slug"})
    assert answer["Location"] == address(job, "check")
    assert [row.changes["started"][1] for row in ImportRow.objects.all()] == ["2020-04-03", "2020-04-13"]


def test_the_check_names_every_bad_cell_and_offers_the_refused_rows(brand: Brand) -> None:
    by = analyst()
    desk = desk_of(by)
    rows = [{**ACTION, "SU": "2"}, {**ACTION, "SU": "=9", "Date": "2021"}]
    job = checked("actions", sheet(*rows), by)
    page = desk.get(address(job, "check")).content.decode()
    assert "“=9” is not one of 0, 1, 2, 3, u" in page
    assert "SU – substance" in page
    answer = desk.get(address(job, "refused"))
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("Fictia,A payé les sinistres.,2021,'=9,3,")
    assert len(text.splitlines()) == 2
    assert answer["Content-Disposition"] == 'attachment; filename="actions-refused.csv"'
    answer = desk.post(address(job, "confirm"), {"mode": "all"})
    assert answer.status_code == 409
    desk.post(address(job, "confirm"), {"mode": "valid"})
    jobs.work_on_all_due()
    assert Action.objects.count() == 1


def test_refused_rows_of_a_workbook_come_back_as_a_workbook(brand: Brand) -> None:
    by = analyst()
    job = checked("actions", workbook([[*ACTION, "SU"], [*ACTION.values(), "=9"]]), by, name="f.xlsx")
    data = desk_of(by).get(address(job, "refused")).content
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
        assert b"=9" in packed.read("xl/sharedStrings.xml")


def test_changed_cells_are_shown_old_and_new_and_rows_are_filtered(brand: Brand) -> None:
    by = analyst()
    imported("actions", sheet({**ACTION, "SU": "1"}), by)
    job = checked("actions", sheet({**ACTION, "SU": "2"}, {**ACTION, "Date": "2021"}), by)
    desk = desk_of(by)
    page = desk.get(f"{address(job, 'check')}?outcome=update").content.decode()
    assert re.search(r"<del>.*before:.*1 – [a-z ]+</del>.*<ins>.*after:.*2 – [a-z ]+</ins>", page, re.DOTALL)
    assert page.count("<del>") == 1
    assert desk.get(f"{address(job, 'check')}?outcome=kept").content.decode().count("No row has this outcome.") == 1
    assert desk.get(f"{address(job, 'check')}?outcome=nonsense").status_code == 404


def test_possible_duplicates_are_decided_for_all_or_for_one_row(brand: Brand) -> None:
    by = analyst()
    make.an_action(brand, statement_fr="A payé tous les sinistres.", started="2020-04-13", sources=0)
    near = "Ce qu’elle a fait, en français"
    job = checked("actions", sheet(*({**ACTION, near: f"A payé tous les sinistre{dots}"} for dots in ("", "s"))), by)
    desk = desk_of(by)
    assert job.counts["duplicate"] == 1
    assert "Rows that look like something on file" in desk.get(address(job, "check")).content.decode()
    desk.post(address(job, "duplicates"), {"all": "", "row-2": "create"})
    job.refresh_from_db()
    assert (job.counts["duplicate"], job.counts["create"]) == (0, 1)
    desk.post(address(job, "duplicates"), {"all": "skip", "row-2": "nonsense"})
    assert ImportJob.objects.get().counts["create"] == 1  # the choice for the row still holds


def test_an_import_that_was_touched_names_the_rows(brand: Brand) -> None:
    by = analyst()
    job = imported("actions", sheet(ACTION), by)
    make.a_proof(Action.objects.get())
    answer = desk_of(by).post(address(job, "undo"))
    assert answer.status_code == 409
    page = " ".join(re.sub("<[^>]+>", "", answer.content.decode()).split())
    assert "Row 2 – A payé les sinistres. – Something rests on it by now: proof." in page


def large(by: User, monkeypatch: pytest.MonkeyPatch) -> ImportJob:
    """An import whose undoing is a worker's."""
    job = imported("actions", sheet(ACTION, OTHER_ACT), by)
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    return job


def shown(desk: Client, job: ImportJob) -> str:
    """The page of an import, without its tags."""
    return " ".join(re.sub("<[^>]+>", "", desk.get(address(job)).content.decode()).split())


def test_a_large_undoing_shows_how_far_it_is_and_ends_in_the_report(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = analyst()
    job, desk = large(by, monkeypatch), desk_of(by)
    assert desk.post(address(job, "undo"))["Location"] == address(job)
    page = shown(desk, job)
    assert "The import is being undone" in page
    assert "Rows done: 0 of 2" in page
    assert "Stop the undoing" in page
    state = {"at_work": True, "done": 0, "total": 2, "told": "Rows done: 0 of 2"}
    assert desk.get(address(job, "state")).json() == state
    assert "being undone" in desk.get(START).content.decode()
    jobs.work_on_all_due()
    assert "2 rows were written and taken back." in shown(desk, job)
    assert not Action.objects.exists()


def test_what_stands_against_a_large_undoing_is_named_and_the_rest_can_be_undone(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = analyst()
    job, desk = large(by, monkeypatch), desk_of(by)
    make.a_proof(Action.objects.order_by("pk")[0])
    desk.post(address(job, "undo"))
    jobs.work_on_all_due()
    page = shown(desk, job)
    assert "so nothing of it was undone." in page
    assert "Row 2 – A payé les sinistres. – Something rests on it by now: proof." in page
    assert "Undo the other 1 row" in page
    desk.post(address(job, "undo"), {"mode": "rest"})
    jobs.work_on_all_due()
    page = shown(desk, job)
    assert "1 row stays as it is" in page
    assert "nothing of it was undone" not in page
    assert Action.objects.count() == 1


def test_a_large_undoing_can_be_stopped(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    by = analyst()
    job, desk = large(by, monkeypatch), desk_of(by)
    desk.post(address(job, "undo"))
    desk.post(address(job, "cancel"))
    page = shown(desk, job)
    assert "The undoing was stopped on demand." in page
    assert "stay as they are" not in page  # nothing stands against them
    assert "Undo the import" in page
    assert Action.objects.count() == 2


def test_a_cancelled_import_says_so(brand: Brand) -> None:
    by = analyst()
    job = checked("actions", sheet(ACTION), by)
    desk = desk_of(by)
    desk.post(address(job, "cancel"))
    page = desk.get(address(job)).content.decode()
    assert "The import was cancelled" in page
    assert "0 rows were written." in page
    assert desk.get(address(job, "columns"))["Location"] == address(job)


def test_a_failed_import_is_checked_again(brand: Brand) -> None:
    by = analyst()
    action = make.an_action(brand, key="k", sources=0)
    job = checked("actions", sheet({**ACTION, "Clé": "k"}), by)
    Action.objects.filter(pk=action.pk).update(revision=7)
    desk = desk_of(by)
    desk.post(address(job, "confirm"))
    jobs.work_on_all_due()
    assert "no longer what the check showed" in desk.get(address(job)).content.decode()
    assert desk.post(address(job, "again"))["Location"] == address(job, "check")


def test_a_large_file_is_checked_by_a_worker(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    by = analyst()
    desk = desk_of(by)
    send(desk, sheet(ACTION, OTHER_ACT))
    job = ImportJob.objects.get()
    assert desk.post(address(job, "columns"), mapping_fields(job))["Location"] == address(job)
    assert "The rows are being checked" in desk.get(address(job)).content.decode()
    state = desk.get(address(job, "state")).json()
    assert state == {"at_work": True, "done": 0, "total": 2, "told": "Rows done: 0 of 2"}
    begun = timezone.now() - timedelta(seconds=10)
    ImportJob.objects.update(progress=20, started_at=begun)
    assert "2 rows a second" in shown(desk, job)
    jobs.work_on_all_due()
    assert desk.get(address(job))["Location"] == address(job, "check")
    assert desk.get(address(job, "state")).json()["at_work"] is False
    assert ImportJob.objects.get().started_at is None


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_a_refused_file_is_told_and_not_stored(brand: Brand) -> None:
    desk = desk_of(analyst())
    answer = send(desk, b"\0" * 100)
    assert answer.status_code == 422
    assert "The file was refused, and nothing of it was stored." in answer.content.decode()
    assert not ImportJob.objects.exists()
    assert send(desk, sheet(ACTION)).status_code == 302


def test_a_body_that_is_far_too_large_is_refused_before_it_is_read(brand: Brand) -> None:
    desk = desk_of(analyst())
    answer = desk.generic("POST", START, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99000000")
    assert answer.status_code == 413
    assert "over 10 MB" in answer.content.decode()


def test_a_forged_request_is_refused() -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(analyst(), backend="django.contrib.auth.backends.ModelBackend")
    assert send(desk, sheet(ACTION)).status_code == 403
    assert not ImportJob.objects.exists()


def test_a_form_without_a_file_says_what_is_missing() -> None:
    make.a_crisis()
    answer = desk_of(analyst()).post(START, {"type": "actions"})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


NAMES = ("job", "columns", "check", "refused", "state")
ACTS = ("cancel", "undo", "confirm", "duplicates", "again")


def test_somebody_else_s_import_does_not_exist(brand: Brand) -> None:
    by = analyst()
    job = uploaded("actions", sheet(ACTION), by)
    for desk, found in ((desk_of(analyst()), False), (desk_of(by), True), (signed_in(roles.EDITOR), True)):
        for name in NAMES:
            assert (desk.get(address(job, name)).status_code != 404) is found, name
        assert (job.file_name in desk.get(START).content.decode()) is found
    stranger = desk_of(analyst())
    for name in ACTS:
        assert stranger.post(address(job, name)).status_code == 404
    job.refresh_from_db()
    assert job.state == "uploaded"


def test_a_consultant_has_no_wizard_and_a_stranger_signs_in(brand: Brand) -> None:
    job = uploaded("actions", sheet(ACTION))
    for name in NAMES:
        assert signed_in(roles.CONSULTANT).get(address(job, name)).status_code == 403
        assert Client().get(address(job, name)).status_code == 302
    assert signed_in(roles.CONSULTANT).get(START).status_code == 403
    assert desk_of(analyst()).get(START).status_code == 200


def test_somebody_with_one_right_imports_that_kind_only(brand: Brand) -> None:
    some = make.a_user("scoring.read_drafts", "brands.add_source", "brands.change_source")
    page = desk_of(some).get(START).content.decode()
    assert 'value="sources"' in page
    assert 'value="actions"' not in page
    assert desk_of(some).get(reverse("desk-imports-template", args=["actions", "csv"])).status_code == 404
    job = uploaded("actions", sheet(ACTION))
    ImportJob.objects.filter(pk=job.pk).update(requested_by=some)
    assert desk_of(some).get(address(job, "columns")).status_code == 403


# --- Files out, counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_templates_are_downloaded_in_the_language_of_the_page(language: str) -> None:
    desk = desk_of(analyst(language=language))
    csv_file = desk.get(f"/{language}/desk/imports/template/actions.csv")
    assert csv_file["Content-Disposition"] == f'attachment; filename="actions_{language}.csv"'
    assert ("Montant" in csv_file.content.decode("utf-8-sig")) is (language == "fr")
    book = desk.get(f"/{language}/desk/imports/template/actions.xlsx").content
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        assert len([name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]) == 2
    assert desk.get(f"/{language}/desk/imports/template/actions.exe").status_code == 404
    assert desk.get(f"/{language}/desk/imports/template/dreams.csv").status_code == 404


def test_pages_cost_as_many_queries_with_twenty_rows_as_with_two(brand: Brand, django_assert_num_queries: Any) -> None:
    by = analyst()
    desk = desk_of(by)
    counts = []
    for rows in (2, 20):
        job = checked("actions", sheet(*({**ACTION, "Date": str(2000 + n)} for n in range(rows))), by)
        for page in (address(job, "check"), START):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                desk.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 20


def test_odd_texts_are_shown_as_text(brand: Brand) -> None:
    by = analyst()
    odd = "<script>alert(1)</script> {{ 7|add:7 }} ' OR 1=1 --"
    job = checked("actions", sheet({**ACTION, "Ce qu’elle a fait, en français": odd, odd: "x", "SU": odd}), by)
    for page in (address(job, "check"), address(job, "columns")):
        text = desk_of(by).get(page, follow=True).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in text
