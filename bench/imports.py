"""How fast rows are checked: on their own, and whole imports against a database of over 10,000 records.

    python -m bench.imports

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

ON_FILE = 12_000


def sheet(type: str, rows: int, first: int, filler: int) -> bytes:
    """Rows of one kind that differ from one another; ``filler`` characters of text make them as long as real ones."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    text = "mot " * (filler // 4)
    if type == "sources":
        writer.writerow(["Clé", "Titre", "Type", "Adresse", "Publiée le", "Langue", "Passage exact"])
        for n in range(first, first + rows):
            address = f"https://example.org/{n}"
            writer.writerow([f"src-{n}", f"Article {n}", "presse", address, "13/04/2020", "français", text])
    else:
        writer.writerow(
            ["Marque", "Ce qu’elle a fait, en français", "Début", "SU", "RE", "Catégories", "Motif en français"]
        )
        for n in range(first, first + rows):
            day = f"{13 + n % 15}/{1 + n % 12:02d}/2020"
            writer.writerow([f"Marque {n % 500}", f"A fait l’acte {n}.", day, "réelle", "inconnu", "care|safety", text])
    return target.getvalue().encode("cp1252")


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def whole_imports() -> None:
    """In a process of its own, on the empty database that the environment names."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxalign.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from brands.importing import jobs
    from brands.importing.undoing import undo
    from brands.models import Brand, Crisis, ImportJob, Sector

    call_command("migrate", verbosity=0)
    crisis, sector = Crisis.objects.get(), Sector.objects.first()
    Brand.objects.bulk_create(
        Brand(name=f"Marque {n}", slug=f"marque-{n}", sector=sector, country="FR") for n in range(500)
    )

    def timed(work: Callable[[], Any]) -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    def prepared(type: str, data: bytes) -> ImportJob:
        job = jobs.create_job(type, f"{type}.csv", data, crisis, None)
        jobs.settle_columns(job, job.mapping, {})
        jobs.AT_ONCE = 10**6
        return job

    def write(job: ImportJob) -> None:
        jobs.confirm(job, None)
        jobs.work_on(job.pk)

    for type in ("sources", "actions"):
        job = prepared(type, sheet(type, ON_FILE, 0, 40))
        jobs.check(job)
        write(job)
    for type in ("sources", "actions"):
        data = sheet(type, 20_000, ON_FILE - 2_000, 400)
        before = peak_megabytes()
        job = prepared(type, data)
        checking = timed(lambda: jobs.check(job))  # noqa: B023
        assert job.state == "checked", job.error
        writing = timed(lambda: write(job))  # noqa: B023
        job.refresh_from_db()
        assert job.state == "done", job.error
        memory = peak_megabytes() - before
        undoing = timed(lambda: undo(job, None))  # noqa: B023
        print(
            f"{connection.vendor:<11} {type:<8} {job.total:>6} {len(data) / 1e6:>5.1f} {job.total / checking:>9.0f} "
            f"{jobs.to_do(job) / writing:>9.0f} {jobs.to_do(job) / undoing:>9.0f} {memory:>+8.0f}"
        )


def on_both_databases() -> None:
    from tools.postgres import NoPostgres, throwaway_postgres

    print("\nRows for each second of processor time of the process itself; memory beyond what it had before.")
    heads = f"{'checked':>9} {'written':>9} {'undone':>9} {'MB more':>8}"
    print(f"{'database':<11} {'rows of':<8} {'rows':>6} {'MB':>5} {heads}")
    with tempfile.TemporaryDirectory() as folder:
        again({"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"})
        try:
            with throwaway_postgres() as url:
                again({"DATA_DIR": folder, "DATABASE_URL": url})
        except NoPostgres as reason:
            print(reason)


def again(environment: dict[str, str]) -> None:
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "bench.imports", "whole"], env={**os.environ, **environment}, check=True)


def main() -> None:
    if "whole" in sys.argv[1:]:
        whole_imports()
    else:
        in_memory()
        on_both_databases()


if __name__ == "__main__":
    main()
