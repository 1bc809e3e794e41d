"""What one watches, and how one is told; the private feed, and the way out of the mails without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brands.models import Brand
from cxalign.accounts.access import account_page, person
from cxalign.accounts.models import User
from cxalign.pages import words
from cxalign.pages.posting import private
from cxalign.pages.watching.forms import FamilyForm, RhythmForm, TimesForm
from cxalign.pages.watching.telling import absolute, feed_news, thing_of
from cxalign.portfolios.gate import visible_portfolios
from cxalign.portfolios.models import Portfolio
from cxalign.practices.reading import FAMILY_CODES
from cxalign.templatetags.cxalign import page_language
from cxalign.watches import following
from cxalign.watches.models import BY_MAIL, Rhythm, Subscriber, Watch
from cxalign.watches.timing import zone_of
from scoring.models import MailState, OutgoingMail
from scoring.visibility import visible_brands


@dataclass(frozen=True)
class Thing:
    """Something that can be watched, as an address names it."""

    name: str
    path: str
    fields: dict[str, Any]
    parameter: tuple[str, str]


def thing_asked_for(request: HttpRequest, given: Any) -> Thing:
    """The brand, portfolio or family that is named; 404 where this reader knows of none such."""
    reader = person(request)
    if slug := given.get("brand"):
        brand = visible_brands(reader).filter(slug=slug.replace("\x00", "")).first()
        return _brand(brand) if brand else _none()
    if number := given.get("portfolio"):
        known = visible_portfolios(reader)
        found = (
            known.filter(pk=int(number)).first()
            if number.isascii() and number.isdecimal() and len(number) < 18
            else None
        )
        return _portfolio(found) if found else _none()
    family = given.get("family", "")
    return _family(family) if family in FAMILY_CODES else _none()


def _none() -> Thing:
    raise Http404


def _brand(brand: Brand) -> Thing:
    return Thing(brand.name, reverse("brand", args=[brand.slug]), {"brand": brand}, ("brand", brand.slug))


def _portfolio(found: Portfolio) -> Thing:
    path = reverse("portfolio", args=[found.pk])
    return Thing(found.name, path, {"portfolio": found}, ("portfolio", str(found.pk)))


def _family(code: str) -> Thing:
    return Thing(words.word(code, "family"), family_path(code), {"family": code}, ("family", code))


def family_path(code: str) -> str:
    return f"{reverse('practices')}?family={code}"


# --- One's own pages --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One watch in the list of its owner."""

    watch: Watch

    @property
    def name(self) -> str:
        return thing_of(self.watch)

    @property
    def kind(self) -> str:
        if self.watch.brand_id:
            return _("Brand")
        return _("Portfolio") if self.watch.portfolio_id else _("Practice family")

    @property
    def path(self) -> str:
        if self.watch.brand:
            return reverse("brand", args=[self.watch.brand.slug])
        if self.watch.portfolio_id:
            return reverse("portfolio", args=[self.watch.portfolio_id])
        return family_path(self.watch.family or "")

    @property
    def change(self) -> str:
        """Where one says otherwise how one is told."""
        if self.watch.brand:
            named = ("brand", self.watch.brand.slug)
        elif self.watch.portfolio_id:
            named = ("portfolio", str(self.watch.portfolio_id))
        else:
            named = ("family", self.watch.family or "")
        return f"{reverse('account-watch')}?{urlencode([named])}"


@account_page
def watches(request: HttpRequest) -> HttpResponse:
    """All of them, with what holds for all: hour and day, the feed, whether mails are stopped."""
    reader = person(request)
    subscriber = Subscriber.objects.filter(user=reader).first()
    return watches_page(request, reader, subscriber, FamilyForm(initial=usual(reader)), times_form(subscriber))


def watches_page(
    request: HttpRequest, reader: User, subscriber: Subscriber | None, family: FamilyForm, times: TimesForm
) -> HttpResponse:
    form = family if family.is_bound else times
    context = {
        "place": "watches",
        "lines": [Line(watch) for watch in following.watches_of(reader)],
        "subscriber": subscriber,
        "feed": feed_address(subscriber),
        "undelivered": undelivered(subscriber),
        "family": family,
        "times": times,
        "form": form,
        "zone": zone_of(reader).key.replace("_", " "),
        "by_mail": BY_MAIL,
    }
    return render(request, "watches/watches.html", context, status=422 if form.errors else 200)


def feed_address(subscriber: Subscriber | None) -> str:
    token = subscriber.feed_token if subscriber else None
    return absolute(reverse("watch-feed", args=[token])) if token else ""


def undelivered(subscriber: Subscriber | None) -> OutgoingMail | None:
    """The newest mail, if it could not be delivered."""
    if subscriber is None:
        return None
    mails = OutgoingMail.objects.filter(kind=following.MAIL_KIND, about=following.about(subscriber))
    newest = mails.defer("body").order_by("-id").first()
    return newest if newest and newest.state == MailState.FAILED else None


