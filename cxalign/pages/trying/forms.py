"""The rows of an invented case: what the brand is, what it promised, what it did to whom, and who says so.

Names of fields are short because they make the address that shares a case. A field that an address leaves out has its
initial value, so that an address holds only what was chosen.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from brands import codes
from brands.models import validate_plain_text
from cxalign.pages import words
from scoring.engine.dossier import DUTY, Direction, Group, PartialDate
from scoring.engine.method import available, method_in_force

MAX_PROMISES = 6
MAX_ACTS = 12
MAX_SOURCES = 5
MAX_VOICES = 60
WORDS = "w"
"""The field of every row that holds free text."""


class CaseTextField(forms.CharField):
    """A few words of the reader's own: bounded, on no address, never in a sentence of ours without their name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 600, "validators": [validate_plain_text], **options})


class PartialDateField(forms.CharField):
    """A year, a month or a day, as the engine reads it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "placeholder": "2020-04", "size": 10})
        super().__init__(**{"required": False, "max_length": 10, "widget": widget, **options})

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(_("Write a date as 2020, 2020-04 or 2020-04-13."), code="date") from error
        if found.first > date.today():
            raise ValidationError(_("This date is after today: what lies ahead cannot be judged."), code="future")
        return found


def level_field(choices: Any, label: Any, **options: Any) -> forms.ChoiceField:
    """A scoring code: its anchors are the very options. Unknown is always allowed, and is what an empty row says."""
    return forms.ChoiceField(
        choices=choices.choices, label=label, required=False, **{"initial": codes.UNKNOWN, **options}
    )


def ticked(label: Any, **options: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **options)


class RowForm(forms.Form):
    """One row. What an address or a browser does not send has its initial value."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, prefix: str | None = None, **options: Any) -> None:
        super().__init__(
            data, prefix=prefix, empty_permitted=prefix is not None, use_required_attribute=False, **options
        )
        self._describe()
        self.sent = self._filled(data if data is not None else QueryDict())
        if data is not None:
            self.data = self.sent

    def _filled(self, data: QueryDict) -> QueryDict:
        filled = QueryDict(mutable=True)
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            given = data.getlist(key)
            initial = [] if field.initial in (None, False) else [field.initial]
            filled.setlist(key, given or initial)
        return filled

    def _describe(self) -> None:
        """Hook for fields that depend on the row."""

    def level(self, name: str) -> int | None:
        value = self.cleaned_data.get(name) or codes.UNKNOWN
        return None if value == codes.UNKNOWN else int(value)

    def chosen(self) -> list[tuple[str, str]]:
        """What differs from an empty row, as pairs for an address. The reader's own words are not among them."""
        pairs = []
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            if isinstance(field, CaseTextField):
                continue
            for value in self.sent.getlist(key):
                if value and value != field.initial:
                    pairs.append((key, str(value)))
        return pairs


def group_choices(*, core: bool = False) -> list[tuple[str, Any]]:
    groups = [group for group in Group if not (core and group is Group.ENVIRONMENT)]
    return [(group.value, words.VOCABULARIES["stakeholder"][group.value]) for group in groups]


def method_choices() -> list[tuple[str, str]]:
    return [(method.version, method.version) for method in available()]


