"""The plan as a table: on screen, and as files for a spreadsheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from cxalign.accounts.access import person
from cxalign.exports.answers import MEDIA_TYPES
from cxalign.pages.plans import slides
from cxalign.pages.plans.access import plan_page, render_plan
from cxalign.pages.plans.board import move_choices
from cxalign.pages.plans.undoing import note_of
from cxalign.plans import editing
from cxalign.plans.files import as_csv_file, as_xlsx_file, file_name
from cxalign.plans.models import ActivityKind, Plan
from cxalign.plans.reading import PlanView, in_board_order
from cxalign.templatetags.cxalign import page_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@plan_page
def table(request: HttpRequest, plan: Plan) -> HttpResponse:
    view = PlanView(plan)
    context = {"cards": in_board_order(view.cards), "note": note_of(request, plan), "horizons": move_choices()}
    return render_plan(request, "plans/table.html", view, "table", context)


@plan_page
def csv_file(request: HttpRequest, plan: Plan) -> HttpResponse:
    return given_out(request, plan, "csv", "text/csv; charset=utf-8", as_csv_file(PlanView(plan), page_language()))


@plan_page
def xlsx_file(request: HttpRequest, plan: Plan) -> HttpResponse:
    return given_out(request, plan, "xlsx", XLSX, as_xlsx_file(PlanView(plan)))


@plan_page
def pptx_file(request: HttpRequest, plan: Plan) -> HttpResponse:
    return given_out(request, plan, "pptx", MEDIA_TYPES["pptx"], slides.as_pptx(PlanView(plan)))


@plan_page
def pdf_file(request: HttpRequest, plan: Plan) -> HttpResponse:
    return given_out(request, plan, "pdf", MEDIA_TYPES["pdf"], slides.as_pdf(PlanView(plan)))


def given_out(request: HttpRequest, plan: Plan, ending: str, kind: str, body: bytes) -> HttpResponse:
    """A file that leaves the team is a line in the log."""
    if request.method == "GET":
        editing.log(plan, person(request), ActivityKind.EXPORTED, changes={"label": [None, ending.upper()]})
    name = file_name(plan, ending, page_language())
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
