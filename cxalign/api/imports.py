"""Files that programs send in: the same engine, checks and messages as the import of the desk.

A key sees the imports of its owner and their team, as far as its scopes reach; all others do not exist for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from brands.importing import jobs, undoing
from brands.importing.covering import Covered, cover, is_covered
from brands.importing.dates import Order
from brands.importing.examining import CREATE_ANYWAY, LEAVE_OUT, SAME_RECORD
from brands.importing.kinds import KINDS, LANGUAGES, Kind, kind_named
from brands.importing.sending import MappingError, Wishes, send
from brands.imports.reading import MAX_BYTES, UnusableError
from brands.models import Crisis, ImportJob, ImportRow, ImportState, Outcome
from cxalign.accounts import keys
from cxalign.accounts.models import Scope, User
from cxalign.api import shapes, tags
from cxalign.api.authentication import check_key, check_scope, lacking
from cxalign.api.errors import Problem, not_found
from cxalign.api.idempotency import once
from cxalign.api.parameters import (
    BadValue,
    Choice,
    Parameter,
    Query,
    Token,
    in_body,
    read_body,
    read_query,
    read_values,
)
from cxalign.api.permissions import WithKey
from cxalign.api.preconditions import check_match
from cxalign.api.uuids import number_in
from cxalign.api.views import DetailView, ListView, Piece, RecordView

SCOPES: dict[str, str] = {
    "brands": Scope.WRITE_BRANDS,
    "profiles": Scope.WRITE_BRANDS,
    "judgements": Scope.WRITE_BRANDS,
    "outcomes": Scope.WRITE_BRANDS,
    "sources": Scope.WRITE_SOURCES,
    "promises": Scope.WRITE_PROMISES,
    "actions": Scope.WRITE_ACTIONS,
    "action_sources": Scope.WRITE_ACTIONS,
    "proofs": Scope.WRITE_ACTIONS,
    "practices": Scope.WRITE_ACTIONS,
}
"""The scope that a kind of rows needs."""

MODES = {"all_or_nothing": jobs.ALL, "valid_rows": jobs.VALID}
UNDO_MODES = {"all_or_nothing": False, "untouched_rows": True}
AROUND_THE_FILE = 128 * 1024
"""What the other parts of the body may add to the bytes of the file."""
LONGEST_MAPPING = 64 * 1024
ERRORS_TOLD = 50
NOT_A_TABLE = ("unknown_format", "wrong_content")


@dataclass(frozen=True)
class ColumnNames(Parameter):
    """A JSON object: a header of the file → one of our columns; empty or null to leave that column out."""

    def read(self, text: str) -> dict[str, str]:
        try:
            said = orjson.loads(text) if len(text) <= LONGEST_MAPPING else None
        except orjson.JSONDecodeError:
            said = None
        if not isinstance(said, dict) or not all(isinstance(value, str | None) for value in said.values()):
            message = _("Write a JSON object that names a column for each header of the file.")
            raise BadValue("invalid_value", message)
        return {name: column or "" for name, column in said.items()}

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": LONGEST_MAPPING}


FIELDS = (
    Choice("type", values=tuple(kind.name for kind in KINDS)),
    Token("crisis"),
    ColumnNames("mapping"),
    Choice("dates", values=tuple(Order)),
    Choice("mode", values=tuple(MODES)),
    Choice("dry_run", values=("true", "false")),
    Choice("duplicates", values=(LEAVE_OUT, SAME_RECORD, CREATE_ANYWAY)),
)


# --- What is shown ----------------------------------------------------------------------------------------------------


def tag_of(job: ImportJob, language: str = "") -> str:
    """Each language has its tag: questions and messages are worded for whoever asks."""
    return tags.tag(job.pk, job.touched_at.isoformat(), job.state, job.progress, language or get_language())


def import_record(job: ImportJob) -> dict[str, Any]:
    url = f"{settings.BASE_URL}/api/v1/imports/{job.pk}"
    until = job.can_be_undone_until if job.state in (ImportState.DONE, ImportState.CANCELLED) else None
    mode = next((name for name, mode in MODES.items() if mode == job.options.get("mode")), None)
    return {
        **jobs.job_document(job),
        "job": "import",
        "mode": mode,
        "etag": tag_of(job),
        "url": url,
        "html_url": f"{settings.BASE_URL}/{job.language}/desk/imports/{job.pk}/",
        "rows_url": f"{url}/rows",
        "language": job.language,
        "mapping": [
            {"header": header, "column": column} for header, column in zip(job.header, job.mapping, strict=True)
        ],
        "questions": [
            {"code": code, "column": column, "text": jobs.question_text(job, code, column)}
            for code, column, *_text in job.options.get("questions", [])
        ],
        "undo_until": until.isoformat() if until else None,
    }


def told(job: ImportJob, status: int = 200) -> HttpResponse:
    body = orjson.dumps(import_record(job))
    url = f"{settings.BASE_URL}/api/v1/imports/{job.pk}"
    headers = {"ETag": tag_of(job), **({"Location": url} if status == 202 else {})}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


class ImportView(RecordView):
    shape: ClassVar[Any] = shapes.Import
    permission_classes = [WithKey]
    problems: tuple[int, ...] = (403,)

    def piece(self, row: Any) -> Piece:
        return Piece(tag_of(row), lambda: orjson.dumps(import_record(row)))

    def visible(self) -> QuerySet[ImportJob]:
        jobs_ = ImportJob.objects.visible_to(self.request.user)
        return jobs_.select_related("crisis", "requested_by", "team").defer("data")

    def job(self, name: str) -> ImportJob:
        """The import of this address; one that the owner may see and the key was not made for names the scope."""
        number = number_in(name)
        job = self.visible().filter(pk=number).first() if number else None
        if job is None:
            raise not_found()
        check_scope(self.request, SCOPES[job.type])
        return job


def owner_of(request: Request) -> User:
    return check_key(request).owner


def kinds_within_reach(request: Request) -> list[str]:
    """The kinds of rows for which the key was made; refuses a key that was made for none."""
    key = check_key(request)
    found = [kind for kind, scope in SCOPES.items() if scope in key.scopes and keys.owner_may(key.owner, scope)]
    if not found:
        scopes = " ".join(dict.fromkeys(SCOPES.values()))
        raise lacking(scopes, _("Imports need one of the scopes %(scopes)s.") % {"scopes": scopes.replace(" ", ", ")})
    return found


# --- The list, and sending a file -------------------------------------------------------------------------------------


class ImportList(ImportView, ListView):
    """List the imports of the key’s owner and their team."""

    http_method_names = ["get", "head", "post", "options"]
    parser_classes = [MultiPartParser]
    largest_body = MAX_BYTES + AROUND_THE_FILE
    bodies = {"POST": shapes.ImportSent}
    answers = {"POST": (202, 403, 409, 413, 415, 422)}
    filters = (
        Choice("type", "What the file holds.", many=True, values=tuple(SCOPES)),
        Choice("state", "Where the import stands.", many=True, values=tuple(ImportState.values)),
    )
    sorts = {"-created_at": ("created_at", "id"), "created_at": ("created_at", "id")}

    def rows(self, query: Query, **place: Any) -> QuerySet[ImportJob]:
        rows = self.visible().filter(type__in=kinds_within_reach(self.request))
        chosen = {f"{name}__in": query[name] for name in ("type", "state") if name in query}
        return rows.filter(**chosen)

    def post(self, request: Request) -> HttpResponse:
        """Send a file. It is checked row by row and, without “dry_run”, imported as soon as no row stands against it.

        The answer tells where the import stands; ask its address again until it needs you or is finished.
        """
        read_query(request._request, ())
        sent = read_values(request.POST.lists(), FIELDS, in_body)
        file = the_file(request)
        if missing := [name for name in ("type", "file") if not {"type": sent.get("type"), "file": file}[name]]:
            raise invalid([(name, "required", _("This is needed.")) for name in missing])
        check_scope(request, SCOPES[sent["type"]])
        return once(request, lambda: take_in(request, sent, file))  # type: ignore[arg-type]


def invalid(errors: list[tuple[str, str, str]], *within: str) -> Problem:
    told_ = [{**in_body(*within, name), "code": code, "detail": detail} for name, code, detail in errors]
    return Problem("validation", errors[0][2] if len(errors) == 1 else "", errors=told_[:ERRORS_TOLD])


def the_file(request: Request) -> UploadedFile | None:
    files = dict(request.FILES.lists())
    found: list[UploadedFile] = files.pop("file", [])
    if files or len(found) > 1:
        message = _("Send one file, in the part “file”.")
        errors = [{**in_body(name), "code": "unknown_parameter", "detail": message} for name in files or ("file",)]
        raise Problem("bad_parameters", message, errors=errors)
    return found[0] if found else None


def take_in(request: Request, sent: Query, file: UploadedFile) -> HttpResponse:
    kind = kind_named(sent["type"])
    crisis = crisis_of(kind, sent.get("crisis", ""))
    then = "" if sent.get("dry_run") == "true" else MODES[sent.get("mode", "all_or_nothing")]
    dates = Order(sent["dates"]) if "dates" in sent else None
    wishes = Wishes(sent.get("mapping", {}), dates, sent.get("duplicates", ""), then)
    data = file.read(MAX_BYTES + 1)
    return stepping(kind, lambda: told(send(kind.name, file.name or "", data, crisis, owner_of(request), wishes), 202))


def crisis_of(kind: Kind, slug: str) -> Crisis | None:
    if not kind.needs_crisis:
        if slug:
            raise invalid([("crisis", "not_applicable", _("Rows of this type belong to no crisis."))])
        return None
    crisis = Crisis.objects.filter(slug=slug).first() if slug else None
    if crisis is None:
        code, message = ("not_found", _("No such crisis exists.")) if slug else ("required", _("This is needed."))
        raise invalid([("crisis", code, message)])
    return crisis


def stepping(kind: Kind, step: Callable[[], HttpResponse]) -> HttpResponse:
    """A step of the engine, with its refusals as problems."""
    try:
        return step()
    except UnusableError as error:
        raise unusable(error) from error
    except MappingError as error:
        raise invalid(list(error.errors), "mapping") from error
    except undoing.TouchedError as error:
        errors = [{"pointer": f"/rows/{row.number}", "code": error.code, "detail": why} for row, why in error.rows]
        raise Problem("wrong_state", error.message, errors=errors[:ERRORS_TOLD]) from error
    except jobs.StepError as error:
        errors = [{"pointer": "", "code": error.code, "detail": error.message}]
        raise Problem("wrong_state", error.message, errors=errors) from error
    except PermissionDenied as error:
        raise lacking(SCOPES[kind.name], str(error)) from error


def unusable(error: UnusableError) -> Problem:
    wrong = error.problem
    errors = [{"pointer": "/file", "code": wrong.code, "detail": str(wrong)}]
    status = "too_large" if wrong.code == "too_large" else "file_not_supported"
    code = status if wrong.code in ("too_large", *NOT_A_TABLE) else "validation"
    return Problem(code, str(wrong), errors=errors)


# --- One import -------------------------------------------------------------------------------------------------------


class ImportDetail(ImportView, DetailView):
    """Get an import."""

    places = ("id",)
    http_method_names = ["get", "head", "delete", "options"]
    answers = {"DELETE": (200, 202, 403, 409, 412, 413, 428)}

    def rows(self, query: Query, **place: Any) -> QuerySet[ImportJob]:
        return self.visible().filter(pk=self.job(place["id"]).pk)

    def delete(self, request: Request, id: str) -> HttpResponse:
        """Cancel an import, or stop its undoing. What was written and not taken back stays, and can be undone."""
        read_query(request._request, ())
        job = self.job(id)
        check_match(request, tag_of(job), *(tag_of(job, language) for language in LANGUAGES))
        stepping(kind_named(job.type), lambda: cancelled(job, request))
        return told(job, 200 if job.state == ImportState.CANCELLED else 202)


def cancelled(job: ImportJob, request: Request) -> HttpResponse:
    jobs.cancel(job, owner_of(request))
    return told(job)


class ImportStep(ImportView):
    """One step of one import."""

    places = ("id",)
    http_method_names = ["post", "options"]
    takes: tuple[Parameter, ...] = ()

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return ()

    def post(self, request: Request, id: str) -> HttpResponse:
        read_query(request._request, ())
        sent = read_body(request.data, self.takes)
        job = self.job(id)
        return once(request, lambda: stepping(kind_named(job.type), lambda: self.step(job, request, sent)))

    def step(self, job: ImportJob, request: Request, sent: Query) -> HttpResponse:
        raise NotImplementedError


class ImportConfirm(ImportStep):
    """Import what was checked. Doing it twice is doing it once."""

    takes = (Choice("mode", values=tuple(MODES)),)
    bodies = {"POST": shapes.ImportConfirmation}
    answers = {"POST": (202, 403, 409, 413, 415, 422)}

    def step(self, job: ImportJob, request: Request, sent: Query) -> HttpResponse:
        jobs.confirm(job, owner_of(request), MODES[sent.get("mode", "all_or_nothing")])
        job.refresh_from_db(fields=["state", "options", "touched_at"])
        return told(job, 202)


class ImportUndo(ImportStep):
    """Take an import back: for 24 hours, as long as nobody changed or used what it wrote.

    Rows that were changed or used stand against it and are named; “untouched_rows” undoes all others. More than 1,000
    rows are taken back in the background: the answer is 202, and the import is “undoing” until it is “undone”, or has
    its former state again with an “error” and with a message at each row that stands against it.
    """

    takes = (Choice("mode", values=tuple(UNDO_MODES)),)
    bodies = {"POST": shapes.ImportUndoing}
    answers = {"POST": (200, 202, 403, 409, 413, 415, 422)}

    def step(self, job: ImportJob, request: Request, sent: Query) -> HttpResponse:
        count = undoing.undo(job, owner_of(request), rest=UNDO_MODES[sent.get("mode", "all_or_nothing")])
        job.refresh_from_db(fields=["state", "progress", "undoing", "error", "touched_at"])
        return told(job, 202 if count is None else 200)


# --- Its rows ---------------------------------------------------------------------------------------------------------

STATES = {
    "accepted": tuple(set(Outcome) - {Outcome.ERROR, Outcome.ASKED, Outcome.DUPLICATE}),
    "rejected": (Outcome.ERROR,),
    "asked": (Outcome.ASKED, Outcome.DUPLICATE),
}


class ImportRows(ImportView, ListView):
    """List the rows of an import: what becomes of each, and what is wrong with it, in the language of the request."""

    shape = shapes.ImportedRow
    places = ("id",)
    filters = (
        Choice("outcome", "What becomes of the row.", many=True, values=tuple(Outcome.values)),
        Choice("state", "Taken, refused, or waiting for an answer.", many=True, values=tuple(STATES)),
    )
    sorts = {"row": ("number",), "-row": ("number",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[ImportRow]:
        self.of = self.job(place["id"])
        self.covered = Covered(owner_of(self.request), kind_named(self.of.type))
        rows = ImportRow.objects.filter(job=self.of)
        if "outcome" in query:
            rows = rows.filter(outcome__in=query["outcome"])
        if "state" in query:
            rows = rows.filter(outcome__in=[outcome for state in query["state"] for outcome in STATES[state]])
        return rows

    def piece(self, row: ImportRow) -> Piece:
        hidden = is_covered(self.of, row, self.covered)
        shown = cover(row) if hidden else row
        return Piece(
            tags.tag(row.pk, row.outcome, row.written, row.undone, hidden, row.messages, get_language()),
            lambda: orjson.dumps(row_record(shown)),
        )


def row_record(row: ImportRow) -> dict[str, Any]:
    changes = [
        {"field": name, "before": before, "after": after} for name, (before, after) in sorted(row.changes.items())
    ]
    rest = {
        "label": row.label,
        "resembles": row.resembles or None,
        "changes": changes,
        "written": row.written,
        "undone": row.undone,
    }
    return {"id": str(row.number), **jobs.row_document(row), **rest}
