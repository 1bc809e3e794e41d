"""Sitting at the desk over one case."""

from __future__ import annotations

from typing import Any

from django.test import Client

from brands.models import Brand
from cxalign.desk.fresh import SIGNED_IN_AT
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import form_on
from tests.looking import PASSWORD

CASE = "/en/desk/cases/fictia/covid-19/"


def a_judged_brand(name: str = "Fictia") -> Brand:
    brand = make.a_kept_promise(name)
    score_all_due()
    return brand


def text(desk: Client, address: str, status: int = 200) -> str:
    answer = desk.get(address)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def signed_in_long_ago(desk: Client, minutes: float = 31) -> Client:
    session = desk.session
    session[SIGNED_IN_AT] -= minutes * 60
    session.save()
    return desk


def with_password(desk: Client, user: Any) -> Client:
    user.set_password(PASSWORD)
    user.save()
    desk.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return desk


def to_publish(desk: Client, **changes: Any) -> dict[str, Any]:
    return {**form_on(desk, f"{CASE}publish/"), **changes}


def publish(desk: Client, fields: dict[str, Any], *, confirmed: bool = True) -> Any:
    sent = {**fields, **({"confirmed": "yes"} if confirmed else {})}
    return desk.post(f"{CASE}publish/", sent, headers={"Origin": "http://testserver"})
