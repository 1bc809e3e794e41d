"""Choosers that search while one types, and that can be used without a script as well.

Django’s own hold nothing but what was chosen before. Here a short list is offered whole, and any other has a field for
the name beside it; only a name that is one record’s is taken, everything like it is offered for choosing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from brands.models import fold

OFFERED = 12
LOOKED_AT = 300

Search = Callable[[QuerySet[Any], str], QuerySet[Any]]


class Typed(str):
    """A name, where the number of a record would stand."""


# --- What is drawn ----------------------------------------------------------------------------------------------------


class NamedToo:
    """Mixed into Django’s choosers."""

    whole = False
    """Whether all there is to choose is in the page."""
    label = ""
    found: tuple[Any, ...] = ()
    """What is like the name that was typed."""
    taken: tuple[str, ...] = ()
    """Keys of the names that were understood, while others were not."""
    left: str | None = None
    """What stays in the field for the name, where that is not what was typed."""
    choices: Any
    allow_multiple_selected: bool

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)  # type: ignore[misc]
        typed = Typed(data.get(f"{name}-typed", "").strip())
        if not typed:
            return chosen
        return [*(chosen or ()), typed] if self.allow_multiple_selected else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        values = list(value) if isinstance(value, list | tuple) else [value]
        typed = "\n".join(one for one in values if isinstance(one, Typed)) if self.left is None else self.left
        keys = [*(one for one in values if not isinstance(one, Typed)), *self.taken]
        drawn = super().render(name, keys, attrs, renderer)  # type: ignore[misc]
        return drawn if self.whole else format_html("{}{}", drawn, self.field_for_the_name(name, typed))

    def field_for_the_name(self, name: str, typed: str) -> Any:
        if self.allow_multiple_selected:
            words = _("%(field)s – type names, one a line") % {"field": self.label}
            control = '<textarea name="{}-typed" rows="2">{}</textarea>'
        else:
            words = _("%(field)s – type the name") % {"field": self.label}
            control = '<input type="text" class="vTextField" name="{}-typed" value="{}">'
        drawn = format_html(control, name, typed)
        return format_html('<noscript><label class="typed"><span>{}</span> {}</label></noscript>', words, drawn)

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """What was chosen, and what there is to choose without a script."""
        chosen = {key for key in value if key.isdecimal() and len(key) < 19}
        options = [] if self.allow_multiple_selected else [self.option(name, "", "", not chosen, 0)]
        for record in self.offered(chosen):
            key, label = str(record.pk), self.choices.field.label_from_instance(record)
            options.append(self.option(name, key, label, key in chosen, len(options)))
        return [(None, options, 0)]

    def offered(self, chosen: set[str]) -> Iterable[Any]:
        everything = self.choices.queryset
        if self.whole:
            return everything
        on_file = list(everything.filter(pk__in=chosen)) if chosen else []
        return [*on_file, *(record for record in self.found if record not in on_file)]

    def option(self, *args: Any) -> Any:
        return self.create_option(*args)  # type: ignore[attr-defined]


class NamedSelect(NamedToo, AutocompleteSelect):
    pass


class NamedSelectMultiple(NamedToo, AutocompleteSelectMultiple):
    pass


# --- What is understood -----------------------------------------------------------------------------------------------


class ByName:
    """Mixed into Django’s fields for one record and for several."""

    queryset: Any
    widget: Any
    search: Search

    @property
    def chooser(self) -> NamedToo:
        return getattr(self.widget, "widget", self.widget)

    def key_of(self, name: str) -> str:
        like = list(self.search(self.queryset, name)[:LOOKED_AT])
        same = [record for record in like if fold(str(record)) == fold(name)]
        if len(same) == 1:
            return str(same[0].pk)
        self.chooser.found = (*self.chooser.found, *(same or like)[:OFFERED])
        raise ValidationError(self.refusal(name, like), code="unknown_name")

    def refusal(self, name: str, like: list[Any]) -> str:
        if not like:
            return _("Nothing on file is called “%(name)s”.") % {"name": name}
        return _("“%(name)s” is not the whole name of one record: choose among those now in the list.") % {"name": name}


class NamedField(ByName, forms.ModelChoiceField):
    def to_python(self, value: Any) -> Any:
        if not isinstance(value, Typed):
            return super().to_python(value)
        try:
            return super().to_python(self.key_of(value))
        except ValidationError:
            self.chooser.left = "" if self.chooser.found else str(value)
            raise


class NamedFields(ByName, forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        typed = [one for one in value or () if isinstance(one, Typed)]
        names = [line.strip() for text in typed for line in text.splitlines() if line.strip()]
        keys = [one for one in value or () if not isinstance(one, Typed)]
        return super().clean([*keys, *self.keys_of(names)])

    def keys_of(self, names: list[str]) -> list[str]:
        keys, errors, unknown = [], [], []
        for name in names:
            found_before = len(self.chooser.found)
            try:
                keys.append(self.key_of(name))
            except ValidationError as error:
                errors.append(error)
                unknown += [name] if len(self.chooser.found) == found_before else []
        if errors:
            self.chooser.taken, self.chooser.left = tuple(keys), "\n".join(unknown)
            raise ValidationError(errors)
        return keys


# --- On a screen ------------------------------------------------------------------------------------------------------


class ScreenWithChoosers:
    """Mixed into screens and their inlines: what they name in ``autocomplete_fields`` works without a script too."""

    admin_site: Any
    short_list = False
    """Whether other screens may offer all records of this one at once."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self.with_names(db_field, request, NamedField, NamedSelect, kwargs) or super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **kwargs
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self.with_names(
            db_field, request, NamedFields, NamedSelectMultiple, kwargs
        ) or super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def with_names(self, db_field: Any, request: HttpRequest, kind: Any, widget: Any, kwargs: dict[str, Any]) -> Any:
        if db_field.name not in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            return None
        screen = self.admin_site.get_model_admin(db_field.remote_field.model)
        drawn = widget(db_field, self.admin_site, using=kwargs.get("using"))
        drawn.whole = getattr(screen, "short_list", False)
        field = db_field.formfield(**{**kwargs, "form_class": kind, "widget": drawn})
        field.search = searching(screen, request)
        field.widget.label = field.label
        return field


def searching(screen: Any, request: HttpRequest) -> Search:
    """As the chooser with a script searches, and for the same people."""

    def search(records: QuerySet[Any], name: str) -> QuerySet[Any]:
        if not screen.has_view_permission(request):
            return records.none()
        found, duplicates = screen.get_search_results(request, records, name)
        return found.distinct() if duplicates else found

    return search
