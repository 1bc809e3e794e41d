"""``manage.py load_practices``: the practices that the product brings along. What is on file stays as it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from cxalign.practices.starting import load_practices


class Command(BaseCommand):
    help = "Load the practices named in the two founding articles; only what is missing. Load the catalogue first."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_practices()
        self.stdout.write(ngettext("%(count)d practice added.", "%(count)d practices added.", count) % {"count": count})
