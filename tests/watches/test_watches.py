"""Watches: who is told of what, when, in which words; once, of what is public alone, and of nothing after it ended."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as post
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from brands import editing as facts
from brands.models import Brand
from cxalign.accounts import roles
from cxalign.accounts.erasing import erase
from cxalign.accounts.models import User
from cxalign.accounts.profile import held_about
from cxalign.celery import SCHEDULE, app
from cxalign.pages.watching import telling
from cxalign.portfolios import editing
from cxalign.watches import following
from cxalign.watches.models import Rhythm, Told, Watch
from cxalign.watches.timing import last_moment
from scoring import publishing
from scoring.models import MailState, OutgoingMail, Publication
from scoring.voices import mailing, reports
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.plans.making import team_of
from tests.portfolios.making import a_portfolio, holding
from tests.practices.making import a_practice
from tests.scoring.voices import making as voices
from tests.watches.making import a_reader, at, mails, subscriber, told

pytestmark = pytest.mark.django_db

WATCHES = "/en/account/watches/"


@pytest.fixture
def claire() -> User:
    return a_reader(language="en")


@pytest.fixture
def ada() -> Brand:
    return make.a_breach("Ada")


def watching(user: User, rhythm: str = Rhythm.AT_ONCE, **thing: Any) -> Watch:
    return following.watch(user, rhythm=rhythm, **thing)


# --- What is told -----------------------------------------------------------------------------------------------------


def test_a_verdict_published_is_mailed_once(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    assert told() == []
    make.published(ada)
    (mail,) = told()
    assert (mail.to, mail.subject) == ("claire@agency.example", "Ada – Covid-19: Broken promise")
    assert "/en/brands/ada/covid-19/v1/" in mail.body
    assert "You watch: Ada." in mail.body
    assert told() == []


def test_what_was_published_before_is_not_told(claire: User, ada: Brand) -> None:
    make.published(ada)
    watching(claire, brand=ada)
    assert told() == []


def test_nothing_of_a_draft_or_of_another_brand_is_told(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    make.judged(ada)
    make.an_action(ada)
    make.judged(make.touched(ada))
    voices.a_notice(ada)
    make.published(make.a_breach("Bea"))
    assert told() == []
    make.published(ada)
    assert "Bea" not in told()[0].body


def test_withdrawals_replies_and_corrections_are_told_in_one_mail(claire: User, ada: Brand) -> None:
    first = make.published(ada)
    watching(claire, brand=ada)
    reply = voices.a_published_reply(first)
    reports.accept(
        voices.a_report(first),
        by=voices.an_answering_editor(),
        reason_en="You are right.",
        reason_fr="C’est exact.",
        wrong_en="The date of the act.",
        wrong_fr="La date de l’acte.",
        since=first,
    )
    (mail,) = told()
    assert mail.subject == "2 changes in what you watch"
    assert f"/en/brands/ada/covid-19/replies/#{reply.reference}" in mail.body
    assert "The date of the act." in mail.body
    publishing.withdraw(first, by=make.an_editor(), reason_en="Wrong brand.")
    (mail,) = told()
    assert mail.subject == "Ada – Covid-19: version 1 withdrawn"
    assert "Wrong brand." in mail.body


def test_a_reply_to_a_draft_is_told_with_the_version_that_it_came_out_with(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    notice = voices.a_notice(ada)
    reply = voices.put_out(voices.a_reply_to(notice))
    assert told() == []
    make.published(ada)
    (mail,) = told()
    assert reply.reference in mail.body
    assert mail.body.count(reply.reference) == 1
    make.an_action(ada)
    make.published(make.touched(ada))
    (later,) = told()
    assert reply.reference not in later.body


def test_a_version_withdrawn_before_the_mail_went_is_told_as_that(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    publishing.withdraw(make.published(ada), by=make.an_editor(), reason_en="Wrong brand.")
    (mail,) = told()
    assert "version 1 published, withdrawn since" in mail.body
    assert "Broken promise" not in mail.body


def test_a_practice_family_is_told_of_what_is_published_and_withdrawn(claire: User) -> None:
    practice = a_practice()
    watching(claire, family=practice.family)
    facts.record_by_hand("practice.published", practice, actor=make.an_editor(), changes={}, reason="")
    draft = a_practice(is_published=False)
    facts.record_by_hand("practice.published", draft, actor=make.an_editor(), changes={}, reason="")
    facts.withdraw([draft], by=make.an_editor(), reason="Not ours.")
    (mail,) = told()
    assert f"/en/practices/{practice.key}/" in mail.body
    assert draft.key not in mail.body
    assert "Not ours." not in mail.body
    facts.withdraw([practice], by=make.an_editor(), reason="Told twice.")
    (mail,) = told()
    assert "is withdrawn" in mail.subject
    assert "Told twice." in mail.body


def test_a_portfolio_tells_of_the_brands_that_it_holds_at_that_time(claire: User, ada: Brand) -> None:
    bea = make.a_breach("Bea")
    portfolio = a_portfolio(ada, bea, by=claire)
    watching(claire, portfolio=portfolio)
    editing.remove_brand(holding(portfolio, bea), claire)
    make.published(ada)
    make.published(bea)
    (mail,) = told()
    assert "Ada" in mail.subject
    assert "Bea" not in mail.body


def test_whoever_left_the_team_is_told_nothing_more_of_its_portfolio(claire: User, ada: Brand) -> None:
    portfolio = a_portfolio(ada, by=claire)
    watching(claire, portfolio=portfolio)
    team_of(claire).members.remove(claire)
    make.published(ada)
    assert told() == []
    assert portfolio.name not in desk_of(claire).get(WATCHES).content.decode()


def test_the_reader_s_language_decides(ada: Brand) -> None:
    watching(a_reader(language="fr", email="ines@agency.example"), brand=ada)
    other = a_reader(language="", email="luc@agency.example")
    Brand.objects.update(listed=True)
    desk_of(other).post("/fr/account/watches/new/", {"brand": "ada", "rhythm": "at_once"})
    make.published(ada)
    written = told()
    assert {mail.to for mail in written} == {"ines@agency.example", "luc@agency.example"}
    for mail in written:
        assert mail.language == "fr"
        assert "Promesse rompue" in mail.subject
        assert "Bonjour" in mail.body
        assert "/fr/brands/ada/covid-19/v1/" in mail.body


# --- When -------------------------------------------------------------------------------------------------------------


def test_digests_come_at_the_reader_s_hour_and_day(claire: User, ada: Brand) -> None:
    watching(claire, Rhythm.DAILY, brand=ada)
    marc = a_reader(email="marc@agency.example", time_zone="America/New_York")
    watching(marc, Rhythm.WEEKLY, brand=ada)
    monday = at("2031-03-03", 9)
    telling.tell_due(monday)
    make.published(ada)
    assert told(monday + timedelta(hours=4)) == []
    (weekly,) = told(monday + timedelta(hours=5))  # 8 in the morning there
    assert weekly.to == marc.email
    assert told(at("2031-03-04", 7)) == []
    (daily,) = told(at("2031-03-04", 8))
    assert daily.to == claire.email
    assert told(at("2031-03-10", 14)) == []


def test_a_digest_missed_while_nothing_ran_comes_once_later(claire: User, ada: Brand) -> None:
    watching(claire, Rhythm.WEEKLY, brand=ada)
    make.published(ada)
    assert len(told(at("2031-03-06", 12))) == 1  # a Thursday: Monday was missed
    assert told(at("2031-03-07", 12)) == []


def test_whatever_one_watches_it_by_a_line_is_told_once(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    watching(claire, Rhythm.WEEKLY, portfolio=a_portfolio(ada, by=claire))
    make.published(ada)
    assert len(told()) == 1
    assert told(at("2031-03-10", 12)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Told.objects.create(subscriber=subscriber(claire), sequence=Told.objects.get().sequence)


def test_the_moment_of_a_digest_follows_the_clock_there_through_the_change_of_time(claire: User) -> None:
    for day, hour, expected in (("2026-03-29", 7, "2026-03-28"), ("2026-03-29", 8, "2026-03-29")):
        assert last_moment(claire, Rhythm.DAILY, at(day, hour)).isoformat() == expected
    assert last_moment(claire, Rhythm.WEEKLY, at("2026-03-29", 9)).isoformat() == "2026-03-23"


def test_the_feed_only_mails_nothing_and_later_mails_only_what_is_new(claire: User, ada: Brand) -> None:
    watching(claire, Rhythm.FEED, brand=ada)
    make.published(ada)
    assert told() == []
    watching(claire, brand=ada)
    assert told() == []
    assert Watch.objects.count() == 1


def test_telling_costs_the_same_queries_however_much_there_is_to_tell(
    claire: User, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for many in (2, 12):
        brands = [make.a_breach(f"Brand {many} {i}") for i in range(many)]
        watching(claire, portfolio=a_portfolio(*brands, by=claire, name=f"{many}"))
        for brand in brands:
            make.published(brand)
        with django_assert_max_num_queries(30) as used:
            assert telling.tell_due() == 1
        counts.append(len(used))
    assert counts[0] == counts[1]


# --- Kept and forgotten -----------------------------------------------------------------------------------------------


def test_the_clock_rings_and_the_task_does_it(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    make.published(ada)
    app.loader.import_default_modules()
    task = app.tasks[SCHEDULE["tell those who watch"]["task"]]
    assert [task(), task()] == [1, 0]
    mailing.send_due()
    (sent,) = [one for one in post.outbox if one.to == [claire.email]]
    address = telling.stop_address(subscriber(claire))
    assert sent.extra_headers["List-Unsubscribe"] == f"<{address}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in str(sent.body)


def test_other_mails_have_no_such_header() -> None:
    voices.a_reply(make.published(make.a_breach("Bea")))
    mailing.send_due()
    assert all("List-Unsubscribe" not in one.extra_headers for one in post.outbox)
    assert post.outbox


def test_mails_to_watchers_are_not_the_desk_s_business(claire: User, ada: Brand) -> None:
    watching(claire, portfolio=a_portfolio(ada, by=claire, name="Zyxomma"))
    make.published(ada)
    (mail,) = told()
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.FAILED)
    desk = desk_of(somebody(roles.EDITOR))
    assert claire.email not in desk.get("/en/desk/replies/mails/").content.decode()
    assert desk.post("/en/desk/replies/mails/", {"again": mail.pk}).status_code == 404
    assert "could not be delivered" in desk_of(claire).get(WATCHES).content.decode()


def test_old_mails_and_notes_are_forgotten_and_nothing_is_told_again(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    make.published(ada)
    told()
    other = OutgoingMail.objects.exclude(kind="watch").count()
    old = timezone.now() - telling.KEPT_FOR - timedelta(days=1)
    OutgoingMail.objects.update(created_at=old)
    Told.objects.update(at=old)
    telling.forget_old()
    assert (mails(), Told.objects.count()) == ([], 0)
    assert OutgoingMail.objects.count() == other
    assert told() == []


def test_ones_data_holds_the_watches_and_an_emptied_account_has_none(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    following.open_feed(claire)
    make.published(ada)
    told()
    held = held_about(claire)["watches"]
    assert held["watched"][0]["brand"] == "ada"
    assert held["mails"][0]["to"] == claire.email
    erase(claire, by=claire)
    assert (Watch.objects.count(), Told.objects.count(), mails()) == (0, 0, [])


def test_an_account_without_a_mailbox_or_closed_is_told_nothing(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    make.published(ada)
    User.objects.filter(pk=claire.pk).update(is_active=False)
    assert told() == []
    User.objects.filter(pk=claire.pk).update(is_active=True, email="")
    assert told() == []
    with pytest.raises(following.CannotWatch):
        watching(User.objects.get(pk=claire.pk), brand=make.a_brand("Bea"))


# --- The way out ------------------------------------------------------------------------------------------------------


def test_one_request_ends_the_mails_without_signing_in_and_looking_does_not(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    path = telling.stop_address(subscriber(claire)).replace("http://127.0.0.1:8000", "")
    path = path[path.index("/en/") if "/en/" in path else 0 :]
    stranger = Client(enforce_csrf_checks=True)
    shown = stranger.get(path)
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert claire.email not in shown.content.decode()
    assert subscriber(claire).stopped_at is None
    make.published(ada)
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert subscriber(claire).stopped_at is not None
    assert told() == []
    assert stranger.post(path).status_code == 200
    assert stranger.get("/en/watches/absent/stop/").status_code == 404
    assert stranger.post("/en/watches/absent/stop/").status_code == 404
    desk_of(claire).post(f"{WATCHES}mails/", {"act": "resume"})
    assert told() == []  # only what comes from now on
    make.an_action(ada)
    make.published(make.touched(ada))
    assert len(told()) == 1


def test_a_mail_that_waits_is_not_sent_after_the_way_out(claire: User, ada: Brand) -> None:
    watching(claire, brand=ada)
    make.published(ada)
    told()
    following.stop(subscriber(claire))
    mailing.send_due()
    assert [one for one in post.outbox if one.to == [claire.email]] == []


# --- The feed ---------------------------------------------------------------------------------------------------------


def test_the_private_feed_opens_by_its_address_until_it_is_taken_back(claire: User, ada: Brand) -> None:
    make.published(ada)
    make.published(make.a_breach("Bea"))
    watching(claire, Rhythm.FEED, brand=ada)
    desk_of(claire).post(f"{WATCHES}feed/", {"act": "open"})
    token = subscriber(claire).feed_token
    path = f"/fr/watches/{token}/feed.atom"
    answer = Client().get(path)
    feed = answer.content.decode()
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "no-store" in answer["Cache-Control"]
    assert "Promesse rompue" in feed
    assert "Bea" not in feed
    assert Client().get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    desk_of(claire).post(f"{WATCHES}feed/", {"act": "open"})
    assert Client().get(path).status_code == 404
    path = f"/fr/watches/{subscriber(claire).feed_token}/feed.atom"
    assert Client().get(path).status_code == 200
    desk_of(claire).post(f"{WATCHES}feed/", {"act": "close"})
    assert Client().get(path).status_code == 404


def test_the_feed_of_a_portfolio_ends_with_the_membership(claire: User, ada: Brand) -> None:
    make.published(ada)
    watching(claire, Rhythm.FEED, portfolio=a_portfolio(ada, by=claire))
    path = f"/en/watches/{following.open_feed(claire).feed_token}/feed.atom"
    assert "Ada" in Client().get(path).content.decode()
    team_of(claire).members.remove(claire)
    assert "Ada" not in Client().get(path).content.decode()


def test_a_closed_site_still_opens_feed_and_way_out(claire: User, settings: Any) -> None:
    settings.PUBLIC_SITE = False
    held = following.open_feed(claire)
    assert Client().get(f"/en/watches/{held.feed_token}/feed.atom").status_code == 200
    assert Client().get(f"/en/watches/{held.stop_token}/stop/").status_code == 200
    assert Client().get("/en/brands/").status_code == 302


# --- Its pages --------------------------------------------------------------------------------------------------------


def test_one_watches_from_the_pages_and_changes_and_ends_it_in_the_account(claire: User, ada: Brand) -> None:
    make.published(ada)
    client = desk_of(claire)
    for path in ("/en/brands/ada/", "/en/brands/ada/covid-19/"):
        assert 'href="/en/account/watches/new/?brand=ada"' in client.get(path).content.decode()
        assert "account/watches" not in Client().get(path).content.decode()
    assert client.get("/en/account/watches/new/?brand=ada").status_code == 200
    assert client.post("/en/account/watches/new/", {"brand": "ada", "rhythm": "weekly"}).status_code == 302
    page = re.sub(r"\s+", " ", client.get(WATCHES).content.decode())
    assert "by e-mail, once a week" in page
    client.post("/en/account/watches/new/", {"brand": "ada", "rhythm": "feed"})
    assert Watch.objects.get().rhythm == Rhythm.FEED
    client.post(f"{WATCHES}times/", {"hour": "18", "weekday": "4"})
    assert (subscriber(claire).hour, subscriber(claire).weekday) == (18, 4)
    assert client.post(f"{WATCHES}times/", {"hour": "24", "weekday": "4"}).status_code == 422
    client.post(f"{WATCHES}{Watch.objects.get().pk}/end/")
    assert not Watch.objects.exists()


def test_what_one_may_not_read_cannot_be_watched_nor_another_s_watch_ended(claire: User, ada: Brand) -> None:
    client, theirs = desk_of(claire), a_portfolio(by=a_reader())
    make.judged(ada)
    for thing in (
        {"brand": "ada"},
        {"brand": "absent"},
        {"portfolio": theirs.pk},
        {"portfolio": "x"},
        {"family": "F99"},
        {},
    ):
        assert client.get("/en/account/watches/new/", thing).status_code == 404
        assert client.post("/en/account/watches/new/", {**thing, "rhythm": "feed"}).status_code == 404
    watch = watching(a_reader(), brand=ada)
    assert client.post(f"{WATCHES}{watch.pk}/end/").status_code == 404
    assert Watch.objects.count() == 1


def test_the_list_costs_the_same_queries_however_long(claire: User, django_assert_max_num_queries: Any) -> None:
    client, counts = desk_of(claire), []
    for _round in range(2):
        for _i in range(5):
            watching(claire, brand=make.a_brand())
        with django_assert_max_num_queries(20) as used:
            client.get(WATCHES)
        counts.append(len(used))
    assert counts[0] == counts[1]


def test_a_withdrawn_brand_is_still_told_of(claire: User, ada: Brand) -> None:
    make.published(ada)
    watching(claire, brand=ada)
    publishing.withdraw(Publication.objects.get(), by=make.an_editor(), reason_en="Wrong brand.")
    assert len(told()) == 1
