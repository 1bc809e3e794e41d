"""Files that programs order: the published scorecards, as the page for whole sets gives them, made by a worker.

A key sees what its owner asked for, on the page or by a program; everybody else’s exports do not exist for it.
"""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from brands import codes
from brands.hiding import LEFT_OUT
from cxalign.accounts.models import Scope
from cxalign.api import shapes, tags
from cxalign.api.authentication import check_scope
from cxalign.api.errors import Problem, not_found
from cxalign.api.idempotency import once
from cxalign.api.parameters import Choice, Day, Parameter, Query, Text, Token, in_body, read_body, read_query
from cxalign.api.permissions import WithKey
from cxalign.api.preconditions import check_match
from cxalign.api.scorecards import SIGNALS
from cxalign.api.uuids import number_in
from cxalign.api.views import DetailView, ListView, Piece, RecordView, not_modified
from cxalign.exports import jobs
from cxalign.exports.answers import attachment
from cxalign.exports.csv import DIALECTS
from cxalign.exports.models import ExportFile, ExportJob, ExportState
from scoring.blindness import blind_brands
from scoring.models import OutcomeChoice, RobustnessChoice

KIND = "scorecards"
FORMATS = ("xlsx", "csv")
OF_CSV = ("table", "dialect")
RETRY_AFTER = 30
"""Seconds after which one of three files in the making may be done."""

FORM = (
    Choice("format", values=FORMATS),
    Choice("table", values=shapes.EXPORTED_TABLES),
    Choice("dialect", values=tuple(DIALECTS)),
    Choice("language", values=tuple(code for code, _name in settings.LANGUAGES)),
)
FILTERS = (
    Text("q", max_length=80),
    Token("crisis", many=True),
    Choice("outcome", many=True, values=tuple(OutcomeChoice.values)),
    Choice("robustness", many=True, values=tuple(RobustnessChoice.values)),
    Token("sector", many=True),
    Token("country", many=True, pattern="^[A-Z]{2}$"),
    Choice("stakeholder", many=True, values=tuple(codes.Stakeholder.values)),
    Choice("signal", many=True, values=tuple(SIGNALS)),
    Day("since"),
)


# --- What is shown ----------------------------------------------------------------------------------------------------


def tag_of(job: ExportJob) -> str:
    return tags.tag("export", job.pk, job.touched_at.isoformat(), job.state, job.progress)


def address(job: ExportJob) -> str:
    return f"{settings.BASE_URL}/api/v1/exports/{job.pk}"


def export_record(job: ExportJob) -> dict[str, Any]:
    kept_until = job.kept_until()
    return {
        "id": str(job.pk),
        "job": "export",
        "etag": tag_of(job),
        "url": address(job),
        "html_url": f"{settings.BASE_URL}/{job.language}/account/exports/{job.pk}/",
        "type": job.kind,
        "format": job.format,
        "language": job.language,
        "filters": {name: values for name, values in job.query.items() if name not in OF_CSV},
        **{name: next(iter(job.query.get(name, ())), None) for name in OF_CSV},
        "state": job.state,
        "file": job.file_name,
        "progress": {"done": job.progress, "of": job.total, "records_per_second": round(jobs.rate(job), 1)},
        "download_url": f"{address(job)}/file" if job.is_ready else None,
        "bytes": job.size if job.is_ready else None,
        "sha256": job.digest or None,
        "error": job.error or None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "expires_at": kept_until if job.is_ready else None,
    }


def told(job: ExportJob, status: int = 200) -> HttpResponse:
    headers = {"ETag": tag_of(job), **({"Location": address(job)} if status == 202 else {})}
    body = orjson.dumps(export_record(job))
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


class ExportView(RecordView):
    shape: ClassVar[Any] = shapes.Export
    permission_classes = [WithKey]
    problems: tuple[int, ...] = (403,)

    def piece(self, row: Any) -> Piece:
        return Piece(tag_of(row), lambda: orjson.dumps(export_record(row)))

    def visible(self) -> QuerySet[ExportJob]:
        found: QuerySet[ExportJob] = ExportJob.objects.of(self.request.user)
        return found

    def job(self, name: str) -> ExportJob:
        """The export of this address, as long as it is kept."""
        check_scope(self.request, Scope.EXPORT_BULK)
        number = number_in(name)
        job = self.visible().filter(pk=number).first() if number else None
        if job is None:
            raise not_found()
        return job


# --- The list, and ordering one ---------------------------------------------------------------------------------------


