"""The forms of a portfolio. Notes are kept as typed; each form carries the revision that it started from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxalign.accounts.models import Team, User
from cxalign.pages.plans.forms import Revised, text
from cxalign.portfolios.gate import visible_portfolios
from cxalign.portfolios.models import NOTE_LENGTH, Portfolio


def name_field(**options: Any) -> forms.CharField:
    return text(gettext_lazy("Name"), 100, **options)


def note_field(help_text: Any) -> forms.CharField:
    return text(gettext_lazy("Note"), NOTE_LENGTH, rows=4, help_text=help_text)


NOTE_OF_SET = gettext_lazy("What this set is for. Only your team reads it.")


class NewForm(forms.Form):
    name = name_field(required=True)
    note = note_field(NOTE_OF_SET)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), empty_label=None)

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = by.teams.all()
        team.initial = team.queryset.first()


class SettingsForm(Revised):
    name = name_field(required=True)
    note = note_field(NOTE_OF_SET)


class NoteForm(Revised):
    note = note_field(gettext_lazy("Only your team reads it."))


class AddForm(NewForm):
    """Into a portfolio that there is, or into a new one of this name."""

    portfolio = forms.ModelChoiceField(
        Portfolio.objects.none(), label=gettext_lazy("Into the portfolio"), required=False
    )
    field_order = ("portfolio", "name", "team")

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(by, *args, **kwargs)
        del self.fields["note"]
        portfolio: Any = self.fields["portfolio"]
        portfolio.queryset = visible_portfolios(by).filter(archived_at__isnull=True).select_related("team")
        portfolio.empty_label = _("a new one")
        self.fields["name"].required = self.fields["team"].required = False
        self.fields["name"].label = _("Name of a new one")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("portfolio") and not self.errors:
            if not given.get("name", "").strip():
                self.add_error("name", _("Choose a portfolio, or name a new one."))
            if not given.get("team"):
                self.add_error("team", _("Say which team the new portfolio is for."))
        return given
