"""Numbers become shapes that stay inside the drawing and never touch."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from scoring import charts

LANES = ("Acts +", "Acts −")


def tick(day: date, with_year: bool) -> str:
    return f"{day:%b %Y}" if with_year else f"{day:%b}"


def an_act(
    key: str, first: date, last: date | None = None, label: str = "paid claims", harms: bool = False
) -> charts.Act:
    return charts.Act(key, first, last or first, label, harms)


def drawn(
    *acts: charts.Act, phases: tuple[charts.Phase, ...] = (), versions: tuple[charts.Version, ...] = ()
) -> charts.Timeline:
    made = charts.timeline(acts, phases, versions, LANES, tick)
    assert made is not None
    return made


# --- Scale and bars ---------------------------------------------------------------------------------------------------


def test_the_five_steps_are_evenly_apart_with_meets_in_the_middle() -> None:
    places = [charts.gap_position(gap) for gap in (-2, -1, 0, 1, 2)]
    assert places == sorted(places)
    assert len({after - before for before, after in pairwise(places)}) == 1
    assert places[2] == 88


@pytest.mark.parametrize(("value", "x", "width"), [(67, 0.0, 67.0), (100, 0.0, 100.0), (0, 0.0, 1.5)])
def test_a_bar_grows_from_the_left(value: int, x: float, width: float) -> None:
    bar = charts.bar(value)
    assert bar is not None
    assert (bar.x, bar.width) == (x, width)


@pytest.mark.parametrize(
    ("value", "x", "width"), [(-100, 0.0, 50.0), (-67, 16.5, 33.5), (67, 50.0, 33.5), (0, 50.0, 1.5)]
)
def test_a_signed_bar_is_centred_on_nought(value: int, x: float, width: float) -> None:
    bar = charts.bar(value, signed=True)
    assert bar is not None
    assert (bar.x, bar.width, bar.zero) == (x, width, 50.0)


def test_what_is_not_defined_has_no_bar_and_nought_has_one() -> None:
    assert charts.bar(None) is None
    assert charts.bar(0) is not None


# --- Timeline ---------------------------------------------------------------------------------------------------------


def test_without_a_dated_act_there_is_no_timeline() -> None:
    assert charts.timeline([], [], [], LANES, tick) is None


def test_acts_that_help_and_that_harm_have_a_lane_each() -> None:
    made = drawn(an_act("a", date(2020, 4, 1)), an_act("b", date(2020, 4, 1), harms=True))
    assert [[point.id for point in lane.points] for lane in made.lanes] == [["a"], ["b"]]
    assert made.lanes[0].bottom == made.lanes[1].y


def test_a_date_known_to_the_month_is_drawn_as_a_bar_over_the_month() -> None:
    made = drawn(an_act("day", date(2020, 4, 13)), an_act("month", date(2020, 4, 1), date(2020, 4, 30)))
    width = {point.id: point.width for lane in made.lanes for point in lane.points}
    assert width["day"] == 0
    assert width["month"] > 50


def test_an_act_known_to_the_year_carries_its_label_on_its_bar() -> None:
    point = drawn(an_act("a", date(2020, 1, 1), date(2020, 12, 31))).lanes[0].points[0]
    assert point.over
    assert point.label == "paid claims"
    assert point.bar_y > point.text_y


def test_a_label_that_does_not_fit_to_the_right_stands_on_the_left() -> None:
    acts = [an_act("a", date(2020, 3, 1)), an_act("b", date(2020, 7, 31), label="a longer label of an act")]
    first, second = drawn(*acts).lanes[0].points
    assert (first.anchor, second.anchor) == ("start", "end")


def spans(lane: charts.Lane) -> list[tuple[float, float, float]]:
    """Row, left and right of each mark with its label."""
    found = []
    for point in lane.points:
        room = len(point.label) * charts.LETTER
        left = point.label_x - room if point.anchor == "end" else point.x
        right = point.label_x + room if point.anchor == "start" and point.label else point.x + point.width
        found.append((point.y, left, max(right, point.x + point.width)))
    return found


days = st.dates(date(2020, 1, 1), date(2021, 12, 31))
acts_of_a_case = st.lists(
    st.tuples(days, st.integers(0, 40), st.text("abcdefgh ", min_size=1, max_size=90), st.booleans()),
    min_size=1,
    max_size=25,
)


@given(acts_of_a_case)
def test_no_two_labels_of_a_row_touch_and_none_leaves_the_drawing(acts: list[tuple[date, int, str, bool]]) -> None:
    made = drawn(*(
        an_act(str(n), day, date.fromordinal(day.toordinal() + length), label.strip() or "x", harms)
        for n, (day, length, label, harms) in enumerate(acts)
    ))  # fmt: skip
    for lane in made.lanes:
        labelled = [span for span, point in zip(spans(lane), lane.points, strict=True) if point.label]
        for index, (row, left, right) in enumerate(labelled):
            assert left >= charts.LEFT - 12
            assert right <= charts.RIGHT + 12
            for other_row, other_left, other_right in labelled[index + 1 :]:
                assert row != other_row or right < other_left or left > other_right


def test_where_there_is_no_room_for_words_the_mark_stays() -> None:
    made = drawn(*(an_act(str(n), date(2020, 4, 1), label="some act or other") for n in range(12)))
    points = made.lanes[0].points
    assert len(points) == 12
    assert any(not point.label for point in points)
    assert any(point.label for point in points)


@pytest.mark.parametrize(
    ("label", "limit", "expected"),
    [
        ("paid claims", 36, "paid claims"),
        ("paid claims at once", 12, "paid claims…"),
        ("paid, claims at once", 8, "paid…"),
    ],
)
def test_labels_are_cut_between_words(label: str, limit: int, expected: str) -> None:
    assert charts.shortened(label, limit) == expected


def a_version(number: int, day: date, tone: str = "aligned") -> charts.Version:
    return charts.Version(number, day, f"v{number} · Aligned", tone)


def test_versions_of_the_time_of_the_acts_are_drawn_to_scale() -> None:
    versions = (a_version(1, date(2020, 4, 1), "none"), a_version(2, date(2020, 6, 1)))
    made = drawn(an_act("a", date(2020, 3, 15)), an_act("b", date(2020, 7, 1)), versions=versions)
    assert made.cut is None
    first, second = made.segments
    assert first.x + first.width < second.x + 1
    assert (first.tone, second.tone) == ("none", "aligned")


def test_versions_of_years_later_stand_behind_a_cut_in_the_axis() -> None:
    made = drawn(an_act("a", date(2020, 3, 15)), versions=(a_version(1, date(2026, 11, 24)),))
    assert made.cut is not None
    assert made.axis_end < made.cut < made.segments[0].x
    assert made.segments[0].label == "v1 · Aligned"


def test_of_many_versions_the_last_six_are_drawn() -> None:
    versions = tuple(a_version(n, date(2026, 1, n)) for n in range(1, 11))
    made = drawn(an_act("a", date(2020, 3, 15)), versions=versions)
    assert [box.label for box in made.segments] == ["v5", "v6", "v7", "v8", "v9", "v10 · Aligned"]
    assert made.segments[-1].x + made.segments[-1].width <= charts.RIGHT + 1


def test_phases_are_clipped_to_the_window_and_later_ones_left_out() -> None:
    phases = (
        charts.Phase("lockdown", date(2019, 1, 1), date(2020, 5, 11)),
        charts.Phase("much later", date(2024, 1, 1), date(2024, 2, 1)),
    )
    (box,) = drawn(an_act("a", date(2020, 4, 1)), phases=phases).phases
    assert box.x == charts.LEFT
    assert box.label == "lockdown"


def label_span(box: charts.Box) -> tuple[float, float]:
    room = len(box.label) * charts.LETTER
    left = box.label_x - room if box.anchor == "end" else box.label_x
    return left, left + room


def test_the_names_of_phases_never_touch() -> None:
    phases = tuple(
        charts.Phase(f"a phase with a long name, number {n}", date(2020, 3, 1 + n), date(2020, 6, 1)) for n in range(9)
    )
    boxes = drawn(an_act("a", date(2020, 3, 1)), an_act("b", date(2020, 12, 1)), phases=phases).phases
    assert len(boxes) == 9, "without room for its name a phase is still shaded"
    for row in {box.label_y for box in boxes if box.label}:
        in_row = sorted(map(label_span, (box for box in boxes if box.label and box.label_y == row)))
        assert all(before[1] < after[0] for before, after in pairwise(in_row))


def test_lanes_begin_below_the_names_of_the_phases() -> None:
    phases = (charts.Phase("lockdown", date(2020, 3, 17), date(2020, 5, 11)),)
    made = drawn(an_act("a", date(2020, 4, 1)), phases=phases)
    assert made.phases[0].label_y < made.top == made.lanes[0].y
    assert drawn(an_act("a", date(2020, 4, 1))).top < made.top


@pytest.mark.parametrize("last", [date(2020, 4, 30), date(2021, 12, 31), date(2030, 1, 1)])
def test_ticks_stay_apart_however_long_the_window(last: date) -> None:
    ticks = drawn(an_act("a", date(2020, 3, 1)), an_act("b", last)).ticks
    gaps = [after.x - before.x for before, after in pairwise(ticks)]
    assert all(gap > 55 for gap in gaps)
    assert "2020" in ticks[0].label


# --- What the templates make of it ------------------------------------------------------------------------------------


def test_coordinates_keep_their_point_in_french() -> None:
    from django.utils import translation

    with translation.override("fr"):
        assert 'x="16.5"' in render_to_string("charts/bar.svg", {"bar": charts.bar(-67, signed=True)})


def test_what_is_not_defined_is_hatched() -> None:
    assert "hatch" in render_to_string("charts/bar.svg", {"bar": None})
    assert "hatch" not in render_to_string("charts/bar.svg", {"bar": charts.bar(0)})


# --- What the brand said ----------------------------------------------------------------------------------------------


def heard(*said: charts.Reply, versions: tuple[charts.Version, ...] = ()) -> charts.Timeline:
    acts = [an_act("a", date(2020, 3, 1)), an_act("b", date(2020, 12, 1), harms=True)]
    made = charts.timeline(acts, [], versions, LANES, tick, charts.Replies("Replies", said, "none received"), "since")
    assert made is not None
    return made


def test_replies_stand_between_the_acts_and_the_verdict_at_their_day() -> None:
    made = heard(charts.Reply(date(2020, 6, 1), "reply"), versions=(a_version(1, date(2020, 5, 1)),))
    assert made.voices is not None
    [said] = made.voices.said
    early, late = made.segments[0].x, made.axis_end
    assert early < said.x < late
    assert made.lanes[-1].bottom == made.voices.y < said.y < made.voices.bottom < made.verdict_y
    assert made.voices.nothing == ""


def test_without_a_reply_the_lane_says_so_and_a_draft_has_no_lane() -> None:
    made = heard()
    assert made.voices is not None
    assert (made.voices.said, made.voices.nothing) == ([], "none received")
    assert drawn(an_act("a", date(2020, 4, 1))).voices is None


def test_beside_a_cut_axis_a_reply_stands_over_the_version_that_was_in_force() -> None:
    versions = (a_version(1, date(2026, 1, 1)), a_version(2, date(2026, 6, 1)))
    made = heard(
        charts.Reply(date(2025, 12, 1), "before"),
        charts.Reply(date(2026, 2, 1), "over the first"),
        charts.Reply(date(2026, 7, 1), "over the second"),
        versions=versions,
    )
    assert made.cut
    assert made.voices is not None
    before, first, second = (said.x for said in made.voices.said)
    one, two = made.segments
    assert before == one.x < first < one.x + one.width <= two.x < second < two.x + two.width


@given(st.lists(st.dates(date(2020, 1, 1), date(2027, 1, 1)), max_size=12), st.booleans())
def test_labels_of_replies_stay_inside_and_never_touch(days: list[date], published_late: bool) -> None:
    versions = (a_version(1, date(2026, 1, 1)),) if published_late else ()
    made = heard(*(charts.Reply(day, "reply of the brand") for day in days), versions=versions)
    assert made.voices is not None
    spans: dict[float, list[tuple[float, float]]] = {}
    for said in made.voices.said:
        room = len(said.label) * charts.LETTER
        left = said.label_x - room if said.anchor == "end" else said.label_x
        assert left >= 0
        assert left + room <= charts.WIDTH
        if said.label:
            spans.setdefault(said.y, []).append((left, left + room))
    for row in spans.values():
        for (_start, stop), (start, _stop) in pairwise(sorted(row)):
            assert stop <= start


def test_the_name_of_a_last_phase_stands_before_its_end_where_there_is_no_room_behind() -> None:
    acts = (an_act("a", date(2020, 1, 1)), an_act("b", date(2020, 12, 31)))
    phases = (charts.Phase("a second lockdown of the country", date(2020, 11, 20), date(2020, 12, 20)),)
    [box] = drawn(*acts, phases=phases).phases
    assert (box.label, box.anchor) == ("a second lockdown of the country", "end")
    assert box.label_x == pytest.approx(box.x + box.width, abs=0.2)
