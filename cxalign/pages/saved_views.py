"""Saved views: keep a list or comparison as it stands, find it again, and share it by a link or with a team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brands.models import validate_plain_text
from cxalign.accounts import views_kept
from cxalign.accounts.access import account_page, person
from cxalign.accounts.models import SavedView, Team, User
from cxalign.accounts.models.saved_views import PATH_LENGTH, QUERY_LENGTH
from cxalign.pages import brands, comparison, landscape
from cxalign.pages.frame import LANGUAGE_CODES

Complaints = Callable[..., list[str]]
CAN_BE_KEPT: dict[str, Complaints] = {
    "brands": brands.complaints_about,
    "landscape": landscape.complaints_about,
    "compare": comparison.complaints_about,
}
"""Page → what it does not understand of a query. Other pages have nothing to keep."""
OF_THE_MOMENT = ("page", "add")


@dataclass(frozen=True)
class Place:
    """A page of ours and its query, as they are kept."""

    page: str
    path: str
    query: str


class NoPlace(Exception):
    """Why an address cannot be kept; the text is what the screen shows."""


def place_of(address: str, reader: User) -> Place:
    """Read an address of this site; refuse what is none, or what its page would not understand."""
    parts = urlsplit(address)
    language, _slash, path = parts.path.lstrip("/").partition("/")
    if parts.scheme or parts.netloc or language not in LANGUAGE_CODES:
        raise NoPlace(_("Only lists and comparisons of this site can be kept."))
    try:
        found = resolve(f"/{get_language()}/{path}")
    except Resolver404 as none:
        raise NoPlace(_("Only lists and comparisons of this site can be kept.")) from none
    if found.url_name not in CAN_BE_KEPT:
        raise NoPlace(_("Only lists and comparisons of this site can be kept."))
    query = QueryDict(parts.query, mutable=True)
    for name in OF_THE_MOMENT:
        query.pop(name, None)
    if complaints := CAN_BE_KEPT[found.url_name](query, reader, **found.kwargs):
        raise NoPlace(" ".join(complaints))
    kept = Place(found.url_name, path, query.urlencode())
    if len(kept.path) > PATH_LENGTH or len(kept.query) > QUERY_LENGTH:
        raise NoPlace(_("This address is too long to be kept."))
    return kept


# --- Its owner's pages ------------------------------------------------------------------------------------------------


class ViewForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        validators=[validate_plain_text],
        help_text=gettext_lazy("So that you find it again."),
    )
    shared = forms.BooleanField(
        label=gettext_lazy("Share by a link"),
        required=False,
        help_text=gettext_lazy("Whoever has the link opens the view; it shows what they may see."),
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Share with my team"),
        required=False,
        help_text=gettext_lazy("Its members find the view among their own; only you change it."),
    )

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset, team.empty_label = by.teams.all(), _("with no team")


@account_page
def views(request: HttpRequest) -> HttpResponse:
    reader = person(request)
    kept = [Line(view) for view in views_kept.views_of(reader).select_related("team")]
    others = [Line(view) for view in views_kept.shared_with(reader)]
    return render(request, "account/views.html", {"lines": kept, "others": others, "place": "views"})


@dataclass(frozen=True)
class Line:
    """One view in the list of its owner."""

    view: SavedView

    @property
    def address(self) -> str:
        return self.view.address(get_language() or LANGUAGE_CODES[0])

    @property
    def page(self) -> str:
        first = self.view.path.partition("/")[0]
        return {"brands": _("Brands"), "landscape": _("Landscape"), "compare": _("Compare")}.get(first, first)


@account_page
def keep(request: HttpRequest) -> HttpResponse:
    """Ask for a name, then keep the address that the link brought along."""
    by = person(request)
    address = request.POST.get("of") or request.GET.get("of", "")
    form = ViewForm(by, request.POST or None)
    try:
        place = place_of(address, by)
    except NoPlace as refused:
        return render(request, "account/view_refused.html", {"reason": str(refused), "place": "views"}, status=422)
    if request.method == "POST" and _done(
        form, lambda given: views_kept.keep(by, path=place.path, query=place.query, **given)
    ):
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": form.cleaned_data["name"]})
        return HttpResponseRedirect(reverse("account-views"))
    context = {"form": form, "of": address, "place": "views"}
    return render(request, "account/view_new.html", context, status=422 if form.errors else 200)


@account_page
def view(request: HttpRequest, number: int) -> HttpResponse:
    """Rename a view, share it, or take its link back."""
    by = person(request)
    held = get_object_or_404(views_kept.views_of(by), pk=number)
    initial = {"name": held.name, "shared": held.is_shared, "team": held.team}
    form = ViewForm(by, request.POST or None, initial=initial)
    if request.method == "POST" and _done(form, lambda given: views_kept.change(held, **given)):
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
        return HttpResponseRedirect(reverse("account-views"))
    context = {"form": form, "view": held, "place": "views"}
    return render(request, "account/view.html", context, status=422 if form.errors else 200)


def _done(form: ViewForm, work: Callable[[dict[str, Any]], SavedView]) -> bool:
    if not form.is_valid():
        return False
    try:
        work(form.cleaned_data)
    except (views_kept.CannotKeep, ValidationError) as refused:
        form.add_error("name", str(refused) if isinstance(refused, views_kept.CannotKeep) else refused.messages[0])
        return False
    return True


@account_page
@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    held = get_object_or_404(views_kept.views_of(person(request)), pk=number)
    held.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": held.name})
    return HttpResponseRedirect(reverse("account-views"))


# --- For whoever has the link -----------------------------------------------------------------------------------------


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the page itself, which shows to each reader what they may see."""
    held = views_kept.shared_view(token)
    if held is None:
        raise Http404
    return HttpResponseRedirect(held.address(get_language() or LANGUAGE_CODES[0]))
