"""The saved filters that stand above a list."""

from __future__ import annotations

from typing import Any

from django import template

from cxalign.accounts.models import User
from cxalign.saved_filters import address_of, cleaned_query, shown_to

register = template.Library()


@register.inclusion_tag("admin/includes/saved_filters.html", takes_context=True)
def saved_filters(context: dict[str, Any], changelist: Any) -> dict[str, Any]:
    request, label = context["request"], changelist.opts.label_lower
    assert isinstance(request.user, User)
    query = cleaned_query(request.GET.urlencode())
    saved = list(shown_to(request.user, label))
    for entry in saved:
        entry.address = address_of(label, entry.query)  # type: ignore[attr-defined]
        entry.is_current = entry.query == query  # type: ignore[attr-defined]
    return {
        "saved": saved,
        "mine": [entry for entry in saved if entry.owner_id == request.user.pk],
        "may_save": bool(query) and not any(entry.query == query for entry in saved),
        "query": query,
        "list": label,
        "teams": list(request.user.teams.all()),
        "user": request.user,
        "csrf_token": context.get("csrf_token", ""),
    }
