#!/usr/bin/env python3
"""Everything one does with cxalign on one machine, from nothing but Python 3.11 or newer.

    python3 manage_local.py run              set up what is missing, start, print the address and the accounts
    python3 manage_local.py test [ARGS…]     the tests on SQLite, then on a real PostgreSQL (ARGS go to pytest)
    python3 manage_local.py check [NAMES…]   format, lint, types, layers, migrations, translations, locks …
    python3 manage_local.py format           brings code and templates into the form that check expects
    python3 manage_local.py bench            the benchmarks
    python3 manage_local.py lock             choose the newest versions that pyproject.toml allows, write them down
    python3 manage_local.py env [--dev]      only the virtual environment, with or without the developers' tools
    python3 manage_local.py manage ARGS…     Django's manage.py inside that environment

`make run`, `make test` … say the same. All that is made here lies under var/; DATA_DIR names another place.
Standard library only, and written so that an old Python gets far enough to say that it is too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "requirements"
DIGEST_LINE = "# pyproject.toml: sha256 "
NOT_TWICE = ["--ignore=tests/engine", "--ignore=tests/setup", "--ignore=tests/production", "-m", "not browser"]
"""Left out of the second pass: tests that use no database or bring their own, and what a browser shows of the same."""

SIDE_BY_SIDE = ["--numprocesses=2", "--maxprocesses=2"]
"""Two at once: each brings its own database, which costs some seconds and saves minutes."""

started = time.monotonic()
held_locks: list[int] = []
"""Handed to every program started under the set-up lock: should we be killed, it stays locked until they ended too."""


class Stop(Exception):
    """What went wrong, in a sentence for the person at the keyboard."""


# --- Saying what happens ----------------------------------------------------------------------------------------------


def say(text: str) -> None:
    print(f"[{time.monotonic() - started:6.1f} s] {text}", flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, and every ten seconds that it still goes on: silence looks like a fault."""
    say(f"{what} …")
    over = threading.Event()

    def remind() -> None:
        while not over.wait(10):
            say(f"  still at it: {what[0].lower()}{what[1:]}")

    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        over.set()
        reminder.join()


# --- Where things lie -------------------------------------------------------------------------------------------------


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().resolve()


def venv_dir() -> Path:
    return data_dir() / "venv"


def venv_program(name: str) -> Path:
    if os.name == "nt":
        return venv_dir() / "Scripts" / f"{name}.exe"
    return venv_dir() / "bin" / name


