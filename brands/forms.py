"""The forms of the analysts' screens: every level readable while choosing, nobody's save lost, a reason where due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands.editing import State, needs_reason
from brands.fields import CodeSetField
from brands.imports import columns
from brands.models import Action, LevelField, Promise, validate_plain_text

SPELT_OUT = frozenset({"weight", "value_type", "direction", "remedy", "polarity", "entity_type"})
"""Short lists that one should read whole before choosing. Levels always are."""

BOOKKEEPING = frozenset({"why", "revision_seen"})


class PlainTextarea(forms.Textarea):
    """Browsers send line ends as CR LF; texts from files have LF. Without this, saving alone would change them."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, "class": "vLargeTextField", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class ReadableFields:
    """Mixed into screens and their inlines: form fields as an analyst needs them."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, LevelField) or (db_field.choices and db_field.name in SPELT_OUT):
            return choice_field(db_field)
        if isinstance(db_field, models.URLField):
            return web_address_field(db_field)
        if isinstance(db_field, models.TextField):
            kwargs["widget"] = PlainTextarea
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        if isinstance(db_field, CodeSetField):
            field.widget.attrs["class"] = "choices choices-inline"
            field.label = capfirst(field.label)
        return field


def choice_field(field: Any) -> Any:
    """Radio buttons with the words of the codebook. "Not coded yet" comes first where nothing has to be chosen."""
    none = _("not coded yet") if isinstance(field, LevelField) else _("none of them")
    choices = [("", none), *field.choices] if field.blank else list(field.choices)
    return field.formfield(choices=choices, widget=forms.RadioSelect(attrs={"class": "choices"}))


def web_address_field(field: Any) -> Any:
    """An address that a browser may follow: nothing but http and https."""
    made = field.formfield(assume_scheme="https", widget=AdminURLFieldWidget)
    made.validators = [URLValidator(schemes=["http", "https"])]
    return made


class FactForm(forms.ModelForm):
    """A record's form that knows which text it started from, and asks why where readers were told the old one."""

    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=PlainTextarea({"rows": 2}),
        validators=[validate_plain_text],
        help_text=_("Kept in the log. Compulsory once a verdict that rests on it is public."),
    )
    revision_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    before: State
    """What was on file when the save began."""
    parts_before: list[models.Model]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_stale = False
        if self.instance._state.adding:
            for name in BOOKKEEPING:
                del self.fields[name]
        else:
            self.fields["revision_seen"].initial = self.instance.revision
            self.fields["why"].required = needs_reason(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "revision_seen" in self.fields and cleaned.get("revision_seen") != self.instance.revision:
            self.refuse_as_stale()
        return cleaned

    def refuse_as_stale(self) -> None:
        """Keep what was typed. The next save starts from what is on file now, which the page shows beside it."""
        self.is_stale = True
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("revision_seen")] = str(self.instance.revision)
        self.data = data
        message = _(
            "Nothing was saved: somebody else has saved this record since you opened it. Your entries are still in the "
            "form. Compare them with theirs below, correct what you want to keep, and save again."
        )
        self.add_error(None, ValidationError(message, code="stale"))

    def clean_country(self) -> str:
        return checked(columns.country, self.cleaned_data["country"].upper())

    def clean_language(self) -> str:
        return checked(columns.language, self.cleaned_data["language"].lower())

    def clean_quote_language(self) -> str:
        return checked(columns.language, self.cleaned_data["quote_language"].lower())

    def clean_amount_currency(self) -> str:
        return checked(columns.currency, self.cleaned_data["amount_currency"].upper())


def checked(read: Callable[[str], str], value: str) -> str:
    """The rules for a cell of a file are the rules for a field of a form."""
    try:
        return read(value.strip()) if value.strip() else ""
    except columns.CellError as error:
        raise ValidationError(error.message, code=error.code) from error


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=PlainTextarea({"rows": 3}), validators=[validate_plain_text]
    )


class NamedCells(forms.BaseInlineFormSet):
    """Rows of a table, in which a column's heading is no label: each field carries its own for those who do not see."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # a chooser stands inside a wrapper with buttons
            widget.attrs.setdefault("aria-label", field.label or "")


# --- The promises that a proof may be read against --------------------------------------------------------------------


class _OfferedPromises(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", str(self.field.empty_label)
        for promise in self.field.offered:  # type: ignore[attr-defined]
            yield self.choice(promise)


class PromiseField(forms.ModelChoiceField):
    """The promises of one brand, read once for all proofs on the screen."""

    iterator = _OfferedPromises

    def __init__(self, promises: models.QuerySet[Promise], **kwargs: Any) -> None:
        self.offered = list(promises)
        super().__init__(promises, required=False, empty_label=_("– duty of care, no promise –"), **kwargs)

    def label_from_instance(self, promise: models.Model) -> str:
        assert isinstance(promise, Promise)
        groups = ", ".join(promise.stakeholders)
        return f"{Truncator(str(promise)).chars(90)} ({promise.get_weight_display().partition(':')[0]}; {groups})"


def promises_for(action: Action | None, brand_id: str) -> models.QuerySet[Promise]:
    """The promises of the action's brand; a withdrawn one only where a proof of this action names it."""
    in_use = Q(withdrawn_at__isnull=True)
    if action is None:
        return Promise.objects.filter(in_use, brand_id=int(brand_id) if brand_id.isdecimal() else 0).order_by("key")
    named = Promise.objects.filter(proofs__action=action).values("pk")
    return Promise.objects.filter(in_use | Q(pk__in=named), brand_id=action.brand_id).order_by("key")


# --- My text, their text ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One field in which the form and the record on file differ, in words."""

    label: str
    mine: str
    theirs: str


def compared(form: forms.BaseModelForm, prefix: str = "") -> Iterator[Difference]:
    for name in form.changed_data:
        if name in BOOKKEEPING or name == "DELETE" or form.fields[name].widget.is_hidden:
            continue
        field, bound = form.fields[name], form[name]
        yield Difference(f"{prefix}{field.label}", shown(field, bound.data), shown(field, bound.initial))


def compared_parts(formset: Any) -> Iterator[Difference]:
    for form in formset.forms:
        title = f"{formset.model._meta.verbose_name} – {form.instance if form.instance.pk else gettext('new')}"
        if form.instance.pk and formset.can_delete and formset._should_delete_form(form):
            yield Difference(title, gettext("removed"), gettext("on file"))
        else:
            yield from compared(form, f"{title}: ")


def shown(field: Any, value: Any) -> str:
    """A value as people read it: words for codes, names for records."""
    values = value if isinstance(value, list | tuple) else [value]
    present = [getattr(item, "pk", item) for item in values if item not in (None, "")]
    if isinstance(field, forms.ModelChoiceField):
        keys = [key for key in present if str(key).isdecimal()]
        return ", ".join(map(str, field.queryset.filter(pk__in=keys))) if field.queryset is not None else ""
    if isinstance(field, forms.BooleanField):
        return gettext("yes") if value and value not in ("False", "false", "0") else gettext("no")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        pairs: list[tuple[Any, Any]] = list(flatten_choices(choices))
        words = {str(code): str(word) for code, word in pairs}
        return ", ".join(words.get(str(item), str(item)) for item in present)
    return ", ".join(str(item) for item in present)
