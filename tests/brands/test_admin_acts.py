"""What is done with many records at once: the page names the count, asks a reason, and all goes through the log."""

from __future__ import annotations

from typing import Any

import pytest

from brands.models import Action, ArchiveJob, ArchiveOrder, Event, Pseudonym, Source, Tag
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.assigning import AssigningRefused, assign
from scoring.models import Assessment
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, list_page, save, signed_in, somebody
from tests.brands.asking import answer, ask_many, do_many, do_one

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- Tagging ----------------------------------------------------------------------------------------------------------


def test_many_are_tagged_with_a_new_and_an_old_tag_and_each_has_its_line() -> None:
    brand, analyst, old = make.a_brand(), somebody(roles.ANALYST), Tag.objects.create(name="Strike")
    actions = [make.an_action(brand) for _ in range(3)]
    asked = ask_many(desk_of(analyst), "tag", actions)
    assert "Tag 3 acts?" in text_of(asked)
    done = answer(desk_of(analyst), list_page(Action), asked, add=[old.pk], new="Grève", reason="For the review.")
    assert done.status_code == 302
    assert {tuple(sorted(tag.name for tag in action.tags.all())) for action in actions} == {("Grève", "Strike")}
    lines = list(Event.objects.filter(kind="evidence.tagged"))
    assert len(lines) == 3
    assert {(line.actor, line.reason, line.brand) for line in lines} == {(analyst, "For the review.", brand)}
    assert lines[0].changes == {"tags": [[], ["Grève", "Strike"]]}


def test_a_tag_is_taken_off_and_what_did_not_have_it_has_no_line() -> None:
    brand, desk, tag = make.a_brand(), signed_in(), Tag.objects.create(name="Strike")
    tagged, plain = make.an_action(brand), make.an_action(brand)
    tagged.tags.add(tag)
    done = do_many(desk, "tag", [tagged, plain], remove=[tag.pk], reason="Over.")
    assert done.status_code == 302
    assert tagged.tags.count() == 0
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"reason": "Why not."}, "Choose a tag"),
        ({"new": "New", "reason": ""}, "This field is required"),
        ({"both": True, "reason": "Why not."}, "cannot be put on and taken off"),
    ],
)
def test_without_a_tag_or_a_reason_nothing_is_tagged(fields: dict[str, Any], complaint: str) -> None:
    desk, tag, action = signed_in(), Tag.objects.create(name="Strike"), make.an_action(make.a_brand())
    if fields.pop("both", False):
        fields |= {"add": [tag.pk], "remove": [tag.pk]}
    refused = do_many(desk, "tag", [action], **fields)
    assert complaint in text_of(refused)
    assert not Event.objects.exists()
    assert Tag.objects.count() == 1


def test_one_that_differs_only_in_accents_or_case_is_the_same_tag() -> None:
    desk, action = signed_in(), make.an_action(make.a_brand())
    old = Tag.objects.create(name="Grève")
    do_many(desk, "tag", [action], new="GREVE", reason="Same.")
    assert list(action.tags.all()) == [old]


def test_tags_make_an_open_form_stale_and_can_be_filtered_by() -> None:
    brand, desk, tag = make.a_brand(), signed_in(), Tag.objects.create(name="Strike")
    action, _other = make.an_action(brand, statement_en="Tagged."), make.an_action(brand, statement_en="Plain.")
    opened = form_on(desk, change_page(action))
    do_many(signed_in(), "tag", [action], add=[tag.pk], reason="For the review.")
    assert "Nothing was saved" in text_of(save(desk, change_page(action), opened, country="FR"))
    found = desk.get(f"{list_page(Action)}?tag={tag.pk}").context["cl"].result_list
    assert [str(row) for row in found] == ["Tagged."]


@pytest.mark.parametrize("kind", ["brand", "source", "promise", "action"])
def test_brand_source_promise_and_act_are_tagged_alike(kind: str) -> None:
    brand = make.a_brand()
    makers: dict[str, Any] = {
        "brand": lambda: brand,
        "source": make.a_source,
        "promise": lambda: make.a_promise(brand, sourced=False),
        "action": lambda: make.an_action(brand, sources=0),
    }
    record = makers[kind]()
    assert do_many(signed_in(), "tag", [record], new="Strike", reason="For the review.").status_code == 302
    assert [tag.name for tag in record.tags.all()] == ["Strike"]