def child_environment(**more: str) -> dict[str, str]:
    """What every program started here sees: our data folder, and no trace of another virtual environment."""
    environment = {**os.environ, "DATA_DIR": str(data_dir()), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"):
        environment.pop(name, None)
    return {**environment, **more}


def run_python(*arguments: str, **environment: str) -> int:
    command = [str(venv_program("python")), *arguments]
    return subprocess.call(command, cwd=ROOT, env=child_environment(**environment), pass_fds=held_locks)


def need_python(what: str, *arguments: str) -> None:
    """Like run_python, for steps that nothing can go on without."""
    if run_python(*arguments) != 0:
        raise Stop(f"{what} failed: the lines above say why.")


def quietly(command: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Run it; None when all went well, otherwise what it said."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=held_locks,
            check=False,
        )
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else done.stdout.strip()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the set-up lock. The system frees it when its holder dies, however it died."""
    data_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(data_dir() / ".setup-lock", "a+b") as file:
        if not _try_lock(file.fileno()):
            say("Another set-up is at work here; waiting for it …")
            while not _try_lock(file.fileno()):
                time.sleep(0.2)
        handed_on = [file.fileno()] if os.name != "nt" else []
        held_locks.extend(handed_on)
        try:
            yield  # closing the file gives the lock back
        finally:
            for descriptor in handed_on:
                held_locks.remove(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --- Doing a thing only when it is due --------------------------------------------------------------------------------


def digest_of(parts: Iterable[str | bytes | Path]) -> str:
    """One digest over texts and the contents of files; a file that is missing counts as such."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes() if part.is_file() else b"(no such file)"
        else:
            content = part.encode() if isinstance(part, str) else part
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """All of it or nothing of it, whenever we are interrupted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def when_changed(name: str, digest: str, made: Sequence[Path], make: Callable[[], None]) -> bool:
    """Make it again when its digest differs from that of last time or something of what it made is gone."""
    stamp = data_dir() / "stamps" / name
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest and all(path.exists() for path in made):
        return False
    stamp.unlink(missing_ok=True)  # so that an interrupted attempt is made again
    make()
    write_whole(stamp, digest)
    return True


# --- The virtual environment ------------------------------------------------------------------------------------------


def check_python(version: Sequence[int] = tuple(sys.version_info[:3])) -> None:
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise Stop(
            f"cxalign needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer; this is "
            f"{'.'.join(map(str, version[:3]))} ({sys.executable}). "
            "Call this script with a newer one: python3.12 manage_local.py run, or make run PYTHON=python3.12"
        )


def check_venv_can_be_made() -> None:
    """Some systems ship Python without the two modules that make virtual environments."""
    from importlib.util import find_spec

    missing = [name for name in ("venv", "ensurepip") if find_spec(name) is None]
    if missing:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Stop(
            f"This Python lacks {' and '.join(missing)}, which make virtual environments. "
            f"On Debian and Ubuntu install it with: apt-get install python3-venv (or python{version}-venv)"
        )


def interpreter() -> str:
    """The Python to build on: the one that runs this script, or the one behind it if that is a virtual one."""
    return getattr(sys, "_base_executable", None) or sys.executable


def interpreter_identity() -> str:
    """Another interpreter, or another place of the environment, needs a new environment."""
    return f"{sys.implementation.name} {sys.version} {interpreter()} {venv_dir()}"


def lock_file(flavour: str) -> Path:
    return REQUIREMENTS / f"{flavour}.txt"


def wanted_stamp(flavour: str) -> dict[str, str]:
    return {"python": interpreter_identity(), "flavour": flavour, "lock": digest_of([lock_file(flavour)])}


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads((venv_dir() / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def ensure_environment(dev: bool = False) -> None:
    """Bring var/venv to exactly what the lock file says; nothing to do is found out in milliseconds."""
    with one_at_a_time():
        stamp = read_stamp()
        # The developers' set holds the other one, so an environment that has it keeps it.
        flavour = "dev" if dev or stamp.get("flavour") == "dev" else "run"
        wanted = wanted_stamp(flavour)
        if stamp == wanted and venv_program("python").exists():
            return
        if stamp.get("python") != wanted["python"] or not venv_program("python").exists():
            create_environment()
        (venv_dir() / "stamp.json").unlink(missing_ok=True)  # half installed counts as not installed
        install(lock_file(flavour))
        write_whole(venv_dir() / "stamp.json", json.dumps(wanted, indent=1))


def create_environment() -> None:
    check_venv_can_be_made()
    with step(f"Creating the virtual environment in {venv_dir()}"):
        complaint = quietly([interpreter(), "-m", "venv", "--clear", str(venv_dir())], child_environment())
    if complaint is not None:
        raise Stop(f"The virtual environment could not be made:\n{complaint}")


def install(lock: Path) -> None:
    python = str(venv_program("python"))
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--require-hashes"]
    with step(f"Installing {count} packages at most, as listed in requirements/{lock.name}"):
        complaint = quietly([*pip, "--only-binary=:all:", "-r", str(REQUIREMENTS / "uv.txt")], child_environment())
        if complaint is None:
            uv = [str(venv_program("uv")), "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(lock)]
            complaint = quietly(uv, uv_environment())
        if complaint is None:
            return
        say(f"  uv cannot do it here ({last_line(complaint)}); pip does the same, only slower")
        complaint = quietly([*pip, "-r", str(lock)], child_environment())
    if complaint is not None:
        raise Stop(f"The packages could not be installed:\n{complaint}\nIs the package index within reach?")


def uv_environment() -> dict[str, str]:
    """uv reads no settings of pip, so those that decide whether it gets through are handed over."""
    environment = child_environment(UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1")
    for ours, theirs in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if environment.get(ours):
            environment.setdefault(theirs, environment[ours])
    return environment


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1].strip()


# --- Lock files -------------------------------------------------------------------------------------------------------


def dependency_digest() -> str:
    """What the lock files were made from: when it changes, they are out of date. No network is needed to tell."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "python": project["project"]["requires-python"],
        "run": sorted(project["project"]["dependencies"]),
        "dev": sorted(project.get("dependency-groups", {}).get("dev", [])),
        "uv": (REQUIREMENTS / "uv.in").read_text(encoding="utf-8"),
    }
    return digest_of([json.dumps(asked, sort_keys=True)])


