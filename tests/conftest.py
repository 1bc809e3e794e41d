"""What all tests share: settings of their own, no network, no undefined template variables, a browser."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
set_hypothesis_home_dir(Path(os.environ.get("DATA_DIR") or ROOT / "var") / "cache" / "hypothesis")
hypothesis.settings.register_profile("cxalign", deadline=None, print_blob=True)
hypothesis.settings.load_profile("cxalign")


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def skip_loudly(reason: str) -> None:
    """Skipped on a developer's machine, failed where everything must have been set up."""
    if in_ci():
        pytest.fail(reason)
    print(f"\n{'!' * 80}\n{reason} TESTS ARE LEFT OUT.\n{'!' * 80}", file=sys.__stderr__)
    pytest.skip(reason)


# --- Settings ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fast passwords, a data folder that is thrown away, static files as they are."""
    from django.conf import settings
    from django.test.utils import override_settings

    data = tmp_path_factory.mktemp("data")
    collected = data / "static-collected"
    collected.mkdir()
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        DATA_DIR=data,
        STATIC_ROOT=collected,
        STORAGES=storages,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file as in real life, not in memory: several threads see the same locks as a user does."""
    from django.db import connections

    for connection in connections.all():
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied() -> Iterator[None]:
    """Between tests with transactions of their own Django empties every table, and leaves it empty.

    On SQLite it does so row by row, which the guards of what is written once refuse: they step aside meanwhile. What
    the migrations had put in (crisis, sectors) is put in again.
    """
    from django.apps import apps
    from django.db import connection
    from django.test import TransactionTestCase

    teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    reference_data = import_module("brands.migrations.0002_reference_data")

    def empty(self: TransactionTestCase) -> None:
        guards: list[tuple[str, str]] = []
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%no_delete'")
                guards = cursor.fetchall()
            for name, _sql in guards:
                cursor.execute(f"DROP TRIGGER {name}")
        teardown(self)
        with connection.cursor() as cursor:
            for _name, sql in guards:
                cursor.execute(sql)
        reference_data.add_reference_data(apps, None)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def english_unless_told_otherwise() -> Iterator[None]:
    """A request leaves its language behind in the thread; no test may depend on the one before it."""
    from django.utils import translation

    with translation.override("en"):
        yield


# --- No network -------------------------------------------------------------------------------------------------------


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


def check_address(address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else None  # a path or a byte string: a socket of this machine
    if host is not None and not (str(host) in ("localhost", "::1", "0.0.0.0", "") or str(host).startswith("127.")):  # noqa: S104
        raise NetworkUsed(f"Tests are offline, but something called {host}.")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, and every look-up of a name that could start one."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check_address(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check_address(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else str(host or "")
        if any(letter not in "0123456789abcdefABCDEF.:" for letter in text):  # numbers need no look-up
            check_address((text,))
        return getaddrinfo(host, *arguments, **named)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()


# --- Templates --------------------------------------------------------------------------------------------------------


class UndefinedVariable(AssertionError):
    """One of our templates names something that its view does not give it."""


class Undefined(str):
    """Stands in for ``string_if_invalid``. False, and thus without effect, in templates that are not ours.

    Django asks for its truth when a variable was not found, then whether it wants to hold the variable's name. In
    our templates the answer is an error, except before ``|default``, which says that the variable may be missing.
    """

    def __bool__(self) -> bool:
        return self._asked_by_us()

    def __contains__(self, key: object) -> bool:
        return key == "%s" or super().__contains__(key)  # type: ignore[operator]

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(f"{self._origin()}: undefined variable {variable}")

    def _asked_by_us(self) -> bool:
        from django.template.base import FilterExpression
        from django.template.defaultfilters import default, default_if_none

        expression = sys._getframe(2).f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False  # a filter or tag that looks at the value, which is an empty text
        if expression.filters:
            first = expression.filters[0][0]
            if getattr(first, "_filter_name", "") in (default.__name__, default_if_none.__name__):
                return False
        origin = self._origin()
        return origin is not None and origin.is_relative_to(ROOT) and not origin.is_relative_to(sys.prefix)

    def _origin(self) -> Path | None:
        """The file of the node that is being rendered: with inheritance, the one in which the variable stands."""
        from django.template.base import Node

        frame = sys._getframe(1)
        while frame is not None:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None) is not None:
                return Path(str(node.origin.name))
            frame = frame.f_back  # type: ignore[assignment]
        return None


@pytest.fixture(scope="session", autouse=True)
def undefined_variables_fail(own_settings: None) -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = Undefined()  # type: ignore[attr-defined]


# --- Servers and browsers ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of its own with an empty database, for tests that start whole processes."""
    from tools.postgres import NoPostgres, throwaway_postgres

    try:
        server = throwaway_postgres()
        url = server.__enter__()
    except NoPostgres as reason:
        skip_loudly(str(reason))
    yield url
    server.__exit__(None, None, None)


CHROMIUM_FLAGS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--font-render-hinting=none"),
)


def chromium() -> str | None:
    """The browser of the machine; tests download none."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


PATIENCE = 20_000
"""Milliseconds until what is expected must have come: a busy machine is no error, and nobody waits who need not."""


def wait_for_what_opens() -> None:
    """A click or a key that leads to another page comes back when that page is whole and its scripts have run.

    By itself the browser comes back as soon as the answer begins: what is counted then may be half a page, and what
    is clicked then may not listen yet.
    """
    from playwright.sync_api import Error, Locator, Page

    def and_load(act: Callable[..., None]) -> Callable[..., None]:
        @wraps(act)
        def loaded(where: Page | Locator, *arguments: Any, **named: Any) -> None:
            act(where, *arguments, **named)
            tab = where if isinstance(where, Page) else where.page
            try:
                tab.wait_for_load_state()
            except Error:
                if not tab.is_closed():  # a window that closes itself when it has done its work loads no more
                    raise

        return loaded

    for kind in (Page, Locator):
        for name in ("click", "dblclick", "press"):
            setattr(kind, name, and_load(getattr(kind, name)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        skip_loudly("No Chromium on this machine (set CHROMIUM to its path).")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    wait_for_what_opens()
    # Playwright's own event loop runs in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program, headless=True, args=CHROMIUM_FLAGS, chromium_sandbox=False
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """An empty tab of 1280 × 900. A script error or something the content policy refused fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en-GB")
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield tab
    context.close()
    assert not complaints, complaints