class ExportList(ExportView, ListView):
    """List the exports of the key’s owner."""

    http_method_names = ["get", "head", "post", "options"]
    bodies = {"POST": shapes.ExportOrder}
    answers = {"POST": (202, 403, 409, 413, 415, 422)}
    filters = (
        Choice("format", "What kind of file it is.", many=True, values=FORMATS),
        Choice("state", "Where the export stands.", many=True, values=tuple(ExportState.values)),
    )
    sorts = {"-created_at": ("created_at", "id"), "created_at": ("created_at", "id")}

    def rows(self, query: Query, **place: Any) -> QuerySet[ExportJob]:
        check_scope(self.request, Scope.EXPORT_BULK)
        chosen = {f"{name}__in": query[name] for name in ("format", "state") if name in query}
        return self.visible().filter(**chosen)

    def post(self, request: Request) -> HttpResponse:
        """Order a file of the published scorecards, or of those that the filters leave.

        It is made in the background: ask the address of the answer again until it gives the one of the file. Whoever
        asks for the same file again while it is being made is given the same export.
        """
        check_scope(request, Scope.EXPORT_BULK)
        if blind_brands(request.user):
            raise Problem("wrong_state", str(LEFT_OUT))
        read_query(request._request, ())
        sent = read_body(request.data, (*FORM, *FILTERS))
        return once(request, lambda: ordered(request, sent))


def ordered(request: Request, sent: Query) -> HttpResponse:
    if errors := list(amiss(sent)):
        raise Problem("validation", errors[0]["detail"], errors=errors)
    query = as_stored(sent, (*FILTERS, *(one for one in FORM if one.name in OF_CSV)))
    with translation.override(sent.get("language") or get_language()):
        try:
            job = jobs.order_by_name(KIND, sent["format"], query, by=request.user)
        except jobs.TooManyError as error:
            raise Problem("too_many_requests", str(error), headers={"Retry-After": str(RETRY_AFTER)}) from error
        except jobs.WishError as error:
            errors = [{**in_body(name), "code": "unknown_value", "detail": text} for name, text in error.errors]
            raise Problem("bad_parameters", str(error), errors=errors) from error
    return told(job, 202)


def amiss(sent: Query) -> list[dict[str, str]]:
    """What is missing, and what says something about another format."""
    if "format" not in sent:
        return [{**in_body("format"), "code": "required", "detail": _("This is needed.")}]
    if sent["format"] == "csv":
        return []
    detail = _("A workbook holds all tables and needs no dialect: leave this out, or ask for csv.")
    return [{**in_body(name), "code": "not_applicable", "detail": detail} for name in OF_CSV if name in sent]


def as_stored(sent: Query, parameters: tuple[Parameter, ...]) -> jobs.Query:
    """Name → values, as an address has them."""
    found = {one.name: sent[one.name] for one in parameters if sent.get(one.name)}
    return {name: [*map(str, value)] if isinstance(value, list) else [str(value)] for name, value in found.items()}


# --- One export -------------------------------------------------------------------------------------------------------


class ExportDetail(ExportView, DetailView):
    """Get an export."""

    places = ("id",)
    http_method_names = ["get", "head", "delete", "options"]
    answers = {"DELETE": (200, 403, 412, 413, 428)}

    def rows(self, query: Query, **place: Any) -> QuerySet[ExportJob]:
        return self.visible().filter(pk=self.job(place["id"]).pk)

    def delete(self, request: Request, id: str) -> HttpResponse:
        """Cancel an export that is being made, or remove one that is finished: the answer is the export as it was."""
        read_query(request._request, ())
        job = self.job(id)
        check_match(request, tag_of(job))
        if not jobs.cancel(job):
            jobs.remove(job)
        return told(job)


class AnyFormat(BaseContentNegotiation):
    """A file is what it is, whatever the request would rather have."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportedFile(ExportView):
    """Download the file of an export that is ready."""

    places = ("id",)
    content_negotiation_class = AnyFormat
    is_a_file = True

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return ()

    def get(self, request: Request, id: str) -> HttpResponse:
        read_query(request._request, ())
        job = self.job(id)
        tag = f'"{job.digest}"'
        if job.is_ready and tags.is_known(tag, tags.wanted_tags(request._request)):
            return not_modified(tag)
        kept = ExportFile.objects.filter(job=job).first()
        if kept is None:
            raise not_found()
        response = attachment(bytes(kept.data), job.file_name)
        response["ETag"] = tag
        return response
