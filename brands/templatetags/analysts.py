"""What the templates of the analysts' screens ask of Django's own form objects, and the saved filters of a list."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.translation import gettext

from brands import trail
from brands.codebook import Entry
from brands.models import Event
from brands.subjects import reason_in_words

register = template.Library()


@register.filter
def by_whom(line: Event) -> str:
    """Who stands behind a line of the trail, also where it was nobody."""
    if line.actor:
        return str(line.actor)
    return gettext("this installation") if line.reason in trail.SYSTEM_REASONS else gettext("a file")


@register.filter
def reason_of(line: Event) -> str:
    """Why, in the reader's language where the installation or a file gave the reason."""
    return reason_in_words(line.reason)


@register.filter
def in_words(reason: str) -> str:
    """The reason of a withdrawal, which may be one that an undone import gave."""
    return reason_in_words(reason)


@register.filter
def concat(text: Any, more: Any) -> str:
    return f"{text}{more}"


@register.filter
def error_count(fieldset: Any) -> int:
    """How many fields of a fieldset have to be corrected."""
    names = [name for line in fieldset.fields for name in ([line] if isinstance(line, str) else line)]
    return sum(name in fieldset.form.errors for name in names)


@register.filter
def named(field: Any) -> str:
    """The name of a form field or of a computed one."""
    return str(field.field["name"] if field.is_readonly else field.field.name)


@register.filter
def help_of(field: Any) -> Any:
    """The rule beside a field. Ours are plain text, and Django's own are marked as safe where they are more."""
    text = field.field["help_text"] if field.is_readonly else field.field.help_text
    return conditional_escape(text) if text else ""


@register.filter
def id_of(field: Any) -> str:
    return "" if field.is_readonly else str(field.field.id_for_label)


@register.filter
def label_of(field: Any) -> str:
    label = field.field["label"] if field.is_readonly else field.field.label
    return str(label)


@register.filter
def codebook(field: Any) -> Entry | None:
    """What the codebook says about the code of a field."""
    return None if field.is_readonly else getattr(field.field.field, "codebook", None)


@register.filter
def columns(formset: Any) -> list[dict[str, Any]]:
    """The headings of a table of parts, each with its rule and what the codebook says."""
    fields = formset.formset.empty_form.fields
    return [
        {**column, "codebook": getattr(fields.get(column["name"]), "codebook", None)}
        for column in formset.fields()
        if not _is_hidden(column["widget"])
    ]


def _is_hidden(widget: Any) -> bool:
    """Django describes the widget of a column that is only read by a dictionary."""
    return bool(widget["is_hidden"] if isinstance(widget, dict) else widget.is_hidden)


@register.filter
def may_delete(formset: Any) -> bool:
    return bool(formset.formset.can_delete and formset.has_delete_permission)
