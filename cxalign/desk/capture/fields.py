"""Fields of the capture screen: a brand by its name, and lists whose every choice is readable and has a key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from brands import codes
from brands.forms import PlainTextarea
from brands.models import Brand, LevelField, fold
from cxalign.pages.finding import closest, find

SHOWN = 8


# --- Choosing with one key --------------------------------------------------------------------------------------------


def parted(label: str) -> tuple[str, str]:
    """“real: a concrete service…” → the name of the level, and its anchor; a plain sentence has no name."""
    head, sign, anchor = label.partition(":")
    if not sign:
        head, sign, anchor = label.partition(" – ")
    return (head.strip().rstrip("\u00a0"), anchor.strip()) if sign else ("", label)


class KeyedRadios(forms.RadioSelect):
    """Radio buttons of which each has a key: the digit of its level, ``u`` for unknown, else its place in the list."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        key = self.key_of(str(value), int(option["index"]))
        option["attrs"]["data-key"] = key
        option["key"] = key
        option["head"], option["anchor"] = parted(str(option["label"]).removeprefix(f"{key} – "))
        return option

    def key_of(self, value: str, index: int) -> str:
        return value if value in ("0", "1", "2", "3", codes.UNKNOWN) else str(index + 1)


class EffectRadios(KeyedRadios):
    """Direction and depth in one choice: within a direction, the digit of its depth."""

    def key_of(self, value: str, index: int) -> str:
        return value.partition(":")[2]


def keyed_field(field: Any, **kwargs: Any) -> Any:
    """The form field of a coded column, as radio buttons. An empty choice is offered by leaving all of them alone."""
    choices = [(value, label) for value, label in field.choices if value]
    made = field.formfield(choices=choices, widget=KeyedRadios, **kwargs)
    made.choices = choices
    return made


def coded_fields(model: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: keyed_field(model._meta.get_field(name)) for name in names}


def formfield_callback(db_field: Any, **kwargs: Any) -> Any:
    """What every form of the screen makes of a column."""
    if isinstance(db_field, LevelField):
        return keyed_field(db_field, required=not db_field.blank)
    if isinstance(db_field, models.URLField):
        kwargs["assume_scheme"] = "https"
    field = db_field.formfield(**kwargs)
    if field and isinstance(field.widget, forms.Textarea):
        field.widget = PlainTextarea({"rows": 2, "class": "", "maxlength": db_field.max_length})
    return field


# --- A brand by its name ----------------------------------------------------------------------------------------------


class BrandField(forms.CharField):
    """The name of a brand on file, typed. Only a whole name is taken: evidence must not end up with a namesake."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        named = brands_named(typed)
        if len(named) == 1:
            return named[0]
        raise ValidationError(self.refusal(typed, named), code="unknown_brand")

    def refusal(self, typed: str, named: list[Brand]) -> str:
        if named:
            told = ", ".join(f"{brand.name} ({brand.slug})" for brand in named)
            return _("Several brands have this name: write the short name in brackets. %(brands)s") % {"brands": told}
        near = near_names(typed)
        if near:
            return _("No brand has exactly this name. Did you mean: %(brands)s? Write one in full.") % {
                "brands": ", ".join(near)
            }
        return _("No brand on file has this name: add it first, or correct the name.")


def brands_named(typed: str) -> list[Brand]:
    """The brands of which this is the name, another name or the slug."""
    folded = fold(typed.strip())
    by_slug = list(Brand.objects.filter(slug=typed.strip()))
    if by_slug:
        return by_slug
    candidates = Brand.objects.filter(search_text__contains=folded)
    exact = [brand for brand in candidates if folded in (fold(name) for name in (brand.name, *brand.alias_list))]
    first_names = [brand for brand in exact if fold(brand.name) == folded]
    return first_names or exact


def brands_like(typed: str) -> list[Brand]:
    """The brands to offer while somebody types, best first."""
    names = Brand.objects.values_list("pk", "search_text")
    wanted = find(typed, names).all[:SHOWN]
    found = Brand.objects.select_related("sector").in_bulk(wanted)
    return [found[pk] for pk in wanted]


def near_names(typed: str) -> list[str]:
    offered = [brand.name for brand in brands_like(typed)]
    return offered or closest(typed, Brand.objects.values_list("name", flat=True))
