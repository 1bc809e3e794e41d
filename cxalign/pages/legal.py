"""The legal notice, the terms of use, the privacy and the accessibility statement.

Texts that are settings are said to be missing where they are.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from brands.importing.jobs import KEPT_FOR as IMPORTS_KEPT
from cxalign.accounts.models.repeats import KEPT_FOR as REPEATS_KEPT
from cxalign.exports.jobs import KEPT_FOR as EXPORTS_KEPT
from cxalign.pages.watching.telling import KEPT_FOR as WATCH_MAILS_KEPT
from scoring.voices.erasing import KEPT_FOR as SENDERS_KEPT


def notice(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/notice.html", {"legal": settings.LEGAL})


def terms(request: HttpRequest) -> HttpResponse:
    """Ours, which the program keeps to, and below them what the installation adds in the reader's language."""
    return render(request, "pages/terms.html", {"terms": settings.LEGAL["terms"][get_language() or "en"]})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"legal": settings.LEGAL})


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"legal": settings.LEGAL, "kept": retention()})


def days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def retention() -> list[tuple[str, str, str]]:
    """What is held about people, why, and for how long. The times are those that the program keeps to."""
    until_closed = _("until you close the account")
    hours = int(REPEATS_KEPT.total_seconds() // 3600)
    years = SENDERS_KEPT.days // 365
    return [
        (
            _("Your account: name, e-mail, language, time zone, teams"),
            _("to sign you in and write to you"),
            until_closed,
        ),
        (
            _("What you did: published, changed, decided"),
            _("to account for every change, under a pseudonym"),
            _("for good; closing the account empties the name beside the pseudonym"),
        ),
        (
            _("Saved views, watches and the secret addresses that belong to them"),
            _("to tell you what you asked for"),
            until_closed,
        ),
        (
            _("E-mails about what you watch, and the note that they were sent"),
            _("so that nothing is told twice"),
            days(WATCH_MAILS_KEPT.days),
        ),
        (
            _("Plans and portfolios, with their notes and log"),
            _("the work of a team, read by its members alone"),
            _("as long as the team keeps them; your name leaves them with your account"),
        ),
        (_("Files that you had made in the background"), _("to download them again"), days(EXPORTS_KEPT.days)),
        (_("Rows and reports of your imports"), _("to look back and undo"), days(IMPORTS_KEPT.days)),
        (
            _("Answers to repeated requests of your programs"),
            _("so that nothing is done twice"),
            ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours},
        ),
        (
            _("Name, capacity and e-mail of whoever sends a reply or a report"),
            _("to answer; never published"),
            ngettext(
                "%(count)d year after the decision, or as soon as they ask",
                "%(count)d years after the decision, or as soon as they ask",
                years,
            )
            % {"count": years},
        ),
        (_("Session cookie"), _("to stay signed in"), _("12 hours at most")),
    ]
