"""Making verdicts public and taking them back, and the facts that the API then shows."""

from scoring.publishing.shown_facts import hide_facts_of, show_facts_of
from scoring.publishing.versions import (
    PUBLISH,
    PublishingRefused,
    can_publish,
    check_can_publish,
    check_can_withdraw,
    check_findings,
    check_is_newest,
    check_may_publish,
    check_says_why_again,
    confirm,
    findings_for,
    publish,
    withdraw,
)

__all__ = [
    "PUBLISH",
    "PublishingRefused",
    "can_publish",
    "check_can_publish",
    "check_can_withdraw",
    "check_findings",
    "check_is_newest",
    "check_may_publish",
    "check_says_why_again",
    "confirm",
    "findings_for",
    "hide_facts_of",
    "publish",
    "show_facts_of",
    "withdraw",
]
