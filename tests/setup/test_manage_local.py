"""The set-up script: what it skips, what it makes again, and what it says when something is in the way."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import manage_local
from manage_local import Stop


@pytest.fixture(autouse=True)
def own_data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


# --- Python -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 11, 7), (3, 14, 1), (4, 0, 0)])
def test_a_new_enough_python_is_accepted(version: tuple[int, int, int]) -> None:
    manage_local.check_python(version)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 0), (3, 10, 12)])
def test_an_old_python_is_told_what_is_needed(version: tuple[int, int, int]) -> None:
    with pytest.raises(Stop, match=rf"needs Python 3\.11 or newer; this is {version[0]}\.{version[1]}"):
        manage_local.check_python(version)


def test_an_old_python_can_read_the_script_and_so_say_that_it_is_too_old() -> None:
    ast.parse(Path(manage_local.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_script_needs_the_standard_library_only() -> None:
    code = (
        "import sys, manage_local; print(*{name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names)"
    )
    said = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=manage_local.ROOT, capture_output=True, text=True, check=True
    )
    assert set(said.stdout.split()) <= {"__main__", "manage_local", "encodings"}


def test_a_python_without_venv_is_told_which_package_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(Stop, match=r"lacks ensurepip.*apt-get install python3-venv"):
        manage_local.check_venv_can_be_made()


# --- Doing a thing only when it is due --------------------------------------------------------------------------------


def test_nothing_is_made_twice_until_its_sources_change(tmp_path: Path) -> None:
    made, calls = tmp_path / "made", []

    def make() -> None:
        calls.append(1)
        made.touch()

    assert manage_local.when_changed("thing", "a", [made], make)
    assert not manage_local.when_changed("thing", "a", [made], make)
    assert manage_local.when_changed("thing", "b", [made], make)
    made.unlink()
    assert manage_local.when_changed("thing", "b", [made], make)
    assert len(calls) == 3


def test_an_interrupted_attempt_is_made_again(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.touch()
    manage_local.when_changed("thing", "a", [made], lambda: None)

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        manage_local.when_changed("thing", "b", [made], interrupted)
    assert manage_local.when_changed("thing", "a", [made], lambda: None), "the half-made thing passed for the old one"


def test_a_digest_sees_contents_order_and_absence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    absent = manage_local.digest_of([file])
    file.write_text("one")
    one = manage_local.digest_of([file])
    file.write_text("two")
    assert len({absent, one, manage_local.digest_of([file])}) == 3
    assert manage_local.digest_of(["ab", "c"]) != manage_local.digest_of(["a", "bc"])


def test_a_folder_digest_sees_new_and_changed_files(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    seen = {manage_local.folder_digest(folder)}
    (folder / "a.css").write_text("a")
    seen.add(manage_local.folder_digest(folder))
    (folder / "a.css").write_text("ab")
    seen.add(manage_local.folder_digest(folder))
    assert len(seen) == 3


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what would be created and installed, and pretend that it was."""
    done: list[str] = []

    def create() -> None:
        done.append("create")
        manage_local.venv_program("python").parent.mkdir(parents=True, exist_ok=True)
        manage_local.venv_program("python").touch()

    monkeypatch.setattr(manage_local, "create_environment", create)
    monkeypatch.setattr(manage_local, "install", lambda lock: done.append(lock.stem))
    return done


def test_an_environment_is_made_once(installs: list[str]) -> None:
    manage_local.ensure_environment()
    manage_local.ensure_environment()
    assert installs == ["create", "run"]


def test_the_developers_environment_serves_both(installs: list[str]) -> None:
    manage_local.ensure_environment()
    manage_local.ensure_environment(dev=True)
    manage_local.ensure_environment()
    assert installs == ["create", "run", "dev"]


