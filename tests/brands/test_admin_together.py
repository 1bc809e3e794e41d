"""Two people at their desks, and one with many records, in a real browser and in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from brands import archiving
from brands.models import Action, ArchiveJob, Event, SavedFilter, Source, Tag
from cxalign.accounts import roles
from cxalign.accounts.models import Team
from scoring.models import Assessment
from tests import factories as make
from tests.accounts.desk import change_page, list_page, somebody
from tests.brands.machines import sends, site, way_to
from tests.looking import PASSWORD, enter, is_too_wide, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

both_languages = pytest.mark.parametrize("language", ["en", "fr"])

WORDS = {
    "stale": {"en": "Nothing was saved", "fr": "Rien n’a été enregistré"},
    "both": {"en": "both of you", "fr": "vous deux"},
    "theirs": {"en": "somebody else; your entry is the text from before", "fr": "quelqu’un d’autre"},
    "changed": {"en": "changed since you chose it", "fr": "modifié depuis que vous l’avez choisi"},
    "saved": {"en": "The filter is saved", "fr": "Le filtre est enregistré"},
    "progress": {"en": "1 of 2 done, 1 failed, 0 waiting.", "fr": "1 sur 2 faites, 1 en échec, 0 en attente."},
}


@pytest.fixture
def other_desk(browser: Browser, live_server: Any) -> Any:
    """A second browser of its own, as a colleague has."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def sit_down(page: Page, role: str = roles.ANALYST, **fields: Any) -> Any:
    user = somebody(role, **fields)
    user.set_password(PASSWORD)
    user.save()
    enter(page, user)
    return user


def save(page: Page) -> None:
    page.click("input[name=_continue]")
    page.wait_for_load_state()


@both_languages
def test_the_second_save_is_refused_with_both_texts_also_for_a_part(
    page: Page, other_desk: Page, language: str
) -> None:
    action = make.an_action(make.a_brand("Fictia"), statement_en="Old.")
    make.a_proof(action, depth="0", rationale_en="Old.")
    sign_in(page, language=language)
    sit_down(other_desk, username="lina", language=language)
    for desk in (page, other_desk):
        desk.goto(change_page(action))
    page.fill("#id_statement_en", "Hers.")
    page.check("input[name='proofs-0-depth'][value='2']")
    page.fill("#id_proofs-0-rationale_en", "Hers.")
    save(page)
    page.wait_for_selector(".messagelist .success")
    other_desk.fill("#id_statement_en", "Mine.")
    other_desk.fill("#id_proofs-0-rationale_en", "Mine.")
    save(other_desk)
    assert WORDS["stale"][language] in other_desk.inner_text(".errornote + .errorlist")
    comparison = other_desk.inner_text(".conflict")
    for word in ("Hers.", "Mine.", WORDS["both"][language], WORDS["theirs"][language]):
        assert word in comparison
    assert not is_too_wide(other_desk)
    assert other_desk.locator(".conflict td").first.bounding_box()["width"] > 250  # type: ignore[index]
    action.refresh_from_db()
    assert (action.statement_en, action.proofs.get().rationale_en, action.proofs.get().depth) == ("Hers.", "Hers.", "2")
    other_desk.check("input[name='proofs-0-depth'][value='2']")
    save(other_desk)
    other_desk.wait_for_selector(".messagelist .success")
    action.refresh_from_db()
    assert (action.statement_en, action.proofs.get().depth) == ("Mine.", "2")


@both_languages
def test_a_step_on_many_is_refused_when_somebody_changed_one_of_them(
    page: Page, other_desk: Page, language: str
) -> None:
    brand = make.a_brand("Fictia")
    first, second = (make.an_action(brand, statement_en=f"Act {number}.") for number in (1, 2))
    sign_in(page, language=language)
    sit_down(other_desk, language=language)
    choose(page, Action, "withdraw_selected")
    other_desk.goto(change_page(second))
    other_desk.fill("#id_statement_en", "Hers.")
    save(other_desk)
    other_desk.wait_for_selector(".messagelist .success")
    confirm(page, "Wrong.")
    assert page.locator(".changed-since").all_inner_texts() == [WORDS["changed"][language]]
    assert Action.objects.in_use().count() == 2
    confirm(page, "Wrong.")
    page.wait_for_selector(".messagelist .success")
    assert Action.objects.in_use().count() == 0
    first.refresh_from_db()
    assert first.withdrawn_reason == "Wrong."


