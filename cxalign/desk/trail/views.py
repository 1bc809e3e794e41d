"""The history of a record, of a brand or a case, and of everything."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from brands.hiding import readable_lines
from brands.models import ACCOUNT, Brand, Crisis, Event, VerificationRun
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.trail import asking
from cxalign.desk.trail.names import model_of, title_of, whole_of
from cxalign.desk.trail.reading import in_words, record_named, screen_of
from cxalign.templatetags.cxalign import named

PAGE_SIZE = 50


@desk_page()
def trail_of(request: HttpRequest, subject: str) -> HttpResponse:
    """All lines about one record. A part of it leads to the whole."""
    subject = whole_of(subject)
    record, model = record_named(subject), model_of(subject)
    lines = asking.about(readable_lines(person(request)), subject)
    hidden = subject.startswith(ACCOUNT) and not person(request).has_perm("accounts.view_user")
    if hidden or (record is None and not lines.exists()):
        raise Http404
    context = {
        "title": subject.partition(":")[2] if record is None else Truncator(title_of(record)).chars(140),
        "here": reverse("desk-trail", args=[subject]),
        "sort": capfirst(model._meta.verbose_name) if model else "",
        "screen": screen_of(record),
        "gone": record is None,
        "brand": record if isinstance(record, Brand) else getattr(record, "brand", None),
    }
    return page(request, lines, context)


@desk_page()
def trail(request: HttpRequest) -> HttpResponse:
    """All lines about a brand or a case; without one, all there are."""
    lines = readable_lines(person(request))
    if slug := request.GET.get("brand", ""):
        brand = get_object_or_404(Brand, slug=slug)
        crisis = get_object_or_404(Crisis, slug=request.GET["crisis"]) if request.GET.get("crisis") else None
        context = {
            "title": f"{brand} – {named(crisis)}" if crisis else str(brand),
            "sort": _("Case") if crisis else _("Brand"),
            "screen": screen_of(brand),
            "everything_about_a_brand": True,
        }
        return page(request, asking.about_brand(lines, brand, crisis), context)
    return page(request, lines, {"title": "", "whole": True})


def page(request: HttpRequest, lines: QuerySet[Event], context: dict[str, Any]) -> HttpResponse:
    form = asking.TrailFilter(request.GET or None, people=asking.people_in(lines), auto_id="trail-%s")
    shown = Paginator(form.applied_to(lines), PAGE_SIZE).get_page(request.GET.get("page"))
    told = in_words(shown.object_list)
    everything = {
        "here": "",
        "sort": "",
        "screen": "",
        "gone": False,
        "brand": None,
        "whole": False,
        "everything_about_a_brand": False,
        "form": form,
        "kept": kept_in_address(request.GET),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "page": shown,
        "pages": shown.paginator.get_elided_page_range(shown.number, on_each_side=2, on_ends=1),
        "gap": Paginator.ELLIPSIS,
        "query_string": without(request.GET, "page"),
        "unfiltered": without(request.GET, "page", *form.fields),
        "lines": told,
        "altered": [line for line in told if not line.intact],
        "check": last_check(),
        "checks_address": checks_address(request),
    }
    return render_desk(request, "desk/trail.html", {**everything, **context})


def kept_in_address(parameters: QueryDict) -> list[tuple[str, str]]:
    """What the page is about goes with its filters."""
    return [(name, str(parameters[name])) for name in ("brand", "crisis") if parameters.get(name)]


def without(parameters: QueryDict, *names: str) -> str:
    left = parameters.copy()
    for name in names:
        left.pop(name, None)
    return left.urlencode()


def last_check() -> VerificationRun | None:
    return VerificationRun.objects.filter(what="trail").first()


def checks_address(request: HttpRequest) -> str:
    user = person(request)
    return reverse("admin:brands_verificationrun_changelist") if user.is_staff else ""
