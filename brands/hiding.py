"""What a person must not see of the facts now: the codes of brands that they are coding themselves.

Whoever codes blindly would copy what stands on file. The records of coding, which facts do not know, say which brands
these are (``hidden_brands``); every screen, list, file and answer that could show a code of the facts asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from brands.models import ACCOUNT, Event

hidden_brands: list[Callable[[Any], Collection[int]]] = []
"""A person → ids of the brands whose codes they must not see. Whoever keeps records of coding adds its answer."""

REASON = _("You are coding this brand: its codes and its working verdict stay hidden until your items are settled.")
LEFT_OUT = _("Brands that you are coding now are left out: their codes stay hidden until your items are settled.")

ABOUT_ACCESS = (ACCOUNT, "accounts.team:", "accounts.apikey:", "auth.group:")
"""Beginnings of subjects: who may what, and with whom."""


def brands_hidden_from(user: Any) -> frozenset[int]:
    return frozenset(pk for found in hidden_brands for pk in found(user))


def is_hidden_from(user: Any, brand_id: int) -> bool:
    return brand_id in brands_hidden_from(user)


def check_not_hidden(user: Any, brand_id: int) -> None:
    """For a page that shows codes or a verdict: whoever codes the brand is told why it stays closed."""
    if is_hidden_from(user, brand_id):
        raise PermissionDenied(REASON)


def readable_lines(user: Any) -> QuerySet[Event]:
    """The lines of the trail that this person may read. Those about accounts are for people who look after accounts.

    The lines of a brand that they are coding hold its codes: they wait until the items are settled.
    """
    lines = Event.objects.select_related("brand").order_by("-sequence")
    if hidden := brands_hidden_from(user):
        lines = lines.exclude(brand__in=hidden)
    if user.has_perm("accounts.view_user"):
        return lines
    for about_access in ABOUT_ACCESS:
        lines = lines.exclude(subject__startswith=about_access)
    return lines
