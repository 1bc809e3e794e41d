"""The history of a record: who, when, from what to what, and why, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest

from brands.models import Event, Promise
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, signed_in, somebody

pytestmark = pytest.mark.django_db


def test_smoke() -> None:
    brand = make.a_breach("Fictia")
    desk = desk_of(somebody(roles.EDITOR, first_name="Inès", last_name="Roux"))
    promise = brand.promises.get()
    edit(desk, change_page(promise), statement_en="Puts its clients first.", why="A slip of the pen.", statement_level="3")
    make.published(brand)
    for address in ("/en/desk/trail/", "/en/desk/trail/?brand=fictia", f"/en/desk/trail/brands.promise:{promise.key}/"):
        answer = desk.get(address)
        assert answer.status_code == 200, answer
        page = answer.content.decode()
    print(page)
