"""Two kinds of value that facts are made of and Django has no field for: partial dates and sets of codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})", re.ASCII)


def parse_partial_date(text: str) -> str:
    """Return ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` for an ISO date or for ``13/04/2020`` and ``04/2020``.

    A slash date is read day first, and refused when it could also be read month first.
    """
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        year, month, day = iso.groups()
    elif slashed := _DAY_FIRST.fullmatch(text):
        day, month, year = slashed.groups()
        if day and int(day) <= 12 and int(month) <= 12 and int(day) != int(month):
            raise ValidationError(
                _("“%(value)s” could be day first or month first: write it as 2020-04-13."),
                code="ambiguous_date",
                params={"value": text},
            )
    else:
        raise ValidationError(
            _("“%(value)s” is not a date: write 2020, 2020-04 or 2020-04-13."),
            code="invalid_date",
            params={"value": text},
        )
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is not a day that exists."), code="invalid_date", params={"value": text}
        ) from error
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def validate_partial_date(value: str) -> None:
    if parse_partial_date(value) != value:
        raise ValidationError(_("Write the date as 2020, 2020-04 or 2020-04-13."), code="invalid_date")


def first_day(value: str) -> date:
    """The earliest day that a stored partial date can mean."""
    year, month, day = ([int(part) for part in value.split("-")] + [1, 1])[:3]
    return date(year, month, day)


class PartialDateFormField(forms.CharField):
    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return parse_partial_date(text) if text else ""


class PartialDateField(models.CharField):
    """A date known to the day, the month or the year, stored as ISO text so that it sorts and compares as it reads."""

    description = _("Date known to the day, month or year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_partial_date]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


class CodeSetFormField(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or ()) != set(data or ())


class CodeSetField(models.CharField):
    """Several codes of one closed list, kept in the list's order and stored as ``|customers|partners|``.

    One text column works and filters alike on both databases: ``__contains="|customers|"``.
    """

    description = _("Set of codes")

    def __init__(self, *args: Any, codes: type[models.TextChoices], **kwargs: Any) -> None:
        self.codes = codes
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", tuple)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["codes"] = self.codes
        return name, path, args, kwargs

    def in_order(self, codes: Iterable[str]) -> tuple[str, ...]:
        chosen = set(codes)
        if unknown := chosen - set(self.codes.values):
            raise ValidationError(
                _("%(value)s is not one of %(codes)s."),
                code="unknown_value",
                params={"value": ", ".join(sorted(unknown)), "codes": ", ".join(self.codes.values)},
            )
        return tuple(code for code in self.codes.values if code in chosen)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> tuple[str, ...]:
        return tuple(filter(None, (value or "").split("|")))

    def to_python(self, value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = filter(None, value.split("|"))
        return self.in_order(value or ())

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):  # a lookup such as __contains brings its own text
            return value
        codes = self.in_order(value or ())
        return f"|{'|'.join(codes)}|" if codes else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not self.blank and not value:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value: Any) -> None:
        """The codes were checked one by one in ``to_python``; the length of their text is ours."""

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("widget", None)
        return CodeSetFormField(
            choices=self.codes.choices,
            coerce=str,
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
        )
