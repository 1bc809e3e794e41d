"""Whether an address is at the brand's own domain: a sign of who writes, never a condition for being read."""

from __future__ import annotations

from urllib.parse import urlsplit

from brands.models import Brand
from scoring.models import BrandContact

OPEN_TO_ALL = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr"}
    | {"msn.com", "yahoo.com", "yahoo.fr", "icloud.com", "me.com", "proton.me", "protonmail.com", "gmx.com", "gmx.fr"}
    | {"orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net"}
)
"""Anybody gets an address there: it says nothing about a brand."""


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip().lower().rstrip(".")


def domains_of(brand: Brand) -> set[str]:
    """Those of its website and of its recorded contacts."""
    host = (urlsplit(brand.website).hostname or "").lower().removeprefix("www.")
    contacts = BrandContact.objects.filter(brand=brand, retired_at__isnull=True).values_list("email", flat=True)
    return {host, *map(domain_of, contacts)} - OPEN_TO_ALL - {""}


def is_of_brand(address: str, brand: Brand) -> bool:
    domain = domain_of(address)
    return any(domain == own or domain.endswith(f".{own}") for own in domains_of(brand))
