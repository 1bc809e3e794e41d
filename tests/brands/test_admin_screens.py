"""Every screen of the admin, in both languages, as an inspector sees it: nothing is left out of the inspection."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin import site as admin_site

from brands import archiving
from brands.models import Crisis, SavedFilter, Tag
from cxalign.accounts import roles
from cxalign.accounts.models import Team, User
from scoring.models import ScoringJob
from tests import factories as make
from tests.accounts.desk import change_page, list_page
from tests.brands.asking import step_page
from tests.looking import findings, inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of every screen, for whoever wants to see what the inspector saw."""


def settled(page: Page) -> None:
    page.wait_for_function("!document.querySelector('.select2-selection:not([aria-label])')")


def look_and_picture(page: Page, address: str, name: str) -> list[str]:
    complaints = look(page, address)
    if PICTURES:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    return complaints


def a_full_desk(person: User) -> list[Any]:
    """One record of every kind, with something in every corner of its screen."""
    brand = make.a_kept_promise("Fictia", aliases="Fictia SA", website="https://fictia.example/")
    make.a_profile(brand, purpose="2")
    judgement = make.a_judgement(brand)
    publication = make.published(brand)
    action, promise = brand.actions.get(), brand.promises.get()
    make.a_proof(action, None, stakeholder="employees", direction="harms", depth="2", rationale_en="Refused.")
    tag = Tag.objects.create(name="Refunds")
    action.tags.add(Tag.objects.create(name="Strike"))
    source = make.a_source(archive_url="https://archive.example/1")
    order = archiving.order_copies([source], by=person, reason="Kept before it changes.")
    team = Team.objects.create(name="North")
    team.members.add(person)
    SavedFilter.objects.create(owner=person, team=team, list_label="brands.action", name="To do", query="missing=code")
    crisis, case = Crisis.objects.get(slug="covid-19"), publication.assessment
    snapshot = case.snapshots.first()
    event = brand.events.first()
    job = ScoringJob.objects.get_or_create(brand=brand)[0]
    return [
        *(brand, source, promise, action, brand.profiles.get(), judgement, tag, order, crisis, brand.sector),
        *(case, publication, snapshot, job, event),
    ]


def addresses(records: list[Any]) -> dict[str, str]:
    found = {"index": "/admin/"}
    for model in admin_site._registry:
        if model._meta.app_label in ("brands", "scoring"):
            found[f"list-{model._meta.model_name}"] = list_page(model)
    for record in records:
        name = record._meta.model_name
        found[f"change-{name}"] = change_page(record)
        if admin_site._registry[type(record)].__class__.__module__.startswith("brands") and name not in (
            "event",
            "archiveorder",
        ):
            found[f"add-{name}"] = f"{list_page(type(record))}add/"
    by_name = {record._meta.model_name: record for record in records}
    found["confirm-withdraw"] = step_page(by_name["promise"], "withdraw")
    found["confirm-archive"] = step_page(by_name["source"], "copy/new")
    found["upload"] = step_page(by_name["source"], "copy/upload")
    found["delete"] = step_page(by_name["tag"], "delete")
    found["list-filtered"] = f"{list_page(type(by_name['action']))}?missing=code&started=2020"
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_screen_has_a_finding_or_is_too_wide(browser: Browser, live_server: Any, language: str) -> None:
    page = inspector(browser, live_server)
    person = sign_in(page, roles.EDITOR, language=language)
    complaints = []
    for name, address in addresses(a_full_desk(person)).items():
        complaints += look_and_picture(page, address, f"{language}-{name}")
    page.context.close()
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_that_ask_and_the_comparison_have_no_finding(
    browser: Browser, live_server: Any, language: str
) -> None:
    page = inspector(browser, live_server)
    person = sign_in(page, roles.EDITOR, language=language)
    records = a_full_desk(person)
    action, case = records[3], records[10]
    complaints = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for record, step in ((action, "tag_selected"), (case, "assign_selected"), (action, "withdraw_selected")):
            page.goto(list_page(type(record)))
            page.check("#result_list tbody tr:first-child .action-select")
            page.select_option("select[name=action]", step)
            page.click("button[name=index]")
            page.wait_for_selector(".asking")
            complaints += [f"{step} at {width}: {line}" for line in findings(page)]
            picture(page, f"{language}-{step}-{width}")
        complaints += the_comparison(page, action, width, language)
        complaints += refused_fields(page, width, language)
    page.context.close()
    assert not complaints, "\n".join(complaints)


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def the_comparison(page: Page, action: Any, width: int, language: str) -> list[str]:
    page.goto(change_page(action))
    settled(page)
    action.refresh_from_db()
    type(action).objects.filter(pk=action.pk).update(revision=action.revision + 1, statement_fr=f"La sienne {width}.")
    page.fill("#id_statement_en", f"Mine {width}.")
    page.click("input[name=_continue]")
    page.wait_for_selector(".conflict")
    settled(page)
    picture(page, f"{language}-conflict-{width}")
    return [f"comparison at {width}: {line}" for line in findings(page)]


def refused_fields(page: Page, width: int, language: str) -> list[str]:
    """A field that is wrong in a part of the form that was closed."""
    page.goto("/admin/brands/brand/add/")
    page.click("details:has(#id_lei) summary")
    page.evaluate("document.getElementById('id_lei').removeAttribute('maxlength')")
    page.fill("#id_lei", "x" * 21)
    page.click("input[name=_continue]")
    page.wait_for_selector(".errornote")
    assert page.locator("#id_lei").is_visible()
    settled(page)
    picture(page, f"{language}-refused-{width}")
    assert page.locator(".in-error").count() >= 1
    return [f"refused at {width}: {line}" for line in findings(page)]
