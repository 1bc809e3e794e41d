"""One's own ties: declared brand by brand, ended or taken back, seen by nobody but readers of the scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brands.models import Brand
from cxalign.desk.access import desk_page
from cxalign.desk.publishing.forms import EndTieForm, ReasonForm, TieForm
from cxalign.desk.rendering import person, render_desk
from scoring import review
from scoring.models import Tie, TieKind
from scoring.review import ReviewRefused

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
    known = {tie.brand_id for tie in declared if not tie.is_withdrawn}
    context = {
        "form": form,
        "about": about,
        "about_is_open": about is not None and about.pk not in known,
        "declared": declared,
        "awaiting": [brand for brand in awaiting(user) if brand != about],
    }
    return render_desk(request, "desk/publishing/ties.html", context, status=422 if form.errors else 200)


def awaiting(user: User) -> list[Brand]:
    """The brands on whose cases this person has worked without a declaration."""
    found = {entry.assessment.brand for entry in review.ties_undeclared() if entry.person == user}
    return sorted(found, key=lambda brand: brand.sort_key)


@desk_page()
@require_POST
def no_tie(request: HttpRequest) -> HttpResponse:
    brand = get_object_or_404(Brand, slug=request.POST.get("brand", ""))
    try:
        review.declare_tie(person(request), brand, kind=TieKind.NONE)
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You have declared that you have no tie with %(brand)s.") % {"brand": brand})
    return redirect("desk-ties")


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
