"""Taking back: with a reason, on a page that names how many; evidence in use never vanishes."""

from __future__ import annotations

from typing import Any

import pytest

from brands.models import Action, Brand, Event, Promise, Source
from tests import factories as make
from tests.accounts.desk import change_page, edit, list_page, signed_in
from tests.brands.asking import answer, ask_many, do_many, do_one, step_page

pytestmark = pytest.mark.django_db


def test_one_fact_is_withdrawn_with_a_reason_and_restored_with_another() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    done = do_one(desk, promise, "withdraw", reason="It was another brand’s.")
    assert done.status_code == 302
    promise.refresh_from_db()
    assert (promise.is_withdrawn, promise.withdrawn_reason, promise.revision) == (True, "It was another brand’s.", 2)
    assert do_one(desk, promise, "restore", reason="It was not.").status_code == 302
    promise.refresh_from_db()
    assert (promise.is_withdrawn, promise.withdrawn_reason, promise.revision) == (False, "", 3)
    taken, back = Event.objects.order_by("sequence")
    assert (taken.kind, taken.reason) == ("evidence.withdrawn", "It was another brand’s.")
    assert (back.kind, back.reason) == ("evidence.corrected", "It was not.")
    assert taken.changes["withdrawn_reason"] == ["", "It was another brand’s."]
    assert [pair[::-1] for pair in taken.changes.values()] == list(back.changes.values())


def test_without_a_reason_nothing_is_withdrawn() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    answer = do_one(desk, promise, "withdraw", reason="  ")
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    promise.refresh_from_db()
    assert not promise.is_withdrawn


def test_opening_the_page_withdraws_nothing() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    assert "Withdraw 1 promise?" in desk.get(step_page(promise, "withdraw")).content.decode()
    promise.refresh_from_db()
    assert not promise.is_withdrawn


def test_many_facts_are_withdrawn_after_a_page_that_names_how_many() -> None:
    brand, desk = make.a_brand(), signed_in()
    actions = [make.an_action(brand) for _ in range(3)]
    asked = ask_many(desk, "withdraw", actions)
    assert "Withdraw 3" in asked.content.decode()
    assert not Action.objects.filter(withdrawn_at__isnull=False).exists()
    done = do_many(desk, "withdraw", actions, reason="Another brand of that name.")
    assert done.status_code == 302
    assert Action.objects.filter(withdrawn_reason="Another brand of that name.").count() == 3
    assert Event.objects.filter(kind="evidence.withdrawn").count() == 3
    brand.refresh_from_db()
    assert brand.facts_revision > 0


def test_more_than_a_page_can_name_are_not_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brands.admin.acts.AT_ONCE", 2)
    brand, desk = make.a_brand(), signed_in()
    actions = [make.an_action(brand) for _ in range(3)]
    refused = ask_many(desk, "withdraw", actions)
    assert "at most 2 can be taken at once" in desk.get(refused["Location"]).content.decode()
    assert Action.objects.in_use().count() == 3
    do_many(desk, "withdraw", actions[:2], reason="All of them.")
    assert Action.objects.in_use().count() == 1


def test_what_is_withdrawn_already_is_not_withdrawn_again() -> None:
    brand, desk = make.a_brand(), signed_in()
    first, second = make.an_action(brand), make.an_action(brand)
    do_one(desk, first, "withdraw", reason="Once.")
    do_many(desk, "withdraw", [first, second], reason="Twice.")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.withdrawn_reason, second.withdrawn_reason) == ("Once.", "Twice.")


def test_a_source_is_not_restored_beside_another_one_at_its_address() -> None:
    desk, old = signed_in(), make.a_source(url="https://example.org/same")
    do_one(desk, old, "withdraw", reason="Broken.")
    twin = make.a_source(url="https://example.org/same")
    assert do_one(desk, old, "restore", reason="Works.").status_code == 200
    assert Source.objects.in_use().get() == twin
    do_one(desk, twin, "withdraw", reason="Twice.")
    assert do_one(desk, old, "restore", reason="Works.").status_code == 302
    assert Source.objects.in_use().get() == old


def test_withdrawn_rows_are_struck_through_and_can_be_filtered() -> None:
    brand, desk = make.a_brand(), signed_in()
    gone = make.a_promise(brand, quote="Gone promise.")
    make.a_promise(brand, quote="Standing promise.")
    do_one(desk, gone, "withdraw", reason="Wrong.")
    everything = desk.get(list_page(Promise)).content.decode()
    assert "<s>Gone promise.</s>" in everything
    assert "<s>Standing promise.</s>" not in everything
    in_use = desk.get(f"{list_page(Promise)}?use=current").content.decode()
    assert ("Gone promise." in in_use, "Standing promise." in in_use) == (False, True)


def test_what_somebody_changed_since_it_was_chosen_is_marked_and_nothing_is_done() -> None:
    brand, desk = make.a_brand(), signed_in()
    promises = [make.a_promise(brand, quote=f"Promise {number}.") for number in range(2)]
    asked = ask_many(desk, "withdraw", promises)
    edit(signed_in(), change_page(promises[1]), quote="Another text.")
    refused = answer(desk, list_page(Promise), asked, reason="Wrong.")
    page = refused.content.decode()
    assert "somebody else has changed 1 of these records" in page
    assert page.count("changed since you chose it") == 1
    assert Promise.objects.in_use().count() == 2
    assert answer(desk, list_page(Promise), refused, reason="Wrong.").status_code == 302
    assert Promise.objects.in_use().count() == 0


# --- Deleting ---------------------------------------------------------------------------------------------------------


def delete(record: Any) -> int:
    page = change_page(record).replace("/change/", "/delete/")
    return int(signed_in().post(page, {"post": "yes"}).status_code)


def test_a_draft_that_was_never_used_may_be_deleted_and_leaves_its_trace() -> None:
    promise = make.a_promise(make.a_brand(), quote="Typed by mistake.")
    assert delete(promise) == 302
    assert not Promise.objects.exists()
    event = Event.objects.get()
    assert event.kind == "evidence.withdrawn"
    assert event.changes["quote"] == ["Typed by mistake.", None]


def test_a_promise_that_a_proof_rests_on_is_not_deleted() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand)
    make.a_proof(make.an_action(brand), promise)
    assert delete(promise) == 403


def test_a_source_is_deleted_only_while_nothing_rests_on_it() -> None:
    used, unused = make.a_source(), make.a_source()
    make.a_link(make.an_action(make.a_brand(), sources=0), source=used)
    assert (delete(used), delete(unused)) == (403, 302)


def test_what_was_changed_since_it_was_made_is_not_deleted() -> None:
    changed, fresh = make.a_source(), make.a_source()
    edit(signed_in(), change_page(changed), title="Second title")
    edit(signed_in(), change_page(changed), title="Third title")
    assert (delete(changed), delete(fresh)) == (403, 302)


def test_nothing_of_a_public_brand_is_deleted() -> None:
    public, private = make.a_kept_promise(), make.a_kept_promise()
    make.published(public)
    drafts = [make.a_promise(brand) for brand in (public, private)]
    assert [delete(draft) for draft in drafts] == [403, 302]


def test_a_brand_is_never_deleted() -> None:
    brand = make.a_brand()
    assert delete(brand) == 403
    assert Brand.objects.filter(pk=brand.pk).exists()


def test_no_list_offers_to_delete_many() -> None:
    make.a_promise(make.a_brand())
    page = signed_in().get(list_page(Promise)).content.decode()
    assert "delete_selected" not in page
    assert "withdraw_selected" in page
