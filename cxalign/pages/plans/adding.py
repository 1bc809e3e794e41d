"""From the practice library into a plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxalign.accounts.access import person
from cxalign.pages.plans.access import planning_page
from cxalign.plans import editing
from cxalign.plans.gate import visible_plans
from cxalign.practices.reading import visible_practices
from cxalign.templatetags.cxalign import both


@planning_page
@require_POST
def add_practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Into the inventory of the plan that was chosen, with what the practice says about itself."""
    reader, wanted = person(request), request.POST.get("plan", "")
    practice = visible_practices(reader).filter(key=slug).first()
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0
    plan = visible_plans(reader).filter(pk=number).first()
    if practice is None or plan is None:
        raise Http404
    try:
        made = editing.add_practice(plan, reader, practice, both(practice, "title"), both(practice, "summary"))
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
    else:
        told = _("“%(practice)s” is in the plan “%(plan)s”.") if made else _("“%(plan)s” has “%(practice)s” already.")
        messages.success(request, told % {"practice": both(practice, "title"), "plan": plan.title})
    return HttpResponseRedirect(reverse("plan-inventory", args=[plan.pk]))
