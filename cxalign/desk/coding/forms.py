"""The form with which an editor opens a round."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Crisis, validate_plain_text
from scoring.coding.rounds import people_who_code
from scoring.models import Assessment

CASES, SAMPLE = "cases", "sample"


class RoundForm(forms.Form):
    crisis = forms.ModelChoiceField(Crisis.objects.all(), label=_("Crisis"), empty_label=None)
    what = forms.ChoiceField(
        label=_("What to code"),
        choices=(
            (CASES, _("everything of the cases ticked below")),
            (SAMPLE, _("the sample that the method asks for")),
        ),
        widget=forms.RadioSelect,
        initial=CASES,
    )
    cases = forms.ModelMultipleChoiceField(Assessment.objects.none(), label=_("Cases"), required=False)
    first_coder = forms.ModelChoiceField(queryset=people_who_code(), label=_("First coder"))
    second_coder = forms.ModelChoiceField(queryset=people_who_code(), label=_("Second coder"))
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        validators=[validate_plain_text],
        help_text=_("Left empty, it is named after what is coded."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases: Any = self.fields["cases"]
        cases.queryset = Assessment.objects.select_related("brand", "crisis")

    def clean_due_on(self) -> date | None:
        due: date | None = self.cleaned_data["due_on"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("This day is past: choose a later one."))
        return due

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("what") == CASES and not cleaned.get("cases"):
            self.add_error("cases", _("Tick at least one case, or choose the sample."))
        crisis = cleaned.get("crisis")
        if crisis and any(case.crisis_id != crisis.pk for case in cleaned.get("cases") or ()):
            self.add_error("cases", _("These cases belong to another crisis."))
        if cleaned.get("first_coder") and cleaned.get("first_coder") == cleaned.get("second_coder"):
            self.add_error("second_coder", _("Two different people have to code."))
        return cleaned


class ReasonForm(forms.Form):
    """An act that has to be explained."""

    reason = forms.CharField(
        label=_("Reason"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}), validators=[validate_plain_text]
    )
