"""What is unknown of a lineage is told as unknown, never as none."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.lineage import index, unknown_codes


def a_document(pu: str | None, vh: str | None, cc: str | None, dna: int = 0, off: str = "") -> dict[str, Any]:
    findings = [{"code": "codes_switched_off", "numbers": {off: 400}}] if off else []
    return {"indices": {"dna": dna, "harm": 0}, "profile": {"pu": pu, "vh": vh, "cc": cc}, "findings": findings}


@pytest.mark.parametrize(
    ("levels", "unknown"),
    [
        (("3", "3", "u"), ["cc"]),
        (("3", None, None), ["cc"]),
        ((None, "u", "2"), ["pu", "vh"]),
        (("0", "u", "2"), ["vh"]),
        (("0", "u", "u"), ["vh", "cc"]),
        ((None, None, None), ["pu", "vh", "cc"]),
        (("0", "0", "u"), []),
        (("u", "u", "0"), []),
        (("0", "0", "0"), []),
    ],
)
def test_an_index_at_zero_is_a_finding_only_where_what_is_known_settles_it(
    levels: tuple[str | None, str | None, str | None], unknown: list[str]
) -> None:
    document = a_document(*levels)
    assert unknown_codes(document) == unknown
    assert index(document, "dna") == (None if unknown else 0)
    assert index(document, "harm") == 0


def test_without_a_profile_nothing_of_it_is_known() -> None:
    assert unknown_codes({**a_document(None, None, None), "profile": None}) == ["pu", "vh", "cc"]


def test_what_is_established_is_told_although_more_is_unknown() -> None:
    assert unknown_codes(a_document("2", "u", "2", dna=67)) == []


def test_a_code_that_coders_agree_too_little_on_is_unknown() -> None:
    assert unknown_codes(a_document("3", "3", "2", off="cc")) == ["cc"]
