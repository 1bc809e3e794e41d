"""One's teams: who is in them, and the cases whose draft they may read."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cxalign.accounts.access import account_page, person
from cxalign.accounts.models import User
from scoring.visibility import visible_cases


@account_page
def teams(request: HttpRequest) -> HttpResponse:
    user = person(request)
    members = Prefetch("members", User.objects.filter(is_active=True))
    cases = visible_cases(user).filter(snapshots__isnull=False).select_related("brand", "crisis").distinct()
    own = list(user.teams.prefetch_related(members, Prefetch("assessments", cases, "drafts")))
    return render(request, "account/team.html", {"teams": own, "place": "team"})
