"""Filling in the capture sheet as a browser would, without one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from brands.models import Brand
from tests import factories as make
from tests.accounts.desk import form_on

SHEET = "/en/desk/capture/"

SOURCE = {
    "source-url": "https://www.daily.example/2020/04/claims",
    "source-title": "Insurer pays claims at once",
    "source-publisher": "The Daily",
    "source-source_type": "press",
    "source-published_on": "13/04/2020",
    "source-language": "en",
    "source-passage": "It paid every claim within two days.",
}
ACT = {
    "what": "act",
    "act-statement_en": "Paid claims at once.",
    "act-started": "2020-04-01",
    "act-substance": "2",
    "act-initiative": "3",
    "act-generosity": "2",
    "act-family": "F09",
    "link-kind": "independent",
    "proofs-0-stakeholder": "customers",
    "proofs-0-effect": "helps:1",
    "proofs-0-rationale_en": "Nobody could expect it so soon.",
}
PROMISE = {
    "what": "promise",
    "promise-quote": "We put our customers first.",
    "promise-quote_language": "en",
    "promise-statement_en": "Puts its customers first.",
    "promise-stakeholders": ["customers"],
    "promise-kind": "mission",
    "promise-since": "2018",
    "promise-statement_level": "3",
    "promise-weight": "central",
    "promise-testable": "on",
}


def sheet(desk: Client, brand: Brand, **more: Any) -> dict[str, Any]:
    """An act with its source and one proof, ready to be sent."""
    return {**form_on(desk, SHEET), **SOURCE, **ACT, "brand": brand.name, **more}


def promise_sheet(desk: Client, brand: Brand, **more: Any) -> dict[str, Any]:
    return {**form_on(desk, SHEET), **SOURCE, **PROMISE, "brand": brand.name, **more}


def press(desk: Client, fields: dict[str, Any], button: str = "_save", value: str = "1") -> HttpResponse:
    make.a_crisis()
    return desk.post(SHEET, {**fields, button: value})  # type: ignore[return-value]


def complaints(answer: Any) -> list[str]:
    return [f"{one.label} – {one.text}" for one in answer.context["sheet"].complaints]
