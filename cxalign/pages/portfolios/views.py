"""The portfolios of one's teams: listed, made, read, changed, archived, removed and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brands.models import Brand
from cxalign.accounts.access import person
from cxalign.pages.frame import picked, slugs_in
from cxalign.pages.picking import picking
from cxalign.pages.plans.conflicts import Difference, sent_again
from cxalign.pages.portfolios.access import holding_of, keeping_page, portfolio_page
from cxalign.pages.portfolios.forms import AddForm, NewForm, NoteForm, SettingsForm
from cxalign.pages.portfolios.reading import PortfolioView
from cxalign.portfolios import editing
from cxalign.portfolios.gate import removed_portfolios, visible_portfolios
from cxalign.portfolios.models import Holding, Portfolio, Step, StepKind
from scoring.visibility import visible_brands

LINES = 50
MOVES = {"first": -editing.MOST_BRANDS, "up": -1, "down": 1, "last": editing.MOST_BRANDS}


def to(portfolio: Portfolio, done: Step | None = None, place: str = "portfolio") -> HttpResponse:
    """Back to the portfolio, with what was done if it can be undone."""
    address = reverse(place, args=[portfolio.pk])
    return HttpResponseRedirect(f"{address}?done={done.pk}" if done else address)


# --- All of them ------------------------------------------------------------------------------------------------------


@keeping_page
def portfolios(request: HttpRequest) -> HttpResponse:
    kept = visible_portfolios(person(request)).select_related("team").annotate(many=Count("holdings"))
    rows = list(kept.order_by("name", "pk"))
    context = {
        "portfolios": [one for one in rows if one.archived_at is None],
        "archived": [one for one in rows if one.archived_at is not None],
        "note": removal_to_undo(request),
    }
    return render(request, "portfolios/list.html", context)


def removal_to_undo(request: HttpRequest) -> Step | None:
    step = step_asked_for(request)
    return step if step and step.kind == StepKind.REMOVED and step.portfolio.deleted_at else None


def step_asked_for(request: HttpRequest) -> Step | None:
    """What was just done, if this reader could see it."""
    asked = request.GET.get("done", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        return None
    reader = person(request)
    steps = Step.objects.select_related("portfolio", "brand").filter(pk=int(asked), kind__in=editing.UNDOABLE)
    kept = steps.filter(portfolio__in=visible_portfolios(reader)) | steps.filter(
        portfolio__in=removed_portfolios(reader)
    )
    return kept.first()


@keeping_page
def new(request: HttpRequest) -> HttpResponse:
    by = person(request)
    form = NewForm(by, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = editing.make_portfolio(by, **form.cleaned_data)
        except editing.RefusedError as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("The portfolio “%(name)s” is made.") % {"name": made.name})
            return to(made)
    return render(request, "portfolios/new.html", {"form": form}, status=422 if form.errors else 200)


@keeping_page
def add(request: HttpRequest) -> HttpResponse:
    """Brands picked elsewhere, into a portfolio that there is or a new one."""
    by = person(request)
    slugs = slugs_in(request.POST) if request.method == "POST" else picked(request)
    brands = list(visible_brands(by).filter(slug__in=slugs).order_by("sort_key", "pk"))
    form = AddForm(by, request.POST or None)
    if request.method == "POST" and brands and form.is_valid():
        try:
            into, came_in = added(by, form.cleaned_data, brands)
        except (editing.RefusedError, editing.StaleError) as refused:
            form.add_error(None, str(refused))
        else:
            tell_what_came_in(request, into, came_in)
            return to(into)
    context = {"form": form, "brands": brands}
    return render(request, "portfolios/add.html", context, status=422 if form.errors else 200)


def added(by: Any, given: dict[str, Any], brands: list[Brand]) -> tuple[Portfolio, list[Brand]]:
    into = given["portfolio"] or editing.make_portfolio(by, given["team"], name=given["name"])
    return into, editing.add_brands(into, by, brands)


def tell_what_came_in(request: HttpRequest, into: Portfolio, came_in: list[Brand]) -> None:
    many = len(came_in)
    told = ngettext("%(count)d brand added to “%(name)s”.", "%(count)d brands added to “%(name)s”.", many)
    nothing = _("“%(name)s” holds them already.")
    messages.success(request, (told if many else nothing) % {"count": many, "name": into.name})


# --- One of them ------------------------------------------------------------------------------------------------------


@portfolio_page
def portfolio(request: HttpRequest, portfolio: Portfolio) -> HttpResponse:
    view = PortfolioView(request, portfolio)
    shown = {"view": view, "portfolio": portfolio, "rows": view.rows, "news": view.news(), "note": undoable(request)}
    placed = view.landscape()
    context = {**picking(request, view.slugs), "crisis": view.crisis, **placed, "has_landscape": bool(placed), **shown}
    context["kept_by_pick"] = []
    return render(request, "portfolios/portfolio.html", context)


def undoable(request: HttpRequest) -> Step | None:
    """What was just done to this portfolio, as long as it has not been undone."""
    step = step_asked_for(request)
    if step is None or step.portfolio.deleted_at is not None:
        return None
    if step.kind == StepKind.ARCHIVED:
        return step if step.portfolio.archived_at else None
    return None if step.portfolio.holdings.filter(brand=step.brand_id).exists() else step


@portfolio_page
def settings(request: HttpRequest, portfolio: Portfolio) -> HttpResponse:
    initial = {name: getattr(portfolio, name) for name in ("name", "note", "revision")}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            editing.change_portfolio(portfolio, person(request), form.seen, form.fields_given())
        except editing.StaleError as stale:
            return conflict(request, portfolio, stale, form.fields_given())
        except editing.RefusedError as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("The portfolio is saved."))
            return to(portfolio)
    context = {"form": form, "portfolio": portfolio}
    return render(request, "portfolios/settings.html", context, status=422 if form.errors else 200)


def conflict(
    request: HttpRequest, portfolio: Portfolio, stale: editing.StaleError, mine: Mapping[str, Any]
) -> HttpResponse:
    """Nothing was saved. What was sent comes along, so that it can be sent again over what is on file now."""
    record = stale.record
    brand = getattr(record, "brand", None)
    gone = getattr(record, "deleted_at", None) is not None
    if brand is not None:
        gone = not portfolio.holdings.filter(pk=record.pk).exists()
    labels = {"name": _("Name"), "note": _("Note")}
    context = {
        "frame": "portfolios/base.html",
        "portfolio": portfolio,
        "record": record,
        "is_gone": gone,
        "rows": [
            Difference(labels[name], str(getattr(record, name)) or "–", str(value) or "–")
            for name, value in mine.items()
            if getattr(record, name) != value
        ],
        "last": portfolio.steps.select_related("by").filter(brand=brand).first(),
        "sent": list(sent_again(request)),
        "back": reverse("portfolio", args=[portfolio.pk]) if brand or not gone else reverse("portfolios"),
    }
    return render(request, "plans/conflict.html", context, status=409)


@portfolio_page
@require_POST
def archive(request: HttpRequest, portfolio: Portfolio) -> HttpResponse:
    """Out of the way; or, of an archived one, back among the others."""
    if portfolio.archived_at is None:
        return to(portfolio, editing.archive(portfolio, person(request)))
    editing.take_up(portfolio, person(request))
    messages.success(request, _("“%(name)s” is among the others again.") % {"name": portfolio.name})
    return to(portfolio)


@portfolio_page
@require_POST
def remove(request: HttpRequest, portfolio: Portfolio) -> HttpResponse:
    """For everybody in the team, by somebody who has just seen it as it is."""
    seen = request.POST.get("revision", "")
    if request.POST.get("confirmed") != "yes":
        messages.error(request, _("Nothing was removed: tick the box first."))
        return to(portfolio, place="portfolio-settings")
    try:
        step = editing.remove(portfolio, person(request), int(seen) if seen.isascii() and seen.isdecimal() else 0)
    except editing.StaleError as stale:
        return conflict(request, portfolio, stale, {})
    address = reverse("portfolios")
    return HttpResponseRedirect(f"{address}?done={step.pk}" if step else address)


@keeping_page
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    reader = person(request)
    step = Step.objects.select_related("portfolio__team", "brand").filter(pk=number).first()
    seen = visible_portfolios(reader) | removed_portfolios(reader)
    if step is None or not seen.filter(pk=step.portfolio_id).exists():
        raise Http404
    try:
        record = editing.undo(step, reader)
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("portfolios"))
    told = _("“%(name)s” is back.") % {"name": step.brand.name if step.brand else record.name}
    messages.success(request, told)
    return to(record)


@portfolio_page
def activity(request: HttpRequest, portfolio: Portfolio) -> HttpResponse:
    page = Paginator(portfolio.steps.select_related("by", "brand"), LINES).get_page(request.GET.get("page"))
    return render(request, "portfolios/activity.html", {"portfolio": portfolio, "page": page})


# --- Its brands -------------------------------------------------------------------------------------------------------


@portfolio_page
def note(request: HttpRequest, portfolio: Portfolio, slug: str) -> HttpResponse:
    holding = holding_of(request, portfolio, slug)
    if holding._state.adding and request.method != "POST":
        return taken_out_already(request, holding)
    form = NoteForm(request.POST or None, initial={"note": holding.note, "revision": holding.revision})
    if request.method == "POST" and form.is_valid():
        try:
            editing.note_brand(holding, person(request), form.seen, form.cleaned_data["note"])
        except editing.StaleError as stale:
            return conflict(request, portfolio, stale, form.fields_given())
        messages.success(request, _("The note about %(brand)s is saved.") % {"brand": holding.brand.name})
        return to(portfolio)
    context = {"form": form, "portfolio": portfolio, "holding": holding}
    return render(request, "portfolios/note.html", context, status=422 if form.errors else 200)


@portfolio_page
@require_POST
def move(request: HttpRequest, portfolio: Portfolio, slug: str) -> HttpResponse:
    """One place up or down, or to an end."""
    steps = MOVES.get(request.POST.get("to", ""))
    if steps is None:
        raise Http404
    holding = holding_of(request, portfolio, slug)
    try:
        editing.move_brand(holding, person(request), steps)
    except editing.StaleError as stale:
        return not_there(request, holding, stale)
    return HttpResponseRedirect(f"{reverse('portfolio', args=[portfolio.pk])}#brand-{slug}")


@portfolio_page
@require_POST
def take_out(request: HttpRequest, portfolio: Portfolio, slug: str) -> HttpResponse:
    """Pressed twice, it is done once."""
    holding = holding_of(request, portfolio, slug)
    try:
        step = editing.remove_brand(holding, person(request))
    except editing.StaleError as stale:
        return not_there(request, holding, stale)
    return to(portfolio, step)


def not_there(request: HttpRequest, holding: Holding, stale: editing.StaleError) -> HttpResponse:
    """What is to be done without the brand, or without the whole portfolio."""
    if stale.record is holding:
        return taken_out_already(request, holding)
    return conflict(request, holding.portfolio, stale, {})


def taken_out_already(request: HttpRequest, holding: Holding) -> HttpResponse:
    messages.info(request, _("%(brand)s was taken out already.") % {"brand": holding.brand.name})
    return to(holding.portfolio)
