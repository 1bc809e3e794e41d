"""``python -m scoring.engine``: one dossier in, a verdict out, and never a traceback."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scoring.engine.__main__ import main
from tests.engine.test_json import EXAMPLE, example

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dossier.json"
    path.write_text(json.dumps(EXAMPLE), encoding="utf-8")
    return path


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "scoring.engine", *arguments]
    return subprocess.run(command, input=given, capture_output=True, cwd=ROOT, timeout=60, check=False)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run with bad input; returns the one line told."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


# ------------------------------------------------------------------------------------------------- as a real command


def test_the_command_prints_the_verdict_as_json(file: Path) -> None:
    done = run(str(file))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["outcome"] == "dna_proactive"


def test_the_command_reads_standard_input_and_tells_bad_input_in_one_line() -> None:
    assert run("-", given=json.dumps(EXAMPLE).encode()).returncode == 0
    done = run("-", given=json.dumps(example("actions.0.proofs.1.depth", 7)).encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "standard input: actions[0].proofs[1].depth: 7 is not a harm depth (1, 2, 3 or null)"
    ]


def test_the_engine_runs_without_any_installed_package(file: Path) -> None:
    script = f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
sys.argv = ["engine", {str(file)!r}]
runpy.run_module("scoring.engine", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, cwd=file.parent, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


# ----------------------------------------------------------------------------------------------------- in this process


def test_the_method_version_can_be_chosen(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for version in ("1.0.0", "1.0"):
        assert main([str(file), "--method", version]) == 0
        assert json.loads(capsys.readouterr().out)["method_version"] == "1.0.0"
    assert "there is no method '9.9'; there is 1.0.0" in refused(capsys, str(file), "--method", "9.9")


def test_the_same_input_gives_the_same_bytes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = [(main([str(file)]), capsys.readouterr().out)[1] for _ in range(2)]
    assert texts[0] == texts[1]
    assert texts[0].isascii()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe{}", "dossier.json: is not UTF-8: byte 0"),
        (b"", "the input is not JSON"),
        (b"\x00", "the input is not JSON"),
        (b'{"\xc3\xa9\\n\\u2028": 1}', "unknown key"),
        (b"[" * 100_000, "the input is nested too deeply"),
        (json.dumps(example("actions.0.su", 9)).encode(), "actions[0].su: 9 is not a level"),
    ],
)
def test_a_bad_file_ends_with_status_2_and_one_line(
    content: bytes, message: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(content)
    assert message in refused(capsys, str(file))


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be read: No such file" in refused(capsys, str(tmp_path / "missing.json"))
    assert "cannot be read: Is a directory" in refused(capsys, str(tmp_path))
    assert "cannot be read" in refused(capsys, "a\x00b")


def test_a_file_with_a_byte_order_mark_is_read(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert main([str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["archetype"] == "dna_proactive"


def test_a_file_beyond_all_measure_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.engine.__main__.MAX_BYTES", 10)
    assert "is larger than 10 bytes" in refused(capsys, str(file))


class Closed(io.StringIO):
    """A reader that has gone away."""

    def write(self, text: str) -> int:
        raise BrokenPipeError

    def fileno(self) -> int:
        raise io.UnsupportedOperation


def test_a_reader_that_goes_away_is_no_error_worth_a_traceback(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: Any = Closed()
    monkeypatch.setattr(sys, "stdout", gone)
    assert main([str(file)]) == 1
