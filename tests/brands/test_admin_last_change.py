"""Who changed a record last: the person, and not what the installation wrote in their wake."""

from __future__ import annotations

import pytest
from django.utils import translation

from brands import editing, trail
from brands.changes import record_change
from brands.templatetags.analysts import by_whom, reason_of
from scoring.coding.reopening import EDITED
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_follow_up_of_the_installation_hides_nobody() -> None:
    editor, action = make.an_editor(), make.an_action(make.a_brand("Fictia"))
    common = {"brand": action.brand, "subject": action}
    record_change("evidence.corrected", actor=editor, changes={"statement_en": ["a", "b"]}, reason="Shorter.", **common)
    record_change("evidence.corrected", changes={"coding": ["agreed", "single"]}, reason=EDITED, **common)
    last = editing.last_change(action)
    assert last is not None
    assert (last.actor, last.reason) == (editor, "Shorter.")


def test_a_line_that_nobody_wrote_names_a_file_or_the_installation() -> None:
    action = make.an_action(make.a_brand("Fictia"))
    loaded = record_and_read(action, "catalogue: actions.csv")
    assert by_whom(loaded) == "a file"
    own = next(iter(trail.SYSTEM_REASONS))
    begun = record_and_read(action, own)
    assert by_whom(begun) == "this installation"
    with translation.override("fr"):
        assert by_whom(begun) == "cette installation"
        assert reason_of(begun) not in ("", own)


def record_and_read(action: make.Action, reason: str) -> trail.Event:
    record_change("evidence.corrected", brand=action.brand, subject=action, changes={"kind": ["a", "b"]}, reason=reason)
    last = editing.last_change(action)
    assert last is not None
    return last