def test_a_new_lock_file_installs_into_the_same_environment(
    installs: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(manage_local, "REQUIREMENTS", tmp_path)
    (tmp_path / "run.txt").write_text("a==1\n")
    manage_local.ensure_environment()
    (tmp_path / "run.txt").write_text("a==2\n")
    manage_local.ensure_environment()
    assert installs == ["create", "run", "run"]


def test_another_interpreter_gets_a_new_environment(installs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    manage_local.ensure_environment()
    monkeypatch.setattr(manage_local, "interpreter_identity", lambda: "another one")
    manage_local.ensure_environment()
    assert installs == ["create", "run", "create", "run"]


def test_an_interrupted_installation_starts_again(installs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(manage_local, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            manage_local.ensure_environment()
    manage_local.ensure_environment()
    assert installs == ["create", "create", "run"]


def test_two_set_ups_wait_for_each_other() -> None:
    order: list[str] = []
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with manage_local.one_at_a_time():
            inside.set()
            go_on.wait(5)
            order.append("first")

    def second() -> None:
        with manage_local.one_at_a_time():
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    inside.wait(5)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]


# --- Ports and accounts -----------------------------------------------------------------------------------------------


def test_a_free_port_is_accepted_and_a_taken_one_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        with pytest.raises(Stop, match=rf"Port {port} is taken.*\n.*PORT={port + 1} make run"):
            manage_local.check_port(port)
    manage_local.check_port(port)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "80 00", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Stop, match="must be a number from 1 to 65535"):
        manage_local.chosen_port()


def test_a_port_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert manage_local.chosen_port() == 8000
    monkeypatch.setenv("PORT", "8123")
    assert manage_local.chosen_port() == 8123


def test_the_accounts_are_read_from_their_file(own_data_dir: Path) -> None:
    assert manage_local.accounts() == ""
    own_data_dir.mkdir()
    (own_data_dir / "accounts.txt").write_text("# Demo accounts\nanalyst\tada\tone\neditor\teve\ttwo\n")
    assert manage_local.accounts() == "   analyst: ada / one   editor: eve / two"


# --- Lock files -------------------------------------------------------------------------------------------------------


def test_the_lock_files_belong_to_the_dependencies() -> None:
    assert manage_local.stale_locks() == []


def test_a_changed_dependency_makes_the_lock_files_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (manage_local.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text.replace('"orjson', '"another", "orjson'), encoding="utf-8")
    monkeypatch.setattr(manage_local, "ROOT", tmp_path)
    assert manage_local.stale_locks() == ["requirements/run.txt", "requirements/dev.txt", "requirements/uv.txt"]


@pytest.mark.parametrize("name", ["run", "dev", "uv"])
def test_a_lock_file_has_a_hash_for_everything_and_no_address(name: str) -> None:
    lines = manage_local.lock_file(name).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line]
    pinned = [number for number, line in enumerate(lines) if "==" in line.partition(";")[0]]
    assert pinned
    assert all("--hash=sha256:" in lines[number + 1] for number in pinned)


def test_what_runs_is_what_is_tested() -> None:
    def versions(name: str) -> set[str]:
        lines = manage_local.lock_file(name).read_text(encoding="utf-8").splitlines()
        return {line.split()[0] for line in lines if "==" in line.partition(";")[0]}

    assert versions("run") <= versions("dev")


def test_only_one_driver_for_postgresql() -> None:
    """Django takes psycopg 3 without a word when both are there."""
    lines = manage_local.lock_file("dev").read_text(encoding="utf-8").splitlines()
    assert [line.split("==")[0] for line in lines if line.startswith("psycopg")] == ["psycopg2-binary"]


# --- Results ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_sqlite", "on_postgres", "chosen", "ci", "code"),
    [
        (0, 0, False, "true", 0),
        (1, 0, False, "true", 1),
        (0, 1, False, "true", 1),
        (0, 69, False, "true", 1),  # no PostgreSQL: a failure where everything must be there …
        (0, 69, False, "", 0),  # … and a loud warning elsewhere
        (0, 5, False, "", 1),  # no test found
        (0, 5, True, "", 0),  # the chosen tests use no database
        (5, 5, True, "", 1),
    ],
)
def test_both_passes_count(
    on_sqlite: int, on_postgres: int, chosen: bool, ci: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    assert manage_local.combined(on_sqlite, on_postgres, chosen=chosen) == code


def settings_read_by_the_code() -> set[str]:
    reads = re.compile(r"""(?:\benv\.\w+|environ\.get|getenv)\(\s*"([A-Z][A-Z_]+)"|environ\["([A-Z][A-Z_]+)"\]""")
    found: set[str] = set()
    for folder in ("cxalign", "brands", "scoring"):
        for path in (manage_local.ROOT / folder).rglob("*.py"):
            found.update(one or two for one, two in reads.findall(path.read_text(encoding="utf-8")))
    return found - {"DJANGO_SETTINGS_MODULE"}


def test_every_setting_is_in_the_example() -> None:
    example = (manage_local.ROOT / ".env.example").read_text(encoding="utf-8")
    assert settings_read_by_the_code() - set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == set()


def test_tests_forget_the_settings_of_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings_read_by_the_code() | {"DJANGO_SETTINGS_MODULE"}:
        monkeypatch.setenv(name, "mine")
    manage_local.forget_own_settings()
    assert [name for name, value in os.environ.items() if value == "mine"] == ["DATA_DIR"]


def test_an_unknown_command_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert manage_local.main(["nonsense"]) == 2
    assert "manage_local.py run" in capsys.readouterr().out


def test_children_see_our_data_folder_and_no_other_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    environment = manage_local.child_environment(PORT="8001")
    assert "VIRTUAL_ENV" not in environment
    assert environment["DATA_DIR"] == os.environ["DATA_DIR"]
    assert environment["PORT"] == "8001"