def choose(page: Page, model: Any, step: str) -> None:
    """All rows of a list, and what to do with them."""
    page.goto(list_page(model))
    page.check("#action-toggle")
    page.select_option("select[name=action]", step)
    page.click("button[name=index]")
    page.wait_for_selector(".asking")


def confirm(page: Page, reason: str) -> None:
    page.fill("#id_reason", reason)
    page.click(".asking button[type=submit]")
    page.wait_for_load_state()


@both_languages
def test_many_are_tagged_assigned_and_archived_each_with_a_reason(
    page: Page, language: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(archiving, "_wake", lambda: None)  # the test itself is the worker
    case = make.judged(make.a_kept_promise("Fictia")).assessment
    editor = sign_in(page, roles.EDITOR, language=language)
    Tag.objects.create(name="Strike")
    choose(page, Action, "tag_selected")
    page.check("fieldset:has(#id_add_0) input")
    page.fill("#id_new", "Refunds")
    confirm(page, "For the review.")
    assert {tag.name for tag in Action.objects.get().tags.all()} == {"Strike", "Refunds"}
    choose(page, Assessment, "assign_selected")
    page.select_option("#id_owner", str(editor.pk))
    confirm(page, "Knows the sector.")
    case.refresh_from_db()
    assert case.owner == editor
    with site({"/paid": sends(b"<p>Paid.")}) as news:
        way_to(monkeypatch, news.port)
        addresses = (news.at("/paid"), news.at("/gone", "other.example"))
        for source, address in zip(Source.objects.all(), addresses, strict=True):
            Source.objects.filter(pk=source.pk).update(url=address)
        choose(page, Source, "archive_selected")
        confirm(page, "Before they change.")
        assert archiving.work_off() == 0
    page.goto(change_page(ArchiveJob.objects.all()[0].order))
    assert WORDS["progress"][language] in page.inner_text("section.progress")
    reasons = set(Event.objects.exclude(reason="").values_list("reason", flat=True))
    assert reasons >= {"For the review.", "Knows the sector.", "Before they change."}


@both_languages
def test_a_filter_is_saved_shared_renamed_and_removed(page: Page, other_desk: Page, language: str) -> None:
    make.an_action(make.a_brand("Fictia"), reach="")
    ines = sign_in(page, language=language)
    lina = sit_down(other_desk, language=language)
    team = Team.objects.create(name="North")
    team.members.add(ines, lina)
    page.goto(f"{list_page(Action)}?missing=code")
    page.click(".saved-filters details summary")
    page.fill("#saved-filter-name", "Not coded")
    page.select_option("#saved-filter-team-new", str(team.pk))
    page.click(".saved-filters form button[type=submit]")
    assert WORDS["saved"][language] in page.inner_text(".messagelist")
    other_desk.goto(list_page(Action))
    other_desk.click(".saved-filters .chips a")
    other_desk.wait_for_url("**missing=code")
    assert other_desk.inner_text(".saved-filters [aria-current]") == "Not coded"
    assert other_desk.locator(".saved-filters form").count() == 0
    page.click(".saved-filters details summary")
    page.fill(".saved-filters details input[name=name]", "To be coded")
    page.click(".saved-filters form button.button:not(.danger)")
    assert page.inner_text(".saved-filters .chips a") == "To be coded"
    page.click(".saved-filters details summary")
    page.click(".saved-filters form button.danger")
    page.wait_for_selector(".messagelist .success")
    assert not SavedFilter.objects.exists()


@both_languages
def test_the_promises_follow_the_brand_that_is_chosen_and_nothing_typed_is_lost(page: Page, language: str) -> None:
    brand = make.a_brand("Fictia")
    make.a_promise(brand, quote="We put customers first.")
    make.a_link(make.an_action(brand, sources=0), independence_group="the-daily")
    sign_in(page, language=language)
    page.goto(f"{list_page(Action)}add/")
    page.fill("#id_statement_en", "Refunded.")
    page.fill("#id_proofs-0-rationale_en", "Because.")
    page.click(".field-brand .select2-selection")
    page.keyboard.type("Fict")
    page.click(".select2-results__option:has-text('Fictia')")
    page.wait_for_selector("#id_proofs-0-promise option:nth-child(2)", state="attached")
    assert "We put customers first." in page.inner_text("#id_proofs-0-promise")
    assert page.locator("#independence-groups option[value='the-daily']").count() == 1
    assert page.input_value("#id_statement_en") == "Refunded."
    assert page.input_value("#id_proofs-0-rationale_en") == "Because."
    assert not page.locator("input[name=_offer_promises]").is_visible()
