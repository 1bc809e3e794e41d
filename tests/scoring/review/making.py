"""Short functions that make what stands between a verdict and its publication."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from brands.changes import record_change
from brands.models import Action, Brand
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring import review
from scoring.models import Assessment, EvidenceSearch, ReplyNotice, Snapshot, Tie, TieKind
from tests import factories as make
from tests.accounts.desk import somebody

CORE = ("customers", "employees", "partners", "community")


def an_editor(**fields: Any) -> User:
    return somebody(roles.EDITOR, **fields)


def a_search(
    case: Assessment, stakeholder: str = "customers", looked_for: str = "harms", **fields: Any
) -> EvidenceSearch:
    return EvidenceSearch.objects.create(
        **{
            "assessment": case,
            "stakeholder": stakeholder,
            "looked_for": looked_for,
            "queries": "“Specimen” refund complaint 2020",
            "engine": "Europresse",
            "searched_on": date(2020, 6, 1),
            "hits": 40,
            "by": fields.pop("by", None) or make.an_analyst(),
            **fields,
        }
    )


def harm_looked_for(case: Assessment, groups: Iterable[str] = CORE) -> None:
    for group in groups:
        a_search(case, group)


def a_tie(user: User, brand: Brand, kind: str = TieKind.CLIENT, **fields: Any) -> Tie:
    texts = {} if kind == TieKind.NONE else {"text_en": "Advised the brand.", "text_fr": "A conseillé la marque."}
    return review.declare_tie(user, brand, kind=kind, **{**texts, **fields})


def no_tie(user: User, brand: Brand) -> Tie:
    return a_tie(user, brand, TieKind.NONE)


def a_notice(snapshot: Snapshot, *, days_left: int = -1, **fields: Any) -> ReplyNotice:
    """The brand was asked for its reply; by default its time is over."""
    return ReplyNotice.objects.create(
        assessment=snapshot.assessment,
        snapshot=snapshot,
        sent_to="press@example.org",
        deadline=timezone.localdate() + timedelta(days=days_left),
        **fields,
    )


def coded_by(user: User, action: Action, changes: dict[str, Any] | None = None) -> None:
    """A line in the log that says so, as every screen leaves one."""
    record_change(
        "evidence.corrected",
        brand=action.brand,
        subject=action,
        actor=user,
        changes=changes if changes is not None else {"substance": ["1", "2"]},
    )


def doubly_coded(brand: Brand) -> Brand:
    """Every act and proof coded by two people who agreed."""
    for action in brand.actions.all():
        action.coding = "agreed"
        action.save()
        action.proofs.update(coding="agreed")
    return make.touched(brand)
