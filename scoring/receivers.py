"""A changed brand or a written mail rings the bell; the database already knows what is due."""

from typing import Any

from django.dispatch import receiver

from brands.changes import brand_changed, many_changed
from scoring.coding.reopening import reopen_changed, reopen_changed_of
from scoring.tasks import rescore_brand, rescore_due, send_mails
from scoring.voices.mailing import mail_queued


@receiver(brand_changed, dispatch_uid="scoring.rescore_brand")
def ask_for_a_verdict(sender: Any, brand_id: int, **kwargs: Any) -> None:
    rescore_brand.delay(brand_id)


@receiver(brand_changed, dispatch_uid="scoring.reopen_changed")
def look_at_codings(sender: Any, brand_id: int, **kwargs: Any) -> None:
    reopen_changed(brand_id)


@receiver(many_changed, dispatch_uid="scoring.rescore_many")
def ask_for_many_verdicts(sender: Any, **kwargs: Any) -> None:
    rescore_due.delay()


@receiver(many_changed, dispatch_uid="scoring.reopen_many")
def look_at_many_codings(sender: Any, brand_ids: list[int], **kwargs: Any) -> None:
    reopen_changed_of(brand_ids)


@receiver(mail_queued, dispatch_uid="scoring.send_mails")
def ask_for_the_post(sender: Any, **kwargs: Any) -> None:
    send_mails.delay()
