"""Two people send the same files at the same moment: one effect, and both are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from brands.imports.report import Report
from brands.models import Action, Brand, Event, Proof
from tests import factories as make
from tests.brands.catalogue_files import Folder, fates


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_have_the_effect_of_one(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put_all()
    make.a_sector()
    crisis, start = make.a_crisis(), Barrier(2)

    def load() -> Report:
        try:
            start.wait(timeout=10)
            return folder.load(crisis)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        reports = [future.result(timeout=60) for future in (pool.submit(load), pool.submit(load))]
    assert sorted(str(fates(report)["actions"]) for report in reports) == ["{'created': 1}", "{'unchanged': 1}"]
    assert all(report.written for report in reports)
    assert [model._default_manager.count() for model in (Brand, Action, Proof)] == [1, 1, 1]
    assert Event.objects.count() == 8
    assert Brand.objects.get().facts_revision == 1
