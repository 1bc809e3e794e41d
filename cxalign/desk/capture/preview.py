"""What the verdict would be with what is on the screen: kept, judged, and undone before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cxalign.desk.capture.sheet import Sheet
from scoring.engine.judge import judge
from scoring.engine.method import method_in_force
from scoring.engine.verdict import Verdict
from scoring.gather import gather
from scoring.models import Assessment


@dataclass(frozen=True)
class Preview:
    outcome: str
    robustness: str
    before: str
    before_robustness: str

    @property
    def moves(self) -> bool:
        return (self.outcome, self.robustness) != (self.before, self.before_robustness)


def preview(sheet: Sheet) -> Preview | None:
    """Keep, judge, and take everything back. The log, the keys and the verdicts on file stay as they were."""
    brand, crisis = sheet.brand, sheet.crisis
    assert brand
    assert crisis
    with transaction.atomic():
        case, _created = Assessment.objects.get_or_create(brand=brand, crisis=crisis)
        now = _judged(case)
        kept = sheet.try_to_keep()
        then = _judged(case) if kept else None
        transaction.set_rollback(True)
    if then is None:
        return None
    return Preview(then.outcome, then.robustness or "", now.outcome, now.robustness or "")


def _judged(case: Assessment) -> Verdict:
    today = timezone.localdate()
    return judge(gather(case, today), method_in_force(today))
