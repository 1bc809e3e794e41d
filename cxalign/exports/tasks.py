"""Background work on files that take long. A task calls one function, and is safe to run twice."""

from celery import shared_task


@shared_task
def work_on_export(job_id: str) -> None:
    from cxalign.exports.jobs import work_on

    work_on(job_id)


@shared_task
def work_on_exports() -> int:
    """Take up every file that waits or was left behind: what heals a lost wake-up and a dead worker."""
    from cxalign.exports.jobs import purge, work_on_all_due

    purge()
    return work_on_all_due()
