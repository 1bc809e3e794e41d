"""Rows added and taken away without a script: the form is sent, comes back with other rows, and nothing is lost."""

from __future__ import annotations

import re

from django.http import QueryDict

from cxalign.pages.trying.case import ACTS, PROMISES, counted
from cxalign.pages.trying.forms import MAX_ACTS, MAX_PROMISES
from scoring.engine.dossier import DUTY

ROWS = {"p": (PROMISES, MAX_PROMISES), "a": (ACTS, MAX_ACTS)}
_KEY = re.compile(r"^([pa])(\d{1,2})-(.+)$")
_WISH = re.compile(r"^(add|remove)-([pa])(\d{0,2})$")


def edited(data: QueryDict, wish: str) -> tuple[QueryDict, str]:
    """The rows as wished, and the id of the row to go to; a wish that makes no sense changes nothing."""
    asked = _WISH.match(wish)
    if asked is None:
        return data, ""
    action, kind, number = asked.groups()
    name, most = ROWS[kind]
    rows = counted(data, name, most)
    changed = data.copy()
    if action == "add":
        changed[name] = str(min(rows + 1, most))
        return changed, f"{kind}{changed[name]}"
    if not number or not 1 <= int(number) <= rows:
        return data, ""
    return _without(data, kind, int(number), rows), "promises" if kind == "p" else "acts"


def _without(data: QueryDict, kind: str, number: int, rows: int) -> QueryDict:
    """Later rows move up by one; what was read against a promise that is gone is read against the duty of care."""
    kept = QueryDict(mutable=True)
    for key, values in data.lists():
        found = _KEY.match(key)
        if found and found[1] == kind:
            row = int(found[2])
            if row == number:
                continue
            key = f"{kind}{row - 1 if row > number else row}-{found[3]}"
        if kind == "p" and found and found[1] == "a" and found[3].startswith("y-"):
            values = [_moved(value, number) for value in values]
        kept.setlist(key, values)
    kept[ROWS[kind][0]] = str(rows - 1)
    return kept


def _moved(yardstick: str, gone: int) -> str:
    if not yardstick.isascii() or not yardstick.isdigit() or int(yardstick) < gone:
        return yardstick
    return DUTY if int(yardstick) == gone else str(int(yardstick) - 1)
