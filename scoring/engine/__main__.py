"""``python -m scoring.engine FILE.json``: one dossier in, its verdict out as JSON, without a database.

``-`` reads standard input, ``--method VERSION`` takes another version than the one in force on the day of the dossier.
Bad input ends with status 2 and one line on standard error that names the field.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scoring.engine.jsonio import InputError, parse, verdict_to_dict
from scoring.engine.judge import judge
from scoring.engine.method import MethodError, get, method_in_force

BAD_INPUT = 2
MAX_BYTES = 20_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        dossier = parse(_read(options.file))
        method = get(options.method) if options.method else method_in_force(dossier.as_of)
    except (InputError, MethodError) as error:
        print(_one_line(f"{_name(options.file)}: {error}"), file=sys.stderr)
        return BAD_INPUT
    return _print(json.dumps(verdict_to_dict(judge(dossier, method)), indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring.engine", description="Judge one dossier.")
    parser.add_argument("file", help="a JSON file, or - for standard input")
    parser.add_argument("--method", metavar="VERSION", help="method version, such as 1.0.0; default: the one in force")
    return parser


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


def _read(name: str) -> str:
    """The text of a file, with everything that can be wrong about it told in one line."""
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"cannot be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8: byte {error.start}") from error


def _one_line(message: str) -> str:
    return " ".join(message.encode("ascii", "backslashreplace").decode().split())


def _print(text: str) -> int:
    """Print, and end quietly when whoever was reading has gone."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # What is left in the buffer is tried once more at exit: let it go nowhere, or Python tells of it then.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
