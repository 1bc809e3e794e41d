"""The mails of this part: queued, sent, failed. Nothing that was written is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from brands.hiding import brands_hidden_from
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from scoring.models import MailState, OutgoingMail, Reply, ReplyNotice
from scoring.voices.mailing import try_again
from scoring.voices.rules import ANSWER, VoiceRefused, name_of

if TYPE_CHECKING:
    from cxalign.accounts.models import User

SHOWN = 100
PRIVATE = "watch"


@desk_page(ANSWER)
def mails(request: HttpRequest) -> HttpResponse:
    """The newest ones; a parked one can be tried again."""
    if request.method == "POST":
        return _again(request)
    state = request.GET.get("state", "")
    rows = of_the_desk()
    if state in MailState.values:
        rows = rows.filter(state=state)
    context = {
        "mails": rows.exclude(about__in=about_hidden(person(request))).order_by("-id")[:SHOWN],
        "states": MailState.choices,
        "state": state,
        "mail_is_filed": settings.MAIL_IS_FILED,
    }
    return render_desk(request, "desk/replies/mails.html", context)


def of_the_desk() -> QuerySet[OutgoingMail]:
    """What somebody is told because they watch it is their own business, and may name what is private to a team."""
    return OutgoingMail.objects.exclude(kind=PRIVATE)


def about_hidden(user: User) -> list[str]:
    """What mails are about that tell of a draft whose brand this person is coding."""
    if not (hidden := brands_hidden_from(user)):
        return []
    notices = ReplyNotice.objects.filter(assessment__brand__in=hidden)
    replies = Reply.objects.filter(assessment__brand__in=hidden, notice__isnull=False)
    return [name_of(record) for record in (*notices, *replies)]


def _again(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("again", "")
    mail = of_the_desk().filter(pk=number).first() if number.isdecimal() else None
    if mail is None:
        raise Http404
    try:
        try_again(mail, by=person(request))
        messages.success(request, _("The mail is queued again."))
    except VoiceRefused as refused:
        messages.error(request, str(refused))
    return redirect("desk-mails")
