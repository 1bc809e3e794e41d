"""A file that is ready is taken up at once, not at the next tick of the clock."""

from __future__ import annotations

from unittest import mock

from brands.importing.jobs import import_due
from brands.models import ImportJob
from brands.tasks import work_on_import


def test_a_file_that_is_ready_asks_for_a_worker() -> None:
    with mock.patch.object(work_on_import, "delay") as asked:
        import_due.send(sender=ImportJob, job_id="a-job")
    asked.assert_called_once_with("a-job")
