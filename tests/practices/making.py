"""Practices for tests."""

from __future__ import annotations

from typing import Any

from cxalign.practices.models import Practice
from tests import factories as make


def a_practice(title: str = "", **fields: Any) -> Practice:
    number = make.number()
    title = title or f"Open a shop {number}"
    seen_at, sources = fields.pop("seen_at", ()), fields.pop("sources", ())
    practice = Practice(
        **{
            "key": f"practice-{number}",
            "title_en": title,
            "title_fr": f"{title} (fr)",
            "summary_en": "Opens a shop to neighbours.",
            "summary_fr": "Ouvre une boutique aux voisins.",
            "family": "F01",
            "category": "care",
            "stakeholders": ("community",),
            "is_published": True,
            **fields,
        }
    )
    practice.full_clean()
    practice.save()
    practice.seen_at.set(seen_at)
    practice.sources.set(sources)
    return practice
