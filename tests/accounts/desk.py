"""Sitting down at the admin in a role, and filling in its forms as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client

from cxalign.accounts import roles
from cxalign.accounts.models import User
from tests import factories as make

Fields = dict[str, Any]


def somebody(role: str, **fields: Any) -> User:
    """A person in a role."""
    user = User.objects.create_user(
        username=fields.pop("username", f"{role.lower()}-{make.number()}"),
        is_staff=role != roles.CONSULTANT,
        language=fields.pop("language", "en"),
        **fields,
    )
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(role: str = roles.ANALYST, **fields: Any) -> Client:
    return desk_of(somebody(role, **fields))


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class FilledForm(HTMLParser):
    """What a browser would send from the page's main form if somebody pressed a button right away."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._inside = False
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = given.get("id", "").endswith("_form")
        elif not self._inside:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self._add(self._select, given["value"])
        elif tag == "textarea":
            self._textarea = given["name"]
            self.fields[self._textarea] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:  # a browser drops the first line end, and sends the others as CR LF
            self.fields[self._textarea] += data.removeprefix("\n").removeprefix("\r\n").replace("\n", "\r\n")

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self._add(given.get("name", ""), given.get("value", "on" if kind == "checkbox" else ""))

    def _add(self, name: str, value: str) -> None:
        if name in self.fields:
            earlier = self.fields[name]
            self.fields[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        elif name:
            self.fields[name] = value


def form_on(desk: Client, address: str) -> Fields:
    """The fields of a page's form as they stand, ready to be changed and sent."""
    page = desk.get(address)
    assert page.status_code == 200, page
    return FilledForm(page.content.decode()).fields


def save(desk: Client, address: str, fields: Fields, **changes: Any) -> HttpResponse:
    """Send a form. "Save and continue" is pressed, so that a success leads back to the same page."""
    return desk.post(address, {**fields, **changes, "_continue": "1"})  # type: ignore[return-value]


def edit(desk: Client, address: str, **changes: Any) -> HttpResponse:
    """Open a form, change some fields, save."""
    return save(desk, address, form_on(desk, address), **changes)


def errors(response: Any) -> str:
    """What the page complains about, in one text."""
    return str(response.context["errors"])


def change_page(record: Any) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"


def list_page(model: Any) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
