"""The template helpers that set figures and names."""

from __future__ import annotations

import pytest
from django.utils import translation

from cxalign.templatetags.cxalign import sum_of_money, territory


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        ("80000000.00", "EUR", "€80,000,000", "80\u00a0000\u00a0000\u00a0€"),
        ("12.50", "GBP", "£12.50", "12,50\u00a0£"),
        ("5000.00", None, "5,000", "5\u00a0000"),
    ],
)
def test_a_sum_of_money_is_set_as_each_language_sets_it(
    amount: str, currency: str | None, english: str, french: str
) -> None:
    assert sum_of_money(amount, currency) == english
    with translation.override("fr"):
        assert sum_of_money(amount, currency).replace("£GB", "£") == french


def test_a_country_goes_by_its_name() -> None:
    assert (territory("DE"), territory("ZZ")) == ("Germany", "several countries")
    with translation.override("fr"):
        assert (territory("DE"), territory("ZZ")) == ("Allemagne", "plusieurs pays")
