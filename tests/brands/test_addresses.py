"""Two addresses of one document are one; two documents are never taken for one."""

import pytest

from brands.addresses import cleaned, comparable

ONE = "https://www.daily.example/news/claims-paid"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("HTTPS://WWW.Daily.Example/News", "https://www.daily.example/News"),
        ("https://daily.example:443/a", "https://daily.example/a"),
        ("http://daily.example:80/a", "http://daily.example/a"),
        ("https://daily.example:8443/a", "https://daily.example:8443/a"),
        ("https://daily.example", "https://daily.example/"),
        ("https://daily.example/a#comments", "https://daily.example/a"),
        ("https://daily.example/#!/a", "https://daily.example/#!/a"),
        ("https://daily.example/a?utm_source=x&id=7&fbclid=abc", "https://daily.example/a?id=7"),
        ("https://daily.example/a?xtor=RSS-1", "https://daily.example/a"),
        ("https://somebody:secret@daily.example/a", "https://daily.example/a"),
        ("https://daily.example/a?q=caf%C3%A9+noir", "https://daily.example/a?q=caf%C3%A9+noir"),
        ("  https://daily.example/a  ", "https://daily.example/a"),
        ("not an address", "not an address"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://[broken", "https://[broken"),
        ("https://daily.example:port/a", "https://daily.example:port/a"),
    ],
)
def test_what_never_changes_the_document_is_taken_off(typed: str, stored: str) -> None:
    assert cleaned(typed) == stored
    assert cleaned(stored) == stored


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.daily.example/news/claims-paid",
        "https://daily.example/news/claims-paid/",
        "https://WWW.DAILY.example/news/claims-paid#top",
        "https://m.daily.example/news/claims-paid",
        "https://mobile.daily.example/news/claims-paid",
        "https://amp.daily.example/news/claims-paid",
        "https://www.daily.example/news/claims-paid/amp/",
        "https://www.daily.example/news/claims-paid?amp=1",
        "https://www.daily.example/news/claims-paid?utm_campaign=spring",
        "https://www.daily.example/news/claims%2Dpaid",
        "https://www.google.com/amp/s/www.daily.example/news/claims-paid",
    ],
)
def test_variants_of_an_address_are_the_same_document(variant: str) -> None:
    assert comparable(variant) == comparable(ONE)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.daily.example/news/claims-refused",
        "https://www.daily.example/News/claims-paid",
        "https://www.daily.example/news/claims-paid?page=2",
        "https://daily.example:8443/news/claims-paid",
        "https://daily.other.example/news/claims-paid",
        "https://www.daily.example/",
        "https://amp.example/news/claims-paid",
        "nonsense",
    ],
)
def test_other_documents_stay_apart(other: str) -> None:
    assert comparable(other) != comparable(ONE)


def test_the_order_of_a_query_makes_no_other_document() -> None:
    assert comparable("https://a.example/?x=1&y=2") == comparable("https://a.example/?y=2&x=1")


def test_a_site_whose_whole_name_is_a_variant_keeps_it() -> None:
    assert comparable("https://m.example/a") == "m.example/a" or comparable("https://m.example/a") == "example/a"
    assert comparable("https://m.fr/a") == "m.fr/a"
