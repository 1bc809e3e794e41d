"""The brand's voice on public pages: replying without an account, following it, reading it, and what stays hidden."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from scoring.models import ErrorReport, OutgoingMail, Publication, Reply, ReplyNotice
from scoring.publishing import withdraw
from scoring.voices import documents
from scoring.voices import replies as acts
from scoring.voices.mailing import send_due
from scoring.voices.notices import revoke
from tests import factories as make
from tests.pages.reading import html_of
from tests.scoring.voices import files, making

pytestmark = pytest.mark.django_db

CASE = "/en/brands/specimen/covid-19/"
FORM = f"{CASE}reply/"


@pytest.fixture(autouse=True)
def nobody_sent_anything_yet(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.DATA_DIR = tmp_path


@pytest.fixture
def publication() -> Publication:
    return make.published(make.a_breach("Specimen", website="https://specimen.example/"))


def fields(client: Client, address: str = FORM, **changes: Any) -> dict[str, Any]:
    """What a browser sends when the form is filled in."""
    page = client.get(address)
    assert page.status_code == 200
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert key
    return {
        "key": key[1],
        "passages": ["verdict:1"],
        "contested_text": "",
        "text": "That is not what happened.",
        "organisation": "Specimen SA",
        "capacity": "Head of communication",
        "name": "Ada Private",
        "email": "ada@specimen.example",
        "mandate": "email",
        "sources": "https://specimen.example/statement",
        "homepage": "",
        **changes,
    }


def send(client: Client, address: str = FORM, **changes: Any) -> Any:
    return client.post(address, fields(client, address, **changes))


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_a_reply_goes_from_the_form_to_the_scorecard(publication: Publication) -> None:
    stranger = Client()
    answer = send(stranger)
    reply = Reply.objects.get()
    assert answer["Location"] == f"/en/replies/{reply.token}/"
    assert reply.reference in stranger.get(answer["Location"]).content.decode()
    send_due()
    [address] = re.findall(r"(/en/replies/\S+/confirm/\S+)", mail.outbox[0].body)
    stranger.get(address)
    reply.refresh_from_db()
    assert reply.email_confirmed_at is None, "a program that follows links confirms nothing"
    stranger.post(address)
    reply.refresh_from_db()
    assert reply.email_confirmed_at
    assert "That is not what happened." not in stranger.get(CASE).content.decode()
    making.put_out(reply, identity_checked=False)
    card = html_of(stranger.get(CASE))
    assert "That is not what happened." in card
    assert "Reply received on" in card
    assert "We checked each point." in card


def test_the_same_click_twice_is_one_reply(publication: Publication) -> None:
    client = Client()
    form = fields(client)
    first, second = client.post(FORM, form), client.post(FORM, form)
    assert first["Location"] == second["Location"]
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"passages": [], "contested_text": " "}, "Tick at least one passage"),
        ({"passages": ["verdict:999"]}, "verdict:999"),
        ({"text": "x" * 1501}, "1,501 characters; 1,500 are possible"),
        ({"text": "   "}, "This field is required"),
        ({"sources": "javascript:alert(1)"}, "is not a web address"),
        ({"email": "not an address"}, "valid email"),
        ({"name": "A\x07da"}, "control character"),
        ({"homepage": "https://spam.example"}, "catch programs"),
        ({"email": "a@b.example\nBcc: all@b.example"}, "valid email"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    publication: Publication, changes: dict[str, Any], complaint: str
) -> None:
    client = Client()
    answer = send(client, **{"organisation": "Kept as typed", **changes})
    page = html_of(answer)
    assert answer.status_code == 422
    assert complaint in page.replace("&#x27;", "'")
    assert "Kept as typed" in page
    assert not Reply.objects.exists()
    assert send(client).status_code == 302


def test_fifteen_hundred_characters_fit_however_lines_end(publication: Publication) -> None:
    assert send(Client(), text=("x" * 99 + "\r\n") * 15).status_code == 302


# --- Files ------------------------------------------------------------------------------------------------------------


def an_upload(name: str = "Proof.pdf", body: bytes = files.PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def test_files_come_with_a_reply_and_documents_are_public_once_it_is(publication: Publication) -> None:
    stranger = Client()
    sent = {"documents": [an_upload(), an_upload("Table.csv", b"a;b")], "letter": an_upload("Letter.png", files.PNG)}
    assert send(stranger, **sent).status_code == 302
    reply = Reply.objects.get()
    proof, table, letter = reply.documents.order_by("id")
    assert [one.kind for one in (proof, table, letter)] == ["document", "document", "letter"]
    own = html_of(stranger.get(f"/en/replies/{reply.token}/"))
    assert all(one.sha256 in own for one in (proof, table, letter))
    address = f"{CASE}replies/{reply.reference}/"
    assert stranger.get(f"{address}{proof.sha256}/").status_code == 404
    assert "Proof.pdf" not in html_of(stranger.get(CASE))
    making.put_out(reply, identity_checked=True)
    answer = stranger.get(f"{address}{proof.sha256}/")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, files.PDF, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{reply.reference}_{proof.sha256[:12]}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    for page in (html_of(stranger.get(CASE)), html_of(stranger.get(f"{CASE}replies/"))):
        assert (f"{address}{proof.sha256}/" in page, "Table.csv" in page) == (True, True)
        assert ("Letter.png" in page, letter.sha256 in page) == (False, False)
    assert stranger.get(f"{address}{letter.sha256}/").status_code == 404
    told = stranger.get(f"/api/v1/replies/{reply.reference}").json()["documents"]
    assert [(one["name"], one["size"]) for one in told] == [("Proof.pdf", len(files.PDF)), ("Table.csv", 3)]
    assert told[0]["url"].endswith(f"{address}{proof.sha256}/")


def test_a_document_of_a_refused_reply_or_of_a_withdrawn_case_is_not_public(publication: Publication) -> None:
    stranger = Client()
    send(stranger, documents=[an_upload()])
    reply = Reply.objects.get()
    address = f"{CASE}replies/{reply.reference}/{reply.documents.get().sha256}/"
    making.put_out(reply, identity_checked=True)
    assert stranger.get(address).status_code == 200
    withdraw(publication, by=make.an_editor(), reason_en="Wrong.")
    assert stranger.get(address).status_code == 404
    Reply.objects.update(state="refused", refusal="unrelated")
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"documents": [("a.html", b"<script>")]}, "of a kind that is not taken"),
        ({"documents": [("a.pdf", b"MZ")]}, "not what its name says"),
        ({"documents": [("a.pdf", b"")]}, "is empty"),
        ({"letter": ("a.svg", b"<svg/>")}, "of a kind that is not taken"),
        ({"documents": [(f"{n}.txt", b"text %d" % n) for n in range(6)]}, "5 files at most"),
        ({"documents": [(f"{n}.txt", b"%d" % n) for n in range(5)], "letter": ("a.pdf", files.PDF)}, "5 files at most"),
        ({"documents": [("a.txt", b"x" * (10 * 1024 * 1024 + 1))]}, "10 MB in all"),
        ({"documents": [("a.txt", b"x" * 6_000_000), ("b.txt", b"y" * 6_000_000)]}, "10 MB in all"),
    ],
)
def test_a_file_that_is_not_taken_is_named_and_nothing_typed_is_lost(
    publication: Publication, sent: dict[str, Any], complaint: str
) -> None:
    made = {
        name: [an_upload(*one) for one in value] if isinstance(value, list) else an_upload(*value)
        for name, value in sent.items()
    }
    answer = send(Client(), organisation="Kept as typed", **made)
    page = html_of(answer)
    assert answer.status_code == 422
    assert (complaint in page, "Kept as typed" in page, "Choose your files again" in page) == (True, True, True)
    assert not Reply.objects.exists()
    assert not documents.STORE.there()


def test_a_letter_is_added_on_the_page_of_the_reply(publication: Publication) -> None:
    stranger = Client()
    send(stranger, mandate="letter")
    reply = Reply.objects.get()
    own = f"/en/replies/{reply.token}/"
    assert "Send the letter" in html_of(stranger.get(own))
    assert "letter signed by somebody entitled" in OutgoingMail.objects.get().body
    assert stranger.post(own, {}).status_code == 422
    assert stranger.post(own, {"letter": an_upload("a.exe", b"MZ")}).status_code == 422
    assert stranger.post(own, {"letter": an_upload("L.pdf", files.PDF)}).status_code == 302
    page = html_of(stranger.get(own))
    assert ("Send the letter" in page, "L.pdf" in page) == (False, True)
    making.put_out(reply, identity_checked=True)
    assert "already" in html_of(stranger.post(own, {"letter": an_upload("late.png", files.PNG)}))
    assert reply.documents.count() == 1


def test_without_the_token_of_the_form_nothing_is_sent(publication: Publication) -> None:
    strict = Client(enforce_csrf_checks=True)
    form = fields(strict)
    assert strict.post(FORM, form).status_code == 403
    reply = making.a_reply(publication)
    assert strict.post(f"/en/replies/{reply.token}/", {"letter": an_upload()}).status_code == 403
    form["csrfmiddlewaretoken"] = strict.cookies["csrf"].value
    assert strict.post(FORM, form).status_code == 302


def test_nobody_sends_without_end_and_what_was_typed_is_still_there(publication: Publication, settings: Any) -> None:
    settings.VOICES_PER_HOUR = 2
    client = Client()
    answers = [send(client, text=f"Text number {n}.") for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert "Text number 2." in answers[2].content.decode()
    assert Reply.objects.count() == 2
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert send(other, text="From elsewhere.").status_code == 302


def test_a_form_is_no_public_copy(publication: Publication) -> None:
    page = Client().get(FORM)
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]


# --- Hidden means absent ----------------------------------------------------------------------------------------------


def told(client: Client, address: str, method: str = "get") -> tuple[int, str, dict[str, str]]:
    """Status, words and headers, without what differs from one request to the next."""
    answer = getattr(client, method)(address)
    body = re.sub(r"req_\w+", "", answer.content.decode()).replace("hidden", "absent")
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status_code, body, {**headers, "Content-Length": ""}


@pytest.mark.parametrize("place", ["reply/", "replies/", "report/"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("listed", [True, False])
def test_an_unpublished_brand_has_no_such_address(place: str, method: str, listed: bool) -> None:
    brand = make.a_breach("Hidden", listed=listed)
    make.judged(brand)
    hidden, absent = f"/en/brands/hidden/covid-19/{place}", f"/en/brands/absent/covid-19/{place}"
    assert told(Client(), hidden, method) == told(Client(), absent, method)
    assert told(Client(), hidden, method)[0] == 404
    make.published(brand)
    assert told(Client(), hidden)[0] == 200


@pytest.mark.parametrize("place", ["replies/{}/", "reports/{}/", "notices/{}/", "notices/{}/reply/"])
def test_an_unknown_token_is_an_address_that_was_never_given(place: str) -> None:
    assert Client().get(f"/en/{place.format('x' * 32)}").status_code == 404


def test_a_withdrawn_case_takes_no_more_replies(publication: Publication) -> None:
    withdraw(publication, by=make.an_editor(), reason_en="Misread.", reason_fr="Mal lu.")
    assert [Client().get(f"{CASE}{place}").status_code for place in ("reply/", "replies/", "report/")] == [410] * 3


# --- Drafts stay private ----------------------------------------------------------------------------------------------

MARK = "ZXQ-DRAFT"


def test_no_public_page_tells_of_a_notice_or_a_reply_to_a_newer_draft(publication: Publication, settings: Any) -> None:
    addresses = [CASE, f"{CASE}replies/", f"{CASE}history/", f"{CASE}v1/", "/en/corrections/", "/en/", "/en/brands/"]
    before = [told(Client(), address) for address in addresses]
    brand = publication.assessment.brand
    brand.actions.update(statement_en=f"{MARK} act", statement_fr=f"{MARK} acte")
    notice = making.a_notice(brand)
    reply = making.a_reply_to(notice, text=f"{MARK} reply")
    making.put_out(reply)
    assert [told(Client(), address) for address in addresses] == before
    make.published(brand)
    assert f"{MARK} reply" in Client().get(CASE).content.decode()
    assert f"{MARK} reply" not in Client().get(f"{CASE}v1/").content.decode()


def test_under_reply_a_listed_brand_is_under_review_and_editors_see_the_countdown() -> None:
    brand = make.a_breach("Specimen", listed=True)
    brand.actions.update(statement_en=f"{MARK} act")
    making.a_notice(make.touched(brand))
    page = Client().get(CASE).content.decode()
    assert "Assessment under way" in page
    assert not [word for word in (MARK, "Broken promise", "Asked on", "Press office") if word in page]
    desk = Client()
    desk.force_login(make.an_analyst())
    assert "may reply until" in desk.get(f"{CASE}draft/").content.decode()


# --- The notice -------------------------------------------------------------------------------------------------------


def test_the_page_of_a_notice_shows_its_draft_and_no_verdict_and_dies_with_publication() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    other = make.a_breach("Other")
    other.actions.update(statement_en=f"{MARK} of another")
    making.a_notice(other)
    stranger = Client()
    address = f"/en/notices/{notice.token}/"
    page = stranger.get(address)
    text = page.content.decode()
    assert "Refused to pay claims" in text
    assert "Broken promise" not in text
    assert MARK not in text
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store, private", "noindex, nofollow")
    make.published(brand)
    assert stranger.get(address).status_code == 404


def test_it_shows_the_draft_that_was_sent_not_what_was_edited_since() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    brand.actions.update(statement_en=f"{MARK} edited since")
    make.judged(make.touched(brand))
    assert MARK not in Client().get(f"/en/notices/{notice.token}/").content.decode()


def test_a_revoked_or_expired_notice_answers_like_none(settings: Any) -> None:
    notice = making.a_notice(make.a_breach("Specimen"))
    address = f"/en/notices/{notice.token}/"
    unknown = told(Client(), f"/en/notices/{'x' * 32}/")
    assert Client().get(address).status_code == 200
    ReplyNotice.objects.filter(pk=notice.pk).update(deadline=notice.deadline - timedelta(days=20))
    assert told(Client(), address)[0] == unknown[0] == 404
    ReplyNotice.objects.filter(pk=notice.pk).update(deadline=notice.deadline)
    revoke(notice, by=making.an_answering_editor(), reason="Sent to the wrong brand.")
    assert Client().get(address).status_code == 404
    assert Client().post(f"{address}reply/").status_code == 404


def test_a_brand_replies_to_the_draft_and_it_shows_with_the_version() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    address = f"/en/notices/{notice.token}/reply/"
    form = Client().get(address).content.decode()
    [promise] = re.findall(r'value="(promise:[^"]+)"', form)
    assert not [told for told in ("verdict:1", "According to", "serious harm", "Broken promise") if told in form]
    assert send(Client(), address).status_code == 422, "a sentence of the verdict is not there to be contested"
    assert send(Client(), address, passages=[promise], text="Before you publish: no.").status_code == 302
    reply = Reply.objects.get()
    assert reply.notice == notice
    making.put_out(reply)
    assert Client().get(CASE).status_code == 404
    make.published(brand)
    assert "Before you publish: no." in Client().get(CASE).content.decode()


def test_with_a_closed_site_private_pages_still_open(settings: Any) -> None:
    settings.PUBLIC_SITE = False
    notice = making.a_notice(make.a_breach("Specimen"))
    assert Client().get(f"/en/notices/{notice.token}/").status_code == 200
    assert Client().get("/en/corrections/").status_code == 302


# --- What the scorecard says ------------------------------------------------------------------------------------------


def test_silence_is_said_with_its_date_and_nothing_more() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    make.published(brand)
    assert "to reply." in html_of(Client().get(CASE))
    ReplyNotice.objects.filter(pk=notice.pk).update(deadline=notice.deadline - timedelta(days=20))
    page = html_of(Client().get(CASE))
    assert re.search(r"Asked on [^<]+, no reply\.", page)
    assert "Press office" not in page


def test_no_reply_is_not_said_where_one_came_in_and_was_not_published() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    reply = making.a_reply_to(notice)
    acts.refuse_reply(reply, by=making.an_answering_editor(), refusal="unlawful", **making.REASONS)
    make.published(brand)
    page = html_of(Client().get(CASE))
    assert "no reply" not in page
    assert "a reply has come in and is not published" in page


def test_none_is_said_where_nobody_asked(publication: Publication) -> None:
    assert "Not asked yet." in html_of(Client().get(CASE))


def test_a_long_reply_shows_its_first_words_and_a_link(publication: Publication) -> None:
    reply = making.a_published_reply(publication, text=" ".join(f"word{n}" for n in range(1, 140)))
    page = html_of(Client().get(CASE))
    assert "word120 …" in page
    assert "word121" not in page
    assert f'href="{CASE}replies/#{reply.reference}"' in page
    assert "word139" in html_of(Client().get(f"{CASE}replies/"))


def test_a_frozen_version_does_not_speak_of_a_later_reply(publication: Publication) -> None:
    before = told(Client(), f"{CASE}v1/")
    making.a_published_reply(publication)
    assert told(Client(), f"{CASE}v1/") == before


def test_a_retired_reply_leaves_the_scorecard_and_stays_on_its_page(publication: Publication) -> None:
    reply = making.a_published_reply(publication)
    acts.retire_reply(reply, by=making.an_answering_editor(), reason="The passage is gone.")
    assert "That is not what happened." not in Client().get(CASE).content.decode()
    assert "That is not what happened." in Client().get(f"{CASE}replies/").content.decode()


@pytest.mark.parametrize("place", ["", "replies/"])
def test_who_replied_is_told_by_function_and_never_by_name_or_address(publication: Publication, place: str) -> None:
    making.a_published_reply(publication)
    page = Client().get(f"{CASE}{place}").content.decode()
    assert "Head of communication" in page
    assert "Specimen SA" in page
    assert "Ada" not in page
    assert "ada@" not in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "{% load x %}", "</p><h1>x", "%s%n"])
def test_hostile_text_stays_text_on_every_page_and_in_mails(publication: Publication, hostile: str) -> None:
    reply = making.a_published_reply(
        publication, text=hostile, organisation=hostile, capacity=hostile, contested_text=hostile
    )
    for address in (CASE, f"{CASE}replies/", f"/en/replies/{reply.token}/"):
        page = Client().get(address).content.decode()
        assert "<script>alert" not in page
        assert "</p><h1>x" not in page
        assert "14" not in re.findall(r'class="words"[^>]*>(.*?)</p>', page)
        assert escape(hostile) in page
    send_due()
    assert all(hostile not in letter.subject for letter in mail.outbox)


def test_a_page_of_replies_costs_the_same_with_many(
    publication: Publication, django_assert_max_num_queries: Any
) -> None:
    making.a_published_reply(publication)
    with django_assert_max_num_queries(20) as few:
        Client().get(f"{CASE}replies/")
    for _ in range(6):
        making.a_published_reply(publication)
    with django_assert_max_num_queries(len(few)):
        Client().get(f"{CASE}replies/")
    with django_assert_max_num_queries(20):
        Client().get(CASE)


# --- Reports ----------------------------------------------------------------------------------------------------------


def report_fields(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    key = re.search(r'name="key" value="([^"]+)"', client.get(address).content.decode())
    assert key
    return {
        "key": key[1],
        "kind": "error",
        "what": "The second act happened in May.",
        "place": "second act",
        "source": "https://example.org/may",
        "email": "",
        "homepage": "",
        **changes,
    }


@pytest.mark.parametrize("address", ["/en/report/", f"{CASE}report/"])
def test_anyone_reports_an_error_and_follows_it(publication: Publication, address: str) -> None:
    client = Client()
    answer = client.post(address, report_fields(client, address))
    report = ErrorReport.objects.get()
    assert answer["Location"] == f"/en/reports/{report.token}/"
    assert report.publication == (publication if "brands" in address else None)
    assert report.reference in client.get(answer["Location"]).content.decode()


def test_a_report_of_two_clicks_is_one(publication: Publication) -> None:
    client = Client()
    form = report_fields(client, "/en/report/")
    assert client.post("/en/report/", form)["Location"] == client.post("/en/report/", form)["Location"]
    assert ErrorReport.objects.count() == 1


def test_the_links_to_report_lead_to_the_case_on_a_scorecard_and_to_the_site_elsewhere(
    publication: Publication,
) -> None:
    assert f'href="{CASE}report/"' in Client().get(CASE).content.decode()
    assert 'href="/en/report/"' in Client().get("/en/").content.decode()
    assert f'href="{CASE}report/"' in Client().get(f"{CASE}evidence/").content.decode()


def test_a_link_says_what_the_report_is_about() -> None:
    page = html_of(Client().get("/en/report/?about=brand&where=the+list"))
    assert re.search(r'value="brand"[^>]*checked', page)
    assert 'value="the list"' in page
    assert re.search(r'value="error"[^>]*checked', html_of(Client().get("/en/report/?about=nonsense")))
