"""The public log of corrections."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from scoring.models import Correction, Publication
from scoring.voices import reports
from tests import factories as make
from tests.pages.reading import html_of
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db

ADDRESS = "/en/corrections/"


def logged(publication: Publication | None, **fields: Any) -> Correction:
    texts = {"wrong_en": "The date was wrong.", "wrong_fr": "La date était fausse.", **making.REASONS}
    return reports.accept(
        making.a_report(publication), **{"by": making.an_answering_editor(), "since": publication, **texts, **fields}
    )


def test_the_log_says_what_was_wrong_since_when_and_what_it_changed() -> None:
    publication = make.published(make.a_breach("Specimen"))
    correction = logged(publication)
    page = html_of(Client().get(ADDRESS))
    assert "The date was wrong." in page
    assert "version 1," in page
    assert "correction is under way" in page
    brand = publication.assessment.brand
    brand.actions.all()[0].proofs.update(direction="helps", depth="0")
    second = make.published(brand, cause="error_of_ours")
    assert second.snapshot.outcome != "broken_promise"
    reports.complete(
        correction,
        by=making.an_answering_editor(),
        corrected_in=second,
        changed_en="The verdict moved.",
        changed_fr="Le verdict a changé.",
    )
    page = html_of(Client().get(ADDRESS))
    assert "The verdict moved." in page
    assert "version 2," in page
    assert "Broken promise" in page
    assert "Le verdict a changé." in html_of(Client().get("/fr/corrections/"))


def test_who_reported_it_is_never_told() -> None:
    logged(make.published(make.a_breach("Specimen")))
    assert "reader@" not in Client().get(ADDRESS).content.decode()


def test_an_empty_log_says_what_would_be_here() -> None:
    assert "tell us what you see" in Client().get(ADDRESS).content.decode()


def test_the_log_of_one_brand() -> None:
    logged(make.published(make.a_breach("Specimen")))
    logged(make.published(make.a_breach("Other")), wrong_en="Something else.")
    page = html_of(Client().get(f"{ADDRESS}?brand=other"))
    assert "Something else." in page
    assert "The date was wrong." not in page


def test_hostile_text_stays_text() -> None:
    logged(None, wrong_en="<script>alert(1)</script>{{ 7|add:7 }}")
    page = Client().get(ADDRESS).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in page


def test_the_log_costs_the_same_with_many(django_assert_max_num_queries: Any) -> None:
    publication = make.published(make.a_breach("Specimen"))
    logged(publication)
    with django_assert_max_num_queries(10) as few:
        Client().get(ADDRESS)
    for _ in range(6):
        logged(publication)
    with django_assert_max_num_queries(len(few)):
        Client().get(ADDRESS)