def times_form(subscriber: Subscriber | None, sent: Any = None) -> TimesForm:
    held = subscriber or Subscriber()
    return TimesForm(sent, initial={"hour": held.hour, "weekday": held.weekday})


def usual(reader: User) -> dict[str, Rhythm]:
    """What is chosen at first: nothing that needs an address where there is none."""
    return {"rhythm": Rhythm.DAILY if reader.email else Rhythm.FEED}


@account_page
def watch(request: HttpRequest) -> HttpResponse:
    """Watch what a link names, or what a form sends; or change how one is told of it."""
    given = request.POST if request.method == "POST" else request.GET
    thing, reader = thing_asked_for(request, given), person(request)
    found = following.watches_of(reader).filter(**thing.fields).first()
    form = RhythmForm(request.POST or None, initial={"rhythm": found.rhythm} if found else usual(reader))
    if request.method == "POST" and form.is_valid():
        try:
            following.watch(reader, rhythm=form.cleaned_data["rhythm"], **thing.fields)
        except following.CannotWatch as refused:
            form.add_error("rhythm", str(refused))
        else:
            messages.success(request, _("You watch “%(name)s”.") % {"name": thing.name})
            return HttpResponseRedirect(reverse("account-watches"))
    context = {"form": form, "thing": thing, "found": found, "place": "watches"}
    return render(request, "watches/watch.html", context, status=422 if form.errors else 200)


@account_page
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Watch.objects.filter(subscriber__user=person(request)), pk=number)
    following.end(found)
    messages.success(request, _("You no longer watch “%(name)s”.") % {"name": thing_of(found)})
    return HttpResponseRedirect(reverse("account-watches"))


@account_page
@require_POST
def times(request: HttpRequest) -> HttpResponse:
    reader = person(request)
    form = times_form(None, request.POST)
    if not form.is_valid():
        subscriber = Subscriber.objects.filter(user=reader).first()
        return watches_page(request, reader, subscriber, FamilyForm(initial=usual(reader)), form)
    following.set_times(reader, **form.cleaned_data)
    messages.success(request, _("Day and hour are saved."))
    return HttpResponseRedirect(reverse("account-watches"))


@account_page
@require_POST
def mails(request: HttpRequest) -> HttpResponse:
    """Stop all mails, or have them sent again."""
    reader = person(request)
    if request.POST.get("act") == "resume":
        following.resume(reader)
        messages.success(request, _("E-mails are sent again, of what comes from now on."))
    else:
        following.stop(following.subscriber_of(reader))
        messages.success(request, _("No e-mail about your watches is sent any more."))
    return HttpResponseRedirect(reverse("account-watches"))


@account_page
@require_POST
def feed_settings(request: HttpRequest) -> HttpResponse:
    """Make the address of the feed, replace it, or take it back."""
    reader = person(request)
    if request.POST.get("act") == "close":
        following.close_feed(reader)
        messages.success(request, _("The address of the feed opens nothing any more."))
    else:
        following.open_feed(reader)
        messages.success(request, _("The feed has a new address; an earlier one opens nothing any more."))
    return HttpResponseRedirect(f"{reverse('account-watches')}#feed")


# --- Without signing in -----------------------------------------------------------------------------------------------


@csrf_exempt  # a mail program sends the request: what proves that it may is the address itself
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of the mails. Opening it changes nothing, as programs that look at mails open every link."""
    subscriber = following.stopping(token)
    if subscriber is None:
        raise Http404
    if request.method == "POST":
        following.stop(subscriber)
        subscriber.refresh_from_db()
    return private(render(request, "watches/stop.html", {"subscriber": subscriber}))


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What one watches, as Atom, in the language of the address. Whoever has the address reads it."""
    subscriber = following.feed_of(token)
    if subscriber is None:
        raise Http404
    with timezone.override(zone_of(subscriber.user)):
        response = HttpResponse(atom(token, subscriber), content_type="application/atom+xml; charset=utf-8")
    set_response_etag(private(response))
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def atom(token: str, subscriber: Subscriber) -> str:
    made = Atom1Feed(
        title=_("%(site)s: what you watch") % {"site": settings.SITE_NAME},
        link=absolute(reverse("account-watches")),
        description="",
        subtitle=_("Private: whoever has this address reads it."),
        feed_url=absolute(reverse("watch-feed", args=[token])),
        language=page_language(),
        author_name=settings.SITE_NAME,
    )
    for one in feed_news(subscriber):
        made.add_item(
            title=one.title,
            link=absolute(one.path),
            description=one.text,
            unique_id=f"{settings.BASE_URL}/told/{one.code}",
            pubdate=one.at,
            updateddate=one.at,
        )
    return str(made.writeString("utf-8"))
