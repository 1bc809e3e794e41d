"""A whole import in one call, for programs: what a person answers page by page comes with the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from brands.importing import columns, jobs
from brands.importing.dates import Order
from brands.importing.kinds import Kind, kind_named, plain
from brands.models import Crisis, ImportJob, ImportState


@dataclass(frozen=True)
class Wishes:
    """What the sender says beside the file."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    """Header of the file → one of our columns, or "" to leave it out. The others are guessed."""
    dates: Order | None = None
    duplicates: str = ""
    then: str = ""
    """How to go on once every row was checked (``jobs.ALL``, ``jobs.VALID``); empty to wait for a confirmation."""


class MappingError(Exception):
    """Names that neither the file nor the kind of rows has: each with its code and what to do about it."""

    def __init__(self, errors: list[tuple[str, str, str]]) -> None:
        super().__init__(errors[0][2])
        self.errors = errors


def send(
    type: str, name: str, data: bytes, crisis: Crisis | None, by: AbstractBaseUser | None, wishes: Wishes
) -> ImportJob:
    """Take a file in and check it, unless something stands between; what is refused leaves nothing behind."""
    with transaction.atomic():
        job = jobs.create_job(type, name, data, crisis, by)
        settle(job, wishes)
    if not job.options["questions"]:
        jobs.check(job)
    return job


def settle(job: ImportJob, wishes: Wishes) -> None:
    kind, table = kind_named(job.type), jobs.table_of(job)
    mapping = mapped(kind, job, wishes.mapping)
    orders = {name: str(wishes.dates) for name in jobs.dates_of(with_mapping(job, mapping), table) if wishes.dates}
    jobs.settle_columns(job, mapping, orders)
    said: dict[str, Any] = {"duplicates": wishes.duplicates, "then": wishes.then}
    questions = [[code, column] for code, column, _text in jobs.open_questions(job, table)]
    job.options = {**job.options, **said, "questions": questions}
    jobs.step(job, (ImportState.MAPPED,), ImportState.MAPPED, ["options"])


def with_mapping(job: ImportJob, mapping: columns.Mapping) -> ImportJob:
    job.mapping = mapping
    return job


def mapped(kind: Kind, job: ImportJob, said: Mapping[str, str]) -> columns.Mapping:
    """The guesses, with what the sender says in their place; a column named there is taken from nowhere else."""
    check_mapping(kind, job.header, said)
    wanted = {plain(header): column for header, column in said.items()}
    taken = {column for column in said.values() if column}
    guessed = [None if column in taken else column for column in job.mapping]
    return [wanted.get(plain(header), column) for header, column in zip(job.header, guessed, strict=True)]


def check_mapping(kind: Kind, header: list[str], said: Mapping[str, str]) -> None:
    there = {plain(name) for name in header}
    errors = []
    for name, column in said.items():
        if plain(name) not in there:
            message = _("The file has no column “%(name)s”.")
            errors.append((name, "unknown_column", message % {"name": name}))
        elif column and column not in kind.names:
            message = _("“%(column)s” is not a column here: use %(known)s.")
            errors.append((name, "unknown_value", message % {"column": column, "known": ", ".join(kind.names)}))
    if errors:
        raise MappingError(errors)
