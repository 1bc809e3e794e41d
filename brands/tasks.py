"""Background work on facts. A task calls one function, and is safe to run twice."""

from celery import shared_task


@shared_task
def archive_copies() -> int:
    """Make the next copies, then let other work pass: one worker may have to do everything."""
    from brands.archiving import work_off

    waiting = work_off()
    if waiting:
        archive_copies.apply_async(countdown=1)
    return waiting


@shared_task
def archive_left_over() -> int:
    """Go on where a walk ended before its time, or was never started."""
    from brands.archiving import is_under_way

    return 0 if is_under_way() else archive_copies()


@shared_task
def check_links() -> int:
    from brands.archiving import check_links

    return check_links()


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
