"""The server for tests: real, empty, gone afterwards, and no trace of it on the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import environ
import psycopg2
import pytest

from tools import postgres


def parameters(url: str) -> dict[str, str]:
    parsed = environ.Env.db_url_config(url)
    return {"dbname": parsed["NAME"], "user": parsed["USER"], **parsed["OPTIONS"]}


@pytest.fixture(autouse=True)
def there_is_one(postgres_url: str) -> None:
    """Where there is no PostgreSQL, these are left out, or fail, like all others that need it."""


def test_the_server_is_there_and_empty() -> None:
    with postgres.throwaway_postgres() as url:
        connection = psycopg2.connect(**parameters(url))
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert cursor.fetchone() == (0,)
        connection.close()


def test_nothing_is_left_behind() -> None:
    """Also no account: some wrappers create one, and open the folders above to everybody."""
    accounts = Path("/etc/passwd")
    before = accounts.read_bytes() if accounts.exists() else b""
    script = "import os; print(os.environ['DATABASE_URL'])"
    done = subprocess.run(
        [sys.executable, postgres.__file__, sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    folder = Path(parameters(done.stdout.strip())["host"])
    assert folder.name.startswith("cxalign-pg-")
    assert not folder.exists()
    assert (accounts.read_bytes() if accounts.exists() else b"") == before


def test_the_command_decides_the_exit_code() -> None:
    assert subprocess.call([sys.executable, postgres.__file__, sys.executable, "-c", "raise SystemExit(7)"]) == 7


def test_a_machine_without_postgresql_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(postgres, "embedded_home", lambda: None)
    monkeypatch.setattr(postgres, "system_programs", lambda: None)
    assert postgres.main(["true"]) == postgres.NO_POSTGRES
    assert "none is installed" in capsys.readouterr().err
