"""Who codes which brands now, and so must not see their codes and verdicts. The one answer that everything asks.

The screens of the facts ask through ``brands.hiding``; all else asks here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from brands.hiding import hidden_brands
from brands.models import Brand
from scoring.models import ItemCoding
from scoring.models.coding import LIVE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User


def blind_brands(user: User | AnonymousUser | None) -> set[int]:
    """Ids of the brands whose codes and working verdicts this person must not see: they code an open item of them.

    The brand and not the case, because its promises are shared between the crises. Whoever is not signed in codes
    nothing.
    """
    if user is None or user.pk is None:
        return set()
    open_ = ItemCoding.objects.filter(seat__coder=user.pk, item__state__in=LIVE).order_by()
    return set(open_.values_list("item__case__brand_id", flat=True).distinct())


def is_blind_to(user: User | AnonymousUser | None, brand: Brand) -> bool:
    return brand.pk in blind_brands(user)


def is_among(brands: Collection[int], slug: str) -> bool:
    """Whether an address below ``brands/`` is about one of these."""
    return Brand.objects.filter(pk__in=brands, slug=slug).exists()


def register() -> None:
    """Let the screens of the facts ask. Called when the application starts; twice is once."""
    if blind_brands not in hidden_brands:
        hidden_brands.append(blind_brands)
