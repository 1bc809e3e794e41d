"""The addresses of a case: its scorecard, versions, evidence, history and citations. Below the language prefix."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.evidence import evidence
from cxalign.pages.history import difference, history
from cxalign.pages.replies import document, replies, reply
from cxalign.pages.report import report_case
from cxalign.pages.scorecard import cite, draft, frozen, scorecard

CASE = "brands/<slug:brand>/<slug:crisis>/"

urlpatterns = [
    path(CASE, scorecard, name="scorecard"),
    path(f"{CASE}draft/", draft, name="draft"),
    path(f"{CASE}evidence/", evidence, name="evidence"),
    path(f"{CASE}history/", history, name="history"),
    path(f"{CASE}history/<int:older>..<int:newer>/", difference, name="difference"),
    path(f"{CASE}v<int:number>/", frozen, name="frozen"),
    path(f"{CASE}replies/", replies, name="replies"),
    path(f"{CASE}replies/<slug:reference>/<slug:digest>/", document, name="reply-document"),
    path(f"{CASE}reply/", reply, name="reply"),
    path(f"{CASE}report/", report_case, name="report-case"),
    path(f"{CASE}cite/<slug:style>", cite, name="cite"),
]
