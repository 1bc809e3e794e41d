"""The forms of the capture screen. What a record may hold is the models’ to say; here they are asked all at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.addresses import cleaned
from brands.forms import PlainTextarea, checked
from brands.imports import columns
from brands.models import Action, ActionSource, Brand, Crisis, Promise, Proof, Source, validate_plain_text
from cxalign.desk.capture.fields import BrandField, EffectRadios, KeyedRadios, formfield_callback, keyed_field
from cxalign.pages import words
from cxalign.templatetags.cxalign import page_language

ACT, PROMISE = "act", "promise"
PROOFS_AT_MOST = 8


class CaseForm(forms.Form):
    """What the record is about, and what kind of record it is."""

    brand = BrandField(
        label=_("Brand"),
        max_length=120,
        help_text=_("The entity that decided. Type its name; the arrows choose among those on file."),
    )
    crisis = forms.ModelChoiceField(Crisis.objects.all(), label=_("Crisis"), empty_label=None)
    what = forms.ChoiceField(
        label=_("What the source shows"),
        choices=[(ACT, _("an act: what the brand did")), (PROMISE, _("a promise: what the brand published"))],
        widget=KeyedRadios,
        initial=ACT,
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    on_file = forms.ModelChoiceField(
        Source.objects.in_use(), label=_("Source on file"), required=False, widget=forms.HiddenInput
    )
    suggestion = forms.IntegerField(required=False, widget=forms.HiddenInput)
    another = forms.BooleanField(
        label=_("I compared them: this is another one."),
        required=False,
    )
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=PlainTextarea({"rows": 2, "class": ""}),
        validators=[validate_plain_text],
        help_text=_("Kept in the log. Compulsory once a verdict on the brand is public."),
    )


class SourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ("url", "title", "publisher", "author", "source_type", "published_on", "language", "passage")
        formfield_callback = formfield_callback

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = self.fields["url"]
        address.widget = forms.URLInput(attrs={"maxlength": 1000})
        address.validators = [URLValidator(schemes=["http", "https"])]
        self.fields["published_on"].help_text = _("2020, 2020-04, 2020-04-13 or 13/04/2020.")
        self.fields["language"].widget.attrs.update({"size": 4, "maxlength": 8})

    def clean_url(self) -> str:
        return cleaned(self.cleaned_data["url"]) if self.cleaned_data["url"] else ""

    def clean_language(self) -> str:
        return checked(columns.language, self.cleaned_data["language"].lower())

    def _get_validation_exclusions(self) -> set[str]:
        """An address on file is told with the record that has it, and with a button to use that one."""
        return {*super()._get_validation_exclusions(), "url"}  # type: ignore[misc]


class ActForm(forms.ModelForm):
    class Meta:
        model = Action
        fields = (
            *("statement_en", "statement_fr", "started", "ended", "country", "amount", "amount_currency"),
            *("substance", "reach", "initiative", "generosity", "appraisal", "disputed"),
            *("kind", "categories", "family", "duration", "rationale_en", "rationale_fr"),
        )
        formfield_callback = formfield_callback

    def clean_country(self) -> str:
        return checked(columns.country, self.cleaned_data["country"].upper())

    def clean_amount_currency(self) -> str:
        return checked(columns.currency, self.cleaned_data["amount_currency"].upper())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        need_one_language(self, found)
        return found


GROUP_LENGTH = ActionSource._meta.get_field("independence_group").max_length


class GroupField(forms.CharField):
    """The key of a group of sources, taken from a name: « Le Monde » and “le-monde” are one voice."""

    def clean(self, value: Any) -> Any:
        return slugify(super().clean(value))


class LinkForm(forms.ModelForm):
    """What the source is relative to this claim."""

    kind = keyed_field(ActionSource._meta.get_field("kind"))

    class Meta:
        model = ActionSource
        fields = ("kind", "independence_group", "locator")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["independence_group"] = GroupField(
            label=self.fields["independence_group"].label, max_length=GROUP_LENGTH, required=False
        )
        self.fields["independence_group"].help_text = _(
            "Sources that repeat one another share a group. Left empty: the publisher, or the brand for its own word "
            "and for what relays it."
        )


ENDANGERS = {"3": _("3 – endangers: health, livelihood or dignity put at risk")}
"""The codebook’s own label names the direction again, which here stands above the column."""
EFFECTS = [
    *((f"helps:{depth}", label) for depth, label in words.VOCABULARIES["helps_depth"].items()),
    *((f"harms:{depth}", label) for depth, label in {**words.VOCABULARIES["harms_depth"], **ENDANGERS}.items()),
]


class ProofForm(forms.ModelForm):
    """One group, one yardstick, one effect. Direction and depth are one choice, so that they always fit."""

    stakeholder = keyed_field(Proof._meta.get_field("stakeholder"))
    effect = forms.ChoiceField(label=_("Effect on this group"), choices=EFFECTS, widget=EffectRadios)
    remedy = keyed_field(Proof._meta.get_field("remedy"), required=False)

    class Meta:
        model = Proof
        fields = ("stakeholder", "promise", "remedy", "rationale_en", "rationale_fr")
        formfield_callback = formfield_callback

    def __init__(self, *args: Any, action: Action, promises: list[Promise], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "instance": Proof(action=action)})
        self.fields["promise"] = OfferedPromise(promises)
        self.fields["remedy"].initial = codes.Remedy.NONE

    @property
    def sides(self) -> list[dict[str, Any]]:
        """The choices of the effect in two columns, help first."""
        options = list(self["effect"])
        told = (("helps", "+", _("It helps")), ("harms", "−", _("It harms")))
        return [
            {
                "code": code,
                "sign": sign,
                "name": name,
                "options": [one for one in options if str(one.data["value"]).startswith(code)],
            }
            for code, sign, name in told
        ]

    def clean_remedy(self) -> str:
        return self.cleaned_data["remedy"] or codes.Remedy.NONE

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        direction, _colon, depth = found.get("effect", "").partition(":")
        self.instance.direction, self.instance.depth = direction, depth
        return found

    def has_changed(self) -> bool:
        """An empty row is one in which nothing was chosen; what comes filled in does not count."""
        return any(name != "remedy" for name in self.changed_data)


class OfferedPromise(forms.ModelChoiceField):
    """The promises of the brand, read once for all rows; each tells which groups it addresses."""

    def __init__(self, promises: list[Promise]) -> None:
        self.offered = promises
        super().__init__(
            Promise.objects.filter(pk__in=[promise.pk for promise in promises]),
            required=False,
            label=_("Yardstick"),
            help_text=_("A promise to this group that a customer would quote about this act; else the duty of care."),
            empty_label=_("Duty of care – no promise covers it"),
        )
        self.widget = YardstickSelect({promise.pk: promise for promise in promises})
        self.widget.choices = [
            ("", self.empty_label),
            *((promise.pk, yardstick_label(promise)) for promise in promises),
        ]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        for promise in self.offered:
            if str(promise.pk) == str(value):
                return promise
        raise ValidationError(
            _("This promise is not one of the brand’s: choose the brand first, then its promise."), code="other_brand"
        )


class YardstickSelect(forms.Select):
    def __init__(self, promises: dict[int, Promise]) -> None:
        super().__init__()
        self.promises = promises

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        promise = self.promises.get(value)
        if promise:
            option["attrs"]["data-groups"] = " ".join(promise.stakeholders)
        return option


def yardstick_label(promise: Promise) -> str:
    groups = ", ".join(str(codes.Stakeholder(code).label) for code in promise.stakeholders)
    text = str(promise)
    return f"{text[:90]}{'…' if len(text) > 90 else ''} ({groups})"


class ProofSet(forms.BaseFormSet):
    """At least one row: an act with no bearing on anybody is not an act to judge."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            proof = form.instance
            place = (proof.stakeholder, proof.direction)
            if not proof.stakeholder or not proof.direction:
                continue
            if place in seen:
                form.add_error(
                    "effect", _("This group has a row with the same direction already: keep one of the two.")
                )
            seen.add(place)


