"""Background work on facts. A task takes ids, calls one function, and is safe to run twice."""

from celery import shared_task


@shared_task
def work_on_import(job_id: str) -> None:
    from brands.importing.jobs import work_on

    work_on(job_id)


@shared_task
def work_on_imports() -> int:
    """Take up every import that waits or was left behind: what heals a lost wake-up and a dead worker."""
    from brands.importing.jobs import purge, work_on_all_due

    purge()
    return work_on_all_due()
