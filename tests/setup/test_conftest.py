"""The guards around all tests guard."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, engines
from django.template.base import Origin, Template

from tests.conftest import ROOT, NetworkUsed, UndefinedVariable


@pytest.fixture
def engine() -> Engine:
    return engines["django"].engine  # type: ignore[attr-defined,no-any-return]


def ours(text: str, engine: Engine) -> Template:
    return Template(text, origin=Origin(str(ROOT / "templates" / "x.html")), engine=engine)


@pytest.mark.parametrize("text", ["{{ nobody }}", "{{ nobody.name|upper }}", "{% with a=nobody %}{% endwith %}"])
def test_an_undefined_variable_in_a_template_of_ours_is_an_error(text: str, engine: Engine) -> None:
    with pytest.raises(UndefinedVariable, match=r"templates/x\.html: undefined variable nobody"):
        ours(text, engine).render(Context())


@pytest.mark.parametrize("text", ["{{ nobody|default:'?' }}", "{% if nobody %}{% else %}?{% endif %}"])
def test_a_template_can_say_that_a_variable_may_be_missing(text: str, engine: Engine) -> None:
    assert ours(text, engine).render(Context()) == "?"


def test_templates_of_others_may_be_careless(engine: Engine) -> None:
    other = Origin("/usr/lib/python3/django/contrib/admin/templates/x.html")
    template = Template("<{{ nobody }}{{ nobody|default:'?' }}>", origin=other, engine=engine)
    assert template.render(Context()) == "<?>"


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)])
def test_other_machines_cannot_be_reached(address: tuple[object, ...]) -> None:
    family = socket.AF_INET if len(address) == 2 else socket.AF_INET6
    with socket.socket(family) as connection, pytest.raises(NetworkUsed):
        connection.connect(address)


def test_names_cannot_be_looked_up() -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection(("example.org", 80), timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_tests_keep_their_hands_off_the_data_of_this_installation() -> None:
    assert not Path(settings.DATA_DIR).is_relative_to(ROOT)
