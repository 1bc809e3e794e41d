"""One screen, several forms: bound together, checked together, kept together."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _

from brands import capture
from brands.addresses import cleaned
from brands.editing import needs_reason
from brands.models import Action, Brand, Crisis, Promise, Source
from cxalign.accounts.models import Suggestion
from cxalign.accounts.suggestions import held_if_open, take
from cxalign.desk.capture.details import offers_in
from cxalign.desk.capture.fields import brands_named
from cxalign.desk.capture.forms import (
    ACT,
    PROMISE,
    ActForm,
    CaseForm,
    LinkForm,
    PromiseForm,
    ProofFormSet,
    SourceForm,
    promises_of,
)
from cxalign.templatetags.cxalign import page_language

if TYPE_CHECKING:
    from cxalign.accounts.models import User


STATEMENT_LENGTH: int = Action._meta.get_field("statement_en").max_length or 0


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing to correct, and the field where it is done."""

    anchor: str
    label: str
    text: str


@dataclass
class Twins:
    """What is on file already and may be the same."""

    exact: list[Source] = field(default_factory=list)
    near: list[Source] = field(default_factory=list)
    acts: list[Action] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    @property
    def to_compare(self) -> bool:
        """Whether somebody has to look before a new record is made."""
        return bool(self.near or self.acts or self.promises)

    @property
    def sources(self) -> list[Source]:
        return [*self.exact, *self.near]


def source_twins(url: str, title: str) -> tuple[list[Source], list[Source]]:
    """Sources at this very address, which can only be used; and those that may be the same document."""
    at_address = capture.sources_at(url)
    exact = [source for source in at_address if source.url == cleaned(url)]
    near = [source for source in at_address if source not in exact]
    known = {source.pk for source in at_address}
    return exact, [*near, *(source for source in capture.sources_titled(title) if source.pk not in known)]


def all_hold(forms: list[BaseForm]) -> bool:
    """Whether every form holds; each of them is asked, so that each tells all that is wrong with it."""
    answers = [form.is_valid() for form in forms]
    return all(answers)


