"""For screens of records that carry no revision: a save that would overwrite another unknowingly is refused as well."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict

from brands.editing import logged
from brands.forms import STALE, compared

SEEN = "state_seen"


class SeenForm(forms.BaseModelForm):
    """Mixed into a record's form, it carries what was on file when it was opened, and compares when it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_stale = False
        self.compares = not self.instance._state.adding
        if self.compares:
            values = as_text(self.on_file(self.instance))
            self.fields[SEEN] = forms.CharField(widget=forms.HiddenInput, required=False, initial=values)

    def on_file(self, record: Model) -> dict[str, Any]:
        """What this form would overwrite."""
        fields = {field.name: field for field in (*record._meta.concrete_fields, *record._meta.many_to_many)}
        mine = [name for name, field in self.fields.items() if name in fields and not field.disabled]
        return {name: value_of(record, fields[name]) for name in mine}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if self.compares:
            held = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
            now = self.on_file(held)
            if cleaned.get(SEEN) != as_text(now):
                self.refuse_as_stale(cleaned.get(SEEN) or "", now)
        return cleaned

    def refuse_as_stale(self, seen: str, now: dict[str, Any]) -> None:
        """Keep what was typed. The next save starts from what is on file now, which the page shows beside it."""
        self.is_stale = True
        before = understood(seen)
        self.changed_by_others = {name: before.get(name) for name in now if before.get(name) != now[name]}
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(SEEN)] = as_text(now)
        self.data = data
        self.add_error(None, ValidationError(STALE, code="stale"))


def value_of(record: Model, field: Any) -> Any:
    if field.many_to_many:
        return sorted(getattr(record, field.name).values_list("pk", flat=True)) if record.pk else []
    return logged(getattr(record, field.attname))


def as_text(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, default=str)


def understood(text: str) -> dict[str, Any]:
    """What a form says that it saw; nothing where that is no answer of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class RefusesStale:
    """Mixed into a screen whose records carry no revision."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        return type(form.__name__, (SeenForm, form), {}) if obj else form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = context["adminform"].form
        if getattr(form, "is_stale", False):
            context["conflict"] = {"rows": list(compared(form, form.changed_by_others)), "last": None}
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return answer
