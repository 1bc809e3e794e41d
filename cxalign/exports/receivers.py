"""A file that was asked for rings the bell; the database already knows that it is due."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from cxalign.exports.jobs import export_due
from cxalign.exports.tasks import work_on_export


@receiver(export_due, dispatch_uid="exports.work_on_export")
def ask_for_the_work(sender: Any, job_id: str, **kwargs: Any) -> None:
    work_on_export.delay(job_id)
