"""Fewer fields, one language: smaller answers that say the same."""

from __future__ import annotations

from typing import Any

import pytest

from cxalign.api.shaping import in_one_language
from tests import factories as make
from tests.api.conftest import Reader


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("brands/fictia?fields=slug,name", ["id", "name", "slug"]),
        ("brands/fictia?fields=slug&fields=name", ["id", "name", "slug"]),
        ("scorecards/fictia:covid-19?fields=outcome", ["id", "outcome"]),
        ("crises/covid-19?fields=id", ["id"]),
    ],
)
def test_only_the_fields_asked_for_come_and_the_id(reader: Reader, path: str, names: list[str]) -> None:
    make.published(make.a_breach("Fictia"))
    whole, part = reader.json(path.split("?")[0]), reader.json(path)
    assert sorted(part) == names
    assert part.items() <= whole.items()


@pytest.mark.django_db
@pytest.mark.parametrize("collection", ["brands", "crises", "promises", "actions", "sources", "proofs", "scorecards"])
def test_every_field_can_be_asked_for_in_lists_too(reader: Reader, collection: str) -> None:
    make.published(make.a_breach("Fictia"))
    [record, *_others] = reader.json(collection)["data"]
    for name in record:
        [part, *_rest] = reader.json(f"{collection}?fields={name}")["data"]
        assert part == {"id": record["id"], name: record[name]}


@pytest.mark.django_db
def test_one_language_takes_the_place_of_both(reader: Reader) -> None:
    make.published(make.a_breach("Fictia"))
    both = reader.json("scorecards/fictia:covid-19")
    french = reader.json("scorecards/fictia:covid-19?lang=fr")
    assert french["explanation"] == both["explanation"]["fr"]
    assert french["actions"][0]["statement"] == "A refusé de payer les sinistres."
    assert reader.json("scorecards/fictia:covid-19?lang=en")["explanation"] == both["explanation"]["en"]
    assert french["indices"] == both["indices"]


@pytest.mark.parametrize(
    ("value", "in_french"),
    [
        ({"en": "yes", "fr": "oui"}, "oui"),
        ({"fr": "oui", "en": "yes", "de": "ja"}, {"fr": "oui", "en": "yes", "de": "ja"}),
        ({"en": "yes"}, {"en": "yes"}),
        ([{"en": "", "fr": ""}, 1, None], ["", 1, None]),
        ({"name": {"en": "a", "fr": "b"}, "n": [1.5]}, {"name": "b", "n": [1.5]}),
    ],
)
def test_only_texts_in_both_languages_are_replaced(value: Any, in_french: Any) -> None:
    assert in_one_language(value, "fr") == in_french


@pytest.mark.django_db
def test_the_tag_is_the_records_and_not_the_answers(reader: Reader) -> None:
    make.published(make.a_breach("Fictia"))
    whole = reader.get("scorecards/fictia:covid-19")
    assert reader.get("scorecards/fictia:covid-19?fields=outcome&lang=fr")["ETag"] == whole["ETag"]
