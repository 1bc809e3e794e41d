"""What a person has to code and compare, and, for those who organise, how far each round is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse

from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from scoring.coding.rights import ADJUDICATE, CODE, ORGANISE, can_organise
from scoring.models import CodingItem, CodingRound, ItemCoding, ItemState
from scoring.models.coding import LIVE

if TYPE_CHECKING:
    from cxalign.accounts.models import User

ROUNDS_A_PAGE = 20


@dataclass(frozen=True)
class Assignment:
    """One round as one of its coders sees it."""

    round: CodingRound
    done: int
    drafts: int
    of: int
    to_compare: list[ItemCoding]

    @property
    def left(self) -> int:
        return self.of - self.done


def assignments_of(user: User) -> list[Assignment]:
    """Open rounds of a coder, the most urgent first: one query."""
    codings = (
        ItemCoding.objects.filter(seat__coder=user, item__state__in=LIVE)
        .select_related("item__round", "item__case__brand", "item__action", "item__promise", "item__profile__brand")
        .select_related("item__profile__crisis")
        .order_by("item_id")
    )
    by_round: dict[int, list[ItemCoding]] = defaultdict(list)
    for coding in codings:
        by_round[coding.item.round_id].append(coding)
    totals = Counter(
        ItemCoding.objects.filter(seat__coder=user, item__round__in=by_round).values_list("item__round", flat=True)
    )
    found = [_assignment(some, totals[pk]) for pk, some in by_round.items()]
    return sorted(found, key=lambda one: (one.round.due_on is None, one.round.due_on, one.round.pk))


def _assignment(codings: list[ItemCoding], total: int) -> Assignment:
    to_do = [one for one in codings if one.item.state == ItemState.CODING and not one.submitted_at]
    compare = [one for one in codings if one.item.state == ItemState.CONVERGING and not one.confirmed_at]
    drafts = sum(bool(one.codes or one.rationale) for one in to_do)
    return Assignment(codings[0].item.round, total - len(to_do), drafts, total, compare)


def progress_of(rounds: Iterable[CodingRound]) -> None:
    """Count the items of each round by state: one query for all."""
    counts = (
        CodingItem.objects.filter(round__in=list(rounds))
        .values_list("round", "state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    by_round: dict[int, Counter[str]] = defaultdict(Counter)
    for round_, state, n in counts:
        by_round[round_][state] = n
    for one in rounds:
        found = by_round[one.pk]
        one.counts = {state: found[state] for state in ItemState.values}  # type: ignore[attr-defined]
        one.total = sum(found.values())  # type: ignore[attr-defined]


@desk_page(CODE, ORGANISE, ADJUDICATE)
def assignments(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {"assignments": assignments_of(user), "organises": can_organise(user)}
    if context["organises"]:
        rounds = CodingRound.objects.select_related("crisis", "opened_by").prefetch_related("seats__coder")
        rounds = rounds.annotate(live=Count("items", filter=Q(items__state__in=LIVE))).order_by("-live", "-opened_at")
        page = Paginator(rounds, ROUNDS_A_PAGE).get_page(request.GET.get("page"))
        progress_of(page.object_list)
        context["rounds"] = page
    return render_desk(request, "desk/coding/assignments.html", context)
