"""Short functions that make the records of a case. What matters to a test is what it passes; the rest is filled in."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.text import slugify

from brands.changes import record_change
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    Judgement,
    Promise,
    Proof,
    Sector,
    Source,
)
from cxalign.accounts.models import User
from scoring.models import Assessment, Publication, Snapshot
from scoring.publishing import publish
from scoring.rescoring import score_brand

_numbers = itertools.count(1)


def number() -> int:
    return next(_numbers)


def a_crisis(slug: str = "covid-19", **fields: Any) -> Crisis:
    defaults = {"name_en": "Covid-19", "name_fr": "Covid-19", "starts_on": date(2020, 3, 1), **fields}
    return Crisis.objects.get_or_create(slug=slug, defaults=defaults)[0]


def a_sector(slug: str = "insurance") -> Sector:
    return Sector.objects.get_or_create(slug=slug, defaults={"name_en": "Insurance", "name_fr": "Assurance"})[0]


def a_brand(name: str = "", **fields: Any) -> Brand:
    name = name or f"Specimen {number()}"
    slug = fields.pop("slug", slugify(name))
    return Brand.objects.create(
        name=name,
        slug=slug,
        sector=fields.pop("sector", None) or a_sector(),
        country=fields.pop("country", "FR"),
        **fields,
    )


def a_source(**fields: Any) -> Source:
    n = number()
    return Source.objects.create(
        **{
            "key": f"source-{n}",
            "url": f"https://example.org/{n}",
            "title": f"Article {n}",
            "publisher": f"Daily {n}",
            "published_on": "2020-04-02",
            "source_type": "press",
            "language": "en",
            **fields,
        }
    )


def a_promise(brand: Brand, *, sourced: bool = True, **fields: Any) -> Promise:
    promise = Promise.objects.create(
        **{
            "brand": brand,
            "key": f"{brand.slug}--promise-{number()}",
            "kind": "mission",
            "statement_en": "Puts its customers first.",
            "statement_fr": "Fait passer ses clients d’abord.",
            "stakeholders": ("customers",),
            "since": "2018",
            "statement_level": "2",
            "value_type": "human",
            **fields,
        }
    )
    if sourced:
        promise.sources.add(a_source())
    return promise


def an_action(brand: Brand, crisis: Crisis | None = None, *, sources: int = 1, **fields: Any) -> Action:
    """An established, ordinary act: one independent source a group, substance 2, initiative 2, generosity 1."""
    action = Action.objects.create(
        **{
            "brand": brand,
            "crisis": crisis or a_crisis(),
            "key": f"{brand.slug}--action-{number()}",
            "statement_en": "Paid claims at once.",
            "statement_fr": "A payé les sinistres sans attendre.",
            "started": "2020-04-01",
            "substance": "2",
            "reach": "2",
            "initiative": "2",
            "generosity": "1",
            "kind": "money",
            "categories": ("financial_relief",),
            "family": "F09",
            **fields,
        }
    )
    for _ in range(sources):
        a_link(action)
    return action


def a_link(action: Action, kind: str = "independent", source: Source | None = None, **fields: Any) -> ActionSource:
    group = fields.pop("independence_group", f"group-{number()}")
    return ActionSource.objects.create(
        action=action, source=source or a_source(), kind=kind, independence_group=group, **fields
    )


def a_proof(action: Action, promise: Promise | None = None, **fields: Any) -> Proof:
    return Proof.objects.create(
        **{
            "action": action,
            "promise": promise,
            "stakeholder": "customers",
            "direction": "helps",
            "depth": "0",
            **fields,
        }
    )


def a_profile(brand: Brand, crisis: Crisis | None = None, **fields: Any) -> BrandProfile:
    return BrandProfile.objects.create(brand=brand, crisis=crisis or a_crisis(), **fields)


def a_judgement(brand: Brand, crisis: Crisis | None = None, **fields: Any) -> Judgement:
    return Judgement.objects.create(
        **{
            "brand": brand,
            "crisis": crisis or a_crisis(),
            "key": f"{brand.slug}--judgement-{number()}",
            "label": "did the right thing",
            "polarity": "positive",
            "description_en": "The author praises the brand.",
            "description_fr": "L’auteur loue la marque.",
            "source": fields.pop("source", None) or a_source(),
            **fields,
        }
    )


# --- Whole cases ------------------------------------------------------------------------------------------------------


def a_kept_promise(name: str = "", **fields: Any) -> Brand:
    """Aligned as promised: one promise to customers, one established act that keeps it."""
    brand = a_brand(name, **fields)
    a_proof(an_action(brand), a_promise(brand))
    return touched(brand)


def a_breach(name: str = "", **fields: Any) -> Brand:
    """Broken promise: an established refusal of what was promised to customers."""
    brand = a_brand(name, **fields)
    refusal = an_action(
        brand, statement_en="Refused to pay claims.", statement_fr="A refusé de payer les sinistres.", sources=2
    )
    a_proof(refusal, a_promise(brand), direction="harms", depth="2")
    return touched(brand)


def an_empty_file(name: str = "", **fields: Any) -> Brand:
    """Insufficient evidence: a promise and a profile, and no act at all."""
    brand = a_brand(name, **fields)
    a_promise(brand)
    a_profile(brand, purpose="2", values_heritage="u")
    return touched(brand)


def touched(brand: Brand) -> Brand:
    """Say that the brand's facts changed, as every gate for facts does."""
    record_change("evidence.added", brand=brand, subject=brand)
    brand.refresh_from_db()
    return brand


def an_editor(**fields: Any) -> User:
    return a_user("scoring.publish", "scoring.read_drafts", **fields)


def an_analyst(**fields: Any) -> User:
    return a_user("scoring.read_drafts", is_staff=True, **fields)


def a_user(*permissions: str, **fields: Any) -> User:
    user = User.objects.create_user(username=fields.pop("username", f"user-{number()}"), **fields)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return User.objects.get(pk=user.pk)  # permissions are remembered on the instance


def judged(brand: Brand) -> Snapshot:
    """The brand's working verdict in its only crisis, freshly judged."""
    score_brand(brand)
    snapshot = Snapshot.objects.latest_of(Assessment.objects.get(brand=brand))
    assert snapshot is not None
    return snapshot


def published(brand: Brand, by: User | None = None, **fields: Any) -> Publication:
    """The brand's working verdict, judged and made public."""
    snapshot = judged(brand)
    return publish(snapshot.assessment, by=by or an_editor(), **fields)
