"""How fast rows are checked: on their own, and whole imports of every kind of rows, one resting on the other.

    python -m bench.imports
    IMPORT_ROWS=5000 python -m bench.imports

The first table compares checking a file with merely reading it (``csv.DictReader``). The second goes the way of the
import wizard on SQLite and on PostgreSQL: reading, every check, comparison with the database and staging of the rows;
then the writing; and how much memory the process needed for it. Both databases are thrown away afterwards.
"""

from __future__ import annotations

import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

ROUNDS = 3
ROWS = int(os.environ.get("IMPORT_ROWS", "20000"))
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


def in_memory() -> None:
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


# --- Whole imports ----------------------------------------------------------------------------------------------------

CODES = {"SU": "réelle", "RE": "inconnu", "IN": "3", "GE": "1"}


def row_of(type: str, n: int, text: str) -> dict[str, str]:
    """Row ``n`` of a sheet, as people write it; ``text`` makes it as long as real ones."""
    brand, day = f"Marque {n}", f"{13 + n % 15}/{1 + n % 12:02d}/2020"
    sheets: dict[str, dict[str, str]] = {
        "brands": {"Nom": brand, "Pays": "France", "Secteur": "insurance", "Résumé en français": text[:900]},
        "sources": {
            "Clé": f"src-{n}",
            "Titre": f"Article {n}",
            "Type": "presse",
            "Adresse": f"https://example.org/{n}",
            "Publiée le": day,
            "Langue": "français",
            "Passage exact": text,
        },
        "promises": {
            "Clé": f"pro-{n}",
            "Marque": brand,
            "Type de promesse": "mission",
            "Énoncé en français": f"Promet la chose {n}.",
            "Parties prenantes": "clients|partenaires",
            "Sources": f"src-{n}|src-{n // 2}",
            "Poids": "centrale",
            "Vérifiable": "oui",
            "rationale_fr": text,
        },
        "actions": {
            "Clé": f"act-{n}",
            "Marque": brand,
            "Ce qu’elle a fait, en français": f"A fait l’acte {n}.",
            "Date": day,
            **CODES,
            "Catégorie": "care|safety",
            "rationale_fr": text,
        },
        "action_sources": {
            "action": f"act-{n}",
            "source": f"src-{n}",
            "kind": "indépendante",
            "group": f"g{n}",
            "locator": text[:100],
        },
        "proofs": {
            "action": f"act-{n}",
            "stakeholder": "clients",
            "yardstick": f"pro-{n}",
            "direction": "aide",
            "depth": "1",
            "remedy": "0",
            "rationale_fr": text,
        },
        "profiles": {
            "Marque": brand,
            "PU": "2",
            "VH": "inconnu",
            "CC": "1",
            "Sources": f"src-{n}",
            "rationale_fr": text,
        },
        "judgements": {
            "Marque": brand,
            "Libellé": f"avis {n}",
            "Polarité": "favorable",
            "Source": f"src-{n}",
            "description_fr": text,
        },
    }
    return sheets[type]


TYPES = ("brands", "sources", "promises", "actions", "action_sources", "proofs", "profiles", "judgements")
RESTED_ON = ("brands", "actions")
"""What promises and proofs leave a mark on even when they are undone: undone before those come, and imported again."""
CELLS = 400
"""Characters of filler in a row: with it 20,000 rows come near the 10 MB that a file may have."""


def sheet(type: str, rows: int) -> bytes:
    text = "mot " * (CELLS // 4)
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(row_of(type, 0, text)), delimiter=";")
    writer.writeheader()
    writer.writerows(row_of(type, n, text) for n in range(rows))
    return target.getvalue().encode("cp1252")


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Times:
    """Processor time of this process, and time on the wall."""

    def __init__(self, work: Callable[[], Any]) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        self.cpu, self.wall = time.process_time() - cpu, time.perf_counter() - wall

    def rates(self, rows: int) -> str:
        return f"{rows / self.cpu:>9.0f} {rows / self.wall:>7.0f}"


def whole_imports(rows: int) -> None:
    """In a process of its own, on the empty database that the environment names."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxalign.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from brands.importing import jobs
    from brands.importing.columns import undecided
    from brands.importing.undoing import undo
    from brands.models import Crisis, ImportJob, ImportRow

    call_command("migrate", verbosity=0)
    crisis = Crisis.objects.get()
    jobs.AT_ONCE = 10**6

    def prepared(type: str, data: bytes) -> ImportJob:
        job = jobs.create_job(type, f"{type}.csv", data, crisis, None)
        assert not undecided(job.mapping), (type, job.header, job.mapping)
        jobs.settle_columns(job, job.mapping, {})
        return job

    def write(job: ImportJob) -> None:
        jobs.confirm(job, None)
        jobs.work_on(job.pk)

    done, undone = [], {}
    for type in TYPES:
        data = sheet(type, rows)
        text = data.decode("cp1252")
        reading = Times(lambda: list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";")))  # noqa: B023
        before = peak_megabytes()
        job = prepared(type, data)
        checking = Times(lambda: jobs.check(job))  # noqa: B023
        wrong = ImportRow.objects.filter(job=job).exclude(outcome="create").first()
        assert job.state == "checked", job.error
        assert wrong is None, wrong and wrong.messages
        writing = Times(lambda: write(job))  # noqa: B023
        job.refresh_from_db()
        assert job.state == "done", job.error
        done.append((type, data, job, reading, checking, writing, peak_megabytes() - before))
        if type in RESTED_ON:
            undone[type] = Times(lambda: undo(job, None))  # noqa: B023
            again = prepared(type, data)
            jobs.check(again)
            write(again)
    for type, data, job, reading, checking, writing, memory in reversed(done):
        undoing = undone.get(type) or Times(lambda: undo(job, None))  # noqa: B023
        print(
            f"{connection.vendor:<11} {type:<15} {rows:>6} {len(data) / 1e6:>5.1f} {checking.rates(rows)} "
            f"{checking.cpu / reading.cpu:>6.0f} {writing.rates(rows)} {undoing.rates(rows)} {memory:>+8.0f}"
        )


def on_both_databases() -> None:
    from tools.postgres import NoPostgres, throwaway_postgres

    print("\nRows a second, of processor time of the process itself and on the wall; memory beyond what it had before.")
    print("“times” compares the check with merely reading the file (csv.DictReader).")
    heads = (
        f"{'checked':>9} {'wall':>7} {'times':>6} {'written':>9} {'wall':>7} {'undone':>9} {'wall':>7} {'MB more':>8}"
    )
    print(f"{'database':<11} {'rows of':<15} {'rows':>6} {'MB':>5} {heads}")
    with tempfile.TemporaryDirectory() as folder:
        again({"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"})
        try:
            with throwaway_postgres() as url:
                again({"DATA_DIR": folder, "DATABASE_URL": url})
        except NoPostgres as reason:
            print(reason)


def again(environment: dict[str, str]) -> None:
    sys.stdout.flush()
    subprocess.run(
        [sys.executable, "-m", "bench.imports", "whole", str(ROWS)], env={**os.environ, **environment}, check=True
    )


def main() -> None:
    if sys.argv[1:2] == ["whole"]:
        whole_imports(int(sys.argv[2]))
    else:
        in_memory()
        on_both_databases()


if __name__ == "__main__":
    main()
