"""Whom we write to at a brand. Private, and shown to editors only."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from brands.models import Brand
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.replies.forms import ContactForm
from scoring.models import BrandContact
from scoring.voices import notices as acts
from scoring.voices.rules import ANSWER


@desk_page(ANSWER)
def contacts(request: HttpRequest, brand: str) -> HttpResponse:
    """Those in use, and a form for another one."""
    found = get_object_or_404(Brand, slug=brand)
    if request.method == "POST" and "retire" in request.POST:
        return _retire(request, found)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=BrandContact(brand=found))
    if form.is_bound and form.is_valid():
        acts.add_contact(form.save(commit=False), by=person(request))
        messages.success(request, _("The contact is recorded."))
        return redirect("desk-contacts", brand)
    in_use = BrandContact.objects.filter(brand=found, retired_at__isnull=True)
    context = {"brand": found, "form": form, "contacts": in_use, "cases": found.assessments.select_related("crisis")}
    return render_desk(request, "desk/replies/contacts.html", context, status=422 if form.is_bound else 200)


def _retire(request: HttpRequest, brand: Brand) -> HttpResponse:
    number = request.POST["retire"]
    contact = BrandContact.objects.filter(brand=brand, pk=number).first() if number.isdecimal() else None
    if contact is None:
        raise Http404
    acts.retire_contact(contact, by=person(request))
    messages.success(request, _("The contact is no longer used; name and address are erased."))
    return redirect("desk-contacts", brand.slug)
