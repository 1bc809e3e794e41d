"""Whatever a program sends, right or wrong: the served description tells what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from cxalign.api.index import DESCRIPTION
from tests import factories as make

pytestmark = pytest.mark.django_db

schemathesis.openapi.format("cursor", st.nothing())  # no cursor but ours is right: see test_lists.py
description = schemathesis.openapi.from_path(DESCRIPTION)


@cache
def application() -> Any:
    """Made once the settings of the tests are in force, which is later than this module is read."""
    return get_wsgi_application()


description.app = lambda environ, start_response: application()(environ, start_response)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests stay inside the transaction of the test, as those of Django's own client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def something_published(one_connection: None) -> None:
    for number in range(3):
        make.published(make.a_breach(f"Fictia {number}", slug=f"fictia-{number}"))


@description.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_brings_what_the_description_does_not_say(
    case: schemathesis.Case, something_published: None
) -> None:
    case.call_and_validate()
