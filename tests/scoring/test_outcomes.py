"""Outcome figures: who may publish them, what the public sees, and what is compared with what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from brands import editing
from brands.models import Event, OutcomeFigure
from brands.trail import KINDS
from cxalign.accounts import roles
from scoring.models import Publication, PublishedFigure
from scoring.outcomes import (
    CannotPublishFigure,
    can_publish_figure,
    changes_of,
    check_can_publish_figure,
    comparisons,
    publish_figure,
    published_figures,
)
from tests import factories
from tests.accounts.desk import desk_of, somebody
from tests.desk.publishing.pages import signed_in_long_ago, with_password
from tests.scoring.figures import a_change, a_figure, a_measured_brand, an_ended_crisis

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def crisis() -> Any:
    return an_ended_crisis()


def withdraw(publication: Publication) -> None:
    Publication.objects.filter(pk=publication.pk).update(
        is_current=False, withdrawn_at=publication.published_at, withdrawn_reason_en="An error of ours."
    )


# --- Publishing -------------------------------------------------------------------------------------------------------


def test_an_editor_publishes_a_figure_of_a_brand_whose_verdict_is_published() -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    figure, editor = a_figure(brand, "12.5"), factories.an_editor()
    assert can_publish_figure(editor, figure)
    made = publish_figure(figure, by=editor)
    assert (made.value, made.unit, made.measured_on) == (Decimal("12.5"), "points", "2019-12")
    assert made.source_url == figure.source.url
    line = Event.objects.order_by("-sequence")[0]
    assert (line.kind, line.brand) == ("outcome.published", brand)
    assert line.kind in KINDS


@pytest.mark.parametrize("who", ["analyst", "anonymous"])
def test_nobody_else_publishes(who: str) -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    figure = a_figure(brand, "12")
    user = factories.an_analyst() if who == "analyst" else AnonymousUser()
    with pytest.raises(CannotPublishFigure, match="does not include publishing"):
        check_can_publish_figure(user, figure)


def test_a_figure_waits_for_the_verdict() -> None:
    brand = factories.a_breach("Specimen")
    factories.judged(brand)
    with pytest.raises(CannotPublishFigure, match="No verdict on this brand"):
        publish_figure(a_figure(brand, "12"), by=factories.an_editor())


def test_publishing_twice_changes_nothing_and_an_edit_shows_only_once_published_again() -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    figure, editor = a_figure(brand, "12"), factories.an_editor()
    first = publish_figure(figure, by=editor)
    assert publish_figure(figure, by=editor) == first
    OutcomeFigure.objects.filter(pk=figure.pk).update(value="99", revision=2)
    assert [one.value for one in published_figures(figure.crisis)] == [Decimal(12)]
    publish_figure(figure, by=editor)
    assert [one.value for one in published_figures(figure.crisis)] == [Decimal(99)]
    assert PublishedFigure.objects.filter(figure=figure).count() == 2


@pytest.mark.parametrize("gone", ["figure", "source", "verdict"])
def test_what_is_withdrawn_is_public_no_more(gone: str) -> None:
    brand = factories.a_breach("Specimen")
    publication, editor = factories.published(brand), factories.an_editor()
    figure = a_figure(brand, "12")
    publish_figure(figure, by=editor)
    assert published_figures(figure.crisis).count() == 1
    if gone == "verdict":
        withdraw(publication)
    else:
        editing.withdraw([figure if gone == "figure" else figure.source], by=editor, reason="Printed in error.")
    assert published_figures(figure.crisis).count() == 0


# --- The screen -------------------------------------------------------------------------------------------------------


def test_editors_publish_on_the_list_and_analysts_are_not_offered_to() -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    figure = a_figure(brand, "12")
    unready = factories.a_breach("Unready")
    factories.judged(unready)
    waiting = a_figure(unready, "3")
    address = reverse("admin:brands_outcomefigure_changelist")
    form = {"action": "publish_selected", "_selected_action": [figure.pk, waiting.pk]}
    assert "publish_selected" not in desk_of(somebody(roles.ANALYST)).get(address).content.decode()
    desk_of(somebody(roles.ANALYST)).post(address, form)
    assert not PublishedFigure.objects.exists()
    editor = somebody(roles.EDITOR)
    desk = desk_of(editor)
    asked = desk.post(address, form)
    assert "Publish 2 outcome figures?" in asked.content.decode()
    form |= {"confirmed": "yes", "seen": [f"{one.pk}:{one.revision}" for one in (figure, waiting)]}
    assert "required" in desk.post(address, form).content.decode()
    assert not PublishedFigure.objects.exists()
    stale = signed_in_long_ago(with_password(desk, editor))
    assert "Your password, please" in stale.post(address, {**form, "reason": "Read twice."}).content.decode()
    assert not PublishedFigure.objects.exists()
    answer = desk_of(editor).post(address, {**form, "reason": "Read twice."}, follow=True)
    assert Event.objects.filter(kind="outcome.published").get().reason == "Read twice."
    text = answer.content.decode()
    assert "1 figure is public." in text
    assert "No verdict on this brand in this crisis is published yet." in text
    assert [one.figure for one in PublishedFigure.objects.all()] == [figure]


# --- Before and after -------------------------------------------------------------------------------------------------


def test_a_change_goes_from_the_last_reading_before_to_the_last_one_after(crisis: Any) -> None:
    brand, editor = factories.a_breach("Specimen"), factories.an_editor()
    factories.published(brand)
    for day, value in (("2018", "1"), ("2019-12", "10"), ("2020-06", "50"), ("2021-06", "60"), ("2022", "7")):
        publish_figure(a_figure(brand, value, day), by=editor)
    (change,) = changes_of(crisis)
    assert (change.before.measured_on, change.after.measured_on) == ("2019-12", "2022")
    assert change.value == -3
    assert change.outcome == "broken_promise"


def test_a_year_in_which_the_crisis_began_is_not_before_it(crisis: Any) -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    for day in ("2020", "2022"):
        publish_figure(a_figure(brand, "5", day), by=factories.an_editor())
    assert changes_of(crisis) == []


def test_prices_and_indices_change_in_per_cent_and_scales_in_points(crisis: Any) -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    a_change(brand, "80", "60", kind="share_price", unit="EUR", series="Euronext")
    a_change(brand, "80", "60", kind="satisfaction", unit="%")
    assert {change.kind: change.value for change in changes_of(crisis)} == {"share_price": -25, "satisfaction": -20}


def test_two_series_or_two_units_are_never_mixed(crisis: Any) -> None:
    brand, editor = factories.a_breach("Specimen"), factories.an_editor()
    factories.published(brand)
    publish_figure(a_figure(brand, "10"), by=editor)
    publish_figure(a_figure(brand, "5", "2022", series="Another barometer"), by=editor)
    publish_figure(a_figure(brand, "5", "2022", unit="%"), by=editor)
    assert changes_of(crisis) == []


def test_a_price_of_nothing_has_no_relative_change(crisis: Any) -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    a_change(brand, "0", "60", kind="share_price", unit="EUR")
    assert changes_of(crisis) == []


def test_with_too_few_brands_in_a_group_nothing_is_compared(crisis: Any) -> None:
    editor = factories.an_editor()
    for place in range(5):
        a_measured_brand(f"Broken {place}", str(-place - 1), broken=True, by=editor)
    for place in range(4):
        a_measured_brand(f"Kept {place}", str(place + 1), by=editor)
    (comparison,) = comparisons(changes_of(crisis))
    assert (comparison.broken, comparison.favourable, comparison.effect) == (5, 4, None)
    a_measured_brand("Kept 4", "5", by=editor)
    (comparison,) = comparisons(changes_of(crisis))
    effect = comparison.effect
    assert effect is not None
    assert (effect.delta, effect.median_first, effect.median_second) == (-1, -3, 3)
    assert effect.p == pytest.approx(2 / 252)
    assert effect.exact
