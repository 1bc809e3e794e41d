"""The forms of the analysts' screens: every level readable while choosing, nobody's save lost, a reason where due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
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

from brands import codes, fetching
from brands.archiving import looks_like
from brands.choosers import ScreenWithChoosers
from brands.codebook import CODEBOOK, HELP, key_of
from brands.editing import State, changes_since, last_line, logged, needs_reason, part_name
from brands.fields import CodeSetField
from brands.imports import columns
from brands.models import Action, ActionSource, Brand, LevelField, Promise, Proof, Tag, validate_plain_text

SPELT_OUT = frozenset({"weight", "value_type", "direction", "remedy", "polarity", "entity_type"})
"""Short lists that one should read whole before choosing. Levels always are."""

BOOKKEEPING = frozenset({"why", "revision_seen", "log_seen"})

STALE = _(
    "Nothing was saved: somebody else has saved this record since you opened it. Your entries are still in the "
    "form. Compare them with theirs below, correct what you want to keep, and save again."
)


class PlainTextarea(forms.Textarea):
    """Browsers send line ends as CR LF; texts from files have LF. Without this, saving alone would change them."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, "class": "vLargeTextField", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class ReadableFields(ScreenWithChoosers):
    """Mixed into screens and their inlines: form fields as an analyst needs them."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = self.made_field(db_field, request, **kwargs)
        if field:
            field.codebook = CODEBOOK.get(key_of(db_field))
            field.help_text = HELP.get(key_of(db_field), field.help_text)
        return field

    def made_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
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
    log_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    """The last line of the log about the record when the form was opened: what came after it is somebody else's."""

    before: State
    """What was on file when the save began."""
    parts_before: list[models.Model]
    changed_by_others: State
    """What somebody else changed since the form was opened → its value from before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_stale = False
        if self.instance._state.adding:
            for name in BOOKKEEPING:
                del self.fields[name]
        else:
            self.fields["revision_seen"].initial = self.instance.revision
            self.fields["log_seen"].initial = last_line(self.instance)
            self.fields["why"].required = needs_reason(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "revision_seen" in self.fields and cleaned.get("revision_seen") != self.instance.revision:
            self.refuse_as_stale()
        return cleaned

    def refuse_as_stale(self) -> None:
        """Keep what was typed. The next save starts from what is on file now, which the page shows beside it."""
        self.is_stale = True
        self.changed_by_others = changes_since(self.instance, self.cleaned_data.get("log_seen"))
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("revision_seen")] = str(self.instance.revision)
        data[self.add_prefix("log_seen")] = str(last_line(self.instance))
        self.data = data
        self.add_error(None, ValidationError(STALE, code="stale"))

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


class ActionForm(FactForm):
    """An act. Its proofs are read against the promises of its brand, which has to be chosen first."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "_offer_promises" in self.data:
            message = _("Nothing is saved yet: the proofs below now offer the promises of the brand you chose.")
            self.add_error(None, ValidationError(message, code="promises_offered"))
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=PlainTextarea({"rows": 3}), validators=[validate_plain_text]
    )