def test_a_tag_that_records_carry_is_not_deleted_and_an_unused_one_is_with_its_line() -> None:
    used, unused = Tag.objects.create(name="Used"), Tag.objects.create(name="Unused")
    make.an_action(make.a_brand()).tags.add(used)
    desk = signed_in()
    pages = [change_page(tag).replace("change", "delete") for tag in (used, unused)]
    assert [desk.post(page, {"post": "yes"}).status_code for page in pages] == [403, 302]
    assert [tag.name for tag in Tag.objects.all()] == ["Used"]
    assert Event.objects.get().kind == "reference.removed"


# --- Archiving --------------------------------------------------------------------------------------------------------


def test_copies_of_many_are_ordered_and_the_order_shows_how_far_it_is() -> None:
    desk, sources = signed_in(), [make.a_source() for _ in range(3)]
    assert "Archive copies of 3 sources now?" in text_of(ask_many(desk, "archive", sources))
    assert not ArchiveJob.objects.exists()
    done = do_many(desk, "archive", sources, reason="Before they change.")
    assert done.status_code == 302
    order = ArchiveOrder.objects.get()
    assert (order.jobs.count(), order.reason) == (3, "Before they change.")
    jobs = list(order.jobs.all())
    ArchiveJob.objects.filter(pk=jobs[0].pk).update(state="done")
    ArchiveJob.objects.filter(pk=jobs[1].pk).update(state="failed", reason="unreachable")
    page = text_of(desk.get(change_page(order)))
    assert "1 of 3 done, 1 failed, 1 waiting." in page
    assert "could not be reached, or holds nothing" in page
    row = desk.get(list_page(ArchiveOrder)).context["cl"].result_list[0]
    assert (row.jobs_done, row.jobs_failed, row.jobs_waiting) == (1, 1, 1)


def test_a_copy_of_one_is_ordered_from_its_screen() -> None:
    desk, source = signed_in(), make.a_source()
    assert change_page(source).replace("change", "copy/new") in text_of(desk.get(change_page(source)))
    assert do_one(desk, source, "copy/new", reason="Now.").status_code == 302
    assert ArchiveJob.objects.get().source == source


def test_an_order_is_read_and_never_edited() -> None:
    desk, source = signed_in(roles.EDITOR), make.a_source()
    do_one(desk, source, "copy/new", reason="Now.")
    order = ArchiveOrder.objects.get()
    assert desk.post(change_page(order), {"reason": "Other."}).status_code == 403
    assert desk.get(f"{list_page(ArchiveOrder)}add/").status_code == 403


# --- Assigning --------------------------------------------------------------------------------------------------------


def cases(count: int) -> list[Assessment]:
    return [make.judged(make.a_kept_promise()).assessment for _ in range(count)]


def test_an_editor_gives_cases_to_somebody_and_each_has_its_line() -> None:
    editor, ines, found = somebody(roles.EDITOR), somebody(roles.ANALYST), cases(2)
    before = Event.objects.count()
    asked = ask_many(desk_of(editor), "assign", found)
    assert "Assign 2 assessments?" in text_of(asked)
    done = answer(desk_of(editor), list_page(Assessment), asked, owner=ines.pk, reason="Knows the sector.")
    assert done.status_code == 302
    assert set(Assessment.objects.values_list("owner", flat=True)) == {ines.pk}
    lines = Event.objects.order_by("-id")[: Event.objects.count() - before]
    assert {(line.kind, line.actor, line.reason) for line in lines} == {
        ("case.assigned", editor, "Knows the sector.")
    }
    assert lines[0].changes == {"owner": [None, f"person:{Pseudonym.objects.get(user=ines).code}"]}
    assert do_many(desk_of(editor), "assign", found, owner=ines.pk, reason="Again.").status_code == 302
    assert Event.objects.count() == before + 2  # nobody changed hands


def test_a_case_is_given_back_to_nobody() -> None:
    desk, found = signed_in(roles.EDITOR), cases(1)
    ines = somebody(roles.ANALYST)
    do_many(desk, "assign", found, owner=ines.pk, reason="Hers.")
    assert do_many(desk, "assign", found, owner="", reason="She left.").status_code == 302
    assert Assessment.objects.get().owner is None


