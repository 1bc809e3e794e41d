"""Links for people without an account: made, revoked, and what stands behind them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxalign.accounts.access import person
from cxalign.pages.errors import refusal
from cxalign.pages.plans.access import plan_page, render_plan
from cxalign.pages.plans.forms import ShareForm
from cxalign.pages.posting import private
from cxalign.plans import editing
from cxalign.plans.gate import shared_plan
from cxalign.plans.models import ACTIVE, Horizon, Plan
from cxalign.plans.reading import PlanView

USUAL = timedelta(days=30)


@plan_page
def shares(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = ShareForm(request.POST or None, initial={"ends_on": timezone.localdate() + USUAL})
    if request.method == "POST" and form.is_valid():
        editing.share(plan, person(request), form.cleaned_data["label"], form.ends_at())
        messages.success(request, _("The link is made: whoever has it reads the plan until it ends."))
        return HttpResponseRedirect(reverse("plan-shares", args=[plan.pk]))
    rows = [(one, f"{settings.BASE_URL}{reverse('plan-shared', args=[one.token])}") for one in plan.shares.all()]
    context = {"form": form, "rows": rows}
    return render_plan(request, "plans/shares.html", PlanView(plan), "share", context, 422 if form.errors else 200)


@plan_page
@require_POST
def revoke(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    found = plan.shares.filter(pk=number).first()
    if found is None:
        raise Http404
    editing.revoke(found, person(request))
    messages.success(request, _("The link is revoked: it opens nothing any more."))
    return HttpResponseRedirect(reverse("plan-shares", args=[plan.pk]))


def ended(request: HttpRequest) -> HttpResponse:
    """The same for a link that ended, one that was revoked and one that never was."""
    told = _("It has ended, was revoked, or is mistyped. Whoever sent it to you can make you a new one.")
    return refusal(request, 404, _("This link opens no plan"), told)


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """One plan, to read: no log, no way to change anything."""
    found = shared_plan(token)
    if found is None:
        return private(ended(request))
    view = PlanView(found.plan)
    context = {
        "view": view,
        "plan": found.plan,
        "share": found,
        "columns": [view.column(horizon) for horizon in ACTIVE],
        "done": view.column(Horizon.DONE),
        "aside": view.column(Horizon.ASIDE),
    }
    return private(render(request, "plans/shared.html", context))
