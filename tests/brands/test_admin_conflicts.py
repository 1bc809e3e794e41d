"""Two people, one record: the second save is refused with both texts, and nothing that was typed is lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from brands.models import Crisis, Event, Promise
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import FilledForm, change_page, desk_of, edit, errors, form_on, save, signed_in, somebody


def differences(response: Any) -> dict[str, tuple[str, str]]:
    return {row.label: (row.mine, row.theirs) for row in response.context["conflict"]["rows"]}


@pytest.mark.django_db
def test_a_stale_form_is_refused_with_both_texts_and_keeps_what_was_typed() -> None:
    promise = make.a_promise(make.a_brand(), statement_en="Old.", weight="central")
    desk, opened = signed_in(), form_on(signed_in(), change_page(promise))
    other = somebody(roles.ANALYST, username="lina")
    edit(desk_of(other), change_page(promise), statement_en="Hers.", weight="supporting", why="Read again.")
    refused = save(desk, change_page(promise), opened, statement_en="Mine.")
    assert refused.status_code == 200
    assert "Nothing was saved" in errors(refused)
    assert differences(refused)["Statement in English"] == ("Mine.", "Hers.")
    assert differences(refused)["Weight"][1].startswith("supporting")
    page = refused.content.decode()
    assert FilledForm(page).fields["statement_en"] == "Mine."
    assert "lina" in page
    assert "Read again." in page
    promise.refresh_from_db()
    assert (promise.statement_en, promise.revision) == ("Hers.", 2)


@pytest.mark.django_db
def test_whoever_saves_a_record_that_is_gone_by_now_gets_the_words_back() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    opened = {**form_on(desk, change_page(promise)), "statement_en": "An hour of <b>thought</b>."}
    promise.delete()
    answer = desk.post(change_page(promise), opened, headers={"Origin": "http://testserver"})
    assert answer.status_code == 404
    assert "An hour of &lt;b&gt;thought&lt;/b&gt;." in answer.content.decode()
    assert "thought" not in desk.post(change_page(promise), opened).content.decode()  # not from one of our pages


@pytest.mark.django_db
def test_the_comparison_tells_who_changed_what() -> None:
    promise = make.a_promise(make.a_brand(), statement_en="Old.", weight="central", stakeholders=("customers",))
    desk, opened = signed_in(), form_on(signed_in(), change_page(promise))
    hers = {"statement_en": "Hers.", "weight": "supporting", "stakeholders": ["customers", "partners"]}
    edit(signed_in(), change_page(promise), **hers)
    refused: Any = save(desk, change_page(promise), opened, statement_en="Mine.", since="2019")
    who = {row.label: row.who for row in refused.context["conflict"]["rows"]}
    assert who == {"Statement in English": "both", "Weight": "theirs", "Addressed to": "theirs", "Since": "mine"}


@pytest.mark.django_db
def test_the_comparison_tells_who_changed_a_part() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, depth="0", rationale_en="Old.")
    desk, opened = signed_in(), form_on(signed_in(), change_page(action))
    edit(signed_in(), change_page(action), **{"proofs-0-depth": "2", "proofs-0-rationale_en": "Hers."})
    refused: Any = save(desk, change_page(action), opened, **{"proofs-0-rationale_en": "Mine."})
    who = {row.label.rpartition(": ")[2]: row.who for row in refused.context["conflict"]["rows"]}
    assert who == {"Depth": "theirs", "Reason in English": "both"}


@pytest.mark.django_db
def test_after_the_comparison_the_next_save_goes_through() -> None:
    promise = make.a_promise(make.a_brand(), statement_en="Old.")
    desk, opened = signed_in(), form_on(signed_in(), change_page(promise))
    edit(signed_in(), change_page(promise), statement_en="Hers.")
    refused = save(desk, change_page(promise), opened, statement_en="Mine.")
    again = save(desk, change_page(promise), FilledForm(refused.content.decode()).fields)
    assert again.status_code == 302, errors(again)
    promise.refresh_from_db()
    assert (promise.statement_en, promise.revision) == ("Mine.", 3)
    assert Event.objects.order_by("-id")[0].changes == {"statement_en": ["Hers.", "Mine."]}


@pytest.mark.django_db
def test_a_form_without_its_revision_is_refused_and_with_it_taken() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    opened = form_on(desk, change_page(promise))
    without = {name: value for name, value in opened.items() if name != "revision_seen"}
    assert "Nothing was saved" in errors(save(desk, change_page(promise), without, weight="context"))
    assert save(desk, change_page(promise), opened, weight="context").status_code == 302


@pytest.mark.django_db
def test_a_proof_that_somebody_changed_makes_the_open_action_stale() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, depth="0")
    desk, opened = signed_in(), form_on(signed_in(), change_page(action))
    assert edit(signed_in(), change_page(action), **{"proofs-0-depth": "2"}).status_code == 302
    refused = save(desk, change_page(action), opened, statement_en="Mine.")
    assert "Nothing was saved" in errors(refused)
    label = next(label for label in differences(refused) if label.endswith("Depth"))
    assert [text[0] for text in differences(refused)[label]] == ["0", "2"]


@pytest.mark.django_db
def test_a_proof_that_i_removed_and_somebody_else_kept_is_named() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action)
    desk, opened = signed_in(), form_on(signed_in(), change_page(action))
    edit(signed_in(), change_page(action), statement_en="Hers.")
    refused = save(desk, change_page(action), opened, **{"proofs-0-DELETE": "on"})
    assert ("removed", "on file") in differences(refused).values()
    assert action.proofs.count() == 1


@pytest.mark.django_db
def test_a_proof_that_somebody_took_out_meanwhile_does_not_break_the_page() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action)
    desk, opened = signed_in(), form_on(signed_in(), change_page(action))
    assert edit(signed_in(), change_page(action), **{"proofs-0-DELETE": "on"}).status_code == 302
    refused = save(desk, change_page(action), opened, **{"proofs-0-depth": "2"})
    assert refused.status_code == 200
    assert "Nothing was saved" in errors(refused)


@pytest.mark.django_db
def test_brand_profile_source_judgement_and_crisis_are_guarded_alike() -> None:
    brand, crisis = make.a_brand(), Crisis.objects.get(slug="covid-19")
    cases: list[tuple[Any, dict[str, str]]] = [
        (brand, {"name": "Another name"}),
        (make.a_profile(brand), {"purpose": "1"}),
        (make.a_source(), {"title": "Another title"}),
        (make.a_judgement(brand), {"label": "another label"}),
        (crisis, {"name_en": "Another name"}),
    ]
    desk = signed_in(roles.EDITOR)
    for record, change in cases:
        opened = form_on(desk, change_page(record))
        assert save(desk, change_page(record), opened, **change).status_code == 302, record
        assert "Nothing was saved" in errors(save(desk, change_page(record), opened, **change)), record


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_wins_and_the_other_is_told() -> None:
    promise = make.a_promise(make.a_brand())
    desks = [signed_in(), signed_in()]
    opened = [form_on(desk, change_page(promise)) for desk in desks]
    start, answers = threading.Barrier(2), {}

    def press(number: int) -> None:
        try:
            start.wait()
            answers[number] = save(
                desks[number], change_page(promise), opened[number], statement_en=f"Number {number}."
            ).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 302]
    winner = next(number for number, status in answers.items() if status == 302)
    assert Promise.objects.get().statement_en == f"Number {winner}."
    assert Event.objects.count() == 1
