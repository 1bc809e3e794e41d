"""Who opens which page of a plan: the members of its team. For everybody else a plan does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from cxalign.accounts.access import person
from cxalign.plans.gate import CannotPlan, check_can_plan, visible_plans
from cxalign.plans.models import Item, Plan
from cxalign.plans.reading import PlanView

if TYPE_CHECKING:
    from cxalign.accounts.models import User

View = Callable[..., HttpResponseBase]
TEAM = ("member of a team",)


def team_page(check: Callable[[User], None]) -> Callable[[View], View]:
    """A page for people in a team. A stranger signs in; whoever is in no team is told who can put them in one."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                check(person(request))
            except CannotPlan as refused:
                raise PermissionDenied(str(refused)) from refused
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        guarded.access_rule = TEAM  # type: ignore[attr-defined]
        return guarded

    return guard


planning_page = team_page(check_can_plan)


def plan_page(view: View) -> View:
    """A page of one plan, which the view is given; 404 unless it belongs to a team of the reader."""

    @planning_page
    @wraps(view)
    def found(request: HttpRequest, plan: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        record = visible_plans(person(request)).select_related("brand", "crisis", "team").filter(pk=plan).first()
        if record is None:
            raise Http404
        return view(request, record, *args, **kwargs)

    return found


def item_of(plan: Plan, number: int) -> Item:
    item = plan.items.in_use().filter(pk=number).select_related("problem", "practice").first()
    if item is None:
        raise Http404
    return item


def render_plan(
    request: HttpRequest, template: str, view: PlanView, step: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = {"view": view, "plan": view.plan, "step": step, "steps": view.steps}
    return render(request, template, {**frame, **context}, status=status)
