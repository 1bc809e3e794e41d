"""The documented form of plans and their items, as they are sent in both directions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from brands import codes
from cxalign.api.shapes import ETAG, Record, Shape, a_code, a_text, some_groups, some_ids
from cxalign.plans.models import LONGEST, NOW_DAYS, Basis, Horizon, Origin, Standing
from cxalign.practices.models import Category

STEPS = ("inventory", "categorised", "problematised", "prioritised")


def text(longest: int, **options: Any) -> serializers.CharField:
    """As typed: nothing is trimmed."""
    return serializers.CharField(max_length=longest, trim_whitespace=False, required=False, allow_blank=True, **options)


def choice(values: Any, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(list(values), required=False, **options)


def some_sent(said: str) -> serializers.ListField:
    """Ids, as they stand in the answers of this API."""
    return serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=500, help_text=said
    )


def a_score() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=5, allow_null=True, required=False)


class PlanScenario(Record):
    """One way in which things may go on. The retained ones are what actions are held against."""

    id = serializers.CharField()
    etag = a_text(ETAG)
    url = serializers.URLField()
    plan = serializers.CharField()
    text = serializers.CharField()
    retained = serializers.BooleanField()


class PlanScenarioSent(Shape):
    text = serializers.CharField(max_length=200, trim_whitespace=False)
    retained = serializers.BooleanField(required=False)


class PlanProblem(Record):
    """What one action of a plan, or several together, are an answer to."""

    id = serializers.CharField()
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    plan = serializers.CharField()
    what = a_text("What problem.")
    whom = a_text("For whom.")
    basis = a_code(Basis.values)
    evidence = a_text("What shows it.")
    address = a_text("The address of the source.")
    question = a_text("How might we…")
    items = some_ids("The actions that answer to it.")


class PlanProblemSent(Shape):
    what = serializers.CharField(max_length=600, trim_whitespace=False)
    whom = text(300)
    basis = choice(Basis.values)
    evidence = text(600, help_text="This or the address is needed where a source shows it.")
    address = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    question = text(400)
    items = some_sent("The actions that answer to it, and no others.")


class ScenarioShape(Shape):
    id = serializers.CharField()
    text = serializers.CharField()
    retained = serializers.BooleanField()


class OwnPromiseShape(Shape):
    id = a_text("What “promise” of an item names.")
    text = serializers.CharField()
    stakeholders = some_groups()


class Plan(Record):
    """A response plan, private to its team."""

    id = serializers.CharField()
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    items_url = serializers.URLField()
    problems_url = serializers.URLField()
    scenarios_url = serializers.URLField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    title = serializers.CharField()
    team = serializers.CharField()
    brand = a_text("Slug of the brand.", allow_null=True)
    crisis = a_text("Slug of the crisis.", allow_null=True)
    mission = a_text()
    starts_on = serializers.DateField()
    next_until = serializers.IntegerField(help_text="The day from the start on which Do Next ends.")
    later_until = serializers.IntegerField(allow_null=True)
    review_on = serializers.DateField(allow_null=True)
    scenarios = ScenarioShape(many=True)
    own_promises = OwnPromiseShape(many=True)


class PlanSent(Shape):
    title = serializers.CharField(max_length=140, trim_whitespace=False)
    team = text(80, help_text="The name of a team of yours; needed when you are in several.")
    mission = text(600)
    starts_on = serializers.DateField(required=False)
    next_until = serializers.IntegerField(min_value=NOW_DAYS + 1, max_value=LONGEST, required=False)
    later_until = serializers.IntegerField(min_value=NOW_DAYS + 2, max_value=LONGEST, required=False, allow_null=True)
    review_on = serializers.DateField(required=False, allow_null=True)


class Scores(Shape):
    """Judged from 1 to 5; null where nobody has judged yet. There is no total."""

    mission_fit = a_score()
    need = a_score()
    feasibility = a_score()


class PlanItem(Record):
    """One action of a plan."""

    id = serializers.CharField()
    etag = a_text(ETAG)
    url = serializers.URLField()
    html_url = serializers.URLField()
    plan = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    title = serializers.CharField()
    description = a_text()
    step = a_code(STEPS)
    standing = a_code(Standing.values)
    origin = a_code(Origin.values)
    category = a_code(Category.values, allow_null=True)
    stakeholders = some_groups()
    problem_id = a_text("The problem it answers to.", allow_null=True)
    problem = a_text("What problem that is.", allow_null=True)
    question = a_text("How might we…", allow_null=True)
    horizon = a_code(Horizon.values, allow_null=True)
    aside_reason = a_text()
    scores = Scores()
    fits = some_ids("The scenarios of the plan in which it makes sense.")
    fits_none = serializers.BooleanField(help_text="It makes sense in none of them.")
    owner = a_text()
    due_on = serializers.DateField(allow_null=True)
    waits_for = some_ids("The items of the plan that come before it.")
    dependencies = a_text("What it depends on beside the plan.")
    proof = a_text("The proof to collect.")
    promise = a_text("The id of a published promise, or of one of the plan’s own.", allow_null=True)
    expected_gap = serializers.IntegerField(min_value=-2, max_value=2, allow_null=True)
    practice = a_text("The practice it comes from.", allow_null=True)
    recheck = serializers.BooleanField(help_text="A scenario has changed since it was judged.")


class PlanItemSent(Shape):
    title = serializers.CharField(max_length=200, trim_whitespace=False)
    description = text(2000)
    standing = choice(Standing.values)
    origin = choice(Origin.values)
    category = choice(Category.values, allow_null=True)
    stakeholders = serializers.ListField(
        child=serializers.ChoiceField(codes.Stakeholder.values), required=False, max_length=10
    )
    horizon = choice(Horizon.values, allow_null=True)
    aside_reason = text(600, help_text="Needed to set it aside.")
    problem_id = text(20, allow_null=True, help_text="The id of a problem of the plan.")
    scores = Scores(required=False)
    fits = some_sent("The scenarios of the plan in which it makes sense.")
    fits_none = serializers.BooleanField(required=False)
    owner = text(80)
    due_on = serializers.DateField(required=False, allow_null=True)
    waits_for = some_sent("The items of the plan that come before it.")
    dependencies = text(300)
    proof = text(300)
    promise = text(200, allow_null=True)
    expected_gap = serializers.IntegerField(min_value=-2, max_value=2, required=False, allow_null=True)
    practice = text(200, allow_null=True, help_text="The id of a practice that everybody may read.")
