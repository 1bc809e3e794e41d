"""``manage.py explain BRAND CRISIS``: the reasoning of the latest verdict, finding by finding."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring import wording
from scoring.engine.verdict import FindingCode
from scoring.models import Assessment, Snapshot


class Command(BaseCommand):
    help = "Print the reasoning of the latest verdict on a brand in a crisis, finding by finding."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("brand", help="the brand's slug, such as axa")
        parser.add_argument("crisis", help="the crisis' slug, such as covid-19")
        parser.add_argument("--language", choices=wording.LANGUAGES, default="en")

    def handle(self, *args: Any, brand: str, crisis: str, language: str, **options: Any) -> None:
        snapshot = self._latest(brand, crisis)
        document = json.loads(snapshot.document)
        self.stdout.write(f"{snapshot.assessment}: {snapshot.outcome} {snapshot.reason} {snapshot.breadth}".rstrip())
        self.stdout.write(
            f"  as of {snapshot.as_of}, method {snapshot.method_version}, facts {snapshot.facts_digest[:12]}"
        )
        self.stdout.write(f"  robustness: {snapshot.robustness or 'not defined'} {document['caps'] or ''}".rstrip())
        for name, value in document["indices"].items():
            self.stdout.write(f"  {name:16} {'not defined' if value is None else value}")
        for name, value in (document["probabilities"] or {}).items():
            self.stdout.write(f"  P({name}) = {value:.4f}")
        self.stdout.write(document["explanation"][language])
        for finding in document["findings"]:
            self.stdout.write(self._finding(finding, language))
        for change in document["would_change"]:
            self.stdout.write(f"  → {change['to']}: {change['condition'][language]}")

    def _latest(self, brand: str, crisis: str) -> Snapshot:
        assessment = Assessment.objects.filter(brand__slug=brand, crisis__slug=crisis).first()
        snapshot = Snapshot.objects.latest_of(assessment) if assessment else None
        if snapshot is None:
            raise CommandError(f"No verdict on “{brand}” in “{crisis}”: check both slugs, or run manage.py rescore.")
        return snapshot

    def _finding(self, finding: dict[str, Any], language: str) -> str:
        rests_on = [*finding.get("groups", []), *finding.get("promises", []), *finding.get("proofs", [])]
        rests_on = rests_on or [*finding.get("actions", []), *finding.get("sources", [])]
        sentence = wording.FINDINGS[FindingCode(finding["code"])][language]
        return f"  • {sentence} {'(' + ', '.join(rests_on) + ')' if rests_on else ''}".rstrip()
