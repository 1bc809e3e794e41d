"""One reported error: what was said, the decision, and the correction that follows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.replies.deciding import Button, empty_form, pressed, status_of
from cxalign.desk.replies.forms import AcceptReportForm, CorrectionForm, DeclineReportForm
from scoring.models import Correction, ErrorReport, Publication
from scoring.voices import reports as acts
from scoring.voices.erasing import erase_sender
from scoring.voices.mailing import mails_about
from scoring.voices.rules import ANSWER, can_decide, histories


@desk_page(ANSWER)
def report(request: HttpRequest, reference: str) -> HttpResponse:
    found = (
        ErrorReport.objects.select_related("assessment__brand", "assessment__crisis", "publication", "decided_by")
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise Http404
    correction = Correction.objects.filter(report=found).select_related("since", "corrected_in").first()
    answer, forms = pressed(request, _buttons(found, correction, person(request)))
    if answer:
        return answer
    context = {
        "report": found,
        "correction": correction,
        "forms": forms,
        "may_decide": can_decide(person(request), found),
        "events": histories([record for record in (found, correction) if record]),
        "mails": mails_about(found),
    }
    return render_desk(request, "desk/replies/report.html", context, status=status_of(forms))


def _buttons(found: ErrorReport, correction: Correction | None, by: Any) -> dict[str, Button]:
    buttons: dict[str, Button] = {}
    versions = Publication.objects.filter(assessment=found.assessment_id or 0).order_by("version")
    if not found.is_decided:
        buttons["accept"] = Button(
            partial(AcceptReportForm, versions=versions, initial={"since": found.publication}),
            lambda data: acts.accept(found, by=by, **data),
            _("The report is accepted, and the public log tells it."),
        )
        buttons["decline"] = Button(
            DeclineReportForm, lambda data: acts.decline(found, by=by, **data), _("The report leads to no correction.")
        )
    if correction:
        later = versions.filter(version__gt=correction.since.version) if correction.since else versions
        buttons["complete"] = Button(
            partial(CorrectionForm, instance=correction, versions=later),
            lambda data: acts.complete(
                correction,
                by=by,
                corrected_in=data.get("corrected_in"),
                changed_en=data["changed_en"],
                changed_fr=data["changed_fr"],
            ),
            _("The public log says what the correction changed."),
        )
    if not found.erased_at and found.email:
        buttons["erase"] = Button(
            empty_form, lambda data: erase_sender(found, by=by), _("The address is erased; the text stays.")
        )
    return buttons
