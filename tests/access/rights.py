"""``docs/rights.md``, made of the table of roles, of the scopes of keys, and of the table that the tests drive."""

from __future__ import annotations

import os
from collections.abc import Iterable

from cxalign.accounts import keys, roles
from cxalign.accounts.models import Scope
from tests.access.matrix import EVERYBODY, PEOPLE, ROWS, WAITING

WRITE_IT = "WRITE_RIGHTS=1 python -m pytest tests/access/test_matrix.py -k documentation"

INTRODUCTION = """# Who may do what

This page is written by the tests that try every line of it (`tests/access`), so it says what the product does. A
person's rights come from their role, which an administrator gives them in the admin; giving the role is enough to open
the desk. What somebody may not know of answers 404, in the same words as what does not exist; a page that everybody
knows of answers 403 and says who can give the right; a stranger is asked to sign in. The API answers 401 without a key
that works, and 403 with the name of the scope that is missing.

Consultants read what is published and the drafts of the cases of their own team, and suggest evidence. Nobody codes
and adjudicates the same case, whatever their role. Whoever codes a brand now sees none of its codes, rationales and
working verdicts, on no page, in no list or file and by no key, until their items are settled; they may still edit what
is no code. What has been published anybody may read, coders too.
"""


def told_to_write() -> bool:
    return os.environ.get("WRITE_RIGHTS") == "1"


def page() -> str:
    parts = [
        INTRODUCTION,
        "## What everybody may do\n",
        _matrix(),
        "## The rights of each role\n",
        _rights(),
        _scopes(),
    ]
    return "\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [head := list(head), ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _matrix() -> str:
    """Keys have a column together: each row names the scopes that open it."""
    head = ["object", "action", *PEOPLE, "keys"]
    rows = [row for row in ROWS if not any(f"{{url:{name}}}" in row.request for name in WAITING)]
    return _table(head, [[row.thing, row.action, *_marks(row.allowed), _keys(row.allowed)] for row in rows])


def _marks(allowed: tuple[str, ...]) -> list[str]:
    return ["yes" if person in allowed else "–" for person in PEOPLE]


def _keys(allowed: tuple[str, ...]) -> str:
    scopes = [name.removeprefix("key ") for name in EVERYBODY if name in allowed and name not in PEOPLE]
    if not scopes:
        return "–"
    return "any" if len(scopes) == len(EVERYBODY) - len(PEOPLE) else ", ".join(f"`{scope}`" for scope in scopes)


def _rights() -> str:
    every = sorted(frozenset().union(*roles.ROLES.values()))
    rows = [[f"`{right}`", *("yes" if right in held else "–" for held in roles.ROLES.values())] for right in every]
    return _table(["right", *roles.ROLES], rows)


def _scopes() -> str:
    rows = []
    for scope in Scope.values:
        behind = keys.RIGHTS.get(scope)
        needs = (
            "no address asks for it yet" if behind is None else ", ".join(f"`{right}`" for right in behind) or "none"
        )
        rows.append([f"`{scope}`", "yes" if scope in keys.OFFERED else "not yet", needs])
    explained = (
        "## The scopes of keys\n\nA scope works only while the owner of the key holds every right behind it, and their "
        "account is open. `read:drafts` also opens to the members of a team the drafts of its cases; "
        "`read:plans` and `write:plans` are for members of a team, and reach its plans only.\n"
    )
    return explained + "\n" + _table(["scope", "can be had", "rights behind it"], rows)
