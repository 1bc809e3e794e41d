"""Database → dossier: every code arrives, nothing withdrawn does, and the number of queries stays the same."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from brands.models import Brand
from scoring.engine.dossier import DUTY, Direction, Dossier, Group, PartialDate, SourceKind
from scoring.gather import gather
from scoring.models import Assessment
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2021, 1, 1)


def dossier_of(brand: Brand) -> Dossier:
    case = Assessment.objects.get_or_create(brand=brand, crisis=make.a_crisis())[0]
    return gather(case, as_of=AS_OF)


def test_every_scoring_code_of_an_action_arrives() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand, statement_level="3", weight="supporting")
    action = make.an_action(
        brand, sources=0, substance="3", reach="u", initiative="", generosity="0", appraisal=True, disputed=True,
        coding="agreed", started="2020-04",
    )  # fmt: skip
    make.a_link(action, "interested", make.a_source(key="s1", published_on="2020"), independence_group="the-brand")
    make.a_proof(action, promise, direction="harms", depth="2", remedy="1")

    (read,) = dossier_of(brand).actions

    assert (read.su, read.re, read.in_, read.ge) == (3, None, None, 0)
    assert (read.appraisal, read.disputed, read.double_coded) == (True, True, True)
    assert read.started == PartialDate(2020, 4)
    assert [(link.id, link.kind, link.group, link.date) for link in read.sources] == [
        ("s1", SourceKind.INTERESTED, "the-brand", PartialDate(2020))
    ]
    (proof,) = read.proofs
    assert (proof.group, proof.yardstick, proof.direction) == (Group.CUSTOMERS, promise.key, Direction.HARMS)
    assert (proof.depth, proof.remedy) == (2, 1)


def test_a_promise_and_the_profile_arrive() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand, stakeholders=("customers", "community"), since="")
    make.a_profile(
        brand, purpose="3", values_heritage="u", customer_record="", labels="B Corp\nmutual",
        not_applicable=("partners",), not_applicable_reason="It has none.",
    )  # fmt: skip

    dossier = dossier_of(brand)

    assert [(read.id, read.st, read.groups, read.since) for read in dossier.promises] == [
        (promise.key, 2, {Group.CUSTOMERS, Group.COMMUNITY}, None)
    ]
    assert (dossier.profile.pu, dossier.profile.vh, dossier.profile.cc) == (3, None, None)
    assert dossier.profile.labels == ("B Corp", "mutual")
    assert dossier.profile.not_applicable == {Group.PARTNERS}


def test_what_was_withdrawn_stays_out_and_what_stands_on_it_falls_back() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand)
    make.an_action(brand, withdrawn_at=timezone.now())
    kept = make.an_action(brand, sources=1)
    make.a_link(kept, source=make.a_source(withdrawn_at=timezone.now()))
    make.a_proof(kept, promise)
    assert dossier_of(brand).actions[0].proofs[0].yardstick == promise.key

    promise.withdrawn_at = timezone.now()
    promise.save()
    dossier = dossier_of(brand)

    assert dossier.promises == ()
    assert [action.id for action in dossier.actions] == [kept.key]
    assert len(dossier.actions[0].sources) == 1
    assert dossier.actions[0].proofs[0].yardstick == DUTY


def test_facts_of_another_crisis_or_brand_stay_out() -> None:
    brand = make.a_brand()
    mine = make.an_action(brand)
    make.an_action(brand, make.a_crisis("heatwave", starts_on=date(2022, 6, 1)))
    make.an_action(make.a_brand())
    assert [action.id for action in dossier_of(brand).actions] == [mine.key]


@pytest.mark.parametrize("rows", [2, 20])
def test_a_dossier_costs_the_same_queries_whatever_its_size(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand)
    make.a_profile(brand)
    for _ in range(rows):
        make.a_promise(brand)
        make.a_proof(make.an_action(brand, sources=2), promise)
        make.a_judgement(brand)
    case = Assessment.objects.select_related("brand", "crisis").get_or_create(brand=brand, crisis=make.a_crisis())[0]
    with django_assert_num_queries(9):
        gather(case, as_of=AS_OF)
