"""The desk's screens for voices: who comes in, what is due first, and each decision from its form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cxalign.accounts import roles
from cxalign.desk.replies.urls import urlpatterns
from scoring.models import BrandContact, DocumentKind, MailState, OutgoingMail, Publication, Reply, ReplyNotice
from scoring.voices.documents import STORE, examine
from tests import factories as make
from tests.accounts.desk import desk_of, signed_in, somebody
from tests.pages.reading import html_of
from tests.scoring.voices import files, making

pytestmark = pytest.mark.django_db

LIST = "/en/desk/replies/"


@pytest.fixture
def publication() -> Publication:
    return make.published(make.a_breach("Specimen", website="https://specimen.example/"))


@pytest.fixture
def desk() -> Client:
    return signed_in(roles.EDITOR)


def addresses(publication: Publication) -> list[str]:
    brand = publication.assessment.brand
    letter = examine(DocumentKind.LETTER, "Letter.pdf", files.PDF)
    reply, report = making.a_reply(publication, files=[letter]), making.a_report(publication)
    brand.actions.update(statement_en="Changed.")
    notice = making.a_notice(brand)
    return [
        LIST,
        f"{LIST}reply/{reply.reference}/",
        f"{LIST}file/{reply.reference}/{reply.documents.get().pk}/",
        f"{LIST}report/{report.reference}/",
        f"{LIST}notice/{notice.pk}/",
        f"{LIST}ask/specimen/covid-19/",
        f"{LIST}contacts/specimen/",
        f"{LIST}mails/",
    ]


@pytest.mark.parametrize(
    ("role", "status"), [(roles.EDITOR, 200), (roles.ANALYST, 403), (roles.ADMINISTRATOR, 403), (roles.CONSULTANT, 403)]
)
def test_editors_come_in_and_the_others_are_told_who_can_help(publication: Publication, role: str, status: int) -> None:
    places = addresses(publication)
    assert len(places) == len(urlpatterns)
    client = signed_in(role)
    assert {address: client.get(address).status_code for address in places} == dict.fromkeys(places, status)


def test_a_stranger_is_asked_to_sign_in(publication: Publication) -> None:
    assert {Client().get(address).status_code for address in addresses(publication)} == {302}


@pytest.mark.parametrize(
    "place",
    [
        "reply/R-NOBODY0/",
        "file/R-NOBODY0/1/",
        "report/E-NOBODY0/",
        "notice/999999/",
        "ask/nobody/covid-19/",
        "contacts/nobody/",
    ],
)
def test_what_does_not_exist_is_not_found(desk: Client, place: str) -> None:
    assert desk.get(f"{LIST}{place}").status_code == 404


def test_what_is_due_first_stands_first_and_what_is_late_is_marked(desk: Client, publication: Publication) -> None:
    late, soon = making.a_reply(publication, text="Late."), making.a_reply(publication, text="Soon.")
    report = making.a_report(publication)
    done = making.a_published_reply(publication, text="Done.")
    Reply.objects.filter(pk=late.pk).update(received_at=timezone.now() - timedelta(days=5))
    context = desk.get(LIST).context
    waiting = [item.title for item in context["waiting"]]
    assert waiting[0] == late.reference
    assert set(waiting) == {late.reference, soon.reference, report.reference}
    assert [item.is_late for item in context["waiting"]] == [True, False, False]
    assert [item.title for item in context["done"]] == [done.reference]
    assert "1 overdue" in html_of(desk.get(LIST))


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"reply", "report"}),
        ("?kind=report", {"report"}),
        ("?brand=spec", {"reply", "report"}),
        ("?brand=x", set()),
    ],
)
def test_the_list_is_filtered_by_kind_and_brand(
    desk: Client, publication: Publication, query: str, kinds: set[str]
) -> None:
    making.a_reply(publication)
    making.a_report(publication)
    assert {item.kind for item in desk.get(f"{LIST}{query}").context["waiting"]} == kinds


def test_the_list_names_unfavourable_drafts_about_which_nobody_was_asked(
    desk: Client, publication: Publication
) -> None:
    make.judged(make.a_breach("Waiting"))
    make.judged(make.a_kept_promise("Praised"))
    asked = make.a_breach("Asked")
    making.a_notice(asked)
    assert [case.brand.name for case in desk.get(LIST).context["to_ask"]] == ["Waiting"]


def test_an_editor_is_told_when_the_contested_passage_has_gone(desk: Client, publication: Publication) -> None:
    reply = making.a_published_reply(publication)
    assert "no longer stands" not in html_of(desk.get(LIST))
    brand = publication.assessment.brand
    brand.promises.update(statement_en="Puts nobody first.")
    make.published(brand)
    assert "the passage contested no longer stands" in html_of(desk.get(LIST))
    assert "word for word" in html_of(desk.get(f"{LIST}reply/{reply.reference}/"))


def test_the_list_costs_the_same_with_many(
    desk: Client, publication: Publication, django_assert_max_num_queries: Any
) -> None:
    def more(n: int) -> None:
        making.a_reply(publication, text=f"Text {n}.")
        making.a_published_reply(publication, text=f"Published {n}.")
        making.a_report(publication)
        making.a_notice(make.a_breach(f"Asked {n}"))

    more(0)
    with django_assert_max_num_queries(20) as few:
        desk.get(LIST)
    for n in range(1, 5):
        more(n)
    with django_assert_max_num_queries(len(few)):
        desk.get(LIST)


@pytest.mark.parametrize("place", ["reply", "report", "notice", "contacts", "mails"])
def test_each_screen_keeps_within_twenty_queries(
    desk: Client, publication: Publication, place: str, django_assert_max_num_queries: Any
) -> None:
    [address] = [one for one in addresses(publication) if f"/{place}/" in one]
    with django_assert_max_num_queries(20):
        desk.get(address)


# --- Decisions --------------------------------------------------------------------------------------------------------


def test_a_reply_is_published_from_its_screen(publication: Publication) -> None:
    editor = somebody(roles.EDITOR)
    reply = making.a_reply(publication)
    address = f"{LIST}reply/{reply.reference}/"
    form = {"act": "publish", "outcome": "maintained", **making.REASONS}
    refused = desk_of(editor).post(address, form)
    assert refused.status_code == 422
    page = html_of(refused)
    assert "Nobody has checked yet" in page
    assert "We checked each point." in page
    assert desk_of(editor).post(address, {**form, "identity_checked": "on"}).status_code == 302
    reply.refresh_from_db()
    assert (reply.state, reply.decided_by) == ("published", editor)


def test_two_editors_do_not_decide_twice(publication: Publication) -> None:
    reply = making.a_reply(publication)
    address = f"{LIST}reply/{reply.reference}/"
    form = {"act": "refuse", "refusal": "unrelated", **making.REASONS}
    first, second = signed_in(roles.EDITOR), signed_in(roles.EDITOR)
    assert first.post(address, form).status_code == 302
    late = second.post(address, {**form, "refusal": "unlawful"})
    assert late.status_code == 200, "the button is no longer there"
    reply.refresh_from_db()
    assert reply.refusal == "unrelated"


def test_reasons_are_asked_in_both_languages(desk: Client, publication: Publication) -> None:
    reply = making.a_reply(publication)
    form = {"act": "refuse", "refusal": "unrelated", "reason_en": "No.", "reason_fr": ""}
    assert desk.post(f"{LIST}reply/{reply.reference}/", form).status_code == 422
    reply.refresh_from_db()
    assert reply.state == "received"


def test_a_notice_is_read_before_it_is_sent(desk: Client) -> None:
    brand = make.a_breach("Specimen")
    snapshot = make.judged(brand)
    contact = making.a_contact(brand, language="fr")
    address = f"{LIST}ask/specimen/covid-19/"
    form = {
        "contact": contact.pk,
        "deadline": (timezone.localdate() + timedelta(days=14)).isoformat(),
        "note": "Avec nos salutations.",
        "draft": snapshot.sequence,
    }
    shown = desk.post(address, {**form, "act": "preview"})
    assert "Madame, Monsieur" in shown.content.decode()
    assert "Avec nos salutations." in shown.content.decode()
    assert not ReplyNotice.objects.exists()
    assert desk.post(address, {**form, "act": "send"}).status_code == 302
    notice = ReplyNotice.objects.get()
    assert (notice.sent_to, notice.language, notice.snapshot) == (contact.email, "fr", snapshot)
    again = desk.post(address, {**form, "act": "send"})
    assert "time still runs" in again.content.decode()
    assert ReplyNotice.objects.count() == 1


def test_a_draft_that_says_nothing_against_the_brand_is_not_sent_and_the_screen_says_why(desk: Client) -> None:
    brand = make.a_kept_promise("Praised")
    snapshot = make.judged(brand)
    address = f"{LIST}ask/praised/covid-19/"
    deadline = (timezone.localdate() + timedelta(days=14)).isoformat()
    form = {"contact": making.a_contact(brand).pk, "deadline": deadline, "draft": snapshot.sequence, "act": "send"}
    for answer in (desk.get(address), desk.post(address, form)):
        assert "says nothing against the brand" in html_of(answer)
        assert 'value="send"' not in html_of(answer)
    assert not ReplyNotice.objects.exists()


def test_an_editor_reads_every_file_of_a_reply_and_only_as_a_download(desk: Client, publication: Publication) -> None:
    sent = [examine(DocumentKind.DOCUMENT, "Proof.txt", files.TEXT), examine(DocumentKind.LETTER, "L.pdf", files.PDF)]
    reply, other = making.a_reply(publication, files=sent), making.a_reply(publication)
    page = html_of(desk.get(f"{LIST}reply/{reply.reference}/"))
    for one, body in zip(reply.documents.all(), (files.TEXT, files.PDF), strict=True):
        assert (one.name in page, one.sha256 in page) == (True, True)
        answer = desk.get(f"{LIST}file/{reply.reference}/{one.pk}/")
        assert answer.content == body
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store, private")
        assert desk.get(f"{LIST}file/{other.reference}/{one.pk}/").status_code == 404
    STORE.folder().joinpath(one.sha256).unlink()
    answer = desk.get(f"{LIST}file/{reply.reference}/{one.pk}/", follow=True)
    assert "damaged or gone" in html_of(answer)


def test_a_draft_that_moved_since_it_was_read_is_not_sent(desk: Client) -> None:
    brand = make.a_breach("Specimen")
    seen = make.judged(brand)
    contact = making.a_contact(brand)
    brand.actions.update(statement_en="Changed meanwhile.")
    make.judged(brand)
    form = {
        "contact": contact.pk,
        "deadline": (timezone.localdate() + timedelta(days=14)).isoformat(),
        "draft": seen.sequence,
        "act": "send",
    }
    answer = desk.post(f"{LIST}ask/specimen/covid-19/", form)
    assert answer.status_code == 422
    assert "read the mail again" in html_of(answer)
    assert "Changed meanwhile." in html_of(answer)
    assert not ReplyNotice.objects.exists()


def test_a_notice_is_moved_and_revoked(desk: Client) -> None:
    notice = making.a_notice(make.a_breach("Specimen"))
    address = f"{LIST}notice/{notice.pk}/"
    past = desk.post(address, {"act": "move", "deadline": timezone.localdate().isoformat()})
    assert past.status_code == 422
    later = notice.deadline + timedelta(days=5)
    assert desk.post(address, {"act": "move", "deadline": later.isoformat()}).status_code == 302
    assert desk.post(address, {"act": "revoke", "why": "Wrong draft."}).status_code == 302
    notice.refresh_from_db()
    assert (notice.deadline, notice.revoked_at is None) == (later, False)
    assert "Wrong draft." in html_of(desk.get(address))


def test_a_contact_is_recorded_once_and_emptied_when_no_longer_used(desk: Client) -> None:
    make.a_brand("Specimen")
    address = f"{LIST}contacts/specimen/"
    form = {"name": "Press", "capacity": "", "email": "press@specimen.example", "language": "fr", "source": "Legal."}
    assert desk.post(address, {**form, "source": ""}).status_code == 422
    assert desk.post(address, form).status_code == 302
    assert desk.post(address, {**form, "email": "PRESS@specimen.example"}).status_code == 422
    contact = BrandContact.objects.get()
    assert desk.post(address, {"retire": contact.pk}).status_code == 302
    assert "press@specimen.example" not in html_of(desk.get(address))
    assert desk.post(address, form).status_code == 302


def test_a_parked_mail_is_sent_again(desk: Client, publication: Publication) -> None:
    making.a_reply(publication)
    mail = OutgoingMail.objects.get()
    OutgoingMail.objects.update(state=MailState.FAILED, error="nobody there")
    assert "nobody there" in html_of(desk.get(f"{LIST}mails/?state=failed"))
    assert desk.post(f"{LIST}mails/", {"again": mail.pk}).status_code == 302
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert desk.post(f"{LIST}mails/", {"again": "x"}).status_code == 404


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "</p><h1>x"])
def test_hostile_text_stays_text_on_the_desk(desk: Client, publication: Publication, hostile: str) -> None:
    reply = making.a_reply(
        publication, text=hostile, name=hostile, capacity=hostile, organisation=hostile, contested_text=hostile
    )
    report = making.a_report(publication, what=hostile, place=hostile)
    for address in (LIST, f"{LIST}reply/{reply.reference}/", f"{LIST}report/{report.reference}/", f"{LIST}mails/"):
        page = desk.get(address).content.decode()
        assert "<script>alert" not in page
        assert "</p><h1>x" not in page
    assert (
        hostile.replace("<", "&lt;").replace(">", "&gt;")
        in desk.get(f"{LIST}reply/{reply.reference}/").content.decode()
    )
