"""The chain: numbered without a gap, each line holding on to the one before, all tampering found and named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from brands import chain, trail
from brands.changes import Change, record_change, record_changes, record_decision
from brands.models import AppendOnlyError, Event, Pseudonym, TrailHead
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody
from tests.brands.trail_makers import alter, guards_off, lines, make_anew, sql, tamper, told

pytestmark = pytest.mark.django_db


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_lines_are_numbered_without_a_gap_and_the_head_is_the_last_one() -> None:
    written = lines(3)
    assert [line.sequence for line in written] == [1, 2, 3]
    head = TrailHead.objects.get()
    assert (head.sequence, head.digest) == (3, written[-1].digest)
    assert told() == []


def test_a_line_holds_on_to_the_line_before_it() -> None:
    first, second = lines(2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.digest == chain.digest(chain.BEGINNING, first.content(""))
    assert second.digest == chain.digest(first.digest, second.content(""))


def test_one_and_many_at_once_end_in_the_same_chain() -> None:
    brand, other, user = make.a_brand(), make.a_brand(), somebody(roles.ANALYST)
    promise, theirs = make.a_promise(brand), make.a_promise(other)
    record_change("evidence.added", brand=brand, subject=promise, actor=user, changes={"quote": [None, "Q"]})
    both = [
        Change("evidence.corrected", promise, frozenset({brand.pk}), {"quote": ["Q", "R"]}),
        Change("evidence.corrected", theirs, frozenset({brand.pk, other.pk}), {"quote": ["", "S"]}, "Why."),
    ]
    record_changes(both, actor=user)
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3]
    assert told() == []


@pytest.mark.parametrize("how", ["create", "save", "bulk_create", "related"])
def test_every_way_of_django_to_make_a_line_ends_in_the_chain(how: str) -> None:
    brand = make.a_brand()
    line = Event(kind="evidence.added", subject="brands.action:x", brand=brand)
    ways: dict[str, Any] = {
        "create": lambda: Event.objects.create(kind="evidence.added", subject="brands.action:x", brand=brand),
        "save": line.save,
        "bulk_create": lambda: Event.objects.bulk_create([line]),
        "related": lambda: brand.events.create(kind="evidence.added", subject="brands.action:x"),
    }
    ways[how]()
    assert Event.objects.get().sequence == 1
    assert told() == []


def test_a_line_that_goes_round_the_chain_is_refused_by_the_database() -> None:
    columns = "kind, subject, at, changes, reason, actor_code, digest, sequence"
    values = "'x', 'y', CURRENT_TIMESTAMP, '{}', '', '', '', 1"
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"INSERT INTO brands_event ({columns}) VALUES ({values})")
    (line,) = lines(1)
    with pytest.raises(AppendOnlyError):
        Event.objects.bulk_update([line], ["reason"])


def test_a_transaction_that_fails_leaves_neither_line_nor_gap() -> None:
    lines(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        1 / len(lines(2)[2:])
    assert [line.sequence for line in lines(1)] == [2]
    assert told() == []


@given(
    changes=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        st.tuples(
            *[
                st.none()
                | st.booleans()
                | st.integers()
                | st.floats(allow_nan=False, allow_infinity=False)
                | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
            ]
            * 2
        ),
        max_size=4,
    )
)
@settings(max_examples=100)
def test_whatever_the_store_makes_of_the_values_the_line_still_matches(changes: dict[str, Any]) -> None:
    with transaction.atomic():
        line = Event.objects.create(kind="evidence.corrected", subject="brands.promise:p", changes=changes)
        assert trail.intact([Event.objects.get(pk=line.pk)]) == {line.sequence: True}
        transaction.set_rollback(True)


def test_the_content_is_the_same_whatever_the_time_zone_and_the_order_of_the_keys() -> None:
    common: dict[str, Any] = {"sequence": 1, "kind": "k", "brand": "b", "subject": "s", "actor": "", "reason": "r"}
    noon = datetime(2020, 3, 1, 12, tzinfo=UTC)
    east = noon.astimezone(timezone(timedelta(hours=2)))
    one = chain.content(**common, at=noon, changes={"a": [1, 2], "b": [None, True]})
    assert one == chain.content(**common, at=east, changes={"b": [None, True], "a": [1, 2]})
    assert json.loads(one)["at"] == "2020-03-01T12:00:00.000000+00:00"


def test_the_form_of_the_chain_never_changes() -> None:
    """Computed once and for all: whoever breaks this breaks every trail that exists."""
    content = chain.content(
        sequence=7,
        kind="evidence.corrected",
        brand="fictia",
        subject="brands.promise:fictia--1",
        actor="0123456789abcdef",
        at=datetime(2026, 11, 26, 12, 30, 15, 123456, tzinfo=UTC),
        changes={"quote": ["Ancien", "Nouveau « été »"], "testable": [True, False]},
        reason="Coquille.",
    )
    expected = "2f06c7f2de8e8fe73d3e19047c736785b0d3eb64cb1002e4ea5b67f639c7455a"
    assert chain.digest(chain.BEGINNING, content) == expected


# --- Who --------------------------------------------------------------------------------------------------------------


def test_the_chain_knows_a_person_by_a_pseudonym_that_stays_the_same() -> None:
    user, other = somebody(roles.ANALYST), somebody(roles.ANALYST)
    mine, again, theirs = (lines(1, actor=who)[0] for who in (user, user, other))
    assert mine.actor_code == again.actor_code == Pseudonym.objects.get(user=user).code
    assert theirs.actor_code != mine.actor_code
    assert user.username not in mine.content("")


def test_what_is_written_about_an_account_holds_no_name() -> None:
    user = somebody(roles.ANALYST, email="ines@example.org")
    changes = {"email": ["", "ines@example.org"], "is_active": [True, False], "username": ["a", "b"]}
    line = record_decision("person.changed", subject=user, changes=changes)
    assert line.changes == {"email": ["…", "…"], "is_active": [True, False], "username": ["…", "…"]}


def test_people_records_and_days_may_stand_in_a_decision_as_they_are() -> None:
    brand, user = make.a_brand("Fictia"), somebody(roles.EDITOR)
    crisis = make.a_crisis()
    line = record_decision(
        "case.assigned",
        subject="scoring.assessment:1",
        brand=brand,
        changes={"owner": [None, user], "crisis": [None, crisis], "due_on": [None, crisis.starts_on]},
    )
    code = Pseudonym.objects.get(user=user).code
    assert line.changes == {
        "owner": [None, f"person:{code}"],
        "crisis": [None, "covid-19"],
        "due_on": [None, "2020-03-01"],
    }


def test_a_decision_makes_nothing_due_for_scoring() -> None:
    brand = make.a_brand()
    record_decision("case.assigned", subject="scoring.assessment:1", brand=brand)
    brand.refresh_from_db()
    assert brand.facts_revision == 0


# --- Tampering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "evidence.added"},
        {"subject": "brands.promise:other"},
        {"reason": "Another reason."},
        {"changes": '{"quote": ["Old 2.", "Newer."]}'},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"digest": "f" * 64},
        {"actor_code": "0" * 16},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_a_line_that_was_altered_is_found_and_named(columns: dict[str, Any]) -> None:
    written = lines(4, actor=somebody(roles.ANALYST))
    assert told() == []
    alter(written[1], **columns)
    assert any(finding.startswith("line 2 ") for finding in told())


def test_a_line_given_to_somebody_else_is_found() -> None:
    mine, theirs = somebody(roles.ANALYST), somebody(roles.ANALYST)
    written = lines(2, actor=mine) + lines(1, actor=theirs)
    alter(written[0], actor_id=theirs.pk)
    assert told() == [
        "line 1 (evidence.corrected brands.promise:p1): altered: the account it names is not the person who was sealed"
    ]


def test_a_line_given_to_another_brand_is_found() -> None:
    brand, other = make.a_brand(), make.a_brand()
    written = lines(3, brand=brand)
    alter(written[1], brand_id=other.pk)
    assert [finding.partition(":")[0] for finding in told()] == ["line 2 (evidence.corrected brands.promise"]


def test_a_line_that_was_removed_is_found_and_named() -> None:
    written = lines(4)
    tamper("DELETE FROM brands_event WHERE id = %s", written[1].pk)
    assert told() == ["line 2: removed: no line has this number"]


def test_several_lines_that_were_removed_are_named_together() -> None:
    written = lines(5)
    tamper("DELETE FROM brands_event WHERE id IN (%s, %s)", written[1].pk, written[2].pk)
    assert told() == ["lines 2 to 3: removed: no line has this number"]


def test_lines_that_changed_places_are_found() -> None:
    written = lines(4)
    with guards_off():
        for line, number in ((written[1], 99), (written[2], 2), (written[1], 3)):
            sql("UPDATE brands_event SET sequence = %s WHERE id = %s", number, line.pk)
    assert {finding.split()[1] for finding in told()} == {"2", "3", "4"}


def test_a_line_that_was_put_in_is_found() -> None:
    written = lines(3)
    with guards_off():
        sql("UPDATE brands_event SET sequence = 4 WHERE id = %s", written[2].pk)
        sql(
            "INSERT INTO brands_event (sequence, kind, subject, at, changes, reason, actor_code, digest)"
            " SELECT 3, kind, subject, at, changes, reason, actor_code, digest FROM brands_event WHERE id = %s",
            written[1].pk,
        )
    assert any(finding.startswith("line 3 ") for finding in told())


def test_the_last_lines_cut_off_are_found() -> None:
    written = lines(4)
    tamper("DELETE FROM brands_event WHERE id = %s", written[3].pk)
    assert told() == ["line 4: removed: the trail went on to there"]


def test_a_cut_that_took_the_head_along_is_found_by_a_head_that_left_the_machine() -> None:
    written, kept = lines(4), trail.head()
    tamper("DELETE FROM brands_event WHERE id = %s", written[3].pk)
    TrailHead.objects.update(sequence=3, digest=written[2].digest)
    assert told() == []
    assert told([kept])[0].startswith("line 4: removed: it was the end of the trail on ")


def test_a_chain_made_anew_is_found_by_a_head_that_left_the_machine() -> None:
    written, kept = lines(4), trail.head()
    lines(1)
    alter(written[1], reason="Never happened.")
    make_anew(first=2)
    assert told() == []
    assert told([kept])[0].startswith("line 4: this line or one before it was altered since ")


def test_a_guard_that_is_gone_is_found() -> None:
    from tests.brands.trail_makers import Directly, migration

    migration.step_aside(None, Directly())
    assert [finding.partition(":")[0] for finding in told()] == ["brands_event_no_update", "brands_event_no_delete"]


COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["evidence.added", "scorecard.published"]),
    "subject": st.text("abc:.", min_size=1, max_size=10),
    "reason": st.text("abc ", max_size=10),
    "changes": st.sampled_from(["{}", '{"quote": ["Old 1.", "New 1. "]}', '{"quote": ["New 1.", "Old 1."]}']),
    "at": st.datetimes(datetime(2000, 1, 1), datetime(2020, 1, 1), timezones=st.just(UTC)),
    "digest": st.text("0123456789abcdef", min_size=64, max_size=64),
    "actor_code": st.text("0123456789abcdef", min_size=1, max_size=16),
    "sequence": st.integers(100, 10_000),
}
TAMPERINGS = st.one_of(
    st.sampled_from(sorted(COLUMNS)).flatmap(lambda name: st.tuples(st.just("alter"), st.just(name), COLUMNS[name])),
    st.sampled_from(["delete", "swap", "insert", "truncate", "rewrite"]).map(lambda name: (name, "", None)),
)


def carry_out(tampering: tuple[str, str, Any], written: list[Event], place: int) -> None:
    how, column, value = tampering
    line, other = written[place], written[(place + 1) % len(written)]
    if how == "alter":
        alter(line, **{column: value})
    elif how == "delete":
        tamper("DELETE FROM brands_event WHERE id = %s", line.pk)
    elif how == "swap":
        alter(line, sequence=1000)
        alter(other, sequence=line.sequence)
        alter(line, sequence=other.sequence)
    elif how == "insert":
        for later in reversed(written[place:]):
            alter(later, sequence=later.sequence + 1)
        copied = "kind, subject, at, changes, reason, actor_id, actor_code, digest"
        tamper(
            f"INSERT INTO brands_event (sequence, {copied}) SELECT %s, {copied} FROM brands_event WHERE id = %s",
            line.sequence,
            other.pk,
        )
    elif how == "truncate":
        tamper("DELETE FROM brands_event WHERE sequence >= %s", line.sequence)
        digest = written[place - 1].digest if place else chain.BEGINNING
        TrailHead.objects.update(sequence=place, digest=digest)
    else:
        alter(line, reason="Never happened.")
        make_anew(first=line.sequence)


def test_any_single_tampering_is_found() -> None:
    """With the head that left the machine: nobody who holds the database alone gets away with anything."""
    written, kept = lines(6, actor=somebody(roles.ANALYST)), trail.head()

    @given(tampering=TAMPERINGS, place=st.integers(0, 5))
    @settings(max_examples=200)
    def attempt(tampering: tuple[str, str, Any], place: int) -> None:
        with transaction.atomic():
            carry_out(tampering, written, place)
            assert told([kept]) != []
            transaction.set_rollback(True)

    with guards_off():
        assert told([kept]) == []
        attempt()


def test_the_lines_of_a_page_are_checked_with_one_query(django_assert_num_queries: Any) -> None:
    written = lines(8, brand=make.a_brand())
    alter(written[4], reason="Never happened.")
    some = list(Event.objects.select_related("brand").filter(sequence__gte=3))
    with django_assert_num_queries(1):
        found = trail.intact(some)
    assert [number for number, is_intact in found.items() if not is_intact] == [5]
