"""The forms of watches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cxalign.pages import words
from cxalign.practices.models import FAMILIES
from cxalign.watches.models import WEEKDAYS, Rhythm


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How to be told"), choices=Rhythm.choices, initial=Rhythm.DAILY, widget=forms.RadioSelect
    )


class FamilyForm(RhythmForm):
    family = forms.ChoiceField(label=gettext_lazy("Practice family"))
    field_order = ("family", "rhythm")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["family"]
        choices.choices = [(code, words.word(code, "family")) for code, _label in FAMILIES]


class TimesForm(forms.Form):
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the daily and the weekly e-mail"),
        coerce=int,
        choices=[(hour, f"{hour:02d}:00") for hour in range(24)],
    )
    weekday = forms.TypedChoiceField(label=gettext_lazy("Day of the weekly e-mail"), coerce=int, choices=WEEKDAYS)
