"""Where cases stand, as far as one person may see it: who codes a brand now is not shown its working verdict."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from scoring import workflow
from scoring.blindness import blind_brands
from scoring.models import Assessment
from scoring.workflow import Standing

if TYPE_CHECKING:
    from cxalign.accounts.models import User


def standings_for(user: User, cases: Collection[Assessment]) -> dict[int, Standing]:
    standings = workflow.standings_of([case.pk for case in cases])
    blind = blind_brands(user)
    hidden = {case.pk: without_verdict(standings[case.pk]) for case in cases if case.brand_id in blind}
    return {**standings, **hidden}


TELLS_NO_VERDICT = frozenset({"coding_open", "coder_missing", "comparison_open", "adjudication_open", "coding_lapsed"})
"""Blockers that hold for any verdict. What the gates, the replies and the judgement say follows from the verdict."""


def without_verdict(standing: Standing) -> Standing:
    """The same case as its coders may see it: what is left open, and where it stands with that alone."""
    verdict = replace(standing.verdict, outcome="", robustness="", judged_at=None, differs=False)
    return workflow.standing(verdict, [one for one in standing.blockers if one.code in TELLS_NO_VERDICT])