class TagForm(ReasonForm):
    """Which tags to put on, which to take off, and why."""

    add = forms.ModelMultipleChoiceField(
        label=_("Put on"),
        queryset=Tag.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices choices-inline"}),
    )
    new = forms.CharField(
        label=_("New tag"),
        max_length=60,
        required=False,
        validators=[validate_plain_text],
        help_text=_("Made and put on. One that differs only in accents or case is the same tag."),
    )
    remove = forms.ModelMultipleChoiceField(
        label=_("Take off"),
        queryset=Tag.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices choices-inline"}),
    )
    field_order = ("add", "new", "remove", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        add, remove = set(cleaned.get("add") or ()), set(cleaned.get("remove") or ())
        if not (add or remove or cleaned.get("new")) and "new" not in self.errors:
            raise ValidationError(_("Choose a tag to put on or to take off."), code="no_tag")
        if add & remove:
            raise ValidationError(_("The same tag cannot be put on and taken off."), code="both")
        return cleaned


class CopyForm(forms.Form):
    """A copy of a page, brought by hand."""

    file = forms.FileField(
        label=_("File"), help_text=_("A PDF, a web page or a picture (PNG, JPEG), 10 MB at most."), max_length=200
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=PlainTextarea({"rows": 2}),
        validators=[validate_plain_text],
        help_text=_("How you came by it: subscription, printed from the browser, sent by the publisher…"),
    )

    def clean_file(self) -> tuple[bytes, str]:
        """The bytes and what they are: the name's ending and the first bytes have to agree."""
        file = self.cleaned_data["file"]
        kind = ENDINGS.get(file.name.lower().rpartition(".")[2], "")
        if file.size > fetching.BYTES:
            raise ValidationError(_("The file is larger than 10 MB: bring a smaller one."), code="too_large")
        body = file.read()
        if not kind or not looks_like(kind, body):
            message = _(
                "The file is not what its name says, or of a kind that is not kept: bring a PDF, page or picture."
            )
            raise ValidationError(message, code="wrong_kind")
        return body, kind


ENDINGS = {
    "pdf": "application/pdf",
    "html": "text/html",
    "htm": "text/html",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


class NamedCells(forms.BaseInlineFormSet):
    """Rows of a table, in which a column's heading is no label: each field carries its own for those who do not see."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # a chooser stands inside a wrapper with buttons
            widget.attrs.setdefault("aria-label", field.label or "")


# --- Proofs -----------------------------------------------------------------------------------------------------------

Slot = tuple[str, str]
"""The group and the direction of a proof: an act has one proof for each."""
SLOTS: list[Slot] = [(group, way) for group in codes.Stakeholder.values for way in codes.Direction.values]


class ProofForm(forms.ModelForm):
    """A proof whose group may be the one that another proof gives up in the same save."""

    def _get_validation_exclusions(self) -> set[str]:
        """That a group is taken is for all rows together to say (``ProofRows``): one row cannot know."""
        return {*super()._get_validation_exclusions(), "stakeholder"}  # type: ignore[misc]


class ProofRows(forms.BaseInlineFormSet):
    """The proofs of one act, saved in an order in which no two of them ever hold the same place."""

    _should_delete_form: Any

    def clean(self) -> None:
        super().clean()
        taken: set[Slot] = set()
        for form in self._kept_forms():
            slot = (form.cleaned_data.get("stakeholder", ""), form.cleaned_data.get("direction", ""))
            if all(slot) and slot in taken:
                message = _("Two proofs have the same group and direction. Change one of them, or put them together.")
                form.add_error("stakeholder", ValidationError(message, code="proof_once"))
            taken.add(slot)
        if not any(self.errors):
            self.in_the_way()

    def _kept_forms(self) -> list[Any]:
        filled = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        return [form for form in filled if not self._should_delete_form(form)]

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        for pk, (group, way) in self.in_the_way().items() if commit else ():
            Proof.objects.filter(pk=pk).update(stakeholder=group, direction=way, depth="", remedy="0")
        return super().save_existing_objects(commit)

    def in_the_way(self) -> dict[int, Slot]:
        """Proofs that still hold a place when the row before them moves there, each with a free place to wait in."""
        forms_on_file = [form for form in self.initial_forms if form.instance.pk]
        if not forms_on_file:
            return {}
        holds = {proof.pk: (proof.stakeholder, proof.direction) for proof in Proof.objects.filter(action=self.instance)}
        wants = [slot_of(form) for form in forms_on_file if not self._should_delete_form(form)]
        free = [slot for slot in SLOTS if slot not in {*holds.values(), *wants}]
        waiting: dict[int, Slot] = {}
        for position, form in enumerate(forms_on_file):
            for later in forms_on_file[position + 1 :]:
                is_kept = not self._should_delete_form(form)
                if is_kept and later.instance.pk not in waiting and holds.get(later.instance.pk) == slot_of(form):
                    if not free:
                        raise ValidationError(_("Every group has both its proofs: change one after the other."))
                    waiting[later.instance.pk] = free.pop()
        return waiting


def slot_of(form: Any) -> Slot:
    return form.instance.stakeholder, form.instance.direction


# --- The promises that a proof may be read against --------------------------------------------------------------------


class _OfferedPromises(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", str(self.field.empty_label)
        for promise in self.field.offered:  # type: ignore[attr-defined]
            yield self.choice(promise)


class PromiseField(forms.ModelChoiceField):
    """The promises of one brand, read once for all proofs on the screen."""

    iterator = _OfferedPromises

    def __init__(self, promises: models.QuerySet[Promise], *, bare: Collection[int] = (), **kwargs: Any) -> None:
        """``bare``: ids of brands whose promises are named without their codes."""
        self.offered, self.bare = list(promises), bare
        super().__init__(promises, required=False, empty_label=_("– duty of care, no promise –"), **kwargs)

    def label_from_instance(self, promise: models.Model) -> str:
        assert isinstance(promise, Promise)
        groups, text = ", ".join(promise.stakeholders), Truncator(str(promise)).chars(90)
        if promise.brand_id in self.bare:
            return f"{text} ({groups})"
        return f"{text} ({promise.get_weight_display().partition(':')[0]}; {groups})"


def promises_for(action: Action | None, brand_id: str) -> models.QuerySet[Promise]:
    """The promises of the action's brand; a withdrawn one only where a proof of this action names it."""
    in_use = Q(withdrawn_at__isnull=True)
    if action is None:
        return Promise.objects.filter(in_use, brand_id=int(brand_id) if brand_id.isdecimal() else 0).order_by("key")
    named = Promise.objects.filter(proofs__action=action).values("pk")
    return Promise.objects.filter(in_use | Q(pk__in=named), brand_id=action.brand_id).order_by("key")


GROUPS_OFFERED = 200


def groups_for(brand_id: str, *, bare: Collection[int] = ()) -> list[str]:
    """Independence groups on file, to choose from: the brand's own first; a relayed press release has its name.

    Those on file are codes; of the brands in ``bare`` none is told.
    """
    links = ActionSource.objects.exclude(action__brand__in=bare) if bare else ActionSource.objects.all()
    if not brand_id.isdecimal():
        return sorted(set(links.order_by("-id").values_list("independence_group", flat=True)[:GROUPS_OFFERED]))
    names = links.filter(action__brand=int(brand_id)).values_list("independence_group", flat=True).order_by()
    own = Brand.objects.filter(pk=int(brand_id)).values_list("slug", flat=True)
    return [*own, *sorted(set(names.distinct()[:GROUPS_OFFERED]) - set(own))]


# --- My text, their text ----------------------------------------------------------------------------------------------


WHO: dict[str, Any] = {
    "theirs": _("somebody else; your entry is the text from before"),
    "both": _("both of you"),
    "mine": _("you"),
}


@dataclass(frozen=True)
class Difference:
    """One field in which the form and the record on file differ, in words."""

    label: str
    mine: str
    theirs: str
    who: str = "mine"
    """Whose doing it is: a key of ``WHO``."""

    @property
    def who_words(self) -> str:
        return str(WHO[self.who])


def compared(form: forms.BaseModelForm, others: State, prefix: str = "", path: str = "") -> Iterator[Difference]:
    """``others`` maps what somebody else changed meanwhile to the value from before; ``path`` leads to a part."""
    for name in form.changed_data:
        if name in BOOKKEEPING or name == "DELETE" or form.fields[name].widget.is_hidden:
            continue
        field, bound = form.fields[name], form[name]
        who = whose(others, f"{path}{name}", form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else None)
        yield Difference(f"{prefix}{field.label}", shown(field, bound.data), shown(field, bound.initial), who)


def whose(others: State, key: str, mine: Any) -> str:
    if key not in others:
        return "mine"
    mine = tuple(mine) if isinstance(mine, list | models.QuerySet) else mine
    return "theirs" if (logged(mine) or None) == (others[key] or None) else "both"


def compared_parts(formset: Any, others: State) -> Iterator[Difference]:
    for form in formset.forms:
        title = f"{formset.model._meta.verbose_name} – {form.instance if form.instance.pk else gettext('new')}"
        if form.instance.pk and formset.can_delete and formset._should_delete_form(form):
            yield Difference(title, gettext("removed"), gettext("on file"))
        else:
            on_file = formset.model._base_manager.filter(pk=form.instance.pk).first() if form.instance.pk else None
            path = f"{formset.prefix}.{part_name(on_file)}." if on_file else f"{formset.prefix}."
            yield from compared(form, others, f"{title}: ", path)


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
