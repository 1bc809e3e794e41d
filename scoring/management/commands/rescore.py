"""``manage.py rescore``: judge again, keeping a verdict only where something differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from brands.models import Brand
from scoring.models import ScoringJob, Snapshot
from scoring.rescoring import score_all_due, score_everything, score_if_due


class Command(BaseCommand):
    help = "Judge brands again; keep a verdict only where facts, method or scorecard differ from the last one."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--brand", metavar="SLUG", help="only this brand, whether it is due or not")
        which.add_argument("--due", action="store_true", help="only brands whose facts moved since they were scored")

    def handle(self, *args: Any, brand: str | None, due: bool, **options: Any) -> None:
        before = Snapshot.objects.count()
        taken = self._judge(brand, due)
        kept = Snapshot.objects.count() - before
        self.stdout.write(f"{taken} brands judged, {kept} new snapshots.")
        self._fail_loudly(brand)

    def _judge(self, brand: str | None, due: bool) -> int:
        if brand:
            return self._one(brand)
        return score_all_due() if due else score_everything(self._progress)

    def _one(self, slug: str) -> int:
        found = Brand.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"No brand has the slug “{slug}”.")
        score_if_due(found.pk, even_if_not=True)
        return 1

    def _progress(self, done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            self.stdout.write(f"  {done} of {total} brands")

    def _fail_loudly(self, brand: str | None) -> None:
        failed = ScoringJob.objects.exclude(error="").select_related("brand")
        for job in failed.filter(brand__slug=brand) if brand else failed:
            self.stderr.write(f"{job.brand.slug}: {job.error}")
        if failed.exists():
            raise CommandError("Some brands could not be judged; their last verdict stands.")
