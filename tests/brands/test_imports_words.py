"""What people write in headers and cells, and what it is taken for."""

from __future__ import annotations

import pytest

from brands.importing import columns
from brands.importing.dates import AskedError, Order, evidence, read_date
from brands.importing.kinds import KINDS, kind_named
from brands.importing.matching import canonical_url
from brands.importing.words import country_words, language_words, read_amount, read_codes, read_yes_no, vocabulary
from brands.imports import columns as strict
from brands.imports.columns import CellError


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-04-13", "2020-04-13"),
        ("13/04/2020", "2020-04-13"),
        ("13.04.2020", "2020-04-13"),
        ("04/13/2020", "2020-04-13"),
        ("13 avril 2020", "2020-04-13"),
        ("1er avril 2020", "2020-04-01"),
        ("April 13, 2020", "2020-04-13"),
        ("13 April 2020", "2020-04-13"),
        ("3rd April 2020", "2020-04-03"),
        ("13-avr-2020", "2020-04-13"),
        ("avr. 2020", "2020-04"),
        ("AOÛT 2020", "2020-08"),
        ("aout 2020", "2020-08"),
        ("Sept. 2020", "2020-09"),
        ("04/2020", "2020-04"),
        ("2020-04", "2020-04"),
        ("2020", "2020"),
        (" 2020 ", "2020"),
        ("2020-04-13 00:00:00", "2020-04-13"),
        ("05/05/2020", "2020-05-05"),
        ("13/04/2020 00:00", "2020-04-13"),
        ("2020-04-13T10:00:00", "2020-04-13"),
        ("2020-04-13 10:00:00.5+02:00", "2020-04-13"),
        ("20200413", "2020-04-13"),
        ("le 13 avril 2020", "2020-04-13"),
        ("lundi 13 avril 2020", "2020-04-13"),
        ("Monday, 13 April 2020", "2020-04-13"),
        ("Monday, April 13, 2020", "2020-04-13"),
    ],
)
def test_usual_dates_are_read(text: str, day: str) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "13/04/20",
        "20201332",
        "99990413",
        "lundi",
        "le 13",
        "32/01/2020",
        "31/04/2020",
        "13/13/2020",
        "spring 2020",
        "2020-4-31",
        "x",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CellError) as caught:
        read_date(text)
    assert caught.value.code == "invalid_date"


@pytest.mark.parametrize("text", ["03/04/2020", "3.4.2020", "03-04-2020"])
def test_a_date_that_could_be_two_days_is_asked(text: str) -> None:
    with pytest.raises(AskedError):
        read_date(text)
    assert read_date(text, Order.DAY) == "2020-04-03"
    assert read_date(text, Order.MONTH) == "2020-03-04"


def test_an_answer_holds_for_the_column_and_what_contradicts_it_is_refused() -> None:
    assert read_date("13/04/2020", Order.DAY) == "2020-04-13"
    with pytest.raises(CellError, match="not a day that exists"):
        read_date("13/04/2020", Order.MONTH)


def test_the_other_dates_of_a_column_are_the_evidence() -> None:
    told = evidence(enumerate(["03/04/2020", "13/04/2020", "14/04/2020", "04/13/2020", "2020", "05/05/2020"]))
    assert (told.ambiguous, told.day_first, told.month_first) == (1, 2, 1)
    assert (told.unclear_example, told.day_example, told.month_example) == ("03/04/2020", "13/04/2020", "04/13/2020")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500", "1500"),
        ("1 500,50", "1500.50"),
        ("1\u202f500\u00a0000", "1500000"),
        ("1.500.000,50", "1500000.50"),
        ("1,500,000.50", "1500000.50"),
        ("1.500.000", "1500000"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
    ],
)
def test_amounts_in_both_notations_are_read(text: str, amount: str) -> None:
    assert read_amount(text) == amount
    assert strict.amount(read_amount(text))


@pytest.mark.parametrize("text", ["1,500", "1.500"])
def test_an_amount_that_could_be_a_thousand_or_a_fraction_is_not_guessed(text: str) -> None:
    with pytest.raises(CellError) as caught:
        read_amount(text)
    assert caught.value.code == "ambiguous_amount"


