"""From the practice library into a plan."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxalign.accounts.access import person
from cxalign.accounts.models import User
from cxalign.pages.plans.access import planning_page
from cxalign.plans import editing
from cxalign.plans.gate import visible_plans
from cxalign.plans.models import Item, Plan
from cxalign.practices.reading import example_named, visible_practices
from cxalign.templatetags.cxalign import both, here


@planning_page
@require_POST
def add_practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Into the inventory of the plan that was chosen, with what the practice says about itself."""
    reader = person(request)
    plan, practice = plan_chosen(request, reader), visible_practices(reader).filter(key=slug).first()
    if practice is None:
        raise Http404
    title = both(practice, "title")
    return added(
        request, plan, title, lambda: editing.add_practice(plan, reader, practice, title, both(practice, "summary"))
    )


@planning_page
@require_POST
def add_act(request: HttpRequest, key: str) -> HttpResponse:
    """As a practice is; the card says at which brand the act was seen, and where it can be read."""
    reader = person(request)
    plan, example = plan_chosen(request, reader), example_named(key)
    if example is None:
        raise Http404
    title = here(example.statement)
    place = {"brand": example.fact.brand.name, "address": f"{settings.BASE_URL}{reverse('practice-act', args=[key])}"}
    seen = _("Seen at %(brand)s: %(address)s") % place
    category = example.categories[0] if example.categories else ""
    return added(
        request, plan, title, lambda: editing.add_peer_act(plan, reader, title, seen, category, example.stakeholders)
    )


def plan_chosen(request: HttpRequest, reader: User) -> Plan:
    wanted = request.POST.get("plan", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0
    plan: Plan | None = visible_plans(reader).filter(pk=number).first()
    if plan is None:
        raise Http404
    return plan


def added(request: HttpRequest, plan: Plan, title: str, add: Callable[[], Item | None]) -> HttpResponse:
    """Add it, say what came of it, and show it where it now is."""
    try:
        made = add()
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
    else:
        told = _("“%(practice)s” is in the plan “%(plan)s”.") if made else _("“%(plan)s” has “%(practice)s” already.")
        messages.success(request, told % {"practice": title, "plan": plan.title})
    return HttpResponseRedirect(reverse("plan-inventory", args=[plan.pk]))
