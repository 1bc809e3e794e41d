"""Which lines of the trail somebody asks for: about what, by whom, of what kind, and when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands import trail
from brands.changes import subject_of
from brands.models import Action, Brand, BrandProfile, Crisis, Event, Judgement, OutcomeFigure, Pseudonym
from cxalign.desk.trail.names import name_of
from scoring.models import Assessment, Publication

AUTOMATIC = "automatic"
"""Lines that no person wrote: files, and the installation itself."""


def about(lines: QuerySet[Event], subject: str) -> QuerySet[Event]:
    """Lines about one record and, for an action, about its parts."""
    label, _colon, key = subject.partition(":")
    if label != "brands.action":
        return lines.filter(subject=subject)
    parts = Q(subject__startswith=f"brands.proof:{key}:") | Q(subject__startswith=f"brands.actionsource:{key}:")
    return lines.filter(Q(subject=subject) | parts)


def about_brand(lines: QuerySet[Event], brand: Brand, crisis: Crisis | None) -> QuerySet[Event]:
    """Lines about a brand; in a crisis, without what was recorded or decided about it in another one."""
    found = lines.filter(Q(brand=brand) | Q(brand=None, subject=subject_of(brand)))
    if crisis is None:
        return found
    elsewhere = Q()
    for model in (Action, BrandProfile, Judgement, OutcomeFigure, Assessment):
        others: list[Any] = list(model._base_manager.filter(brand=brand).exclude(crisis=crisis))
        elsewhere |= Q(subject__in=[subject_of(other) for other in others])
        if model is Action:
            for other in others:
                elsewhere |= Q(subject__startswith=f"brands.proof:{other.key}:")
                elsewhere |= Q(subject__startswith=f"brands.actionsource:{other.key}:")
    publications = Publication.objects.filter(assessment__brand=brand).exclude(assessment__crisis=crisis)
    elsewhere |= Q(subject__in=[f"scoring.publication:{pk}" for pk in publications.values_list("pk", flat=True)])
    return found.exclude(elsewhere)


class TrailFilter(forms.Form):
    """What can be asked. Everything stands in the address, so that a page can be shared."""

    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What happened"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, people: QuerySet[Pseudonym], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((person.code, name_of(person)) for person in people), key=lambda pair: pair[1].casefold())
        kinds = sorted(((code, str(word)) for code, word in trail.KINDS.items()), key=lambda pair: pair[1].casefold())
        everybody = [("", _("everybody")), *named, (AUTOMATIC, _("nobody: a file or the installation itself"))]
        self.fields["person"].choices = everybody  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("everything")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one: exchange the two."))
        return cleaned

    def applied_to(self, lines: QuerySet[Event]) -> QuerySet[Event]:
        """The lines asked for. What could not be understood is told beside its field, and left out."""
        if not self.is_bound:
            return lines
        self.full_clean()
        asked = self.cleaned_data
        if person := asked.get("person"):
            lines = lines.filter(actor_code="" if person == AUTOMATIC else person)
        if kind := asked.get("kind"):
            lines = lines.filter(kind=kind)
        if since := asked.get("since"):
            lines = lines.filter(at__date__gte=since)
        if until := asked.get("until"):
            lines = lines.filter(at__date__lte=until)
        return lines


def people_in(lines: QuerySet[Event]) -> QuerySet[Pseudonym]:
    codes = lines.order_by().exclude(actor_code="").values("actor_code").distinct()
    return Pseudonym.objects.filter(code__in=codes).select_related("user")