ProofFormSet = forms.formset_factory(
    ProofForm,
    formset=ProofSet,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=PROOFS_AT_MOST,
    validate_max=True,
    absolute_max=PROOFS_AT_MOST + 1,
)


class PromiseForm(forms.ModelForm):
    weight = keyed_field(Promise._meta.get_field("weight"))
    value_type = keyed_field(Promise._meta.get_field("value_type"), required=False)

    class Meta:
        model = Promise
        fields = (
            *("quote", "quote_language", "statement_en", "statement_fr", "stakeholders", "kind", "stated_on", "since"),
            *("statement_level", "specificity", "scope", "value_type", "weight", "testable"),
            *("rationale_en", "rationale_fr"),
        )
        formfield_callback = formfield_callback

    def clean_quote_language(self) -> str:
        return checked(columns.language, self.cleaned_data["quote_language"].lower())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        need_one_language(self, found)
        return found


def need_one_language(form: forms.ModelForm, found: dict[str, Any]) -> None:
    if not any(found.get(name) or form.has_error(name) for name in ("statement_en", "statement_fr")):
        form.add_error(f"statement_{page_language()}", _("Say it in one sentence, in French or in English."))


def promises_of(brand: Brand | None) -> list[Promise]:
    return list(brand.promises.in_use().order_by("key")) if brand else []
