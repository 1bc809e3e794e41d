"""A changed brand rings the bell; the database already knows that it is due."""

from typing import Any

from django.dispatch import receiver

from brands.changes import brand_changed
from scoring.tasks import rescore_brand


@receiver(brand_changed, dispatch_uid="scoring.rescore_brand")
def ask_for_a_verdict(sender: Any, brand_id: int, **kwargs: Any) -> None:
    rescore_brand.delay(brand_id)
