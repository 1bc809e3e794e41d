"""The four archetypes in one line each, in the order of the screens: an order of reading, no ranking."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cxalign.pages import words


@dataclass(frozen=True, slots=True)
class Archetype:
    code: str
    definition: str

    @property
    def tone(self) -> str:
        return words.tone(self.code)

    @property
    def name(self) -> str:
        return words.word(self.code, "outcome")


def archetypes() -> list[Archetype]:
    return [
        Archetype(
            "broken_promise",
            _("What it did falls short of a promise that counts, or of the duty of care that every brand owes."),
        ),
        Archetype(
            "aligned",
            _(
                "It gave real help to every group to whom a promise is on file, or to every core group; no serious "
                "harm is established."
            ),
        ),
        Archetype("exceeds_promise", _("It went beyond its promise for those it promised something to.")),
        Archetype(
            "dna_proactive",
            _("Caring for its customers predates the crisis, and it helped before being asked."),
        ),
    ]
