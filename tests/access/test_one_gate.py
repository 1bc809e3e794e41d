"""Reading starts at the gate: no view builds a query on what may be unpublished, but for a reason given here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

OUTSIDE = Path(settings.BASE_DIR) / "cxalign"
LEFT_OUT = ("desk", "management", "migrations")
"""Pages of the desk open to those who read drafts (see ``test_every_address``); commands are run on the machine."""

UNPUBLISHED = frozenset(
    [
        "Brand",
        "BrandProfile",
        "Promise",
        "Action",
        "ActionSource",
        "Proof",
        "Source",
        "Judgement",
        "OutcomeFigure",
        "PublishedFigure",
        "Event",
        "Assessment",
        "Snapshot",
        "ScoringJob",
        "PublishedFact",
        "Suggestion",
        "ApiKey",
        "Reply",
        "ReplyNotice",
        "ErrorReport",
        "Correction",
        "BrandContact",
        "OutgoingMail",
        "EvidenceSearch",
        "Tie",
        "CodingRound",
        "CodingItem",
        "ItemCoding",
        "Measurement",
        "ImportJob",
        "ExportJob",
        "ExportFile",
        "ImportRow",
        "ArchiveOrder",
        "ArchiveJob",
        "SavedFilter",
        "Practice",
        "Plan",
        "Item",
        "Share",
        "Portfolio",
        "Holding",
        "Step",
        "Watch",
        "Subscriber",
        "Told",
    ]
)
MANAGERS = frozenset({"objects", "_base_manager", "_default_manager"})
RELATED = frozenset(
    [
        "assessments",
        "snapshots",
        "promises",
        "actions",
        "profiles",
        "judgements",
        "outcome_figures",
        "proofs",
        "events",
        "source_links",
        "scoring_job",
    ]
)
QUERYING = frozenset(
    [
        "all",
        "filter",
        "exclude",
        "exists",
        "count",
        "first",
        "last",
        "get",
        "values",
        "values_list",
        "order_by",
        "latest_of",
    ]
)

REASONS = {
    ("api/exports.py", "visible", "ExportJob"): "its own gate: what the key’s owner asked for",
    ("api/exports.py", "get", "ExportFile"): "the file of a job that came through that gate",
    ("api/jobs.py", "export_of", "ExportJob"): "its own gate: what the key’s owner asked for",
    ("api/imports.py", "visible", "ImportJob"): "its own gate: jobs of the key’s owner and of their teams",
    ("api/imports.py", "rows", "ImportRow"): "rows of a job that came through that gate",
    ("exports/jobs.py", "*", "ExportJob"): "its own gate: a person sees what they asked for; workers see the queue",
    ("exports/jobs.py", "make", "ExportFile"): "keeps what a worker made",
    ("pages/exporting/account.py", "*", "ExportJob"): "one's own files",
    ("pages/exporting/account.py", "download", "ExportFile"): "the file of a job that is one's own",
    ("pages/sources.py", "uses_of", "PublishedFact"): "a copy of what is published, and nothing else",
    ("pages/sources.py", "source", "PublishedFact"): "a copy of what is published, and nothing else",
    ("pages/sources.py", "links_of", "Source"): "whether the link of a source that is shown still answers",
    ("pages/sources.py", "_own_copy", "Source"): "the copy of a source that is shown, for those who may open it",
    ("pages/cases.py", "listed", "Snapshot"): "only whether there is one: that work is under way is public",
    ("pages/brands.py", "cases_begun", "Assessment"): "only whether there is one, for brands that are visible",
    ("pages/brand.py", "unpublished", "assessments"): "only which crises of a visible brand are under way",
    ("api/brands.py", "public_brands", "Assessment"): "joined to the publication in force",
    ("api/facts.py", "published", "PublishedFact"): "a copy of what is published, and nothing else",
    ("practices/reading.py", "*", "Practice"): "the gate for practices",
    ("practices/reading.py", "example_keys", "PublishedFact"): "a copy of what is published, and nothing else",
    ("practices/reading.py", "examples_of", "PublishedFact"): "a copy of what is published, and nothing else",
    ("practices/reading.py", "_beside", "PublishedFact"): "a copy of what is published, and nothing else",
    ("practices/importing.py", "known", "Practice"): "whether a row that somebody sends in is on file already",
    ("practices/starting.py", "*", "Practice"): "puts on file what the product brings along",
    ("practices/starting.py", "practice_of", "Brand"): "joins what is on file; shown through visible_brands",
    ("practices/starting.py", "practice_of", "Source"): "the two articles that the product brings along",
    ("practices/reading.py", "with_places", "Source"): "sources that an editor published with a practice",
    ("plans/gate.py", "*", "Plan"): "the gate for plans: those of one’s own teams",
    ("plans/gate.py", "*", "Share"): "one plan, by a token that nobody guesses",
    ("plans/editing.py", "*", "Plan"): "the gate for changes: of a plan that came through the gate for reading",
    ("plans/editing.py", "*", "Item"): "cards of a plan that came through that gate",
    ("plans/editing.py", "*", "Share"): "links of a plan that came through that gate",
    ("plans/reading.py", "items", "Item"): "cards of a plan that came through that gate",
    ("pages/plans/forms.py", "", "Item"): "no card at all, until the form is given those of its plan",
    (
        "api/plan_parts.py",
        "problems_of",
        "Item",
    ): "cards that answer to a problem of such a plan",
    ("api/plans.py", "items", "Item"): "cards of a plan that came through that gate",
    ("portfolios/gate.py", "*", "Portfolio"): "the gate for portfolios: those of one’s own teams",
    ("portfolios/editing.py", "*", "Portfolio"): "the gate for changes: of one that came through the gate for reading",
    ("portfolios/editing.py", "*", "Holding"): "brands of a portfolio that came through that gate",
    ("portfolios/editing.py", "log", "Step"): "the log of a portfolio that came through that gate",
    ("portfolios/holding.py", "held", "Portfolio"): "those that one made",
    ("portfolios/holding.py", "held", "Step"): "what one did oneself",
    ("pages/portfolios/forms.py", "", "Portfolio"): "none at all, until the form is given those of its person",
    ("pages/portfolios/views.py", "step_asked_for", "Step"): "of portfolios that come through the gate",
    ("pages/portfolios/views.py", "undo", "Step"): "of a portfolio that has to come through the gate",
    ("pages/happenings.py", "lines_about", "Event"): "which lines there are; told only where their subject is public",
    ("pages/happenings.py", "practices_of", "Practice"): "keys to look for; told only where the practice is public",
    ("watches/following.py", "*", "Watch"): "the gate for watches: one’s own",
    ("watches/following.py", "*", "Subscriber"): "the gate for watches: one’s own, or by a token that nobody guesses",
    ("watches/following.py", "still_there", "Portfolio"): "the gate for portfolios",
    ("watches/following.py", "newest_line", "Event"): "a number",
    ("watches/following.py", "*", "OutgoingMail"): "mails of one subscriber, and those that are too old",
    ("watches/following.py", "forget_old", "Told"): "what is too old",
    ("watches/holding.py", "*", "Watch"): "one’s own",
    ("watches/holding.py", "*", "Subscriber"): "one’s own",
    ("watches/holding.py", "*", "OutgoingMail"): "one’s own",
    ("watches/holding.py", "*", "Told"): "one’s own",
    ("pages/watching/telling.py", "*", "Watch"): "of the subscriber that is being told",
    ("pages/watching/telling.py", "*", "Subscriber"): "whoever is to be told; read by no page",
    ("pages/watching/telling.py", "tell", "Told"): "of the subscriber that is being told",
    ("pages/watching/telling.py", "scope_of", "Holding"): "of portfolios whose watches came through the gate",
    ("pages/watching/views.py", "*", "Subscriber"): "one’s own",
    ("pages/watching/views.py", "end", "Watch"): "one’s own",
    ("pages/watching/views.py", "undelivered", "OutgoingMail"): "one’s own",
    ("health.py", "brands_waiting", "ScoringJob"): "a number, for whoever watches the machine",
    ("accounts/profile.py", "held_about", "Event"): "one's own changes",
    ("accounts/profile.py", "held_about", "Suggestion"): "one's own suggestions",
    ("accounts/keys.py", "*", "ApiKey"): "the gate for keys",
    ("accounts/key_pages.py", "*", "ApiKey"): "one's own keys",
    ("accounts/erasing.py", "erase", "ApiKey"): "the keys of whoever leaves",
    ("pages/replies.py", "_reply", "Reply"): "one's own, by a token that nobody guesses",
    ("pages/replies.py", "notice", "Reply"): "those sent from the page of one notice, by its token",
    ("pages/report.py", "status", "ErrorReport"): "one's own, by a token that nobody guesses",
    ("saved_filters.py", "shown_to", "SavedFilter"): "the gate for saved filters: one's own and one's teams'",
    ("saved_filters.py", "add", "SavedFilter"): "one's own",
    ("saved_filters.py", "change", "SavedFilter"): "one's own",
    ("accounts/suggestions.py", "*", "Suggestion"): "the gate for suggestions",
    ("pages/search.py", "_facts", "PublishedFact"): "a copy of what is published, and nothing else",
    (
        "pages/trying/views.py",
        "answer",
        "Measurement",
    ): "agreement as adopted: published verdicts are judged on it",
}
"""Module, function and model (or the name of the relation) → why it needs no gate."""

Found = tuple[str, str]


def queries(source: str) -> Iterator[Found]:
    """Function and model of each query that does not start at the gate."""
    for function, node in _with_function(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        if node.attr in MANAGERS and isinstance(owner, ast.Name) and owner.id in UNPUBLISHED:
            yield function, owner.id
        if node.attr in QUERYING and isinstance(owner, ast.Attribute) and owner.attr in RELATED:
            yield function, owner.attr


def _with_function(node: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        yield inside, child
        yield from _with_function(child, inside)


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(OUTSIDE.rglob("*.py")):
        name = path.relative_to(OUTSIDE)
        if not set(name.parts) & set(LEFT_OUT):
            yield name.as_posix(), path.read_text(encoding="utf-8")


def ungated() -> set[tuple[str, str, str]]:
    found = set()
    for module, source in modules():
        for function, name in queries(source.replace("Suggestion.objects.visible_to(", "visible_suggestions(")):
            if (module, "*", name) not in REASONS:
                found.add((module, function, name))
    return found


def test_no_view_queries_what_may_be_unpublished_without_the_gate() -> None:
    assert ungated() - set(REASONS) == set(), "Start at scoring/visibility.py, or give the reason here."


def test_each_reason_is_still_needed() -> None:
    single = {reason for reason in REASONS if reason[1] != "*"}
    assert single - ungated() == set()
    everything = dict(modules())
    for module, function, name in set(REASONS) - single:
        assert function == "*"
        assert any(found == name for _function, found in queries(everything[module])), (module, name)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def view(request):\n    return Snapshot.objects.all()", [("view", "Snapshot")]),
        ("def view(request):\n    return Promise._base_manager.filter(pk=1)", [("view", "Promise")]),
        ("def view(brand):\n    return brand.promises.filter(pk=1)", [("view", "promises")]),
        ("ROWS = Action.objects", [("", "Action")]),
        ("def view(request):\n    return visible_snapshots(reader_of(request)).filter(pk=1)", []),
        ("def view(document):\n    return document.promises", []),
    ],
)
def test_a_query_beside_the_gate_is_found(source: str, found: list[Found]) -> None:
    assert list(queries(source)) == found
