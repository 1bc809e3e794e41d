"""How fast rows are checked, and what checking costs beside merely reading them with ``csv.DictReader``.

Run: python -m bench.imports
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

ROUNDS = 3
CATALOGUE = Path(__file__).resolve().parent.parent / "brands" / "catalogue"


def repeated(file: str, key: str, rows: int) -> bytes:
    """A shipped file blown up to the largest that is accepted: its rows again and again, under keys of their own."""
    with (CATALOGUE / file).open(encoding="utf-8", newline="") as stream:
        originals = list(csv.DictReader(stream))
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, fieldnames=list(originals[0]))
    writer.writeheader()
    for number in range(rows):
        original = originals[number % len(originals)]
        copy = {**original, key: f"{original[key]}-{number}"}
        if "url" in copy:
            copy["url"] = f"{original['url']}?copy={number}"
        writer.writerow(copy)
    return target.getvalue().encode()


def best(work: Callable[[], Any]) -> float:
    def once() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return min(once() for _ in range(ROUNDS))


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxalign.settings")
    django.setup()
    from brands.imports.checking import check_table
    from brands.imports.reading import MAX_BYTES, MAX_ROWS, read_table
    from brands.imports.rowtypes import BY_FILE

    print(f"{'file':<14} {'rows':>7} {'MB':>6} {'rows/s':>9} {'seconds':>8} {'times DictReader':>17}")
    for file, key in (("sources.csv", "source_slug"), ("promises.csv", "promise_slug"), ("actions.csv", "action_slug")):
        data = repeated(file, key, MAX_ROWS)
        if len(data) > MAX_BYTES:
            data = b"".join(islice(data.splitlines(keepends=True), MAX_ROWS * MAX_BYTES // len(data)))
        row_type, text = BY_FILE[file], data.decode()
        rows = check_table(row_type, read_table(file, data))
        assert all(row.is_right for row in rows), "the bench measures rows that are right"
        checking = best(lambda: check_table(row_type, read_table(file, data)))  # noqa: B023
        reading = best(lambda: list(csv.DictReader(io.StringIO(text, newline=""))))  # noqa: B023
        print(
            f"{file:<14} {len(rows):>7} {len(data) / 1e6:>6.1f} {len(rows) / checking:>9.0f} {checking:>8.2f} "
            f"{checking / reading:>17.1f}"
        )


if __name__ == "__main__":
    main()
