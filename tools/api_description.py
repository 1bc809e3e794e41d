"""The published description of the API, kept with the sources so that every change of it shows in review.

python tools/api_description.py check     is docs/openapi.json what the code says?
python tools/api_description.py update    writes it anew
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "docs" / "openapi.json"


def described_by_the_code() -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "openapi.json"
        command = [sys.executable, "manage.py", "spectacular", "--format", "openapi-json", "--validate"]
        done = subprocess.run(
            [*command, "--fail-on-warn", "--file", str(file)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        return file.read_text(encoding="utf-8").rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        DESCRIPTION.write_text(described_by_the_code(), encoding="utf-8")
        return 0
    if arguments != ["check"]:
        print(__doc__)
        return 2
    if not DESCRIPTION.exists():
        print("There is no docs/openapi.json yet; nothing to compare.")
        return 0
    kept, now = DESCRIPTION.read_text(encoding="utf-8"), described_by_the_code()
    if kept.split() == now.split():  # white space is no change
        return 0
    changes = difflib.unified_diff(
        kept.splitlines(), now.splitlines(), "docs/openapi.json", "the code", lineterm="", n=2
    )
    print(*list(changes)[:60], sep="\n")
    print("The API changed. If that is meant, write it down: python tools/api_description.py update")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
