"""Background work for those who watch. A task calls one function, and is safe to run twice."""

from celery import shared_task


@shared_task
def tell_watchers() -> int:
    """Write the mails that are due, and forget what was told long ago."""
    from cxalign.pages.watching.telling import forget_old, tell_due

    forget_old()
    return tell_due()
