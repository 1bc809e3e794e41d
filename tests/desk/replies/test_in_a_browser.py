"""Each flow of the voices from end to end in a real browser, in both languages, and every screen looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache

from cxalign.accounts import roles
from scoring.models import Correction, DocumentKind, ErrorReport, Publication, Reply, ReplyNotice
from scoring.voices.documents import examine
from scoring.voices.mailing import send_due
from tests import factories as make
from tests.looking import enter, inspector, look, sign_in
from tests.scoring.voices import making
from tests.scoring.voices.files import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("language", ["fr", "en"]),
]


@pytest.fixture(autouse=True)
def nobody_sent_anything_yet() -> None:
    cache.clear()


def a_case() -> Publication:
    return make.published(make.a_breach("Specimen", website="https://specimen.example/"))


def fill_in_reply(page: Page, text: str) -> None:
    page.locator("input[name=passages]").first.check()
    page.fill("#id_text", text)
    page.fill("#id_organisation", "Specimen SA")
    page.fill("#id_capacity", "Head of communication")
    page.fill("#id_name", "Ada Private")
    page.fill("#id_email", "ada@specimen.example")
    proof, annex = ({"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF} for name in "AB")
    page.set_input_files("#id_documents", [proof, annex | {"buffer": PDF + b"\n%%EOF"}])
    page.click("form.form button.primary")


def address_in(body: str, place: str) -> str:
    """The path of the first link of a mail that leads there."""
    found = re.search(rf"https?://[^/\s]+(/\S*/{place}/\S+)", body)
    assert found, body
    return found[1]


def decide(page: Page, act: str, **fields: str) -> None:
    """Open the form of one button, fill it in, press."""
    form = page.locator(f'form:has(input[name=act][value="{act}"])')
    if not form.locator("button[type=submit]").is_visible():
        page.locator("details", has=form).locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.get_attribute("type") == "checkbox":
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()


def test_a_brand_replies_without_an_account_and_is_published(page: Page, language: str) -> None:
    a_case()
    page.goto(f"/{language}/brands/specimen/covid-19/")
    page.locator(f'#voice a[href="/{language}/brands/specimen/covid-19/reply/"]').click()
    page.click("form.form button.primary")
    assert page.locator("[role=alert] li").count() >= 5
    fill_in_reply(page, "We paid every claim.")
    reply = Reply.objects.get()
    assert reply.reference in page.locator("h1").inner_text()
    send_due()
    page.goto(address_in(mail.outbox[0].body, "replies"))
    page.click("form.form button.primary")
    reply.refresh_from_db()
    assert reply.email_confirmed_at
    editor = sign_in(page, roles.EDITOR, language=language)
    page.goto(f"/{language}/desk/replies/")
    page.get_by_role("link", name=re.compile(reply.reference)).click()
    decide(page, "publish", outcome="maintained", reason_en="Checked.", reason_fr="Vérifié.")
    assert page.locator(".messages").count() == 1
    page.goto(f"/{language}/brands/specimen/covid-19/")
    page.reload()  # a browser may keep a public page for a minute
    assert "We paid every claim." in page.locator("#voice").inner_text()
    assert editor.username not in page.locator("main").inner_html()  # the frame names who is signed in
    with page.expect_download() as download:
        page.locator("#voice .documents a").first.click()
    assert Path(download.value.path()).read_bytes() == PDF


def test_a_signed_letter_follows_and_the_editor_reads_it(page: Page, language: str) -> None:
    publication = a_case()
    reply = making.a_reply(publication, mandate="letter", language=language)
    page.goto(f"/{language}/replies/{reply.token}/")
    page.click("form.form button.primary")
    assert page.locator("[role=alert] li").count() == 1
    page.set_input_files("#id_letter", {"name": "Lettre signée.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.click("form.form button.primary")
    assert "Lettre signée.pdf" in page.locator("main").inner_text()
    assert page.locator("#id_letter").count() == 0
    sign_in(page, roles.EDITOR, language=language)
    page.goto(f"/{language}/desk/replies/reply/{reply.reference}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Lettre signée.pdf").click()
    assert Path(download.value.path()).read_bytes() == PDF


def test_a_notice_goes_out_is_read_answered_and_decided(page: Page, browser: Browser, language: str) -> None:
    brand = make.a_breach("Specimen", website="https://specimen.example/")
    make.judged(brand)
    sign_in(page, roles.EDITOR, language=language)
    page.goto(f"/{language}/desk/replies/contacts/specimen/")
    page.fill("#id_name", "Press office")
    page.fill("#id_email", "press@specimen.example")
    page.select_option("#id_language", language)
    page.fill("#id_source", "Legal notice of the site.")
    page.click("form.desk-form button.primary")
    page.goto(f"/{language}/desk/replies/")
    page.locator(f'a[href="/{language}/desk/replies/ask/specimen/covid-19/"]').click()
    page.click("button[value=preview]")
    assert "Specimen" in page.locator(".letter").inner_text()
    page.click("button[value=send]")
    notice = ReplyNotice.objects.get()
    assert f"/desk/replies/notice/{notice.pk}/" in page.url
    send_due()
    [letter] = mail.outbox
    assert letter.to == ["press@specimen.example"]
    stranger = browser.new_context(base_url=page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]).new_page()
    stranger.goto(address_in(letter.body, "notices"))
    assert stranger.locator(".ledger-row").count() >= 1
    stranger.locator("a.btn.primary").first.click()
    fill_in_reply(stranger, "Before you publish: the date is wrong.")
    stranger.context.close()
    reply = Reply.objects.get()
    assert reply.notice == notice
    page.goto(f"/{language}/desk/replies/reply/{reply.reference}/")
    decide(page, "publish", identity_checked="1", outcome="corrected", reason_en="Checked.", reason_fr="Vérifié.")
    make.published(brand)
    page.goto(f"/{language}/brands/specimen/covid-19/")
    assert "Before you publish: the date is wrong." in page.locator("#voice").inner_text()


def test_a_reported_error_ends_in_the_public_log(page: Page, language: str) -> None:
    publication = a_case()
    page.goto(f"/{language}/brands/specimen/covid-19/")
    page.locator(f'footer a[href="/{language}/brands/specimen/covid-19/report/"]').click()
    page.fill("#id_what", "The second act happened in May.")
    page.fill("#id_email", "reader@elsewhere.example")
    page.click("form.form button.primary")
    report = ErrorReport.objects.get()
    assert report.reference in page.locator("h1").inner_text()
    sign_in(page, roles.EDITOR, language=language)
    page.goto(f"/{language}/desk/replies/report/{report.reference}/")
    texts = {"reason_en": "Right.", "reason_fr": "Exact.", "wrong_en": "The date.", "wrong_fr": "La date."}
    decide(page, "accept", **texts)
    publication.assessment.brand.actions.update(started="2020-05-01")
    second = make.published(publication.assessment.brand, cause="error_of_ours")
    page.reload()
    decide(page, "complete", corrected_in=str(second.pk), changed_en="Nothing else.", changed_fr="Rien d’autre.")
    correction = Correction.objects.get()
    page.goto(f"/{language}/corrections/#{correction.reference}")
    entry = page.locator(f"#{correction.reference}").inner_text()
    assert ("La date." if language == "fr" else "The date.") in entry
    assert "version 2" in entry
    send_due()
    assert {letter.to[0] for letter in mail.outbox} == {"reader@elsewhere.example"}


# --- Looking ----------------------------------------------------------------------------------------------------------


def everything(publication: Publication) -> tuple[list[str], list[str]]:
    """One of each kind in each state; the public and the desk's addresses that show them."""
    brand = publication.assessment.brand
    files = [examine(kind, f"A {kind} with a long name, to be wrapped {'x' * 60}.pdf", PDF) for kind in DocumentKind]
    published = making.a_published_reply(publication, sources="https://specimen.example/statement", files=files)
    waiting = making.a_reply(publication, text="Another text. " * 60, files=files[:1], mandate="letter")
    report = making.a_report(publication)
    accepted = making.a_report(publication)
    correction = _accepted(accepted, publication)
    brand.actions.update(started="2020-05-01")
    making.a_contact(brand, email="other@specimen.example", name="Legal")
    notice = making.a_notice(brand)
    asked = make.a_breach("Asked")
    make.judged(asked)
    case = "brands/specimen/covid-19"
    public = [
        *(f"{case}/", f"{case}/replies/", f"{case}/reply/", f"{case}/report/", f"{case}/history/"),
        *("report/", "corrections/", f"replies/{published.token}/", f"replies/{waiting.token}/"),
        *(f"replies/{waiting.token}/confirm/{waiting.confirm_token}/", f"reports/{report.token}/"),
        *(f"reports/{accepted.token}/", f"notices/{notice.token}/", f"notices/{notice.token}/reply/"),
    ]
    desk = [
        *("", f"reply/{published.reference}/", f"reply/{waiting.reference}/", f"report/{report.reference}/"),
        *(f"report/{accepted.reference}/", f"notice/{notice.pk}/", "ask/asked/covid-19/", "ask/specimen/covid-19/"),
        *("contacts/specimen/", "contacts/asked/", "mails/"),
    ]
    assert correction.report == accepted
    return public, [f"desk/replies/{path}" for path in desk]


def _accepted(report: ErrorReport, publication: Publication) -> Correction:
    from scoring.voices import reports

    texts = {"wrong_en": "The date was wrong.", "wrong_fr": "La date était fausse."}
    return reports.accept(report, by=making.an_answering_editor(), since=publication, **texts, **making.REASONS)


def test_every_screen_bears_a_look(page: Page, browser: Browser, live_server: Any, language: str) -> None:
    public, desk = everything(a_case())
    tab = inspector(browser, live_server)
    complaints = [line for path in public for line in look(tab, f"/{language}/{path}")]
    enter(tab, sign_in(page, roles.EDITOR, language=language))
    complaints += [line for path in desk for line in look(tab, f"/{language}/{path}")]
    tab.context.close()
    assert not complaints, "\n".join(complaints)