class BrandForm(RowForm):
    """The brand: its name, its profile from before the crisis, and how it is judged."""

    n = CaseTextField(label=gettext_lazy("Name of the brand"), max_length=80)
    pu = level_field(codes.Purpose, gettext_lazy("Purpose"))
    vh = level_field(codes.ValuesHeritage, gettext_lazy("Values heritage"))
    cc = level_field(codes.CustomerRecord, gettext_lazy("Customer record"))
    lb = ticked(gettext_lazy("It held a label (B Corp…)"))
    pd = ticked(gettext_lazy("Two people coded this profile"))
    na = forms.MultipleChoiceField(
        choices=group_choices(core=True),
        label=gettext_lazy("Groups that it does not have"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    m = forms.ChoiceField(label=gettext_lazy("Version of the method"), required=False)

    def _describe(self) -> None:
        field = self.fields["m"]
        field.choices = method_choices()  # type: ignore[attr-defined]
        field.initial = method_in_force(date.today()).version


class PromiseForm(RowForm):
    w = CaseTextField(label=gettext_lazy("What it promised"), widget=forms.Textarea({"rows": 2}))
    st = forms.ChoiceField(
        choices=codes.Statement.choices, label=gettext_lazy("Statement"), required=False, initial="3"
    )
    to = forms.MultipleChoiceField(
        choices=group_choices(),
        label=gettext_lazy("To whom?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    si = PartialDateField(label=gettext_lazy("Since"))
    wt = forms.ChoiceField(
        choices=codes.Weight.choices, label=gettext_lazy("Weight"), required=False, initial="central"
    )
    nt = ticked(gettext_lazy("Too general to test on its own (changes nothing)"))

    def clean_to(self) -> list[str]:
        groups: list[str] = self.cleaned_data["to"]
        if not groups:
            raise ValidationError(
                _("Tick at least one group: what is promised to nobody is no promise."), code="nobody"
            )
        return groups


EFFECTS: list[tuple[str, tuple[str, ...]]] = [
    (Direction.HELPS.value, ("0", "1", "2", "u")),
    (Direction.HARMS.value, ("1", "2", "3", "u")),
]
EFFECT_SIGNS = {"h": Direction.HELPS, "x": Direction.HARMS}


def effect_choices() -> list[tuple[Any, Any]]:
    """No bearing, then how far it helps, then how far it harms: direction and depth in one answer."""
    depths = words.VOCABULARIES
    return [
        ("", gettext_lazy("no bearing")),
        (pgettext_lazy("effect", "Helps"), [(f"h{depth}", depths["helps_depth"][depth]) for depth in EFFECTS[0][1]]),
        (pgettext_lazy("effect", "Harms"), [(f"x{depth}", depths["harms_depth"][depth]) for depth in EFFECTS[1][1]]),
    ]


class ActForm(RowForm):
    """One act: its codes, its sources, and one line for each group."""

    w = CaseTextField(label=gettext_lazy("What it did"), widget=forms.Textarea({"rows": 2}))
    on = PartialDateField(label=gettext_lazy("Started"))
    su = level_field(codes.Substance, gettext_lazy("Substance"))
    ge = level_field(codes.Generosity, gettext_lazy("Generosity"))
    re = level_field(codes.Reach, gettext_lazy("Reach"))
    ap = ticked(gettext_lazy("An overall judgement: no act is described"))
    di = ticked(gettext_lazy("Denied, with documents"))
    dc = ticked(gettext_lazy("Two people coded it"))

    SOURCE_SLOTS: ClassVar[int] = 2

    def __init__(self, *args: Any, promises: int = 0, slots: int = SOURCE_SLOTS, **options: Any) -> None:
        self.promises, self.slots = promises, slots
        super().__init__(*args, **options)

    def _describe(self) -> None:
        # “in” is a word of Python, so that this code cannot be an attribute of the class.
        self.fields["in"] = level_field(codes.Initiative, _("Initiative"))
        for number in range(1, self.slots + 1):
            self._describe_source(number)
        for group in Group:
            self._describe_group(group)

    def _describe_source(self, number: int) -> None:
        kind = forms.ChoiceField(choices=[("", "–"), *codes.SourceKind.choices], label=_("Kind"), required=False)
        voice = forms.IntegerField(label=_("Voice"), required=False, min_value=1, max_value=MAX_VOICES)
        for field in (kind, voice):
            field.widget.attrs["aria-label"] = f"{_('Source %(number)d') % {'number': number}} – {field.label}"
        self.fields[f"k{number}"], self.fields[f"v{number}"] = kind, voice

    def _describe_group(self, group: Group) -> None:
        name = words.word(group.value, "stakeholder")
        yardsticks = [(DUTY, _("the duty of care"))]
        yardsticks += [(str(n), _("promise %(number)d") % {"number": n}) for n in range(1, self.promises + 1)]
        for code, field in {
            "e": forms.ChoiceField(choices=effect_choices(), label=name, required=False, initial=""),
            "y": forms.ChoiceField(choices=yardsticks, label=_("Read against"), required=False, initial=DUTY),
            "r": forms.ChoiceField(choices=codes.Remedy.choices, label=_("Remedy"), required=False, initial="0"),
        }.items():
            if code != "e":  # the line says the group, its head the question; both have to be heard
                field.widget.attrs["aria-label"] = f"{name} – {field.label}"
            else:
                field.widget.attrs["aria-label"] = f"{name} – {_('How does it help or harm them?')}"
            self.fields[f"{code}-{group}"] = field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        effects = {group: cleaned.get(f"e-{group}", "") for group in Group}
        for group, effect in effects.items():
            if cleaned.get(f"r-{group}", "0") != "0" and not effect.startswith("x"):
                self.add_error(f"r-{group}", ValidationError(_("Only a harm has a remedy."), code="remedy"))
        broken = any(name.startswith("e-") for name in self.errors)
        if not broken and not any(effects.values()):
            problem = _("Say for at least one group how the act helps or harms it.")
            self.add_error(f"e-{Group.CUSTOMERS}", ValidationError(problem, code="nobody"))
        return cleaned

    @property
    def initiative(self) -> forms.BoundField:
        return self["in"]

    @property
    def source_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"k{number}"], self[f"v{number}"]) for number in range(1, self.slots + 1)]

    @property
    def group_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (words.word(group.value, "stakeholder"), self[f"e-{group}"], self[f"y-{group}"], self[f"r-{group}"])
            for group in Group
        ]


_SOURCE = re.compile(r"^a(\d+)-k(\d)$")


def slots_of(data: QueryDict, number: int) -> int:
    """Lines for sources of an act: those in use and a free one, two at least."""
    used = [
        int(found[2]) for key in data if (found := _SOURCE.match(key)) and int(found[1]) == number and data.get(key)
    ]
    return min(MAX_SOURCES, max(ActForm.SOURCE_SLOTS, max(used, default=0) + 1))
