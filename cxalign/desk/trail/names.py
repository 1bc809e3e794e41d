"""What the trail calls by a key, and people call by a name: records and persons, each kind in one query a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from brands.changes import PERSON
from brands.models import Pseudonym
from cxalign.templatetags.cxalign import page_language
from scoring.models import BrandContact, CodingItem, EvidenceSearch, Publication, ReplyNotice, Snapshot, Tie

SHORT = 110

WITH: dict[type[Model], tuple[str, ...]] = {
    Publication: ("assessment__brand", "assessment__crisis"),
    Snapshot: ("assessment__brand", "assessment__crisis"),
    CodingItem: ("case", "action", "promise", "profile__brand", "profile__crisis"),
    Tie: ("user", "brand"),
    EvidenceSearch: ("assessment__brand", "assessment__crisis"),
    ReplyNotice: ("assessment__brand", "assessment__crisis"),
}
"""What the name of a record is made of, where following all it refers to would read long texts."""

Wanted = tuple[type[Model], str, str]
"""A record: its model, the column by which it is known, and the value there."""


def model_of(subject: str) -> type[Model] | None:
    try:
        return apps.get_model(subject.partition(":")[0])
    except (LookupError, ValueError):
        return None


def whole_of(subject: str) -> str:
    """The record on whose screen it is edited: a proof and a source link belong to an action."""
    label, _colon, key = subject.partition(":")
    if label in ("brands.proof", "brands.actionsource"):
        return f"brands.action:{key.partition(':')[0]}"
    return subject


def key_column(model: type[Model]) -> str:
    """By which column the trail knows the records of a model when they are its subject."""
    return "key" if "key" in {field.name for field in model._meta.concrete_fields} else "pk"


def value_column(model: type[Model]) -> str:
    """By which column the trail knows them when they stand in a field of another record."""
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in ("key", "slug") if name in names), "pk")


class Names:
    """Names of records and people, gathered first and read together."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[type[Model], str], set[str]] = defaultdict(set)
        self._records: dict[Wanted, Any] = {}
        self._codes: set[str] = set()
        self._people: dict[str, str] = {}

    def want_subject(self, subject: str) -> None:
        whole = whole_of(subject)
        if model := model_of(whole):
            self.want(model, key_column(model), whole.partition(":")[2])

    def want(self, model: type[Model], column: str, key: Any) -> None:
        if column != "pk" or str(key).isdecimal():
            self._wanted[model, column].add(str(key))

    def want_person(self, code: str) -> None:
        self._codes.add(code)

    def load(self) -> None:
        for (model, column), keys in self._wanted.items():
            for record in _records(model).filter(**{f"{column}__in": keys}):
                self._records[model, column, str(getattr(record, column))] = record
        self._people = names_of_people(self._codes)

    # --- asking ---

    def record(self, subject: str) -> Any:
        whole = whole_of(subject)
        model = model_of(whole)
        return self._records.get((model, key_column(model), whole.partition(":")[2])) if model else None

    def name(self, model: type[Model], column: str, key: Any) -> str:
        record = self._records.get((model, column, str(key)))
        return str(key) if record is None else Truncator(title_of(record)).chars(SHORT)

    def subject(self, subject: str) -> str:
        """The name of what a line is about; its key where there is no such record (any more)."""
        record = self.record(subject)
        if record is None:
            return whole_of(subject).partition(":")[2]
        return Truncator(title_of(record)).chars(SHORT)

    def person(self, code: str) -> str:
        return self._people.get(code.removeprefix(PERSON), _("a person who is not on file"))


def title_of(record: Any) -> str:
    """What people call a record: a promise by its quotation, other statements in the reader's language."""
    if record._meta.label == "accounts.User":
        return name_of_account(record)
    if isinstance(record, BrandContact):  # a person outside: named where mails are written, and nowhere else
        return record.capacity or str(record.brand)
    statement = getattr(record, f"statement_{page_language()}", "")
    return str(getattr(record, "quote", "") or statement or record)


def _records(model: type[Model]) -> QuerySet[Any]:
    found = model._base_manager
    return found.select_related(*WITH[model]).defer(*_heavy(model)) if model in WITH else found.select_related()


def _heavy(model: type[Model]) -> Iterable[str]:
    return ("facts", "verdict", "document") if model is Snapshot else ()


def names_of_people(codes: Iterable[str]) -> dict[str, str]:
    wanted = {code.removeprefix(PERSON) for code in codes if code}
    if not wanted:
        return {}
    people = Pseudonym.objects.filter(code__in=wanted).select_related("user")
    return {one.code: name_of(one) for one in people}


def name_of(person: Pseudonym) -> str:
    return _("erased person") if person.erased_at else name_of_account(person.user)


def name_of_account(account: Any) -> str:
    if account.username.startswith("erased-") and not account.is_active:
        return _("erased person")
    return str(account.get_full_name() or account.get_username())
