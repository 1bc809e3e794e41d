"""The first start fills the database; every later one only adds what is missing."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from brands.models import Brand, Event
from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.management.commands import setup_demo
from cxalign.plans.models import Plan
from scoring.models import Publication, Snapshot
from scoring.publishing import withdraw
from scoring.verifying import CHECKS
from tests import factories as make

pytestmark = pytest.mark.django_db

KEPT = ("axa", "maif")


@pytest.fixture(autouse=True)
def _small_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two brands of the catalogue, and a data folder of their own."""
    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    lines = (settings.BASE_DIR / "brands" / "catalogue" / "brands.csv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.split(",")[0] in ("brand_slug", *KEPT)]
    (catalogue / "brands.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (catalogue / "profiles.csv").write_text(profiles(), encoding="utf-8")
    monkeypatch.setattr(setup_demo, "CATALOGUE", catalogue)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


def profiles() -> str:
    """The profiles of the two brands, without their sources."""
    source = settings.BASE_DIR / "brands" / "catalogue" / "profiles.csv"
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    blank = {name: "" for name in rows[0] if "source" in name}
    kept = [{**row, **blank} for row in rows if row["brand_slug"] in KEPT]
    told = io.StringIO()
    writer = csv.DictWriter(told, rows[0].keys())
    writer.writeheader()
    writer.writerows(kept)
    return told.getvalue()


def run() -> str:
    told = io.StringIO()
    call_command("setup_demo", stdout=told, stderr=told)
    return told.getvalue()


def book() -> dict[str, tuple[str, str]]:
    lines = (Path(settings.DATA_DIR) / "accounts.txt").read_text(encoding="utf-8").splitlines()
    return {name: (role, password) for role, name, password in (line.split("\t") for line in lines)}


def test_the_first_run_makes_accounts_that_open_with_the_passwords_in_the_file() -> None:
    run()
    assert {name: role for name, (role, _password) in book().items()} == {
        "analyst": "analyst",
        "editor": "editor",
        "consultant": "consultant",
        "admin": "administrator",
    }
    for name, (_role, password) in book().items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert not user.is_superuser
        assert [group.name for group in user.groups.all()] == [setup_demo.ACCOUNTS[name]]
    assert not User.objects.get(username="consultant").is_staff
    assert stat.S_IMODE((Path(settings.DATA_DIR) / "accounts.txt").stat().st_mode) == 0o600


def test_the_first_run_loads_judges_and_publishes_and_says_how_far_it_is() -> None:
    told = run()
    assert "2 of 2 brands judged" in told
    assert "2 scorecards published" in told
    assert [str(found) for check in CHECKS.values() for found in check()] == []
    made = Event.objects.filter(kind="access.person_changed")
    assert {line.subject for line in made} == {f"accounts.user:{user.pk}" for user in User.objects.all()}
    assert set(Publication.objects.current().values_list("assessment__brand__slug", flat=True)) == set(KEPT)
    assert {publication.published_by.username for publication in Publication.objects.all()} == {"editor"}  # type: ignore[union-attr]


def test_a_stricter_policy_refuses_and_the_run_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PUBLICATION_POLICY", "strict")
    told = run()
    assert "axa" in told.lower()
    assert "is not published: " in told
    assert "0 scorecards published" in told
    assert not Publication.objects.exists()


def state() -> list[Any]:
    passwords = User.objects.order_by("pk").values_list("username", "password")
    counts = [model._default_manager.count() for model in (Brand, Event, Snapshot, Publication)]
    return [*passwords, *counts, book()]


def test_the_consultant_finds_a_plan_to_look_at_and_keeps_what_they_made_of_it() -> None:
    assert "Sample plans made for the account consultant" in run()
    consultant = User.objects.get(username="consultant")
    plans = Plan.objects.visible_to(consultant)
    assert sorted(plan.mission for plan in plans) == ["May everybody feel expected.", "Que chacun se sente attendu."]
    assert [plan.items.count() for plan in plans] == [9, 9]
    Plan.objects.update(title="Mine")
    assert "Sample plan" not in run()
    assert [one.title for one in Plan.objects.all()] == ["Mine", "Mine"]


def test_the_second_run_changes_nothing() -> None:
    run()
    before = state()
    run()
    assert state() == before


def test_what_an_editor_withdrew_is_not_published_again() -> None:
    run()
    publication = Publication.objects.get(assessment__brand__slug="axa")
    withdraw(publication, by=User.objects.get(username="editor"), reason_en="A source was misread.")
    run()
    assert list(Publication.objects.current().values_list("assessment__brand__slug", flat=True)) == ["maif"]


def test_a_draft_that_is_not_of_the_catalogue_is_not_published() -> None:
    run()
    make.judged(make.a_kept_promise("Fictia"))
    run()
    assert not Publication.objects.filter(assessment__brand__slug="fictia").exists()


def test_an_interrupted_first_run_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(setup_demo, "publish", lambda *args, **kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run()
    User.objects.filter(username="consultant").delete()
    run()
    assert Publication.objects.current().count() == 2
    assert User.objects.get(username="consultant").check_password(book()["consultant"][1])


def test_a_password_that_somebody_changed_stays_changed() -> None:
    run()
    analyst = User.objects.get(username="analyst")
    analyst.set_password("something-else-entirely")
    analyst.save()
    run()
    analyst.refresh_from_db()
    assert analyst.check_password("something-else-entirely")


def test_without_any_editor_it_says_what_to_do() -> None:
    run()
    User.objects.get(username="editor").groups.clear()
    Publication.objects.all().delete()
    with pytest.raises(CommandError, match="editor"):
        run()


def test_a_broken_catalogue_stops_with_its_own_words() -> None:
    (setup_demo.CATALOGUE / "brands.csv").write_text("brand_slug\n", encoding="utf-8")
    told = io.StringIO()
    with pytest.raises(CommandError, match="could not be loaded"):
        call_command("setup_demo", stdout=told)
    assert "brands.csv" in told.getvalue()
    assert not Brand.objects.exists()


def test_each_account_has_a_role() -> None:
    assert set(setup_demo.ACCOUNTS.values()) == set(roles.ROLES)
