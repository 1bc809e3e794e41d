"""The analyst sees the verdict move; the editor publishes it and takes it back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from brands.changes import record_change
from brands.models import Brand
from cxalign.accounts import roles
from scoring.models import MAX_ATTEMPTS, Assessment, Publication, ScoringJob, Snapshot
from scoring.rescoring import score_all_due
from scoring.review import declare_tie
from scoring.templatetags.verdict import bars, mark, printed
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, list_page, signed_in, somebody

pytestmark = pytest.mark.django_db


def text_of(desk: Client, record: Any) -> str:
    return desk.get(change_page(record)).content.decode()


def panel_of(desk: Client, record: Any) -> str:
    return text_of(desk, record).partition('class="verdict-panel"')[2].partition("</section>")[0]


def a_judged_brand() -> Brand:
    brand = make.a_kept_promise()
    score_all_due()
    return brand


# --- The panel --------------------------------------------------------------------------------------------------------


def test_the_working_verdict_stands_on_every_screen_about_the_brand() -> None:
    brand, desk = make.a_kept_promise(), signed_in()
    profile = make.a_profile(brand)
    score_all_due()
    records = [brand, brand.promises.get(), brand.actions.get(), profile, Assessment.objects.get()]
    for record in records:
        panel = panel_of(desk, record)
        assert "Aligned" in panel, record
        assert Snapshot.objects.get().get_robustness_display() in panel
        assert "method 1.1" in panel


def test_a_source_belongs_to_no_single_brand_and_shows_no_panel() -> None:
    assert panel_of(signed_in(), make.a_source()) == ""


def test_after_a_save_the_panel_says_that_the_verdict_is_being_recalculated() -> None:
    brand, desk = a_judged_brand(), signed_in()
    assert "Being recalculated" not in panel_of(desk, brand)
    edit(desk, change_page(brand.promises.get()), weight="supporting")
    assert "Being recalculated" in panel_of(desk, brand)
    score_all_due()
    assert "Being recalculated" not in panel_of(desk, brand)


def test_the_panel_tells_what_the_verdict_was_before_which_indices_moved_and_through_what() -> None:
    brand = a_judged_brand()
    action, analyst = brand.actions.get(), somebody(roles.ANALYST, username="ines")
    desk = desk_of(analyst)
    harm = {"proofs-0-direction": "harms", "proofs-0-depth": "2"}
    assert edit(desk, change_page(action), why="The refusal is in the ruling.", **harm).status_code == 302
    score_all_due()
    panel = " ".join(panel_of(desk, action).split())
    now, before = Snapshot.objects.order_by("-sequence")[:2]
    assert "Before the last change:" in panel
    assert "Aligned" in panel
    assert now.outcome != before.outcome
    delivery = [json.loads(snapshot.verdict)["indices"]["delivery"] for snapshot in (before, now)]
    assert f"{printed(delivery[0])} → {printed(delivery[1])}" in panel
    assert "by ines" in panel
    assert "The refusal is in the ruling." in panel
    assert f"act – {action}" in panel
    assert "Rule reached: a breach of a promise" in panel


def test_the_panel_names_no_change_that_counts_in_no_verdict() -> None:
    brand, desk = a_judged_brand(), desk_of(somebody(roles.ANALYST, username="ines"))
    action = brand.actions.get()
    edit(desk, change_page(action), **{"proofs-0-direction": "harms", "proofs-0-depth": "2"})
    opinion = make.a_judgement(brand, label="A columnist")
    record_change("evidence.added", brand=brand, subject=opinion, changes={"label": [None, "A columnist"]})
    edit(desk, change_page(brand.promises.get()), statement_en="We pay.")
    score_all_due()
    panel = " ".join(panel_of(desk, brand).split())
    followed = panel.partition("Follows a change of")[2]
    assert f"act – {action}" in followed
    assert "columnist" not in followed
    assert "We pay." not in followed


def test_a_change_that_moves_no_verdict_says_so() -> None:
    brand, desk = a_judged_brand(), signed_in()
    edit(desk, change_page(brand.actions.get()), statement_en="Paid every claim.")
    score_all_due()
    assert "did not move the verdict" in panel_of(desk, brand)


def test_a_brand_that_could_not_be_judged_says_so_and_leads_to_another_try() -> None:
    brand, desk = a_judged_brand(), signed_in()
    make.touched(brand)
    job = ScoringJob.objects.get()
    ScoringJob.objects.update(
        attempts=MAX_ATTEMPTS, failed_revision=Brand.objects.get().facts_revision, error="ValueError: broken"
    )
    assert "ValueError: broken" in panel_of(desk, brand)
    assert not ScoringJob.objects.due().exists()
    assert desk.get(change_page(job).replace("/change/", "/again/")).status_code == 302
    assert not ScoringJob.objects.due().exists()
    assert desk.post(change_page(job).replace("/change/", "/again/")).status_code == 302
    assert ScoringJob.objects.due().get() == job


def test_nothing_judged_yet_says_what_to_record() -> None:
    assert "Nothing has been judged yet" in panel_of(signed_in(), make.a_brand())


@pytest.mark.parametrize(
    ("outcome", "shape"),
    [("broken_promise", "broken"), ("dna_proactive", "dna"), ("no_promise", "none"), ("insufficient_evidence", "none")],
)
def test_an_outcome_has_its_mark_and_no_verdict_has_one_of_its_own(outcome: str, shape: str) -> None:
    assert mark(outcome) == shape


@pytest.mark.parametrize(
    ("robustness", "filled"), [("robust", 4), ("probable", 3), ("fragile", 2), ("contested", 1), ("", 0)]
)
def test_the_meter_fills_as_far_as_the_word_says(robustness: str, filled: int) -> None:
    assert bars(robustness) == [True] * filled + [False] * (4 - filled)


@pytest.mark.parametrize(("index", "text"), [(None, "–"), (0, "0"), (-67, "−67"), (33, "33")])
def test_an_index_that_is_not_defined_never_looks_like_zero(index: int | None, text: str) -> None:
    assert printed(index) == text


# --- Publishing -------------------------------------------------------------------------------------------------------


def step(record: Any, name: str) -> str:
    return change_page(record).replace("/change/", f"/{name}/")


def test_cases_and_versions_lead_to_the_desk_where_they_are_published_and_withdrawn() -> None:
    publication, desk = make.published(make.a_kept_promise("Fictia")), signed_in(roles.EDITOR)
    case = "/en/desk/cases/fictia/covid-19/"
    assert f'href="{case}"' in text_of(desk, publication.assessment)
    assert f'href="{case}withdraw/1/"' in text_of(desk, publication)
    assert "Withdraw…" not in text_of(signed_in(), publication)
    for record, name, target in (
        (publication.assessment, "publish", f"{case}publish/"),
        (publication, "withdraw", f"{case}withdraw/1/"),
    ):
        answer = desk.get(step(record, name))
        assert (answer.status_code, answer["Location"]) == (302, target)


def test_a_version_tells_what_the_policy_warned_about_and_which_ties_stood() -> None:
    brand, editor = make.a_kept_promise(), make.an_editor()
    declare_tie(editor, brand, kind="client", text_en="Advised the brand.")
    publication = make.published(brand, editor)
    Publication.objects.filter(pk=publication.pk).update(warnings=[*publication.warnings, "not_double_coded"])
    text = text_of(signed_in(roles.EDITOR), publication)
    assert "fewer than two independent sources" in text
    assert "The codes are those of one person." in text
    assert "the brand is a client – Advised the brand." in text


def test_lists_tell_which_verdicts_differ_from_what_is_public() -> None:
    make.published(make.a_kept_promise("Public"))
    moved = make.a_kept_promise("Moved")
    make.published(moved)
    moved.actions.update(substance="0")
    make.judged(moved)
    make.judged(make.a_kept_promise("Draft"))
    desk = signed_in()

    def listed(state: str) -> set[str]:
        found = desk.get(f"{list_page(Assessment)}?state={state}").context["cl"].result_list
        return {case.brand.name for case in found}

    assert listed("waiting") == {"Moved", "Draft"}
    assert listed("public") == {"Public"}
    assert listed("nothing") == {"Draft"}
    assert "v1, older" in desk.get(list_page(Assessment)).content.decode()


def test_a_list_of_cases_filters_by_its_working_verdict() -> None:
    make.judged(make.a_kept_promise("Kept"))
    make.judged(make.a_breach("Broke"))
    found = signed_in().get(f"{list_page(Assessment)}?outcome=broken_promise").context["cl"].result_list
    assert [case.brand.name for case in found] == ["Broke"]


def test_a_snapshot_is_shown_with_its_indices_and_an_unknown_one_is_not_found() -> None:
    snapshot, desk = make.judged(make.a_kept_promise()), signed_in(roles.EDITOR)
    assert "delivery" in text_of(desk, snapshot)
    case = snapshot.assessment
    unknown = step(case, "publish").replace(f"/{case.pk}/", "/987654/")
    assert (desk.get(unknown).status_code, desk.get(step(case, "publish")).status_code) == (404, 302)


def test_jobs_are_filtered_by_what_became_of_them() -> None:
    a_judged_brand()
    due, failed = make.a_kept_promise("Due"), make.a_kept_promise("Failed")
    ScoringJob.objects.create(brand=due)
    ScoringJob.objects.create(brand=failed, error="ValueError", attempts=MAX_ATTEMPTS, failed_revision=1)
    desk = signed_in()
    for state, names in (("due", {"Due"}), ("failed", {"Failed"})):
        found = desk.get(f"{list_page(ScoringJob)}?state={state}").context["cl"].result_list
        assert {job.brand.name for job in found} == names


def test_a_form_on_a_read_only_screen_has_nothing_to_send() -> None:
    assert "outcome" not in form_on(signed_in(roles.EDITOR), change_page(make.judged(make.a_kept_promise())))


def test_the_history_of_a_case_is_that_of_its_brand() -> None:
    publication, desk = make.published(make.a_kept_promise()), signed_in()
    make.a_kept_promise()
    brand = publication.assessment.brand
    for record in (publication, publication.assessment, publication.snapshot):
        lines = desk.get(step(record, "history"), follow=True).context["lines"]
        assert {line.event.brand for line in lines} == {brand}
