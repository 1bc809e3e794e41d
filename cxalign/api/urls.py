"""The addresses of the API. The last one catches all others, so that a program never meets a page."""

from __future__ import annotations

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from cxalign.api import (
    brands,
    comparisons,
    crises,
    exports,
    facts,
    imports,
    index,
    jobs,
    landscapes,
    outcomes,
    plan_parts,
    plans,
    practices,
    replies,
    scorecards,
)


class KeyConverter(StringConverter):
    """Identifiers of facts and scorecards: slugs, with colons between the parts of a composed one."""

    regex = "[-a-zA-Z0-9_:]+"


register_converter(KeyConverter, "key")

urlpatterns = [
    path("", index.Index.as_view(), name="api"),
    path("openapi.json", index.Description.as_view(), name="api-description"),
    path("brands", brands.BrandList.as_view(), name="api-brands"),
    path("brands/<slug:slug>", brands.BrandDetail.as_view(), name="api-brand"),
    path("crises", crises.CrisisList.as_view(), name="api-crises"),
    path("crises/<slug:slug>", crises.CrisisDetail.as_view(), name="api-crisis"),
    path("promises", facts.PromiseList.as_view(), name="api-promises"),
    path("promises/<key:id>", facts.PromiseDetail.as_view(), name="api-promise"),
    path("actions", facts.ActionList.as_view(), name="api-actions"),
    path("actions/<key:id>", facts.ActionDetail.as_view(), name="api-action"),
    path("sources", facts.SourceList.as_view(), name="api-sources"),
    path("sources/<key:id>", facts.SourceDetail.as_view(), name="api-source"),
    path("proofs", facts.ProofList.as_view(), name="api-proofs"),
    path("proofs/<key:id>", facts.ProofDetail.as_view(), name="api-proof"),
    path("scorecards", scorecards.ScorecardList.as_view(), name="api-scorecards"),
    path("scorecards/<key:id>", scorecards.ScorecardDetail.as_view(), name="api-scorecard"),
    path("scorecards/<key:id>/versions", scorecards.ScorecardVersions.as_view(), name="api-scorecard-versions"),
    path("landscapes/<slug:slug>", landscapes.LandscapeDetail.as_view(), name="api-landscape"),
    path("comparisons", comparisons.ComparisonDetail.as_view(), name="api-comparisons"),
    path("replies", replies.ReplyList.as_view(), name="api-replies"),
    path("replies/<key:id>", replies.ReplyDetail.as_view(), name="api-reply"),
    path("corrections", replies.CorrectionList.as_view(), name="api-corrections"),
    path("corrections/<key:id>", replies.CorrectionDetail.as_view(), name="api-correction"),
    path("outcomes", outcomes.OutcomeList.as_view(), name="api-outcomes"),
    path("outcomes/<key:id>", outcomes.OutcomeDetail.as_view(), name="api-outcome"),
    path("practices", practices.PracticeList.as_view(), name="api-practices"),
    path("practices/<slug:slug>", practices.PracticeDetail.as_view(), name="api-practice"),
    path("plans", plans.PlanList.as_view(), name="api-plans"),
    path("plans/<str:id>", plans.PlanDetail.as_view(), name="api-plan"),
    path("plans/<str:id>/items", plans.ItemList.as_view(), name="api-plan-items"),
    path("plans/<str:id>/items/<str:item>", plans.ItemDetail.as_view(), name="api-plan-item"),
    path("plans/<str:id>/problems", plan_parts.ProblemList.as_view(), name="api-plan-problems"),
    path("plans/<str:id>/problems/<str:problem>", plan_parts.ProblemDetail.as_view(), name="api-plan-problem"),
    path("plans/<str:id>/scenarios", plan_parts.ScenarioList.as_view(), name="api-plan-scenarios"),
    path("plans/<str:id>/scenarios/<str:scenario>", plan_parts.ScenarioDetail.as_view(), name="api-plan-scenario"),
    path("imports", imports.ImportList.as_view(), name="api-imports"),
    path("imports/<str:id>", imports.ImportDetail.as_view(), name="api-import"),
    path("exports", exports.ExportList.as_view(), name="api-exports"),
    path("exports/<str:id>", exports.ExportDetail.as_view(), name="api-export"),
    path("exports/<str:id>/file", exports.ExportedFile.as_view(), name="api-export-file"),
    path("jobs/<str:id>", jobs.JobDetail.as_view(), name="api-job"),
    path("imports/<str:id>/rows", imports.ImportRows.as_view(), name="api-import-rows"),
    path("imports/<str:id>/confirm", imports.ImportConfirm.as_view(), name="api-import-confirm"),
    path("imports/<str:id>/undo", imports.ImportUndo.as_view(), name="api-import-undo"),
    re_path(".*", index.Nothing.as_view(), name="api-nothing"),
]
