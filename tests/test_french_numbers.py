"""In French, zero is followed by a singular: in every message that counts, and in none that forgot to be one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.template import Context, Template
from django.utils import translation
from django.utils.translation import ngettext

from tools import messages

COUNTED_FIRST = re.compile(r"^%\((?:count|number|n|total|done|unsent|rate)\)[sd]\s+(?P<word>\w+)")
LOADED = "%(count)d fiches codées chargées."
"""Told by a command about a catalogue, which has more than one."""
NO_NUMBER_OF_THINGS = frozenset({"sur"})


def entries() -> Iterator[Any]:
    return messages.entries(messages.read_catalogue())


def test_zero_is_singular_in_every_message_that_counts() -> None:
    counted = [entry for entry in entries() if entry.pluralizable and not entry.context]
    assert len(counted) > 50
    with translation.override("fr"):
        for entry in counted:
            one, many = entry.id
            singular, plural = messages.translations(entry)
            assert ngettext(one, many, 0) == ngettext(one, many, 1) == singular
            assert ngettext(one, many, 2) == plural


def test_no_message_that_begins_with_a_number_has_a_plural_alone() -> None:
    alone = [
        text
        for entry in entries()
        if not entry.pluralizable
        for text in messages.translations(entry)
        if (found := COUNTED_FIRST.match(text)) and found["word"] not in NO_NUMBER_OF_THINGS
    ]
    allowed = {
        "%(count)d fiches codées chargées.",
        "%(count)s marques sont trop nombreuses pour être nommées ici\u00a0: chaque case en donne le nombre. "
        "Filtrez pour les voir par leur nom.",  # said of more than 300
        "%(done)s sur %(total)s faites, %(failed)s en échec, %(waiting)s en attente.",
    }
    assert [text for text in alone if text not in allowed] == []


def test_a_template_says_it_so_too() -> None:
    page = Template(
        "{% load i18n %}{% blocktranslate count done=done with of=of %}{{ done }} of {{ of }} handed in"
        "{% plural %}{{ done }} of {{ of }} handed in{% endblocktranslate %}"
    )
    with translation.override("fr"):
        told = [page.render(Context({"done": done, "of": 8})) for done in (0, 1, 2)]
    assert told == ["0 rendu sur 8", "1 rendu sur 8", "2 rendus sur 8"]
