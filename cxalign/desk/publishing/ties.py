"""One's own ties: declared brand by brand; that there is none, for several at once; ended or taken back.

Nobody else sees them but readers of the scorecard, without a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brands.models import Brand, fold
from cxalign.desk.access import desk_page
from cxalign.desk.publishing.forms import EndTieForm, ReasonForm, TieForm
from cxalign.desk.rendering import person, render_desk
from scoring import review
from scoring.models import CodingItem, Tie
from scoring.review import ReviewRefused

AT_ONCE = 500
SHOWN_FIRST = 24

if TYPE_CHECKING:
    from cxalign.accounts.models import User


@desk_page()
def ties(request: HttpRequest) -> HttpResponse:
    user = person(request)
    about = Brand.objects.filter(slug=request.GET.get("brand", "")).first()
    form = TieForm(request.POST or None, initial={"brand": about.name if about else ""})
    if form.is_valid():
        values = dict(form.cleaned_data)
        brand = values.pop("brand")
        review.declare_tie(user, brand, **values)
        messages.success(request, _("Your tie with %(brand)s is declared.") % {"brand": brand})
        return redirect("desk-ties")
    declared = list(
        Tie.objects.filter(user=user).select_related("brand").order_by("withdrawn_at", "brand__sort_key", "-pk")
    )
    context = {"form": form, "about": about, "declared": declared, **waiting(request, about)}
    return render_desk(request, "desk/publishing/ties.html", context, status=422 if form.errors else 200)


def waiting(request: HttpRequest, about: Brand | None) -> dict[str, Any]:
    """The brands without a declaration, a page full of them unless all are asked for; a search looks at every brand."""
    user, query = person(request), request.GET.get("q", "").strip()[:80]
    found = matching(user, query) if query else awaiting(user, about)
    shown = found if "all" in request.GET else found[:SHOWN_FIRST]
    return {"q": query, "shown": shown, "more": len(found) - len(shown), "total": len(found)}


def awaiting(user: User, about: Brand | None = None) -> list[Brand]:
    """Those asked about first, then those of cases one has in hand, then those one has worked on."""
    silent = Brand.objects.exclude(pk__in=declared_by(user))
    asked = silent.filter(pk=about.pk) if about else silent.none()
    coding = CodingItem.objects.live().filter(codings__seat__coder=user).order_by().values("case__brand")
    in_hand = silent.filter(Q(assessments__owner=user) | Q(pk__in=coding)).distinct()
    worked = sorted({entry.assessment.brand for entry in review.ties_undeclared(user)}, key=lambda one: one.sort_key)
    return list(dict.fromkeys([*asked, *in_hand, *worked]))


def matching(user: User, query: str) -> list[Brand]:
    return list(Brand.objects.filter(search_text__contains=fold(query)).exclude(pk__in=declared_by(user)))


def declared_by(user: User) -> QuerySet[Any, Any]:
    return Tie.objects.standing().filter(user=user).order_by().values("brand")


@desk_page()
@require_POST
def no_tie(request: HttpRequest) -> HttpResponse:
    """For one brand, for those ticked, or for every brand of the list that was on screen, and no other.

    Where a tie is in force, that brand alone is left as it is.
    """
    slugs = request.POST.getlist("listed" if "every" in request.POST else "brand")[:AT_ONCE]
    brands = list(Brand.objects.filter(slug__in=slugs))
    if len(brands) < len(set(slugs)):
        raise Http404
    if not brands:
        messages.error(request, _("No brand was chosen: tick those with which you have no tie."))
        return redirect("desk-ties")
    taken, refused = review.declare_no_ties(person(request), brands)
    if taken:
        told = ngettext(
            "You have declared that you have no tie with %(brands)s.",
            "You have declared that you have no tie with these brands: %(brands)s.",
            len(taken),
        )
        messages.success(request, told % {"brands": named(taken)})
    if refused:
        told = ngettext(
            "A tie with %(brands)s is still in force: end it or take it back first.",
            "Ties with these brands are still in force: %(brands)s. End them or take them back first.",
            len(refused),
        )
        messages.error(request, told % {"brands": named(refused)})
    return redirect("desk-ties")


def named(brands: list[Brand]) -> str:
    return ", ".join(str(brand) for brand in sorted(brands, key=lambda brand: brand.sort_key))


@desk_page()
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """When a tie ended. Somebody else's does not exist here."""
    tie = own(request, pk)
    form = EndTieForm(request.POST or None)
    if form.is_valid():
        try:
            review.end_tie(tie, on=form.cleaned_data["until"])
        except ReviewRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The end of the tie is recorded."))
            return redirect("desk-ties")
    return render_desk(request, "desk/publishing/tie.html", {"tie": tie, "form": form, "ends": True})


@desk_page()
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    tie = own(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            review.take_back_tie(tie, reason=form.cleaned_data["reason"])
        except ReviewRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The declaration is taken back; it stays on record."))
            return redirect("desk-ties")
    return render_desk(request, "desk/publishing/tie.html", {"tie": tie, "form": form, "ends": False})


def own(request: HttpRequest, pk: int) -> Tie:
    return get_object_or_404(Tie.objects.select_related("brand"), pk=pk, user=person(request))
