"""What was said of a case on one day keeps the order in which it was said."""

from __future__ import annotations

from datetime import date

from scoring.review import Request, in_order


def test_the_ninth_notice_of_a_day_stands_before_the_tenth() -> None:
    day = date(2020, 6, 1)
    entries = [Request("notice", f"notice:{number}", day) for number in (10, 9, 100)]
    earlier = Request("reply", "reply:X", date(2020, 5, 31))
    told = [entry.reference for entry in sorted([*entries, earlier], key=in_order)]
    assert told == ["reply:X", "notice:9", "notice:10", "notice:100"]
