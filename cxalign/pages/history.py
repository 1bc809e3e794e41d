"""The versions of a verdict, and what moved between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cxalign.pages import arranging, cases, words
from cxalign.templatetags.cxalign import in_language, label_language, minus, partial_date
from cxalign.templatetags.cxalign import told as typed
from scoring.differences import Change, Difference, Evidence
from scoring.differences import difference as difference_between
from scoring.scorecards import Scorecard, brand_document
from scoring.voices.taken import taken_by


def history(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Every version, withdrawn ones with their reason. Public as soon as one version was."""
    versions = cases.history(brand, crisis)
    if not versions:
        raise Http404
    assessment = versions[0].assessment
    standing = arranging.standing(versions)
    context = {
        "versions": versions,
        "taken": taken_by(versions),
        "brand": brand_document(assessment.brand),
        "crisis_name": cases.crisis_name(assessment),
        "crisis_slug": crisis,
        "turning_point": arranging.turning_point(standing) if standing else "",
        "pairs": dict(zip((one.version for one in versions), (one.version for one in versions[1:]), strict=False)),
        "address": reverse("scorecard", args=[brand, crisis]),
        **cases.reporting(versions[0]),
    }
    return render(request, "pages/history.html", context)


@cases.answers_when_withdrawn
def difference(request: HttpRequest, brand: str, crisis: str, older: int, newer: int) -> HttpResponse:
    """What differs between two published versions; asked the wrong way round, the older still comes first."""
    if older == newer:
        raise Http404
    older, newer = sorted((older, newer))
    before, after = (
        Scorecard(publication.snapshot, publication, settings.BASE_URL)
        for publication in (cases.version(brand, crisis, number) for number in (older, newer))
    )
    context = {
        "before": before,
        "after": after,
        "document": after.document,
        "difference": told(difference_between(before.document, after.document)),
        "steps": [one for one in cases.history(brand, crisis) if older < one.version <= newer][::-1],
        "address": reverse("scorecard", args=[brand, crisis]),
        "report_address": reverse("report-case", args=[brand, crisis]),
    }
    return render(request, "pages/difference.html", context)


# --- A difference in words --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One change as the page shows it."""

    name: str
    before: str
    after: str
    step: int | None = None


@dataclass(frozen=True)
class EditedRecord:
    statement: str
    lines: list[Line]


@dataclass(frozen=True)
class Section:
    """What moved among the records of one kind."""

    title: str
    added: list[str]
    removed: list[str]
    changed: list[EditedRecord]


@dataclass(frozen=True)
class Told:
    verdict: list[Line]
    indices: list[Line]
    sections: list[Section]

    def __bool__(self) -> bool:
        return bool(self.verdict or self.indices or self.sections)


def told(found: Difference) -> Told:
    return Told(
        verdict=[_line(change) for change in found.verdict],
        indices=[
            Line(words.word(change.name, "index"), _number(change.before), _number(change.after), change.step)
            for change in found.indices
        ],
        sections=[_section(evidence) for evidence in found.evidence],
    )


def _section(evidence: Evidence) -> Section:
    return Section(
        title=str(_TITLES[evidence.kind]),
        added=[_statement(record) for record in evidence.added],
        removed=[_statement(record) for record in evidence.removed],
        changed=[
            EditedRecord(_statement(edited.record), [_line(change) for change in edited.changes])
            for edited in evidence.changed
        ],
    )


_TITLES = {
    "promises": _("Promises"),
    "actions": _("Acts"),
    "proofs": _("Proofs"),
    "sources": _("Sources"),
    "judgements": _("Others’ judgements"),
    "profile": _("Brand profile"),
}


def _statement(record: Mapping[str, Any]) -> str:
    """What names a record: for a proof the act and the group, for a source its title."""
    if "profile" in record:
        return gettext("What was on file from before the crisis")
    if "direction" in record:
        group, direction = (
            words.word(record["stakeholder"], "stakeholder"),
            words.word(record["direction"], "direction"),
        )
        return format_html("{} – {}, {}", typed(record["statement"]), group, direction)
    if "statement" in record:
        return typed(record["statement"])
    if "title" in record:
        return in_language(record["title"], record.get("lang") or "")
    return in_language(record["label"], label_language(record["label"]))


def _line(change: Change) -> Line:
    name, vocabulary = _FIELDS.get(change.name, (change.name, None))
    return Line(str(name), _value(change.before, vocabulary), _value(change.after, vocabulary), change.step)


def _number(value: int | None) -> str:
    return gettext("not defined") if value is None else minus(value)


def _value(value: Any, vocabulary: str | None) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_value(item, vocabulary) for item in value)
    if isinstance(value, Mapping):
        return typed(value) if "en" in value else ", ".join(str(part) for part in value.values() if part)
    if vocabulary == "date":
        return partial_date(value)
    return words.short_word(value, vocabulary) if vocabulary else str(value)


_FIELDS: dict[str, tuple[Any, str | None]] = {
    "outcome": (_("verdict"), "outcome"),
    "breadth": (_("breadth of the verdict"), "breadth"),
    "reason": (_("reason for none"), "reason"),
    "robustness": (_("robustness"), "robustness"),
    "method_version": (_("method"), None),
    "kind": (_("kind"), "promise_kind"),
    "statement": (_("statement"), None),
    "quote": (_("quotation"), None),
    "stakeholders": (_("stakeholders"), "stakeholder"),
    "stakeholder": (_("stakeholder"), "stakeholder"),
    "stated_on": (_("stated on"), "date"),
    "since": (_("since"), "date"),
    "statement_level": (_("statement level"), "statement_level"),
    "weight": (_("weight"), "weight"),
    "value_type": (_("value type"), "value_type"),
    "specificity": (_("specificity"), "specificity"),
    "scope": (_("scope"), "scope"),
    "testable": (_("testable"), None),
    "rationale": (_("reason"), None),
    "sources": (_("sources"), None),
    "occurred_on": (_("date"), "date"),
    "ended_on": (_("end"), "date"),
    "substance": (_("substance"), "substance"),
    "reach": (_("reach"), "reach"),
    "initiative": (_("initiative"), "initiative"),
    "generosity": (_("generosity"), "generosity"),
    "duration": (_("duration"), "duration"),
    "category": (_("category"), "category"),
    "family": (_("practice family"), "family"),
    "coding": (_("coding"), "coding"),
    "appraisal": (_("overall appraisal"), None),
    "disputed": (_("disputed"), None),
    "duplicate_of": (_("duplicate of"), None),
    "yardstick": (_("yardstick"), "yardstick"),
    "promise": (_("promise"), None),
    "direction": (_("direction"), "direction"),
    "depth": (_("depth"), None),
    "remedy": (_("remedy"), "remedy"),
    "published_on": (_("published on"), "date"),
    "type": (_("type"), "source_type"),
    "title": (_("title"), None),
    "publisher": (_("publisher"), None),
    "author": (_("author"), None),
    "url": (_("address"), None),
    "passage": (_("passage"), None),
    "archive": (_("archived copy"), None),
    "label": (_("label"), None),
    "archetype": (_("archetype"), "outcome"),
    "source_kind": (_("kind of source"), "source_kind"),
    "pu": (_("purpose"), "purpose"),
    "vh": (_("values heritage"), "values_heritage"),
    "cc": (_("customer record"), "customer_record"),
    "labels": (_("labels held"), None),
    "not_applicable": (_("groups that do not apply"), "stakeholder"),
    "not_applicable_reason": (_("why they do not apply"), None),
}
"""Name of a field and the vocabulary that its codes are worded by."""