class Sheet:
    """The forms of the screen. Without ``data`` it is a new sheet that starts from what the address says."""

    def __init__(self, user: User, data: QueryDict | None = None, start: QueryDict | None = None) -> None:
        self.user, self.data = user, data
        self.start = start if start is not None else QueryDict()
        self.twins = Twins()
        self.complaints: list[Complaint] = []
        self.took_up = False
        self.case = CaseForm(data, initial=self._start_of_case())
        self.case.is_valid() if data is not None else None
        self.source = SourceForm(self._source_data(), prefix="source", initial=self._start_of_source())
        self.action = ActForm(
            self._data_for(ACT),
            prefix="act",
            instance=Action(brand=self.brand, crisis=self.crisis),
            initial=self._start_of_act(),
        )
        self.link = LinkForm(self._data_for(ACT), prefix="link")
        self.proofs = ProofFormSet(
            self._data_for(ACT),
            prefix="proofs",
            form_kwargs={"action": self.action.instance, "promises": promises_of(self.brand)},
        )
        self.promise = PromiseForm(
            self._data_for(PROMISE),
            prefix="promise",
            instance=Promise(brand=self.brand) if self.brand else None,
            initial=self._start_of_act(),
        )

        self._focus()

    def _focus(self) -> None:
        """The cursor starts in the first field that is still to be filled in."""
        if self.complaints:
            return
        if not self.on_file:
            name = "title" if self.source["url"].value() else "url"
            self.source.fields[name].widget.attrs["autofocus"] = True
        elif not self.case["brand"].value():
            self.case.fields["brand"].widget.attrs["autofocus"] = True
        else:
            self.action.fields[f"statement_{page_language()}"].widget.attrs["autofocus"] = True

    @property
    def more_is_open(self) -> bool:
        """What hides an error opens itself."""
        rare = ("ended", "country", "amount", "amount_currency", "kind", "categories", "duration", "rationale_en")
        return bool(self.complaints) and any(name in self.action.errors for name in rare)

    # --- What it starts from ---

    def _start_of_case(self) -> dict[str, Any]:
        latest = Crisis.objects.filter(slug=self.start.get("crisis", "")).first() or Crisis.objects.first()
        told = self.suggestion if self.data is None else None
        asked = self.start.get("brand") or (told.brand.slug if told and told.brand else "")
        named = brands_named(asked) if asked else []
        on_file = self.start.get("source", "")
        kind = PROMISE if told and told.kind == Suggestion.Kind.PROMISE else ACT
        return {
            "brand": named[0].name if len(named) == 1 else "",
            "crisis": latest,
            "what": self.start.get("what") if self.start.get("what") in (ACT, PROMISE) else kind,
            "suggestion": told.pk if told else None,
            "token": secrets.token_urlsafe(12),
            "on_file": int(on_file) if on_file.isdecimal() and len(on_file) < 10 else None,
        }

    def _start_of_source(self) -> dict[str, Any]:
        names = ("url", "title", "publisher", "author", "published_on", "language", "passage")
        started = {name: self.start[name][:1000] for name in names if name in self.start}
        if self.suggestion and self.data is None:
            started.setdefault("url", self.suggestion.address[:1000])
        return started

    def _start_of_act(self) -> dict[str, Any]:
        """A suggestion’s own words, in its author’s language, as far as a statement may hold them."""
        told = self.suggestion
        if told is None or self.data is not None or len(told.text) > STATEMENT_LENGTH:
            return {}
        return {f"statement_{told.by.language or page_language()}": told.text.strip()}

    # --- What it takes up ---

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What a reader suggested and this sheet records."""
        asked = str((self.start if self.data is None else self.data).get("suggestion", ""))
        pk = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
        if not pk:
            return None
        return Suggestion.objects.visible_to(self.user).select_related("brand", "by", "team").filter(pk=pk).first()

    @property
    def offers(self) -> dict[str, str]:
        """What the page says otherwise than the form."""
        return offers_in(self.data)

    # --- What was chosen ---

    @cached_property
    def what(self) -> str:
        return str(self.case["what"].value() or ACT)

    @cached_property
    def brand(self) -> Brand | None:
        if self.data is not None:
            return self.case.cleaned_data.get("brand")
        named = brands_named(str(self.case.initial["brand"])) if self.case.initial["brand"] else []
        return named[0] if len(named) == 1 else None

    @cached_property
    def crisis(self) -> Crisis | None:
        if self.data is not None:
            return self.case.cleaned_data.get("crisis")
        return self.case.initial["crisis"]

    @cached_property
    def on_file(self) -> Source | None:
        """The source on file that was chosen instead of entering one; ``_link`` chooses the one at the same address."""
        if self.data is None:
            pk = self.case.initial["on_file"]
            return Source.objects.in_use().filter(pk=pk).first() if pk else None
        chosen = self.case.cleaned_data.get("on_file")
        if chosen or "_link" not in self.data:
            return chosen
        found = capture.sources_at(self.data.get("source-url", ""))
        return found[0] if len(found) == 1 else None

    def _source_data(self) -> QueryDict | None:
        return self.data if self.on_file is None else None

    def _data_for(self, what: str) -> QueryDict | None:
        return self.data if self.what == what else None

    @property
    def forms(self) -> list[BaseForm]:
        """Those that count, in reading order."""
        source = [] if self.on_file else [self.source]
        if self.what == ACT:
            return [*source, self.case, self.action, self.link, *self.proofs.forms]
        return [*source, self.case, self.promise]

    @property
    def asks_why(self) -> bool:
        return self.brand is not None and needs_reason(self.brand)

    # --- Checking ---

    def is_valid(self) -> bool:
        forms_hold = all_hold(self.forms)
        rows_hold = self.what != ACT or self.proofs.is_valid()
        if forms_hold and rows_hold and self.was_kept_before():
            return True
        self._find_twins()
        self.complaints = [*self._of_fields(), *self._of_rows(), *self._of_twins()]
        if forms_hold and rows_hold and self.complaints and self.was_kept_before():
            self.complaints = []  # saved between two of these lines, by a second press of the button
        return forms_hold and rows_hold and not self.complaints

    def _of_fields(self) -> list[Complaint]:
        found = []
        for form in self.forms:
            found += [Complaint("", "", str(text)) for text in form.non_field_errors()]
            for bound in form:
                found += [Complaint(bound.auto_id, str(bound.label), str(text)) for text in bound.errors]
        return found

    def _of_rows(self) -> list[Complaint]:
        if self.what != ACT:
            return []
        if not self.proofs.forms or not any(form.has_changed() for form in self.proofs.forms):
            return []  # the first row's own complaints say it
        return [Complaint("", "", str(text)) for text in self.proofs.non_form_errors()]

    # --- What may be on file already ---

    def _find_twins(self) -> None:
        if self.on_file is None:
            url, title = self.source["url"].value() or "", self.source["title"].value() or ""
            self.twins.exact, self.twins.near = source_twins(url, title)
        if self.brand is None or self.crisis is None:
            return
        if self.what == ACT:
            groups = [form.instance.stakeholder for form in self.proofs.forms]
            self.twins.acts = capture.likely_duplicates(self.action.instance, groups)
        else:
            self.twins.promises = capture.promises_quoted(self.brand, self.promise["quote"].value() or "")

    def _of_twins(self) -> list[Complaint]:
        found = []
        if self.twins.exact:
            text = _("This address is on file. Use the source on file, or correct the address.")
            found.append(Complaint("twins-source", _("Address"), text))
        elif self.twins.to_compare and not self.case.cleaned_data.get("another"):
            text = _("Something very much like it is on file. Compare them, then tick that this is another one.")
            found.append(Complaint(self.case["another"].auto_id, _("Already on file?"), text))
        return found

    # --- Keeping ---

    def keep(self) -> capture.Kept[Any]:
        """Everything or nothing. What a model or the database still refuses becomes a complaint."""
        source = self.on_file or self.source.instance
        if self.what == ACT:
            link = self.link.instance
            link.independence_group = link.independence_group or self._group(source, link.kind)
            proofs = [form.instance for form in self.proofs.forms if form.has_changed()]
            return capture.keep_act(self.action.instance, proofs, link, source, by=self.user, key=self.key)
        return capture.keep_promise(self.promise.instance, source, by=self.user, key=self.key)

    @property
    def record(self) -> Action | Promise:
        return self.action.instance if self.what == ACT else self.promise.instance

    @property
    def key(self) -> str:
        """The same form sent twice makes the same key; every sheet has a token of its own in it."""
        typed = {name: values for name, values in self.asked.lists() if not name.startswith(("csrf", "_"))}
        return capture.key_for(self.record, typed, self.user)

    def was_kept_before(self) -> bool:
        """Whether this very form was saved already: then it is no twin of itself."""
        return type(self.record).objects.filter(key=self.key).exists()

    @property
    def asked(self) -> QueryDict:
        assert self.data is not None
        return self.data

    def _group(self, source: Source, kind: str) -> str:
        assert self.brand is not None
        return capture.suggested_group(
            self.brand, source_type=source.source_type, publisher=source.publisher, kind=kind
        )

    @transaction.atomic
    def keep_and_take_up(self, keep: Callable[[], capture.Kept[Any]]) -> capture.Kept[Any]:
        """What is kept takes up the suggestion that it came from; one that a colleague decided meanwhile stays so."""
        held = held_if_open(self.suggestion, by=self.user)  # before every lock of the facts
        kept = keep()
        if held:
            take(held, by=self.user)
            self.took_up = True
        return kept

    def try_to_keep(self) -> capture.Kept[Any] | None:
        try:
            return self.keep_and_take_up(self.keep)
        except ValidationError as error:
            self.complaints += [Complaint("", "", text) for text in error.messages]
        except IntegrityError:
            text = _("Somebody saved the same record at the same moment. Press the button again to see theirs.")
            self.complaints.append(Complaint("", "", text))
        return None

    # --- One more source for an act on file ---

    def act_to_link(self) -> Action | None:
        """The act that was pointed at, if it is one of this brand and crisis."""
        pk = self.asked.get("_link_act", "")
        if not pk.isdecimal() or self.brand is None:
            return None
        return Action.objects.in_use().filter(pk=pk[:9], brand=self.brand, crisis=self.crisis).first()

    def can_link(self, action: Action) -> bool:
        """Source and its kind have to be right; the entries about the act do not count."""
        forms: list[BaseForm] = [self.case, self.link] if self.on_file else [self.source, self.case, self.link]
        holds = all_hold(forms)
        self._find_twins()
        for form in forms:
            for bound in form:
                self.complaints += [Complaint(bound.auto_id, str(bound.label), str(text)) for text in bound.errors]
        if self.twins.exact:
            self.complaints += self._of_twins()
        if self.asks_why and not self.case.cleaned_data.get("why", "").strip():
            text = _("Say why: a verdict on this brand is public.")
            self.complaints.append(Complaint(self.case["why"].auto_id, _("Why"), text))
        return holds and not self.complaints

    def link_act(self, action: Action) -> capture.Kept[Any] | None:
        source, link = self.on_file or self.source.instance, self.link.instance
        link.independence_group = link.independence_group or self._group(source, link.kind)
        try:
            why = self.case.cleaned_data.get("why", "")
            return self.keep_and_take_up(lambda: capture.link_to_act(action, link, source, by=self.user, why=why))
        except ValidationError as error:
            self.complaints += [Complaint("", "", text) for text in error.messages]
        return None
