"""Publishing and taking back at the desk: a form, a page that asks once more, the act; and the password in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cxalign.accounts import roles
from cxalign.desk.fresh import SIGNED_IN_AT
from scoring.models import Publication
from scoring.publishing import withdraw
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, signed_in, somebody
from tests.desk.publishing.pages import (
    CASE,
    a_judged_brand,
    publish,
    signed_in_long_ago,
    text,
    to_publish,
    with_password,
)
from tests.looking import PASSWORD
from tests.scoring.review import making

pytestmark = pytest.mark.django_db


def test_publishing_takes_a_form_and_a_confirmation() -> None:
    a_judged_brand()
    editor = somebody(roles.EDITOR)
    desk = desk_of(editor)
    fields = to_publish(desk, note_en="First version.", note_fr="Première version.")
    asked = publish(desk, fields, confirmed=False)
    assert "Publish as version 1?" in asked.content.decode()
    assert "Première version." in asked.content.decode()
    assert not Publication.objects.exists()
    assert publish(desk, form_on(desk_after(asked), "")).status_code == 302
    version = Publication.objects.get()
    assert (version.published_by, version.note_fr, version.cause) == (editor, "Première version.", "first_entry")


def desk_after(answer: Any) -> Any:
    """The page that was just answered, for reading its form."""

    class Shown:
        def get(self, address: str) -> Any:
            return answer

    return Shown()


def test_nothing_is_published_by_the_key_that_sends_the_form() -> None:
    a_judged_brand()
    desk = signed_in(roles.EDITOR)
    page = desk.get(f"{CASE}publish/").content.decode()
    assert 'name="confirmed"' not in page
    asked = publish(desk, to_publish(desk), confirmed=False).content.decode()
    form = asked.partition('id="confirm_form"')[2].partition("</form>")[0]
    typed_into = form.replace('type="hidden"', "").count("<input type=") + form.count("<textarea")
    assert (typed_into, form.count('name="confirmed"')) == (0, 1)


def test_a_refusal_is_logged_with_codes_and_without_a_word_of_the_draft(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    a_judged_brand()
    desk = signed_in(roles.EDITOR)
    fields = to_publish(desk)
    settings.PUBLICATION_POLICY = "strict"
    assert publish(desk, fields).status_code == 409
    (line,) = [record.getMessage() for record in caplog.records if "was refused" in record.getMessage()]
    assert "harm_not_looked_for" in line
    assert "Fictia" not in line
    assert "Paid claims" not in line
    settings.PUBLICATION_POLICY = "solo"
    caplog.clear()
    assert publish(desk, fields).status_code == 302
    assert "was refused" not in caplog.text


def test_a_verdict_that_moved_since_it_was_on_screen_is_not_published() -> None:
    brand, desk = a_judged_brand(), signed_in(roles.EDITOR)
    fields = to_publish(desk)
    edit(desk, change_page(brand.actions.get()), substance="0")
    score_all_due()
    for confirmed, status in ((False, 200), (True, 409)):
        answer = publish(desk, fields, confirmed=confirmed)
        assert answer.status_code == status
        assert "The facts have changed since" in answer.content.decode()
        assert 'name="confirmed"' not in answer.content.decode()
    assert not Publication.objects.exists()
    assert publish(desk, to_publish(desk)).status_code == 302
    assert Publication.objects.get().snapshot.sequence == 2


def test_a_snapshot_of_another_case_is_not_published_by_a_forged_form() -> None:
    a_judged_brand()
    foreign = make.judged(make.a_breach())
    desk = signed_in(roles.EDITOR)
    answer = publish(desk, to_publish(desk, snapshot=foreign.pk))
    assert "belongs to another case" in answer.content.decode()
    assert not Publication.objects.exists()
    assert publish(desk, to_publish(desk)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_press_the_button_at_once_one_publishes_and_the_other_is_told() -> None:
    a_judged_brand()
    desks = {name: desk_of(somebody(roles.EDITOR, username=name)) for name in ("ada", "zoe")}
    forms = {name: to_publish(desk, note_en=f"A note by {name}.") for name, desk in desks.items()}
    start = Barrier(2)

    def press(name: str) -> Any:
        try:
            start.wait(timeout=20)
            return publish(desks[name], forms[name])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(desks, pool.map(press, desks), strict=True))
    publication = Publication.objects.get()
    winner = str(publication.published_by)
    (loser,) = set(desks) - {winner}
    assert (publication.version, answers[winner].status_code, answers[loser].status_code) == (1, 302, 409)
    page = " ".join(answers[loser].content.decode().split())
    assert f"This verdict is already published, as version 1 by {winner}." in page
    assert f"A note by {loser}." in page


def test_of_two_editors_the_second_is_told_by_whom_it_was_published() -> None:
    a_judged_brand()
    first, second = signed_in(roles.EDITOR, username="marc"), signed_in(roles.EDITOR)
    fields = to_publish(second)
    assert publish(first, to_publish(first)).status_code == 302
    answer = publish(second, fields)
    assert answer.status_code == 409
    assert "already published, as version 1 by marc" in answer.content.decode()


@pytest.mark.parametrize("role", [roles.ANALYST, roles.ADMINISTRATOR])
@pytest.mark.parametrize("address", ["publish/", "withdraw/1/"])
def test_only_editors_publish_and_withdraw(role: str, address: str) -> None:
    brand = a_judged_brand()
    make.published(brand)
    brand.actions.update(statement_en="Paid every claim.")
    make.touched(brand)
    score_all_due()
    for method in ("get", "post"):
        assert getattr(signed_in(role), method)(f"{CASE}{address}").status_code == 403
    assert signed_in(roles.EDITOR).get(f"{CASE}{address}").status_code == 200


def test_a_case_without_a_verdict_says_why_it_cannot_be_published() -> None:
    make.a_kept_promise("Fictia").assessments.create(crisis=make.a_crisis())
    desk = signed_in(roles.EDITOR)
    assert "Nothing has been judged yet" in desk.get(f"{CASE}publish/", follow=True).content.decode()


def test_what_the_policy_refuses_is_listed_with_links_and_leaves_no_button(settings: Any) -> None:
    settings.PUBLICATION_POLICY = "strict"
    brand, editor = a_judged_brand(), somebody(roles.EDITOR)
    desk = desk_of(editor)
    page = text(desk, f"{CASE}publish/")
    assert "The policy in force (Strict) refuses" in page
    assert f'href="{CASE}searches/"' in page
    assert "/en/desk/ties/?brand=fictia" in page
    assert "publish_form" not in page
    making.no_tie(editor, brand)
    making.harm_looked_for(brand.assessments.get())
    making.doubly_coded(brand)
    score_all_due()
    assert "publish_form" in text(desk, f"{CASE}publish/")


def test_the_likely_cause_is_suggested_from_what_moved() -> None:
    brand, desk = a_judged_brand(), signed_in(roles.EDITOR)
    assert to_publish(desk)["cause"] == "first_entry"
    make.published(brand)
    brand.actions.update(statement_en="Paid every claim.")
    make.touched(brand)
    score_all_due()
    assert to_publish(desk)["cause"] == "evidence_corrected"
    make.a_proof(make.an_action(brand), brand.promises.get())
    make.touched(brand)
    score_all_due()
    assert to_publish(desk)["cause"] == "evidence_added"


def test_requests_are_ticked_and_can_be_left_out() -> None:
    brand, desk = a_judged_brand(), signed_in(roles.EDITOR)
    notices = [making.a_notice(brand.assessments.get().snapshots.get()) for _ in range(2)]
    fields = to_publish(desk)
    assert fields["requests"] == [f"notice:{notice.pk}" for notice in notices]
    publish(desk, {**fields, "requests": [f"notice:{notices[1].pk}"]})
    assert [entry["reference"] for entry in Publication.objects.get().requests] == [f"notice:{notices[1].pk}"]


# --- Taking back ------------------------------------------------------------------------------------------------------


def test_a_version_is_withdrawn_with_a_public_reason_after_a_confirmation() -> None:
    publication = make.published(a_judged_brand())
    desk, address = signed_in(roles.EDITOR), f"{CASE}withdraw/1/"
    refused = desk.post(address, {"reason_en": " ", "reason_fr": "", "confirmed": "yes"})
    assert "Write the public reason" in refused.content.decode()
    asked = desk.post(address, {"reason_en": "A source was misread.", "reason_fr": ""})
    assert "Withdraw version 1?" in asked.content.decode()
    publication.refresh_from_db()
    assert publication.is_current
    done = desk.post(address, {"reason_en": "A source was misread.", "reason_fr": "", "confirmed": "yes"})
    assert done.status_code == 302
    publication.refresh_from_db()
    assert (publication.state, publication.withdrawn_reason_en) == ("withdrawn", "A source was misread.")
    again = desk.post(address, {"reason_en": "Again.", "reason_fr": "", "confirmed": "yes"})
    assert (again.status_code, "already withdrawn" in again.content.decode()) == (409, True)
    gone = Client().get("/en/brands/fictia/covid-19/")
    assert (gone.status_code, "A source was misread." in gone.content.decode()) == (410, True)
    assert 'lang="en"' not in gone.content.decode().partition("<main")[2]
    for page in ("", "history/"):
        french = Client().get(f"/fr/brands/fictia/covid-19/{page}").content.decode()
        assert '(en anglais)</span> <span lang="en">A source was misread.</span>' in french


def test_a_withdrawn_verdict_says_what_is_needed_and_is_published_again_with_a_note() -> None:
    publication = make.published(a_judged_brand())
    desk, queue = signed_in(roles.EDITOR), "/en/desk/queue/"
    withdraw(publication, by=make.an_editor(), reason_en="Its source was in doubt.")
    page = text(desk, CASE)
    assert "Correct the facts, or publish it again as a new version" in page
    assert "already published" not in page
    assert "Publish again…" in page
    assert "correct the facts, or publish it again with a reason" in text(desk, queue)
    assert "Its source was in doubt." in text(desk, f"{CASE}publish/")
    silent = publish(desk, to_publish(desk))
    assert (silent.status_code, "why it is published again" in silent.content.decode()) == (409, True)
    assert publish(desk, to_publish(desk, note_en="The source was confirmed.")).status_code == 302
    assert Client().get("/en/brands/fictia/covid-19/").status_code == 200
    assert Client().get("/en/brands/fictia/covid-19/v1/").status_code == 410
    assert "correct the facts, or publish it again" not in text(desk, queue)


# --- The password again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["publish/", "withdraw/1/"])
def test_after_half_an_hour_the_password_is_asked_and_the_form_waits(address: str) -> None:
    brand = a_judged_brand()
    make.published(brand)
    brand.actions.update(statement_en="Paid every claim.")
    make.touched(brand)
    score_all_due()
    desk = with_password(Client(), somebody(roles.EDITOR))
    reasons = {"reason_en": "Misread «it» & <b>more</b>\nand more.", "reason_fr": ""}
    fields = to_publish(desk, note_en=reasons["reason_en"]) if address == "publish/" else reasons
    signed_in_long_ago(desk)
    asked = desk.post(f"{CASE}{address}", {**fields, "confirmed": "yes"})
    waiting = form_on(desk_after(asked), "")
    assert "Your password, please" in asked.content.decode()
    assert "&lt;b&gt;more&lt;/b&gt;" in asked.content.decode()
    held = {name: str(value) for name, value in fields.items() if name != "csrfmiddlewaretoken"}
    assert {name: waiting[name].replace("\r\n", "\n") for name in held} == held
    assert "confirmed" not in waiting
    wrong = desk.post(f"{CASE}{address}", {**waiting, "password_again": "not-this-one"})
    assert "This is not your password" in wrong.content.decode()
    assert "not-this-one" not in wrong.content.decode()
    right = desk.post(f"{CASE}{address}", {**waiting, "password_again": PASSWORD})
    assert 'name="confirmed"' in right.content.decode()
    assert PASSWORD not in right.content.decode()
    assert Publication.objects.filter(withdrawn_at__isnull=True).count() == 1
    assert desk.post(f"{CASE}{address}", {**fields, "confirmed": "yes"}).status_code == 302


@pytest.mark.parametrize(("minutes", "asks"), [(0, False), (29, False), (31, True), (-10, True)])
def test_the_password_is_asked_past_thirty_minutes_and_when_the_clock_was_turned_back(minutes: int, asks: bool) -> None:
    a_judged_brand()
    desk = with_password(Client(), somebody(roles.EDITOR))
    fields = to_publish(desk)
    signed_in_long_ago(desk, minutes)
    publish(desk, fields)
    assert Publication.objects.exists() is not asks


def test_a_session_that_does_not_say_when_it_began_is_not_trusted() -> None:
    a_judged_brand()
    desk = with_password(Client(), somebody(roles.EDITOR))
    fields, session = to_publish(desk), desk.session
    del session[SIGNED_IN_AT]
    session.save()
    assert "Your password, please" in publish(desk, fields).content.decode()


def test_guessing_the_password_there_is_counted_like_at_the_door(settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    a_judged_brand()
    user = somebody(roles.EDITOR)
    desk = with_password(Client(), user)
    fields = to_publish(desk)
    signed_in_long_ago(desk)
    answers = [desk.post(f"{CASE}publish/", {**fields, "password_again": f"guess-{n}"}) for n in range(3)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert desk.post(f"{CASE}publish/", {**fields, "password_again": PASSWORD, "confirmed": "yes"}).status_code == 429
    assert not Publication.objects.exists()
