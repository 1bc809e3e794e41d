"""What a plan is worked out with, for the programs of its team: its problems and its scenarios."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from cxalign.accounts.models import Scope
from cxalign.api import plan_shapes
from cxalign.api.authentication import check_scope
from cxalign.api.errors import not_found
from cxalign.api.idempotency import once
from cxalign.api.parameters import Choice, Query, read_query
from cxalign.api.plans import (
    CHANGED,
    CREATED,
    GONE,
    WRITES,
    PlanApi,
    address,
    answered,
    chosen_ids,
    done,
    invalid,
    number_in,
    revision_seen,
    said,
    tag_of,
)
from cxalign.api.views import DetailView, ListView, Piece
from cxalign.plans import editing
from cxalign.plans.models import Basis, Item, Plan, Problem, Scenario

LIST_METHODS = ["get", "head", "post", "options"]
DETAIL_METHODS = [name for name in WRITES if name != "post"]


# --- Problems ---------------------------------------------------------------------------------------------------------


def problem_record(problem: Problem) -> dict[str, Any]:
    return {
        "id": str(problem.pk),
        "etag": tag_of(problem),
        "url": f"{address(problem.plan)}/problems/{problem.pk}",
        "html_url": f"{settings.BASE_URL}/en/plans/{problem.plan_id}/problems/{problem.pk}/",
        "plan": str(problem.plan_id),
        "what": problem.what,
        "whom": problem.whom,
        "basis": problem.basis,
        "evidence": problem.evidence,
        "address": problem.address,
        "question": problem.question,
        "items": [str(item.pk) for item in problem.items.all()],
    }


class ProblemApi(PlanApi):
    shape = plan_shapes.PlanProblem

    def problems_of(self, name: str) -> QuerySet[Problem]:
        answering = Prefetch("items", Item.objects.in_use().order_by("id"))
        rows = self.plan(name).problems.in_use().select_related("plan")
        found: QuerySet[Problem] = rows.prefetch_related(answering)
        return found

    def problem(self, plan: str, name: str) -> Problem:
        found = self.problems_of(plan).filter(pk=number_in(name)).first()
        if found is None:
            raise not_found()
        return found

    def piece(self, row: Any) -> Piece:
        return Piece(tag_of(row), lambda: orjson.dumps(problem_record(row)))

    def shown_problem(self, plan: str, number: int, status: int = 200) -> HttpResponse:
        return answered(problem_record(self.problems_of(plan).get(pk=number)), status)


def stated(plan: Plan, given: dict[str, Any], problem: Problem | None = None) -> tuple[dict[str, Any], list[Item]]:
    """The fields of a problem and the actions that answer to it, once they can be."""
    answering = list(problem.items.in_use()) if problem else []
    if "items" in given:
        answering = chosen_ids("items", given.pop("items"), plan.items.in_use())

    def value(name: str) -> str:
        return str(given.get(name, getattr(problem, name) if problem else ""))

    if not value("what").strip():
        raise invalid("what", "blank", _("This is needed."))
    if value("basis") == Basis.SOURCE and not (value("evidence") or value("address")):
        raise invalid("evidence", "required", _("Name the source, or say that it is an assumption."))
    return given, answering


class ProblemList(ProblemApi, ListView):
    """List the problems of a plan."""

    places = ("id",)
    http_method_names = LIST_METHODS
    bodies = {"POST": plan_shapes.PlanProblemSent}
    answers = {"POST": CREATED}
    filters = (Choice("basis", "How it is known.", many=True, values=tuple(Basis.values)),)
    sorts = {"id": ("id",), "-id": ("id",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        rows = self.problems_of(place["id"])
        return rows.filter(basis__in=query["basis"]) if "basis" in query else rows

    def post(self, request: Request, id: str) -> HttpResponse:
        """State a problem, and which actions answer to it."""
        read_query(request._request, ())
        plan, user = self.plan(id), check_scope(request, Scope.WRITE_PLANS)
        fields, items = stated(plan, said(request, plan_shapes.PlanProblemSent))

        def work() -> HttpResponse:
            made = done(lambda: editing.save_problem(plan, user, None, None, fields, items))
            return self.shown_problem(id, made.pk, 201)

        return once(request, work)


class ProblemDetail(ProblemApi, DetailView):
    """Get a problem of a plan."""

    places = ("id", "problem")
    http_method_names = DETAIL_METHODS
    bodies = {"PATCH": plan_shapes.PlanProblemSent}
    answers = {"PATCH": CHANGED, "DELETE": GONE}

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        return self.problems_of(place["id"]).filter(pk=number_in(place["problem"]))

    def patch(self, request: Request, id: str, problem: str) -> HttpResponse:
        """Change a problem: the fields that are sent, and no others."""
        read_query(request._request, ())
        found = self.problem(id, problem)
        seen, given = revision_seen(request, found), said(request, plan_shapes.PlanProblemSent, partial=True)
        fields, items = stated(found.plan, given, found)
        user = check_scope(request, Scope.WRITE_PLANS)
        done(lambda: editing.save_problem(found.plan, user, found, seen, fields, items))
        return self.shown_problem(id, found.pk)

    def delete(self, request: Request, id: str, problem: str) -> HttpResponse:
        """Take a problem out of a plan: its actions stay, and answer to none. The answer is the problem as it was."""
        read_query(request._request, ())
        found = self.problem(id, problem)
        seen, record = revision_seen(request, found), problem_record(found)
        done(lambda: editing.delete_problem(found.plan, check_scope(request, Scope.WRITE_PLANS), found, seen))
        return answered(record, 200)


# --- Scenarios --------------------------------------------------------------------------------------------------------


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    return {
        "id": str(scenario.pk),
        "etag": tag_of(scenario),
        "url": f"{address(scenario.plan)}/scenarios/{scenario.pk}",
        "plan": str(scenario.plan_id),
        "text": scenario.text,
        "retained": scenario.retained,
    }


class ScenarioApi(PlanApi):
    shape = plan_shapes.PlanScenario

    def scenarios_of(self, name: str) -> QuerySet[Scenario]:
        found: QuerySet[Scenario] = self.plan(name).scenarios.select_related("plan")
        return found

    def scenario(self, plan: str, name: str) -> Scenario:
        found = self.scenarios_of(plan).filter(pk=number_in(name)).first()
        if found is None:
            raise not_found()
        return found

    def piece(self, row: Any) -> Piece:
        return Piece(tag_of(row), lambda: orjson.dumps(scenario_record(row)))

    def shown_scenario(self, plan: str, number: int, status: int = 200) -> HttpResponse:
        return answered(scenario_record(self.scenarios_of(plan).get(pk=number)), status)


def check_text(given: dict[str, Any]) -> dict[str, Any]:
    if not given.get("text", "–").strip():
        raise invalid("text", "blank", _("This is needed."))
    return given


class ScenarioList(ScenarioApi, ListView):
    """List the scenarios of a plan."""

    places = ("id",)
    http_method_names = LIST_METHODS
    bodies = {"POST": plan_shapes.PlanScenarioSent}
    answers = {"POST": CREATED}
    sorts = {"id": ("id",), "-id": ("id",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        return self.scenarios_of(place["id"])

    def post(self, request: Request, id: str) -> HttpResponse:
        """Add a scenario. Items that were judged or placed are marked to be re-checked."""
        read_query(request._request, ())
        plan, user = self.plan(id), check_scope(request, Scope.WRITE_PLANS)
        given = check_text(said(request, plan_shapes.PlanScenarioSent))

        def work() -> HttpResponse:
            made = done(lambda: editing.save_scenario(plan, user, None, None, given))
            return self.shown_scenario(id, made.pk, 201)

        return once(request, work)


class ScenarioDetail(ScenarioApi, DetailView):
    """Get a scenario of a plan."""

    places = ("id", "scenario")
    http_method_names = DETAIL_METHODS
    bodies = {"PATCH": plan_shapes.PlanScenarioSent}
    answers = {"PATCH": CHANGED, "DELETE": GONE}

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        return self.scenarios_of(place["id"]).filter(pk=number_in(place["scenario"]))

    def patch(self, request: Request, id: str, scenario: str) -> HttpResponse:
        """Change a scenario. Items that were judged or placed are marked to be re-checked."""
        read_query(request._request, ())
        found = self.scenario(id, scenario)
        seen = revision_seen(request, found)
        given = check_text(said(request, plan_shapes.PlanScenarioSent, partial=True))
        user = check_scope(request, Scope.WRITE_PLANS)
        done(lambda: editing.save_scenario(found.plan, user, found, seen, given))
        return self.shown_scenario(id, found.pk)

    def delete(self, request: Request, id: str, scenario: str) -> HttpResponse:
        """Take a scenario out. Items that were judged or placed are marked to be re-checked."""
        read_query(request._request, ())
        found = self.scenario(id, scenario)
        seen, record = revision_seen(request, found), scenario_record(found)
        done(lambda: editing.delete_scenario(found.plan, check_scope(request, Scope.WRITE_PLANS), found, seen))
        return answered(record, 200)