@pytest.mark.parametrize("text", ["12 €", "1,2,3.4.5", "abc", "-5", "1.23.456,7"])
def test_what_is_no_amount_is_refused_by_the_strict_reader(text: str) -> None:
    with pytest.raises(CellError):
        strict.amount(read_amount(text))


def words(kind: str, column: str) -> dict[str, str]:
    read = kind_named(kind).column(column).read
    one = read.one if isinstance(read, strict.SomeOf) else read
    assert isinstance(one, strict.OneOf)
    return vocabulary(one.known, one.labels)


@pytest.mark.parametrize(
    ("kind", "column", "word", "code"),
    [
        ("actions", "su", "2", "2"),
        ("actions", "su", "real", "2"),
        ("actions", "su", "reelle", "2"),
        ("actions", "su", "inconnu", "u"),
        ("actions", "su", "unknown", "u"),
        ("promises", "stakeholders", "clients", "customers"),
        ("promises", "stakeholders", "customers", "customers"),
        ("proofs", "direction", "aide", "helps"),
        ("proofs", "direction", "nuit", "harms"),
        ("sources", "source_type", "presse", "press"),
        ("promises", "weight", "centrale", "central"),
    ],
)
def test_codes_may_be_given_as_code_label_or_word(kind: str, column: str, word: str, code: str) -> None:
    assert words(kind, column)[word] == code


def test_no_word_means_two_codes_and_every_code_means_itself() -> None:
    for kind in KINDS:
        for column in kind.columns:
            read = column.read.one if isinstance(column.read, strict.SomeOf) else column.read
            if isinstance(read, strict.OneOf) and read.labels:
                known = vocabulary(read.known, read.labels)
                assert {known[code.replace("_", " ").lower()] for code in read.known} == set(read.known)


def test_several_codes_may_be_separated_in_any_usual_way() -> None:
    read = kind_named("promises").column("stakeholders").read
    assert isinstance(read, strict.SomeOf)
    for cell in ("customers|partners", "clients, partenaires", "Clients ; fournisseurs", "clients\npartners"):
        assert read(read_codes(cell, read)) == ("customers", "partners")
    with pytest.raises(CellError):
        read_codes("clients, martians", read)


@pytest.mark.parametrize(
    ("cell", "strict_cell"), [("Oui", "yes"), ("vrai", "yes"), ("x", "yes"), ("NON", "no"), ("0", "no")]
)
def test_yes_and_no_in_both_languages(cell: str, strict_cell: str) -> None:
    assert read_yes_no(cell) == strict_cell
    with pytest.raises(CellError):
        read_yes_no("perhaps")


def test_countries_and_languages_may_be_named() -> None:
    assert [country_words()[name] for name in ("france", "royaume uni", "united kingdom", "uk", "fr")] == [
        *("FR", "GB", "GB", "GB", "FR")
    ]
    assert [language_words()[name] for name in ("francais", "french", "en")] == ["fr", "fr", "en"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("action_slug", "action_slug"),
        ("Marque", "brand_slug"),
        ("  MARQUE : ", "brand_slug"),
        ("Ce qu'elle a fait, en français", "description_fr"),
        ("Description en francais", "description_fr"),
        ("Descripton en français", "description_fr"),
        ("Montants", "amount"),
        ("SU", "su"),
        ("Date", "date"),
        ("Humeur", None),
        ("", ""),
        ("settled", ""),
    ],
)
def test_headers_are_guessed_and_what_is_unlike_is_left_open(header: str, name: str | None) -> None:
    assert columns.guess(kind_named("actions"), [header]) == [name]


def test_a_column_is_guessed_once_and_the_nearer_header_has_it() -> None:
    assert columns.guess(kind_named("actions"), ["Descriptoin", "description", "date"]) == [
        None,
        "description_en",
        "date",
    ]
    assert columns.repeated(["date", "date", ""]) == ["date"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.org/a/", "http://example.org/a", True),
        ("https://example.org/a?utm_source=x&b=1", "https://example.org/a?b=1", True),
        ("https://example.org/a#part", "https://example.org/a", True),
        ("https://example.org/a?b=1", "https://example.org/a?b=2", False),
        ("https://example.org/A", "https://example.org/a", False),
        ("https://[broken", "https://[broken", True),
    ],
)
def test_addresses_of_one_page_are_recognised(one: str, other: str, same: bool) -> None:
    assert (canonical_url(one) == canonical_url(other)) is same
