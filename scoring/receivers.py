"""A changed brand or a written mail rings the bell; the database already knows what is due."""

from typing import Any

from django.dispatch import receiver

from brands.changes import brand_changed
from scoring.coding.reopening import reopen_changed
from scoring.tasks import rescore_brand, send_mails
from scoring.voices.mailing import mail_queued


@receiver(brand_changed, dispatch_uid="scoring.rescore_brand")
def ask_for_a_verdict(sender: Any, brand_id: int, **kwargs: Any) -> None:
    rescore_brand.delay(brand_id)


@receiver(brand_changed, dispatch_uid="scoring.reopen_changed")
def look_at_codings(sender: Any, brand_id: int, **kwargs: Any) -> None:
    reopen_changed(brand_id)


@receiver(mail_queued, dispatch_uid="scoring.send_mails")
def ask_for_the_post(sender: Any, **kwargs: Any) -> None:
    send_mails.delay()
