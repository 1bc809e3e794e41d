"""Background work on accounts."""

from celery import shared_task


@shared_task
def forget_repeats() -> int:
    """Answers kept for a program that repeats its request, once nobody may repeat it any more; how many."""
    from cxalign.accounts.models import RepeatableRequest

    deleted, _by_model = RepeatableRequest.objects.over().delete()
    return deleted