@pytest.mark.parametrize(("role", "may"), [(roles.EDITOR, True), (roles.ANALYST, False), (roles.ADMINISTRATOR, False)])
def test_only_an_organiser_is_offered_to_assign(role: str, may: bool) -> None:
    cases(1)
    page = text_of(signed_in(role).get(list_page(Assessment)))
    assert ("assign_selected" in page) is may


def test_who_may_not_organise_or_may_not_read_drafts_is_refused() -> None:
    editor, analyst, consultant = (somebody(role) for role in (roles.EDITOR, roles.ANALYST, roles.CONSULTANT))
    found = cases(1)
    tried: list[tuple[User, User]] = [(analyst, analyst), (editor, consultant)]
    for by, owner in tried:
        with pytest.raises(AssigningRefused):
            assign(found, owner=owner, by=by, reason="Why.")
    assert assign(found, owner=analyst, by=editor, reason="Why.") == 1


def test_people_who_may_not_read_drafts_are_not_offered() -> None:
    consultant, analyst = somebody(roles.CONSULTANT), somebody(roles.ANALYST)
    asked = ask_many(signed_in(roles.EDITOR), "assign", cases(1))
    offered = set(asked.context["form"].fields["owner"].queryset)
    assert (analyst in offered, consultant in offered) == (True, False)


# --- Copies -----------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def upload(source: Source, name: str, body: bytes, **fields: Any) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    address = change_page(source).replace("change", "copy/upload")
    return signed_in().post(address, {"file": SimpleUploadedFile(name, body), "reason": "Subscription.", **fields})


PDF = b"%PDF-1.7 paper"


def copy_of(source: Source, desk: Any) -> Any:
    return desk.get(change_page(source).replace("change", "copy"))


def test_a_copy_that_is_brought_by_hand_is_kept_and_given_out_to_be_saved_only() -> None:
    source = make.a_source()
    assert upload(source, "page.pdf", PDF).status_code == 302
    source.refresh_from_db()
    assert (source.archive_type, source.archive_size) == ("application/pdf", len(PDF))
    assert Event.objects.get().reason == "Subscription."
    sent = copy_of(source, signed_in())
    assert sent.content == PDF
    assert sent["Content-Type"] == "application/pdf"
    assert sent["Content-Disposition"] == f'attachment; filename="{source.key}.pdf"'
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in sent["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("page.pdf", b"<html>"),
        ("page.png", PDF),
        ("page.exe", b"MZ"),
        ("page", PDF),
        ("page.html", b"a\0b"),
        ("page.svg", b"<svg onload=alert(1)>"),
        ("page.pdf", PDF + b" " * 10 * 1024 * 1024),
    ],
)
def test_a_file_that_is_not_what_it_says_or_too_large_is_not_kept(name: str, body: bytes) -> None:
    source = make.a_source()
    assert upload(source, name, body).status_code == 200
    source.refresh_from_db()
    assert source.archive_sha256 == ""
    assert upload(source, "page.pdf", PDF).status_code == 302


def test_a_copy_is_for_signed_in_staff_only() -> None:
    from django.test import Client

    source = make.a_source()
    upload(source, "page.pdf", PDF)
    assert copy_of(source, Client()).status_code == 302  # to the sign-in page
    assert copy_of(source, signed_in(roles.CONSULTANT)).status_code == 302
    assert copy_of(source, signed_in(roles.ANALYST)).status_code == 200


def test_a_damaged_copy_is_told_and_not_sent(tmp_path: Any) -> None:
    source, desk = make.a_source(), signed_in()
    upload(source, "page.pdf", PDF)
    source.refresh_from_db()
    (tmp_path / "archive" / source.archive_sha256).write_bytes(b"altered")
    answered = copy_of(source, desk)
    assert answered.status_code == 302
    assert "damaged or gone" in text_of(desk.get(answered["Location"]))


def test_a_source_without_a_copy_has_none_to_give() -> None:
    assert copy_of(make.a_source(), signed_in()).status_code == 404


def test_another_address_forgets_what_is_known_about_the_old_link() -> None:
    source = make.a_source(link_status="dead", link_checked_at="2026-01-01T00:00:00Z")
    edit(signed_in(), change_page(source), title="Other title")
    source.refresh_from_db()
    assert source.link_status == "dead"
    edit(signed_in(), change_page(source), url="https://example.org/new")
    source.refresh_from_db()
    assert (source.link_status, source.link_checked_at) == ("", None)