def recorded_digest(lock: Path) -> str | None:
    if not lock.is_file():
        return None
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith(DIGEST_LINE):
            return line[len(DIGEST_LINE) :].strip()
    return None


def stale_locks() -> list[str]:
    """Lock files that do not belong to the dependencies of pyproject.toml."""
    expected = dependency_digest()
    locks = (lock_file("run"), lock_file("dev"), REQUIREMENTS / "uv.txt")
    return [f"requirements/{lock.name}" for lock in locks if recorded_digest(lock) != expected]


def command_lock(arguments: Sequence[str]) -> int:
    ensure_environment(dev=True)
    run = str(lock_file("run"))
    jobs = (
        (REQUIREMENTS / "uv.txt", [str(REQUIREMENTS / "uv.in")]),
        (lock_file("run"), ["pyproject.toml"]),
        (lock_file("dev"), ["pyproject.toml", "--group", "dev", "--constraint", run]),
    )
    oldest = ".".join(map(str, OLDEST_PYTHON))
    for lock, sources in jobs:
        with step(f"Choosing versions for requirements/{lock.name}"):
            fresh = data_dir() / f"{lock.name}.new"
            fresh.unlink(missing_ok=True)  # what it holds would be kept rather than the newest
            command = [str(venv_program("uv")), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
            command += ["--no-emit-index-url", "--no-header", "--python-version", oldest]
            command += ["--python", str(venv_program("python")), "--output-file", str(fresh), *sources, *arguments]
            complaint = quietly(command, uv_environment())
        if complaint is not None:
            raise Stop(f"No set of versions was found:\n{complaint}")
        header = f"# Made by `make lock` from pyproject.toml; do not edit.\n{DIGEST_LINE}{dependency_digest()}\n"
        text = fresh.read_text(encoding="utf-8").replace(f"{REQUIREMENTS}/", "requirements/")
        write_whole(lock, header + text)
        fresh.unlink()
    say("The lock files are written; `make test` installs and tries them.")
    return 0


def command_env(arguments: Sequence[str]) -> int:
    ensure_environment(dev="--dev" in arguments)
    say(f"The environment is ready: {venv_dir()}")
    return 0


def command_manage(arguments: Sequence[str]) -> int:
    ensure_environment()
    return run_python("manage.py", *arguments)


# --- Setting up ------------------------------------------------------------------------------------------------------


def prepare_files() -> None:
    """What is made from the sources and not kept with them: web fonts and the compiled catalogue."""
    with one_at_a_time():
        fonts = data_dir() / "static" / "fonts"
        made = [fonts / "source-sans-3-var.woff2", fonts / "source-serif-4-600.woff2"]
        tool = ROOT / "tools" / "fonts.py"
        when_changed("fonts", digest_of([tool, lock_file("run")]), made, lambda: make_fonts(tool, fonts))
        catalogues = sorted((ROOT / "cxalign" / "locale").glob("*/LC_MESSAGES/*.po"))
        tool = ROOT / "tools" / "messages.py"
        when_changed(
            "messages",
            digest_of([tool, *catalogues]),
            [path.with_suffix(".mo") for path in catalogues],
            lambda: need_python("Compiling the translations", str(tool), "compile"),
        )


def make_fonts(tool: Path, folder: Path) -> None:
    with step("Cutting the web fonts"):
        need_python("Cutting the web fonts", str(tool), str(folder))


def folder_digest(*folders: Path) -> str:
    """Changes when a file below these folders comes, goes or is written: no content is read, so it costs nothing."""
    listing = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                state = path.stat()
                listing.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return digest_of(listing)


def prepare_data() -> None:
    """Database, accounts, catalogue, verdicts, static files. Each command finds out by itself what is left to do."""
    with one_at_a_time():
        with step("Bringing the database up to date"):
            need_python("Migrating the database", "manage.py", "migrate", "--no-input", "--verbosity=0")
        with step("Accounts, catalogue and verdicts"):
            need_python("Filling the database", "manage.py", "setup_demo")
        collected = data_dir() / "static-collected"
        sources = folder_digest(ROOT / "cxalign" / "static", data_dir() / "static")
        when_changed("static", digest_of([sources, lock_file("run"), str(collected)]), [collected], collect_static)


def collect_static() -> None:
    with step("Collecting the static files"):
        need_python("Collecting the static files", "manage.py", "collectstatic", "--no-input", "--verbosity=0")


# --- run --------------------------------------------------------------------------------------------------------------


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Stop(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there the same option would mean: take it from whoever has it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Stop(f"Port {port} is reserved for the system. Choose another one: PORT=8000 make run") from None
        except OSError:
            raise Stop(
                f"Port {port} is taken, perhaps by a cxalign that already runs: http://127.0.0.1:{port}\n"
                f"End the other program, or choose another port: PORT={port + 1} make run"
            ) from None


def command_run(arguments: Sequence[str]) -> int:
    if arguments:
        raise Stop(
            f"run takes no arguments; PORT and DATA_DIR are read from the environment. Got: {' '.join(arguments)}"
        )
    port = chosen_port()
    check_port(port)  # before the work, so that nobody waits for nothing …
    ensure_environment()
    prepare_files()
    prepare_data()
    check_port(port)  # … and after it, since the work may have taken minutes
    return serve(port)


def serve(port: int) -> int:
    command = [str(venv_program("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "2", "--respawn-failed-workers", "--log-level", "warning"]
    # A session of its own: Ctrl-C then reaches only us, and we end the server in good order.
    server = subprocess.Popen(
        [*command, "cxalign.wsgi:application"],
        cwd=ROOT,
        env=child_environment(PORT=str(port), EMBEDDED_WORKER="1"),
        start_new_session=os.name != "nt",
    )
    with ended_with_us(server):
        with step("Starting"):
            wait_until_it_answers(server, f"http://127.0.0.1:{port}/healthz")
        say(f"cxalign is ready at http://127.0.0.1:{port}{accounts()}   (Ctrl-C ends it)")
        code = server.wait()
        raise Stop(f"The server ended by itself (code {code}); the lines above say why.")


@contextlib.contextmanager
def ended_with_us(server: subprocess.Popen[bytes]) -> Iterator[None]:
    """However this program ends short of being killed, the server ends with it; a request under way is finished."""

    def leave(number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
    try:
        yield
    except KeyboardInterrupt:
        print(flush=True)
        say("Stopping …")
        raise SystemExit(0) from None
    finally:
        if server.poll() is None:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_until_it_answers(server: subprocess.Popen[bytes], url: str, patience: float = 60) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through somebody's proxy
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise Stop(f"The server did not start (code {server.returncode}); the lines above say why.")
        try:
            direct.open(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # an answer, be it a refusal, is an answer
        except OSError:
            time.sleep(0.1)
    raise Stop(f"The server gave no answer for {patience:.0f} seconds.")


def accounts() -> str:
    """The demo accounts for the line that says it is ready, from lines of role, user and password."""
    try:
        lines = (data_dir() / "accounts.txt").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = [line.split("\t") for line in lines if line.count("\t") == 2]
    return "".join(f"   {role}: {user} / {password}" for role, user, password in found)


# --- test, check, bench -----------------------------------------------------------------------------------------------


def forget_own_settings() -> None:
    """Somebody's own installation must not leak into tests, nor tests into it."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for name in [line.partition("=")[0] for line in example if "=" in line and not line.startswith("#")]:
        if name != "DATA_DIR":  # where the environment lies, too
            os.environ.pop(name, None)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def command_test(arguments: Sequence[str]) -> int:
    forget_own_settings()
    ensure_environment(dev=True)
    prepare_files()
    say("The tests on SQLite")
    side_by_side = [] if arguments else SIDE_BY_SIDE
    on_sqlite = run_python("-m", "pytest", *side_by_side, *arguments)
    say("The tests on PostgreSQL")
    python = str(venv_program("python"))
    on_postgres = run_python("tools/postgres.py", python, "-m", "pytest", *NOT_TWICE, *side_by_side, *arguments)
    return combined(on_sqlite, on_postgres, chosen=bool(arguments))


def combined(on_sqlite: int, on_postgres: int, *, chosen: bool) -> int:
    """One exit code for both passes, and a sentence where a plain code would leave somebody guessing."""
    no_postgres, no_test = 69, 5
    if on_postgres == no_postgres and not in_ci():
        print(f"\n{'!' * 100}\nPostgreSQL could not be had (see above): HALF OF THE TESTS DID NOT RUN.\n{'!' * 100}\n")
        on_postgres = 0
    if on_postgres == no_test and chosen:
        say("None of the chosen tests uses a database.")
        on_postgres = 0
    results = {"SQLite": on_sqlite, "PostgreSQL": on_postgres}
    failed = [name for name, code in results.items() if code != 0]
    say(f"Tests failed on {' and '.join(failed)}." if failed else "All tests passed.")
    return 1 if failed else 0


def checks() -> dict[str, list[str]]:
    """Name and command of each check. The commands are what one types to repeat a single one."""
    bin_of, cache = venv_program, data_dir() / "cache"
    python = str(bin_of("python"))
    return {
        "format": [str(bin_of("ruff")), "format", "--check", "."],
        "lint": [str(bin_of("ruff")), "check", "."],
        "types": [python, "-m", "mypy"],
        "templates": [str(bin_of("djlint")), "templates", "--check", "--lint", "--quiet"],
        "layers": [str(bin_of("lint-imports")), "--cache-dir", str(cache / "layers")],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "settings": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "translations": [python, "tools/messages.py", "check"],
        "api": [python, "tools/api_description.py", "check"],
    }


def command_check(arguments: Sequence[str]) -> int:
    """Run all, then report each. Several run at once: most of them wait for one core."""
    from concurrent.futures import ThreadPoolExecutor

    forget_own_settings()
    ensure_environment(dev=True)
    prepare_files()
    cache = data_dir() / "cache"
    environment = child_environment(RUFF_CACHE_DIR=str(cache / "ruff"), MYPY_CACHE_DIR=str(cache / "mypy"))
    known = [*checks(), "locks"]
    unknown = [name for name in arguments if name not in known]
    if unknown:
        raise Stop(f"There is no check called {' or '.join(unknown)}; there are: {', '.join(known)}")
    todo = {name: command for name, command in checks().items() if not arguments or name in arguments}

    def attempt(name: str) -> str | None:
        begun = time.monotonic()
        complaint = quietly(todo[name], environment)
        say(f"{'ok    ' if complaint is None else 'FAILED'} {name} ({time.monotonic() - begun:.1f} s)")
        return complaint

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        complaints = dict(zip(todo, pool.map(attempt, todo), strict=True))
    if not arguments or "locks" in arguments:
        stale = stale_locks()
        complaints["locks"] = f"Older than pyproject.toml: {', '.join(stale)}. Call `make lock`." if stale else None
    for name, complaint in complaints.items():
        if complaint is not None:
            print(f"\n=== {name}: {' '.join(todo.get(name, []))}\n{shortened(complaint)}")
    print()
    for name, complaint in complaints.items():
        print(f"  {'ok    ' if complaint is None else 'FAILED'}  {name}")
    return 1 if any(complaint is not None for complaint in complaints.values()) else 0


def command_format(arguments: Sequence[str]) -> int:
    ensure_environment(dev=True)
    ruff, djlint = str(venv_program("ruff")), str(venv_program("djlint"))
    commands = (
        [ruff, "check", "--fix-only", "--quiet", "."],
        [ruff, "format", "."],
        [djlint, "templates", "--reformat", "--quiet"],
    )
    for command in commands:
        subprocess.call(command, cwd=ROOT, env=child_environment())
    return 0


def shortened(complaint: str, limit: int = 60) -> str:
    lines = complaint.splitlines() or ["no reason given"]
    more = len(lines) - limit
    return "\n".join([*lines[:limit], *([f"… and {more} lines more"] if more > 0 else [])])


def command_bench(arguments: Sequence[str]) -> int:
    ensure_environment(dev=True)
    scripts = sorted((ROOT / "bench").glob("[!_]*.py"))
    if not scripts:
        raise Stop("There is no benchmark in bench/.")
    failed = []
    for script in scripts:
        say(f"bench/{script.name}")
        if run_python(str(script), *arguments, PYTHONPATH=str(ROOT)) != 0:
            failed.append(script.name)
    if failed:
        raise Stop(f"Failed: {', '.join(failed)}")
    return 0


COMMANDS = {
    "run": command_run,
    "test": command_test,
    "check": command_check,
    "format": command_format,
    "bench": command_bench,
    "lock": command_lock,
    "env": command_env,
    "manage": command_manage,
}


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments and arguments[0] in ("-h", "--help", "help") else 2
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # somebody else's stream
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        check_python()
        return COMMANDS[arguments[0]](arguments[1:])
    except Stop as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next call goes on from here.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
