"""What every record is made of: bounded text, levels, a stable key, a revision number, and no way to vanish."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from brands import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

LEVELS = ("", "0", "1", "2", "3", codes.UNKNOWN)
"""What a scoring code may hold; the empty one means that nobody has coded it yet."""


def fold(text: str) -> str:
    """Text as searching and sorting see it: without accents or case."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text as searching sees them: folded, without signs."""
    return _WORD.findall(fold(text))


def validate_plain_text(value: str) -> None:
    """Refuse what no person typed: NUL, lone surrogates, control characters other than tab and line ends."""
    for char in value:
        if (unicodedata.category(char) == "Cc" and char not in "\t\n\r") or "\ud800" <= char <= "\udfff":
            raise ValidationError(
                _("The text holds a control character (%(name)s): delete it."),
                code="control_character",
                params={"name": f"U+{ord(char):04X}"},
            )


FIXED_WORDS = frozenset(
    [
        *("add", "batch", "changes", "compare", "export", "new"),
        *("search", "seen-in-our-evidence", "shared", "try"),
    ]
)
"""Words of our own addresses, and some that may become so: a record of that name could never be found at its own."""
IS_A_PAGE = _("A page has this address already: choose another key.")


def check_address_is_free(record: models.Model, field: str) -> None:
    """A new record takes no word of our addresses; one on file keeps what it is known by."""
    if record._state.adding and getattr(record, field).casefold() in FIXED_WORDS:
        raise ValidationError({field: IS_A_PAGE}, code="reserved_key")


def one_of(field: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    """The closed list again, in the database, for the paths that no form guards."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


class LevelField(models.CharField):
    """A level 0–3, ``u`` (looked at and unknown), or empty (not coded yet)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 1, "blank": True, "default": "", **kwargs})


class TextColumn(models.TextField):
    """Text that people type: bounded, and free of control characters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 5000, "blank": True, "default": "", **kwargs})
        if validate_plain_text not in self.validators:
            self.validators = [*self.validators, validate_plain_text]


class FactQuerySet(models.QuerySet):
    def in_use(self) -> FactQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Fact(models.Model):
    """What every record of evidence has: a stable key, a revision number, and no way to vanish."""

    key = models.SlugField(
        _("key"), max_length=120, unique=True, blank=True, help_text=_("Stable identifier. Left empty, one is made.")
    )
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_reason = TextColumn(_("reason for the withdrawal"), editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = self.make_key()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        check_address_is_free(self, "key")

    def make_key(self) -> str:
        """A readable key with enough chance in it that two analysts never make the same."""
        return f"{slugify(self.key_text())[:100].strip('-') or 'record'}-{secrets.token_hex(4)}"

    def key_text(self) -> str:
        return str(self)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
