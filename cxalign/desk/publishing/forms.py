"""What is asked before a case is published, taken back, assigned, searched or declared on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands import codes
from brands.forms import PlainTextarea
from brands.models import Brand, validate_plain_text
from cxalign.accounts.models import Team
from scoring.assigning import seen_of
from scoring.models import Assessment, Publication, TieKind
from scoring.publishing import PublishingRefused, check_says_why_again
from scoring.review import Request, SearchEntry

BACKEND = "django.contrib.auth.backends.ModelBackend"


class DateInput(forms.DateInput):
    """A date field of the browser, which sends and wants ISO dates in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def date_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=DateInput(), input_formats=["%Y-%m-%d"], **options)


def text_field(max_length: int, *, rows: int = 3, **options: Any) -> forms.CharField:
    """Text that is kept as it was typed."""
    options = {"required": False, "strip": False, "validators": [validate_plain_text], **options}
    return forms.CharField(max_length=max_length, widget=PlainTextarea({"rows": rows, "class": ""}), **options)


# --- Publishing and taking back ---------------------------------------------------------------------------------------


class PublishForm(forms.Form):
    """What readers are told about a new version. The snapshot is the one that was on screen."""

    snapshot = forms.IntegerField(widget=forms.HiddenInput)
    cause = forms.ChoiceField(label=gettext_lazy("What changed"))
    note_en = text_field(600, label=gettext_lazy("Note in English"))
    note_fr = text_field(600, label=gettext_lazy("Note in French"))
    requests = forms.MultipleChoiceField(
        label=gettext_lazy("Taken into account"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, is_first: bool, said: list[Request], was_withdrawn: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.was_withdrawn = was_withdrawn
        causes = Publication._meta.get_field("cause").flatchoices
        self.fields["cause"].choices = [  # type: ignore[attr-defined]
            (code, word) for code, word in causes if (code == "first_entry") == is_first
        ]
        self.fields["requests"].choices = [  # type: ignore[attr-defined]
            (entry.reference, entry.words or entry.reference) for entry in said
        ]
        if not said:
            del self.fields["requests"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.was_withdrawn and not self.errors:
            try:
                check_says_why_again(cleaned["note_en"], cleaned["note_fr"])
            except PublishingRefused as refused:
                raise ValidationError(str(refused), code="again") from refused
        return cleaned


class WithdrawForm(forms.Form):
    reason_en = text_field(1000, label=gettext_lazy("Public reason in English"))
    reason_fr = text_field(1000, label=gettext_lazy("Public reason in French"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(text.strip() for text in cleaned.values()):
            raise ValidationError(_("Write the public reason: it is shown at this address for good."), code="reason")
        return cleaned


class ConfirmForm(forms.Form):
    reason = text_field(1000, rows=2, required=True, label=gettext_lazy("What you looked at, and why it still stands"))


class ReasonForm(forms.Form):
    reason = text_field(1000, required=True, label=gettext_lazy("Why it is taken back"))


# --- Who has the case -------------------------------------------------------------------------------------------------


class AssignForm(forms.ModelForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    """Who has the case as the page shows it, so that nobody takes it from somebody unknowingly."""

    class Meta:
        model = Assessment
        fields = ("owner", "due_on", "team")
        widgets = {"due_on": DateInput()}

    def __init__(self, *args: Any, may_assign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = seen_of(self.instance)
        people = get_user_model()._default_manager.with_perm("scoring.read_drafts", backend=BACKEND)
        self.fields["owner"].queryset = people.order_by("username")  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = gettext_lazy("Nobody yet")  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["team"].empty_label = gettext_lazy("No team")  # type: ignore[attr-defined]
        if not may_assign:
            del self.fields["owner"], self.fields["due_on"]


# --- Searches ---------------------------------------------------------------------------------------------------------


class SearchesForm(forms.Form):
    """Where and when, for all cells of the grid."""

    engine = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=200,
        validators=[validate_plain_text],
        help_text=gettext_lazy("Search engine, press database, the brand’s own site…"),
    )
    searched_on = date_field(label=gettext_lazy("Searched on"))

    def clean_searched_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["searched_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."), code="future")
        return day


class CellForm(forms.Form):
    """One search: for help or for harm, to one group. Left empty, none is logged."""

    queries = text_field(2000, rows=2, label=gettext_lazy("Search words"))
    hits = forms.IntegerField(label=gettext_lazy("Hits looked at"), required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, strip=False, validators=[validate_plain_text]
    )

    def __init__(self, data: Any, stakeholder: str, looked_for: str) -> None:
        super().__init__(data, prefix=f"{stakeholder}-{looked_for}")
        self.stakeholder, self.looked_for = stakeholder, looked_for

    @property
    def name(self) -> str:
        sought = _("looked for harm") if self.looked_for == codes.Direction.HARMS else _("looked for help")
        return f"{codes.Stakeholder(self.stakeholder).label} – {sought}"

    @property
    def is_empty(self) -> bool:
        values = self.cleaned_data
        return (
            not values.get("queries", "").strip() and values.get("hits") is None and not values.get("note", "").strip()
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors or self.is_empty:
            return cleaned
        if not cleaned["queries"].strip():
            self.add_error("queries", _("Write the words that were searched."))
        if cleaned["hits"] is None:
            self.add_error("hits", _("Write how many hits were looked at; 0 where there were none."))
        return cleaned

    def entry(self, engine: str, searched_on: datetime.date) -> SearchEntry:
        values = self.cleaned_data
        return SearchEntry(
            self.stakeholder, self.looked_for, values["queries"], engine, searched_on, values["hits"], values["note"]
        )


class SearchGrid:
    """The grid of all groups × help and harm, entered in one go."""

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        self.common = SearchesForm(data, initial=initial)
        self.rows = [
            (group, [CellForm(data, group.value, direction) for direction in codes.Direction.values])
            for group in codes.Stakeholder
        ]

    def cells(self) -> Iterator[CellForm]:
        for _group, cells in self.rows:
            yield from cells

    def is_valid(self) -> bool:
        return all([self.common.is_valid(), *(cell.is_valid() for cell in self.cells())])

    def entries(self) -> list[SearchEntry]:
        where, when = self.common.cleaned_data["engine"], self.common.cleaned_data["searched_on"]
        return [cell.entry(where, when) for cell in self.cells() if not cell.is_empty]

    @property
    def wrong_cells(self) -> list[CellForm]:
        return [cell for cell in self.cells() if cell.is_bound and cell.errors]


# --- Ties -------------------------------------------------------------------------------------------------------------


KINDS = [("", "–"), *((code, word) for code, word in TieKind.choices if code != TieKind.NONE)]


class TieForm(forms.Form):
    brand = forms.CharField(
        label=gettext_lazy("Brand"),
        max_length=200,
        help_text=gettext_lazy("Its name, or the last part of its address."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of tie"), choices=KINDS)
    text_en = text_field(
        300,
        rows=2,
        label=gettext_lazy("The tie in English"),
        help_text=gettext_lazy("One sentence that readers will see, without names of people."),
    )
    text_fr = text_field(300, rows=2, label=gettext_lazy("The tie in French"))
    since = date_field(label=gettext_lazy("Since"), required=False)
    until = date_field(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Left empty while it lasts. The tie bars you until this day."),
    )

    def clean_brand(self) -> Brand:
        typed = self.cleaned_data["brand"].strip()
        found = Brand.objects.filter(Q(slug=typed) | Q(name__iexact=typed)).order_by("pk").first()
        if found is None:
            raise ValidationError(_("No brand has this name: write it as the list of brands does."), code="unknown")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name, "").strip() for name in ("text_en", "text_fr")):
            self.add_error("text_en", _("Describe the tie in one of the two languages."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("It cannot end before it began."))
        return cleaned


class EndTieForm(forms.Form):
    until = date_field(label=gettext_lazy("Ended on"))
