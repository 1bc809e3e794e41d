"""What coding has open for each case: who is waited for, and what is to adjudicate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.models import CodingItem, ItemCoding, ItemState
from scoring.models.coding import LIVE
from scoring.workflow import Blocker, State


def open_codings(case_ids: Collection[int]) -> Mapping[int, list[Blocker]]:
    """One query, whatever the number of cases."""
    found: dict[int, list[Blocker]] = defaultdict(list)
    for (case, round_), codings in _by_round(case_ids).items():
        found[case] += [
            *_missing(round_, codings),
            *_to_compare(codings),
            *_to_adjudicate(codings),
            *_to_code_again(case, codings),
        ]
    return found


def _by_round(case_ids: Collection[int]) -> dict[tuple[int, int], list[ItemCoding]]:
    codings = (
        ItemCoding.objects.filter(item__case_id__in=case_ids)
        .filter(Q(item__state__in=LIVE) | Q(item__in=CodingItem.objects.to_code_again()))
        .select_related("item__round", "seat__coder")
        .defer("codes", "blind_codes", "rationale")
        .order_by("item__round_id", "seat__number", "item_id")
    )
    found: dict[tuple[int, int], list[ItemCoding]] = defaultdict(list)
    for coding in codings:
        found[coding.item.case_id, coding.item.round_id].append(coding)
    return found


def _missing(round_: int, codings: list[ItemCoding]) -> list[Blocker]:
    waiting = [one for one in codings if one.item.state == ItemState.CODING and not one.submitted_at]
    return [
        _of_coder("coding_open", coder, count, waiting, State.CODING, "desk-coding-round", round_)
        for coder, count in Counter(one.seat.coder for one in waiting).items()
    ]


def _of_coder(
    code: str, coder: Any, count: int, codings: list[ItemCoding], state: State, address: str, *args: int
) -> Blocker:
    if coder is None or not coder.is_active:
        return Blocker("coder_missing", _("second coder missing"), _reverse(address, *args), state, **_times(codings))
    words = ngettext(
        "%(count)d item to code: waiting for %(person)s", "%(count)d items to code: waiting for %(person)s", count
    )
    return Blocker(
        code,
        words % {"count": count, "person": coder},
        _reverse(address, *args),
        state,
        frozenset({coder.pk}),
        **_times(codings),
    )


def _to_compare(codings: list[ItemCoding]) -> list[Blocker]:
    open_ = [one for one in codings if one.item.state == ItemState.CONVERGING and not one.confirmed_at]
    people = frozenset(one.seat.coder_id for one in open_ if one.seat.coder_id)
    if not open_:
        return []
    items = len({one.item_id for one in open_})
    words = ngettext("%(count)d item for its coders to compare", "%(count)d items for their coders to compare", items)
    return [
        Blocker(
            "comparison_open", words % {"count": items}, _reverse("desk-coding"), State.CODING, people, **_times(open_)
        )
    ]


def _to_adjudicate(codings: list[ItemCoding]) -> list[Blocker]:
    open_ = [one for one in codings if one.item.state == ItemState.ADJUDICATION]
    items = len({one.item_id for one in open_})
    if not items:
        return []
    words = ngettext("%(count)d item to adjudicate", "%(count)d items to adjudicate", items)
    return [
        Blocker(
            "adjudication_open",
            words % {"count": items},
            _reverse("desk-adjudication"),
            State.ADJUDICATION,
            **_times(open_),
        )
    ]


def _to_code_again(case: int, codings: list[ItemCoding]) -> list[Blocker]:
    """Where the round is over, nobody is asked to look at an edited record again unless this says so."""
    lapsed = [one for one in codings if one.item.state == ItemState.LAPSED]
    items = len({one.item_id for one in lapsed})
    if not items:
        return []
    words = ngettext(
        "%(count)d record edited after two people coded it: to code in a new round",
        "%(count)d records edited after two people coded them: to code in a new round",
        items,
    )
    since = min(one.item.changed_at for one in lapsed)
    address = f"{_reverse('desk-coding-new')}?cases={case}"
    return [Blocker("coding_lapsed", words % {"count": items}, address, since=since)]


def _times(codings: list[ItemCoding]) -> dict[str, Any]:
    since: datetime = min(one.item.changed_at for one in codings)
    due: date | None = min((one.item.round.due_on for one in codings if one.item.round.due_on), default=None)
    return {"since": since, "due": due}


def _reverse(name: str, *args: int) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:  # a process without the desk's pages, such as a worker with other addresses
        return ""
