"""Every address of the product, as the map of addresses has it, and the rule of who may open it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {
    "int": "1",
    "slug": "absent",
    "str": "absent",
    "key": "absent:covid-19",
    "path": "absent",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
_PLACE = re.compile(r"<(?:(\w+):)?\w+>")


@dataclass(frozen=True)
class Address:
    path: str
    name: str
    namespace: str
    view: Callable[..., Any]

    @property
    def full_name(self) -> str:
        return f"{self.namespace}:{self.name}" if self.namespace else self.name


def every_address() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: Any, before: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        path = before + _filled(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            yield Address(path, pattern.name or "", namespace, pattern.callback)


def _filled(pattern: Any) -> str:
    """A route with something in each of its places; a pattern that takes everything gets something that is nothing."""
    route = str(pattern)
    if ".*" in route:
        return "nothing-here"
    return _PLACE.sub(lambda place: SAMPLES[place[1] or "str"], route)


def rule_of(address: Address) -> str:
    """In a word, who may open it; empty where nothing says so."""
    view: Any = address.view
    if address.namespace == "admin":
        return "admin"
    if getattr(view, "access_rule", ()):
        return "desk" if address.path.split("/")[2:3] == ["desk"] else "account"
    if hasattr(view, "cls"):
        return "api" if view.cls.permission_classes and view.cls.authentication_classes else ""
    return "public" if address.full_name in PUBLIC else ""


PUBLIC = {
    "home": "what this is",
    "brands": "visible brands",
    "brand": "a visible brand",
    "landscapes": "leads to the newest crisis with a verdict in force",
    "landscape": "verdicts in force and listed brands, the same for everybody",
    "compare": "verdicts in force",
    "compare-export": "verdicts in force",
    "landscape-export": "verdicts in force and listed brands, the same for everybody",
    "shared-view": "leads to a public page, for whoever has the link that the owner of a view shared",
    "scorecard": "the version in force",
    "frozen": "a version, for good",
    "cite": "a citation of the version in force",
    "draft": "answers 404 to whoever may not read it: the gate is visible_snapshots",
    "evidence": "of the version in force; of the draft through the same gate",
    "history": "published versions",
    "difference": "between published versions",
    "reply": "a form, about the version in force",
    "scorecard-exports": "the files of the version in force",
    "scorecard-export": "a file of the version in force",
    "frozen-exports": "the files of a version",
    "frozen-export": "a file of a version",
    "draft-exports": "answers 404 to whoever may not read it: the gate is visible_snapshots",
    "draft-export": "a file of a draft, through the same gate",
    "data": "what can be downloaded; counts verdicts in force",
    "scorecards-export": "the set of published scorecards: the gate is Publication.objects.current",
    "scorecards-csv": "tables of that set",
    "scorecards-xlsx": "the workbook of that set",
    "replies": "published replies to the version in force: the gate is visible_replies",
    "reply-document": "a document of a published reply: the gate is visible_replies",
    "source": "a source that a publication in force names",
    "report-case": "a form, about the version in force",
    "report": "a form, about anything on this site",
    "method-try": "a form that stores nothing; what it starts from is published",
    "method-changes": "published versions that a method moved",
    "after": "published figures beside the verdicts in force",
    "after-newest": "leads to the crisis with most verdicts in force",
    "changes": "published and withdrawn versions",
    "changes-atom": "the same as a feed",
    "search": "visible brands, copies of published facts, and published practices",
    "corrections": "of what was ever public: the gate is visible_corrections",
    "reply-status": "one's own reply, under an address that nobody guesses",
    "reply-confirm": "a mailbox that answers, under an address that nobody guesses",
    "report-status": "one's own report, under an address that nobody guesses",
    "notice": "one draft, for the brand, under an address that nobody guesses and until its deadline",
    "notice-reply": "a form, under that address",
    "practices": "published practices: the gate is visible_practices",
    "practice-act": "an act of a publication in force",
    "practices-seen": "acts of publications in force",
    "practice": "a published practice, through the same gate",
    "watch-stop": "ends one's own mails, under an address that nobody guesses, by POST only",
    "watch-feed": "what one person watches of what is published, under an address that nobody guesses",
    "practices-compare": "published practices, through the same gate",
    "practices-export": "published practices that the filters leave, the same for everybody",
    "practice-export": "a published practice, through the same gate",
    "plan-shared": "one plan, to read, under an address that nobody guesses and until its day",
    "method": "the method",
    "method-version": "a released method",
    "legal-notice": "who publishes",
    "legal-terms": "on what terms the site may be used",
    "legal-privacy": "what is kept about people, and for how long",
    "legal-accessibility": "the accessibility statement",
    "problem": "what a refusal of the API means",
    "developers": "the guide to the API",
    "robots": "what search engines may read",
    "sitemap": "the list of the public pages",
    "sitemap-section": "a part of that list: the gates are visible_publications, visible_brands and visible_practices",
    "badge": "the version in force as a small picture, or that there is none",
    "badge-endpoint": "the same as data",
    "portrait": "the version in force as the picture beside a link",
    "embed": "the version in force, for a frame on another site",
    "oembed": "how to frame the version in force",
    "healthz": "whether the process lives",
    "readyz": "whether it can answer",
    "login": "the door",
    "logout": "ends one's own session, by POST only",
}
"""Addresses that strangers may open, each with what they find there."""
