"""The forms that people without an account fill in: a brand's reply, an error reported by anyone.

Text is kept as typed. A field that people do not see catches programs; whoever falls into it is told and loses nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import validate_plain_text
from cxalign.templatetags.cxalign import grouped
from scoring.models import DOCUMENT_TYPES, DocumentKind, Mandate, ReportKind
from scoring.voices.documents import MAX_BYTES, FileRefused, Incoming, check_together, examine
from scoring.voices.passages import Part, Passage, length, longest_allowed
from scoring.voices.replies import Sent
from scoring.voices.reports import Reported

MAX_SOURCES = 20
is_web_address = URLValidator(schemes=["http", "https"])


def new_key() -> str:
    """Names one form on one screen, so that it is received once however often it is sent."""
    return secrets.token_urlsafe(16)


class Typed(forms.CharField):
    """Text as somebody typed it: blanks at its ends included, control characters refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"strip": False, "validators": [validate_plain_text], **options})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if self.required and not text.strip():
            raise ValidationError(self.error_messages["required"], code="required")
        return text


def several_lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class OpenForm(forms.Form):
    """What both forms share: one effect however often they are sent, and the field that only programs fill in."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    homepage = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key()

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not re.fullmatch(r"[-\w]{16,64}", key, re.ASCII):
            raise ValidationError(_("This form is damaged: reload the page and send it again."), code="key")
        return key

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(
                _("This field is there to catch programs: empty it and send the form again."), code="trap"
            )
        return ""


def clean_addresses(text: str) -> str:
    """One web address a line; what is not one is named."""
    addresses = text.split()
    if len(addresses) > MAX_SOURCES:
        raise ValidationError(_("Give %(max)d addresses at most.") % {"max": MAX_SOURCES}, code="too_many")
    for address in addresses:
        try:
            is_web_address(address)
        except ValidationError as error:
            raise ValidationError(
                _("“%(text)s” is not a web address: it has to start with https:// or http://.")
                % {"text": address[:80]},
                code="address",
            ) from error
    return "\n".join(addresses)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


ACCEPTED = ",".join(f".{ending}" for ending in DOCUMENT_TYPES)


class Files(forms.FileField):
    """One file or several, each looked at; what is cleaned is a list of files that may be kept."""

    def __init__(self, kind: str, *, several: bool = False, **options: Any) -> None:
        self.kind = kind
        attributes: dict[str, Any] = {"accept": ACCEPTED}
        widget = SeveralFiles(attributes | {"multiple": True}) if several else forms.FileInput(attributes)
        super().__init__(**{"required": False, "widget": widget, **options})

    def clean(self, data: Any, initial: Any = None) -> list[Incoming]:
        sent = data if isinstance(data, list) else [data] if data else []
        if self.required and not sent:
            raise ValidationError(self.error_messages["required"], code="required")
        return [self._looked_at(one) for one in sent]

    def _looked_at(self, file: Any) -> Incoming:
        try:
            return examine(self.kind, file.name, file.read(MAX_BYTES + 1))
        except FileRefused as refused:
            raise ValidationError(str(refused), code="file") from refused


def check_files(files: Iterable[Incoming], *, too_large: bool, others: Iterable[int] = ()) -> None:
    """Together they may be so many and so large."""
    sizes = [*others, *(len(one.body) for one in files)]
    try:
        check_together([*sizes, MAX_BYTES + 1] if too_large else sizes)
    except FileRefused as refused:
        raise ValidationError(str(refused), code="files") from refused


class LetterForm(forms.Form):
    """The signed letter, sent in after the reply."""

    letter = Files(
        DocumentKind.LETTER,
        label=gettext_lazy("Signed letter"),
        help_text=gettext_lazy(
            "On the brand’s letterhead, signed by somebody entitled to speak for it, with the reference of this reply. "
            "Never published."
        ),
        required=True,
    )

    def __init__(self, *args: Any, too_large: bool = False, others: Iterable[int] = (), **kwargs: Any) -> None:
        self.too_large, self.others = too_large, list(others)
        super().__init__(*args, **kwargs)

    def clean_letter(self) -> Incoming:
        files: list[Incoming] = self.cleaned_data["letter"]
        check_files(files, too_large=self.too_large, others=self.others)
        return files[0]


class ReplyForm(OpenForm):
    passages = forms.MultipleChoiceField(
        label=gettext_lazy("Which passages do you contest?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contested_text = Typed(
        label=gettext_lazy("Another passage, in your words"),
        help_text=gettext_lazy("If what you contest is not in the list: quote it, or say where it stands."),
        required=False,
        max_length=2000,
        widget=several_lines(3),
    )
    text = Typed(
        label=gettext_lazy("Your reply"),
        max_length=20_000,
        widget=several_lines(12),
    )
    sources = Typed(
        label=gettext_lazy("Documents on the web that bear it out"),
        help_text=gettext_lazy("Web addresses, one a line. They are published with your reply."),
        required=False,
        max_length=4000,
        widget=several_lines(3),
    )
    documents = Files(
        DocumentKind.DOCUMENT,
        several=True,
        label=gettext_lazy("Documents that you send with it"),
        help_text=gettext_lazy(
            "Up to 5 files, 10 MB in all: PDF, PNG, JPEG, text, or office files without macros. They are published "
            "with your reply, under the names that they have."
        ),
    )
    organisation = Typed(
        label=gettext_lazy("Organisation"),
        max_length=160,
        help_text=gettext_lazy("Published with your reply."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    capacity = Typed(
        label=gettext_lazy("In what capacity do you reply?"),
        max_length=160,
        help_text=gettext_lazy("Such as: head of communication, counsel. Published with your reply."),
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    name = Typed(
        label=gettext_lazy("Your name"),
        max_length=160,
        help_text=gettext_lazy("Not published."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        help_text=gettext_lazy("Not published. We write to it to confirm it, and to tell you what we decided."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    mandate = forms.ChoiceField(
        label=gettext_lazy("How do you show that you speak for the brand?"),
        choices=Mandate.choices,
        initial=Mandate.EMAIL,
        widget=forms.RadioSelect,
    )
    letter = Files(
        DocumentKind.LETTER,
        label=gettext_lazy("Signed letter"),
        help_text=gettext_lazy(
            "On the brand’s letterhead, signed by somebody entitled to speak for it. Never published. You can also add "
            "it later, on the page of your reply."
        ),
    )

    field_order = (
        "passages",
        "contested_text",
        "text",
        "sources",
        "documents",
        "organisation",
        "capacity",
        "name",
        "email",
        "mandate",
        "letter",
    )

    def __init__(
        self, *args: Any, passages: Iterable[Passage], language: str, too_large: bool = False, **kwargs: Any
    ) -> None:
        self.offered = {passage.code: passage for passage in passages}
        self.language = language
        self.too_large = too_large
        super().__init__(*args, **kwargs)
        self.fields["passages"].choices = [  # type: ignore[attr-defined]
            (code, passage.text[language]) for code, passage in self.offered.items()
        ]

    def clean_sources(self) -> str:
        return clean_addresses(self.cleaned_data["sources"])

    def clean(self) -> None:
        super().clean()
        if not (self.chosen or self.cleaned_data.get("contested_text", "").strip()):
            self.add_error("passages", _("Tick at least one passage, or quote another one below."))
        self._check_length()
        try:
            check_files(self.attached, too_large=self.too_large)
        except ValidationError as error:
            self.add_error("documents", error)

    @property
    def attached(self) -> list[Incoming]:
        return [*self.cleaned_data.get("documents", ()), *self.cleaned_data.get("letter", ())]

    @property
    def loses_files(self) -> bool:
        """Whether files have to be chosen anew: a browser does not send them a second time by itself."""
        return self.too_large or any(file for name in self.files for file in self.files.getlist(name))

    @property
    def chosen(self) -> list[Passage]:
        return [self.offered[code] for code in self.cleaned_data.get("passages", ())]

    def _check_length(self) -> None:
        limit = longest_allowed(self.chosen, self.cleaned_data.get("contested_text", ""))
        count = length(self.cleaned_data.get("text", ""))
        if count > limit:
            self.add_error(
                "text",
                _("Your reply has %(count)s characters; %(limit)s are possible: it is %(over)s too long.")
                % {"count": grouped(count), "limit": grouped(limit), "over": grouped(count - limit)},
            )

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The passages as the page shows them: by the part in which they stand."""
        boxes = {box.data["value"]: box for box in self["passages"]}
        found = []
        for part in Part:
            own = [boxes[code] for code, passage in self.offered.items() if passage.part == part]
            if own:
                found.append((part.label, own))
        return found

    def sent(self) -> Sent:
        data = self.cleaned_data
        names = ("key", "contested_text", "text", "name", "capacity", "organisation", "email", "mandate", "sources")
        typed = {name: data[name] for name in names}
        return Sent(passages=self.chosen, language=self.language, files=self.attached, **typed)


class ReportForm(OpenForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=ReportKind.choices,
        initial=ReportKind.ERROR,
        widget=forms.RadioSelect,
    )
    what = Typed(
        label=gettext_lazy("What is wrong or missing?"),
        max_length=4000,
        help_text=gettext_lazy("Say what stands there, and what it should be."),
        widget=several_lines(6),
    )
    place = Typed(
        label=gettext_lazy("Where?"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("The address of the page, or the place on it: the second promise, source 4…"),
    )
    source = Typed(
        label=gettext_lazy("A source that bears it out"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("A web address."),
        widget=forms.URLInput,
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail, if you want an answer"),
        required=False,
        help_text=gettext_lazy("Never published."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    field_order = ("kind", "what", "place", "source", "email")

    def clean_source(self) -> str:
        addresses = clean_addresses(self.cleaned_data["source"])
        if "\n" in addresses:
            raise ValidationError(_("Give one address here; put others into the text."), code="too_many")
        return addresses

    def sent(self, language: str, publication: Any = None) -> Reported:
        data = self.cleaned_data
        names = ("key", "kind", "what", "place", "source", "email")
        return Reported(language=language, publication=publication, **{name: data[name] for name in names})
