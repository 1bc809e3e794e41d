"""A file that is ready rings the bell; the database already knows that it is due."""

from typing import Any

from django.dispatch import receiver

from brands.importing.jobs import import_due
from brands.tasks import work_on_import


@receiver(import_due, dispatch_uid="brands.work_on_import")
def ask_for_the_work(sender: Any, job_id: str, **kwargs: Any) -> None:
    work_on_import.delay(job_id)
