"""The import wizard in a real browser: both languages, with and without scripts, and a look at every screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from brands.importing import jobs, undoing
from brands.models import Action, ImportJob
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody
from tests.brands.sheets import ACTION, imported, sheet
from tests.looking import PASSWORD, enter, inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "fr": {
        "read": "Lire le fichier",
        "check": "Contrôler chaque ligne",
        "import": "Importer 1 ligne",
        "refresh": "Actualiser",
        "done": "1 ligne a été écrite.",
        "undo": "Annuler l’import",
        "undone": "L’import a été annulé",
        "unknown": "La colonne « Humeur » est inconnue",
        "ignore": "Ignorer « Humeur »",
    },
    "en": {
        "read": "Read the file",
        "check": "Check every row",
        "import": "Import 1 row",
        "refresh": "Refresh",
        "done": "1 row was written.",
        "undo": "Undo the import",
        "undone": "The import was undone",
        "unknown": "The column “Humeur” is not known",
        "ignore": "Ignore “Humeur”",
    },
}
STATEMENT = "Ce qu’elle a fait, en français"


@pytest.fixture
def french_file(tmp_path: Path) -> Path:
    """As Excel in France saves it, with a column nobody knows and a date that could be two."""
    path = tmp_path / "actes été.csv"
    rows = [
        {
            **ACTION,
            "Date": "03/04/2020",
            STATEMENT: "A payé à l’été.",
            "Montant": "1 500,50",
            "Devise": "EUR",
            "Humeur": "x",
        },
        {**ACTION, "Date": "13/04/2020", "SU": "9"},
    ]
    path.write_bytes(sheet(*rows, separator=";", encoding="cp1252"))
    return path


@pytest.fixture(autouse=True)
def on_file(db: Any) -> None:
    make.a_crisis()
    make.a_brand("Fictia")


def go_through(page: Page, language: str, file: Path, *, scripts: bool) -> None:
    words = {name: text.replace(" : ", "\u00a0: ") for name, text in WORDS[language].items()}
    page.goto(f"/{language}/desk/imports/")
    page.check("input[name=type][value=actions]")
    page.set_input_files("input[type=file]", file)
    page.click(f"text={words['read']}")
    assert "A payé à l’été." in page.inner_text("main")
    page.click(f"text={words['check']}")
    assert re.sub("\u00a0", " ", words["unknown"]) in page.inner_text("[role=alert]").replace("\u00a0", " ")
    page.check("input[name=ignore-5]")
    page.check("input[name=dates-date][value=day-first]")
    page.click(f"text={words['check']}")
    assert page.locator("li.tile.create .n").inner_text() == "1"
    assert page.locator("li.tile.error .n").inner_text() == "1"
    page.click(f"button:has-text('{words['import']}')")
    assert Action.objects.count() == 0
    page.wait_for_selector("progress")
    jobs.work_on_all_due()
    if not scripts:
        page.click(f"a:has-text('{words['refresh']}')")
    page.wait_for_selector(f"text={words['done']}")
    action = Action.objects.get()
    assert (action.started, action.statement_fr, str(action.amount)) == ("2020-04-03", "A payé à l’été.", "1500.50")
    page.click(f"button:has-text('{words['undo']}')")
    page.wait_for_selector(f"h1:has-text('{words['undone']}')")
    assert Action.objects.count() == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_file_goes_all_the_way_and_back(page: Page, language: str, french_file: Path) -> None:
    sign_in(page, roles.ANALYST, language=language)
    go_through(page, language, french_file, scripts=True)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_same_without_scripts(browser: Browser, live_server: Any, language: str, french_file: Path) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, roles.ANALYST, language=language)
    go_through(page, language, french_file, scripts=False)
    context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_screen_stands_a_look(browser: Browser, live_server: Any, language: str) -> None:
    tab = inspector(browser, live_server)
    by = somebody(roles.ANALYST, language=language)
    by.set_password(PASSWORD)
    by.save()
    enter(tab, by)
    base = f"/{language}/desk/imports/"
    complaints = look(tab, base)
    with translation.override(language):
        for address in screens(by):
            complaints += look(tab, f"{base}{address}")
    assert complaints == []
    tab.context.close()


def screens(by: Any) -> Any:
    """The address of each screen, with an import in each of its states."""
    brand = make.a_brand("Specimen")
    make.an_action(brand, statement_fr="A payé tous les sinistres.", started="2020-04-13", sources=0)
    near = {**ACTION, "Marque": "Specimen", STATEMENT: "A payé tous les sinistre."}
    first = imported("actions", sheet({**ACTION, "SU": "1"}), by)
    yield f"{first.pk}/"
    data = sheet({**ACTION, "SU": "2"}, near, {**ACTION, "Date": "14/04/2020"}, {**ACTION, "SU": "9", "Date": "2021"})
    unclear = sheet({**ACTION, "Date": "03/04/2020", "Humeur": "bonne"}, {**ACTION, "Date": "13/04/2020"})
    asked = jobs.create_job("actions", "dates.csv", unclear, make.a_crisis(), by)
    yield f"{asked.pk}/columns/"
    job = jobs.create_job("actions", "actes.csv", data, make.a_crisis(), by)
    jobs.settle_columns(job, job.mapping, {})
    jobs.check(job)
    yield f"{job.pk}/check/"
    yield f"{job.pk}/check/?outcome=duplicate"
    yield f"{job.pk}/check/?outcome=kept"
    jobs.confirm(job, by, jobs.VALID)
    yield f"{job.pk}/"
    jobs.work_on_all_due()
    yield f"{job.pk}/"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "AT_ONCE", 0)
        undoing.undo(job, by)
    yield f"{job.pk}/"
    jobs.cancel(job, by)
    yield f"{job.pk}/"
    for state in ("failed", "cancelled", "undone"):
        ImportJob.objects.filter(pk=job.pk).update(state=state, error="Rows changed." if state == "failed" else "")
        yield f"{job.pk}/"
