"""Import, adjudication, reply and publication by keys alone, in both languages: nothing traps, nothing is out of reach.

Capture and coding have tests of their own. What is chosen in the dialogue of the operating system (a file) is given.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from brands.importing import jobs
from brands.models import Action
from cxalign.accounts import roles
from scoring.models import CodingItem, Publication, Reply
from tests import factories as make
from tests.brands.sheets import ACTION, sheet
from tests.looking import sign_in
from tests.scoring.coding import making
from tests.scoring.voices import making as voices

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STOPS = 150
"""More than any of these screens has."""


def to(page: Page, wanted: str) -> None:
    """Tab until the wanted element has the focus."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    here = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"Tab does not lead to {wanted}, but to {here}")


def press(page: Page, wanted: str) -> None:
    """Go to a button or a link and press it; what it leads to is there afterwards."""
    to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    to(page, f"[name={name}]")
    page.keyboard.insert_text(text)


def imports(page: Page, base: str, file: Path) -> None:
    page.goto(f"{base}imports/")
    page.set_input_files("input[type=file]", file)
    press(page, "#import_form button.primary")
    press(page, "main form button.primary")
    press(page, "#confirm_form button.primary")
    expect(page.locator("progress")).to_be_visible()
    jobs.work_on_all_due()
    undo = "form[action$='/undo/'] button"
    expect(page.locator(undo)).to_be_visible()
    assert Action.objects.filter(brand__name="Fictia").count() == 1
    page.wait_for_load_state()
    press(page, undo)
    assert not Action.objects.filter(brand__name="Fictia").exists()


def adjudicates(page: Page, base: str, item: CodingItem) -> None:
    page.goto(f"{base}adjudication/")
    press(page, f"main a[href*='/adjudication/{item.pk}/']")
    to(page, "[name=substance]")
    for _ in range(8):
        if page.evaluate("document.activeElement.id") == "c-substance-1":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    write(page, "substance-reason", "Small beside the need.")
    press(page, "main form button[type=submit]")
    item.refresh_from_db()
    assert item.state == "settled"


def answers(page: Page, base: str, reply: Reply) -> None:
    page.goto(f"{base}replies/")
    press(page, "main a[href*='/replies/reply/']")
    form = "form:has(input[name=act][value=publish])"
    if not page.locator(form).is_visible():
        to(page, "main details.more > summary")
        page.keyboard.press("Enter")
    to(page, f"{form} [name=identity_checked]")
    page.keyboard.press("Space")
    to(page, f"{form} [name=outcome]")
    page.keyboard.press("ArrowDown")
    for name, text in (("reason_en", "Checked."), ("reason_fr", "Vérifié.")):
        to(page, f"{form} [name={name}]")
        page.keyboard.insert_text(text)
    press(page, f"{form} button[type=submit]")
    reply.refresh_from_db()
    assert reply.state == "published"


def publishes(page: Page, base: str) -> None:
    page.goto(f"{base}cases/printed/covid-19/")
    press(page, "main a[href$='/publish/']")
    write(page, "note_en", "First version.")
    write(page, "note_fr", "Première version.")
    press(page, "#publish_form button[type=submit]")
    press(page, "#confirm_form button")
    assert Publication.objects.filter(assessment__brand__slug="printed").exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_editor_s_day_needs_no_mouse(page: Page, language: str, tmp_path: Path) -> None:
    file, base = tmp_path / "acts.csv", f"/{language}/desk/"
    file.write_bytes(sheet(ACTION))
    make.a_brand("Fictia")
    case, people = making.a_case("Coded"), making.three_people()
    making.a_round(case, *people)
    item = making.both_in(case, people[:2], making.codes_for(case), making.codes_for(case, substance="0"))
    reply = voices.a_reply(make.published(make.a_breach("Specimen", website="https://specimen.example/")))
    make.judged(make.a_kept_promise("Printed"))
    sign_in(page, roles.EDITOR, language=language)
    imports(page, base, file)
    adjudicates(page, base, item)
    answers(page, base, reply)
    publishes(page, base)
