"""A changed brand rings the bell: a new verdict is due, and what two people coded may have been edited."""

from typing import Any

from django.dispatch import receiver

from brands.changes import brand_changed
from scoring.coding.reopening import reopen_changed
from scoring.tasks import rescore_brand


@receiver(brand_changed, dispatch_uid="scoring.rescore_brand")
def ask_for_a_verdict(sender: Any, brand_id: int, **kwargs: Any) -> None:
    rescore_brand.delay(brand_id)


@receiver(brand_changed, dispatch_uid="scoring.reopen_changed")
def look_at_codings(sender: Any, brand_id: int, **kwargs: Any) -> None:
    reopen_changed(brand_id)
