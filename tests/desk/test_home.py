"""The first page of the desk: what waits, what is mine, what I saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brands.changes import record_change
from cxalign.accounts import roles
from scoring.models import Assessment, QualityCount
from scoring.quality import count_today
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, signed_in, somebody

pytestmark = pytest.mark.django_db

HOME = "/en/desk/"


def a_moved_case(name: str) -> Assessment:
    brand = make.a_kept_promise(name)
    case = make.published(brand).assessment
    make.a_proof(make.an_action(brand, statement_en="More."), brand.promises.get())
    make.judged(make.touched(brand))
    return case


def test_an_editor_sees_what_waits_for_editors_and_an_analyst_does_not() -> None:
    a_moved_case("Fictia")
    text = signed_in(roles.EDITOR).get(HOME).content.decode()
    assert "working verdict differs from what is public" in text
    assert "Fictia" in text
    page = signed_in(roles.ANALYST).get(HOME)
    assert page.context["work_total"] == 0
    assert "Nothing. Capture a source" in page.content.decode()


def test_my_cases_come_with_their_dates_the_overdue_first() -> None:
    ines, today = somebody(roles.ANALYST), timezone.localdate()
    for name, due in (("Later", today + timedelta(days=3)), ("Late", today - timedelta(days=1)), ("Open", None)):
        case = make.judged(make.a_kept_promise(name)).assessment
        Assessment.objects.filter(pk=case.pk).update(owner=ines, due_on=due)
    make.judged(make.a_kept_promise("Somebody else’s"))
    page = desk_of(ines).get(HOME)
    assert [own.case.brand.name for own in page.context["cases"]] == ["Late", "Later", "Open"]
    assert page.context["overdue"] == 1
    assert "1 of your cases is overdue." in page.content.decode()


def test_what_i_saved_last_leads_back_to_it() -> None:
    ines, brand = somebody(roles.ANALYST), make.a_brand("Fictia")
    action, proof_action = make.an_action(brand, statement_en="Paid."), make.an_action(brand, statement_en="Gave.")
    proof = make.a_proof(proof_action)
    record_change("evidence.added", brand=brand, subject=action, actor=ines)
    record_change("evidence.corrected", brand=brand, subject=proof, actor=ines)
    record_change("evidence.added", brand=brand, subject=make.a_source(), actor=somebody(roles.ANALYST))
    page = desk_of(ines).get(HOME)
    saved = [(one.subject.text, one.subject.address, str(one.words)) for one in page.context["saved"]]
    assert saved == [
        ("Gave.", change_page(proof_action), "Proof, corrected"),
        ("Paid.", change_page(action), "Act, added"),
    ]


def test_a_record_that_is_gone_is_named_without_a_link() -> None:
    ines, brand = somebody(roles.ANALYST), make.a_brand()
    source = make.a_source(key="a-source")
    record_change("evidence.withdrawn", brand=brand, subject=source, actor=ines)
    source.delete()
    saved = desk_of(ines).get(HOME).context["saved"]
    assert (saved[0].subject.text, saved[0].subject.address) == ("a-source", "")


def test_the_largest_heaps_of_the_quality_checks_are_shown() -> None:
    for code, count in (("act_without_group", 3), ("promise_undated", 9), ("verdict_old", 0), ("gone_check", 5)):
        QualityCount.objects.create(check_code=code, day=timezone.localdate(), count=count)
    findings = signed_in().get(HOME).context["findings"]
    assert [(finding.count, finding.address) for finding in findings] == [
        (9, "/en/desk/quality/promise_undated/"),
        (3, "/en/desk/quality/act_without_group/"),
    ]


def test_before_the_first_count_the_checks_are_asked_at_once() -> None:
    make.an_action(make.a_brand())
    findings = signed_in().get(HOME).context["findings"]
    assert [finding.count for finding in findings] == [1]
    assert not QualityCount.objects.exists()


def test_the_tasks_are_those_that_this_person_may_do() -> None:
    verbs = {str(task.verb) for task in signed_in(roles.ANALYST).get(HOME).context["tasks"]}
    assert {"Capture a source", "Work the queue", "Put the files in order"} <= verbs
    assert "Settle disagreements" not in verbs


@pytest.mark.parametrize("policy", ["solo", "four_eyes", "strict"])
def test_it_costs_as_many_queries_with_fifty_cases_as_with_two(policy: str, settings: Any) -> None:
    marc, counts = somebody(roles.EDITOR), []
    count_today()
    desk = desk_of(marc)
    for number in (2, 48):
        for one in range(number):
            case = a_moved_case(f"Brand {number} {one}")
            Assessment.objects.filter(pk=case.pk).update(owner=marc)
            for record in (case.brand, case.brand.actions.first(), case.brand.promises.get(), make.a_source()):
                record_change("evidence.corrected", brand=case.brand, subject=record, actor=marc)
        settings.PUBLICATION_POLICY = policy
        desk.get(HOME)  # which may renew the session
        with CaptureQueriesContext(connection) as queries:
            desk.get(HOME)
        settings.PUBLICATION_POLICY = "solo"  # under which the next ones are published
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
