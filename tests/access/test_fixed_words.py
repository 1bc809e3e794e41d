"""No record takes a word of our addresses for its name: what we open at that address would hide it, or it would us."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver

from brands.importing.kinds import KINDS
from brands.imports.columns import CellError
from brands.models import Action, Brand, Crisis, Judgement, OutcomeFigure, Promise, Source
from brands.models.base import FIXED_WORDS
from cxalign.accounts import roles
from cxalign.practices.models import Practice
from scoring.engine import method
from tests import factories as make
from tests.accounts.desk import form_on, list_page, save, signed_in
from tests.practices.making import a_practice

NAMED_BY_PEOPLE = frozenset({"slug", "brand", "crisis", "key", "id", "version"})
NAMED_BY_US = frozenset(
    [
        *("app_label", "object_id", "content_type_id", "url", "pk", "number", "older", "newer"),
        *("ending", "subject", "type", "item", "problem", "scenario"),
        *("token", "confirm_token", "reference", "digest", "identifier", "section", "code", "format", "style"),
    ]
)
"""What stands in an address without anybody having typed it as a name."""
NUMBERED = re.compile(r"<int:\w+>|<uuid:\w+>")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")

# --- The map ----------------------------------------------------------------------------------------------------------


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def shadowing(found: Iterable[str]) -> set[str]:
    """The words that stand, in one address, where another address has the name of a record."""
    words, named = defaultdict(set), defaultdict(set)
    for before, step in {pair for route in found for pair in steps_of(route)}:
        name = PLACE.search(step)
        if name is None:
            words[before].add(step)
        elif name[1] in NAMED_BY_PEOPLE and not NUMBERED.search(step):
            named[before].add(PLACE.sub("([-a-zA-Z0-9_]+)", step.replace(".", r"\.")))
    pairs = ((word, place) for before in named for word in words[before] for place in named[before])
    return {match[1] for word, place in pairs if (match := re.fullmatch(place, word))}


def steps_of(route: str) -> Iterator[tuple[str, str]]:
    """Each step of an address with what stands before it, whatever the names of its places are."""
    steps = route.split("/")
    for place, step in enumerate(steps):
        yield PLACE.sub("<>", "/".join(steps[:place])), step


def test_every_place_in_an_address_is_named_by_people_or_by_us() -> None:
    named = {name for route in routes() for name in PLACE.findall(NUMBERED.sub("", route))}
    assert named - NAMED_BY_PEOPLE - NAMED_BY_US == set(), "Say whether people choose what stands there."


def test_no_address_stands_where_a_record_could() -> None:
    """Add the word to FIXED_WORDS before the address, and look whether a record on file has it."""
    found = shadowing(routes())
    assert {"compare", "export", "seen-in-our-evidence", "try", "changes"} <= found
    assert found <= FIXED_WORDS
    # A method version is a number: the engine reads no other.
    assert all(re.fullmatch(r"[\d.]+", version.version) for version in method.available())


@pytest.mark.parametrize("later", ["brands/news/", "brands/<slug:slug>/news/", "landscape/news/", "practices/news/"])
def test_an_address_added_later_is_caught(later: str) -> None:
    assert shadowing([*routes(), f"{front()}{later}"]) - FIXED_WORDS == {"news"}


def front() -> str:
    """What stands before the public addresses: the language, as the map of this thread has it."""
    [found] = {route.removesuffix("legal/notice/") for route in routes() if route.endswith("legal/notice/")}
    return found


# --- The refusal ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Brand, Crisis, Source, Promise, Action, Judgement, OutcomeFigure, Practice])
def test_no_new_record_takes_such_a_word(model: Any) -> None:
    field = "slug" if model in (Brand, Crisis) else "key"
    for word in FIXED_WORDS:
        with pytest.raises(ValidationError) as refused:
            model(**{field: word.upper()}).clean()
        assert list(refused.value.message_dict) == [field]
    model(**{field: "compared"}).clean()


def test_no_file_brings_such_a_word() -> None:
    own = {kind.name: kind.row_type.columns[0] for kind in KINDS if len(kind.row_type.key) == 1}
    read = {name: column for name, column in own.items() if column.field in ("slug", "key")}
    assert {"brands", "sources", "promises", "actions", "judgements", "outcomes", "practices"} <= set(read)
    for column in read.values():
        assert column.read("compared") == "compared"
        with pytest.raises(CellError, match="choose another key") as refused:
            column.read("Compare")
        assert refused.value.code == "reserved_key"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "A page has this address already: choose another key."),
        ("fr", "Une page a déjà cette adresse\u00a0: choisissez une autre clé."),
    ],
)
@pytest.mark.parametrize(("model", "field"), [(Brand, "slug"), (Practice, "key")])
def test_the_admin_says_why_and_keeps_what_was_typed(model: Any, field: str, language: str, told: str) -> None:
    desk = signed_in(roles.EDITOR, language=language)
    address = f"{list_page(model)}add/"
    page = save(desk, address, form_on(desk, address), **{field: "compare"}).content.decode()
    assert told in page
    assert 'value="compare"' in page


@pytest.mark.django_db
def test_a_record_on_file_keeps_its_name() -> None:
    brand, practice = make.a_brand("Batch", slug="held"), a_practice()
    type(brand).objects.update(slug="batch")
    Practice.objects.update(key="new")
    Brand.objects.get(pk=brand.pk).clean()
    Practice.objects.get(pk=practice.pk).clean()
