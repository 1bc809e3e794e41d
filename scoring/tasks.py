"""Background work. A task takes ids, calls one function, and is safe to run twice."""

from celery import shared_task


@shared_task
def rescore_brand(brand_id: int) -> None:
    from scoring.rescoring import score_if_due

    score_if_due(brand_id)


@shared_task
def rescore_due() -> int:
    """Score every brand that is due: what heals a lost wake-up."""
    from scoring.rescoring import score_all_due

    return score_all_due()


@shared_task
def count_quality() -> None:
    """Note what the checks of the quality page find today."""
    from scoring.quality import count_today

    count_today()


@shared_task
def send_mails() -> int:
    """Send the mails that are due: what heals a lost wake-up."""
    from scoring.voices.mailing import send_due

    return send_due()


@shared_task
def keep_voices() -> int:
    """Remind brands whose time runs out, forget the senders whose time is over, drop the files of nobody."""
    from scoring.voices.documents import drop_left_overs
    from scoring.voices.erasing import erase_old
    from scoring.voices.notices import remind_due

    drop_left_overs()
    return remind_due() + erase_old()


@shared_task
def rescore_everything() -> int:
    """The nightly walk over all brands, through the same function."""
    from scoring.rescoring import score_everything

    return score_everything()


@shared_task
def keep_trail_head() -> bool:
    """Let the end of the trail leave the database, once a day however often it is asked."""
    from brands.trail import keep_todays_head

    return keep_todays_head()


@shared_task
def verify_everything() -> int:
    """The nightly checks of the installation on itself; how many were due."""
    from scoring.verifying import run_what_is_due

    return len(run_what_is_due())
