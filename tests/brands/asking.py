"""Answering the page that asks before something is done."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.accounts.desk import FilledForm, change_page, list_page


def step_page(record: Any, step: str) -> str:
    return change_page(record).replace("/change/", f"/{step}/")


def answer(desk: Client, address: str, asked: Any, **fields: Any) -> HttpResponse:
    """Send the form of a page that asks, filled in further."""
    return desk.post(address, {**FilledForm(asked.content.decode()).fields, **fields})  # type: ignore[return-value]


def do_one(desk: Client, record: Any, step: str, **fields: Any) -> HttpResponse:
    """Open the page of a step on one record, and confirm it."""
    return answer(desk, step_page(record, step), desk.get(step_page(record, step)), **fields)


def ask_many(desk: Client, step: str, records: list[Any]) -> Any:
    """Choose records in their list, and the step."""
    chosen = {"action": f"{step}_selected", "_selected_action": [record.pk for record in records]}
    return desk.post(list_page(type(records[0])), chosen)


def do_many(desk: Client, step: str, records: list[Any], **fields: Any) -> HttpResponse:
    return answer(desk, list_page(type(records[0])), ask_many(desk, step, records), **fields)
