"""From upload to report and back: what a file does, what a second one does, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from brands.folding import verify_facts
from brands.importing import jobs, undoing
from brands.importing.kinds import kind_named
from brands.importing.rights import can_import
from brands.imports.reading import UnusableError
from brands.models import Action, ActionSource, Brand, BrandProfile, Event, ImportJob, ImportRow, Promise, Proof, Source
from cxalign.accounts import roles
from cxalign.accounts.models import Team
from tests import factories as make
from tests.accounts.desk import somebody
from tests.brands.sheets import ACTION, OTHER_ACT, analyst, checked, imported, outcomes, said, sheet, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return make.a_brand("Fictia")


def an_act(**cells: str) -> dict[str, str]:
    return {**ACTION, **cells}


# --- The way through --------------------------------------------------------------------------------------------------


def test_a_sheet_of_actions_becomes_actions_with_a_line_in_the_log(brand: Brand) -> None:
    by = analyst()
    job = imported("actions", sheet(an_act(SU="réelle", Montant="1 500,50", Devise="EUR")), by)
    action = Action.objects.get()
    assert (job.state, job.counts["create"], jobs.written(job)) == ("done", 1, 1)
    assert (action.brand, action.started, action.substance, str(action.amount)) == (brand, "2020-04-13", "2", "1500.50")
    assert action.statement_fr == "A payé les sinistres."
    assert action.key.startswith("fictia-a-paye-les-sinistres-")
    event = Event.objects.get()
    assert (event.kind, event.actor, event.reason) == ("evidence.added", by, "import: file.csv")
    brand.refresh_from_db()
    assert brand.facts_revision == 1


def test_nothing_is_written_before_somebody_confirms(brand: Brand) -> None:
    job = checked("actions", sheet(an_act()))
    assert (job.state, outcomes(job)) == ("checked", ["create"])
    assert not Action.objects.exists()
    assert not Event.objects.exists()


def test_the_same_rows_sent_again_change_nothing(brand: Brand) -> None:
    by, data = analyst(), sheet(an_act())
    imported("actions", data, by)
    job = checked("actions", data, by)
    assert outcomes(job) == ["unchanged"]
    with pytest.raises(jobs.StepError, match="nothing to import"):
        jobs.confirm(job, by)


def test_a_corrected_row_updates_its_record_and_shows_old_and_new(brand: Brand) -> None:
    by = analyst()
    imported("actions", sheet(an_act(SU="1")), by)
    job = imported("actions", sheet(an_act(SU="2")), by)
    row = ImportRow.objects.get(job=job)
    assert (row.outcome, row.changes) == ("update", {"substance": ["1", "2"]})
    assert "Recognised by what it says" in row.messages[0][2]
    assert Action.objects.get().substance == "2"


def test_a_column_that_the_file_does_not_have_leaves_the_record_alone(brand: Brand) -> None:
    action = make.an_action(brand, key="k", statement_fr="X.", substance="3", sources=0)
    imported("actions", sheet(an_act(Clé="k", **{"Ce qu’elle a fait, en français": "Y."})))
    action.refresh_from_db()
    assert (action.statement_fr, action.statement_en, action.substance) == ("Y.", "Paid claims at once.", "3")


def test_all_rows_or_none_is_the_default(brand: Brand) -> None:
    data = sheet(an_act(), an_act(**{"Ce qu’elle a fait, en français": "Autre.", "SU": "9"}))
    job = checked("actions", data)
    assert outcomes(job) == ["create", "error"]
    with pytest.raises(jobs.StepError, match="valid rows only"):
        jobs.confirm(job, job.requested_by)
    jobs.confirm(job, job.requested_by, jobs.VALID)
    jobs.work_on(job.pk)
    assert Action.objects.count() == 1


@pytest.mark.parametrize(
    ("type", "rows", "model"),
    [
        ("brands", [{"Nom": "Axa", "Pays": "France", "Secteur": "Assurance"}], Brand),
        ("sources", [{"Titre": "Il paie", "Type": "presse", "Adresse": "https://example.org/1"}], Source),
        (
            "promises",
            [
                {
                    "brand": "Fictia",
                    "statement": "Cares.",
                    "type": "mission",
                    "ST": "2",
                    "addressed to": "clients|staff",
                    "testable": "oui",
                }
            ],
            Promise,
        ),
        ("profiles", [{"Marque": "Fictia", "PU": "2", "VH": "inconnu"}], BrandProfile),
        (
            "action_sources",
            [{"Acte": "act", "Source": "src", "kind": "indépendante", "group": "Le Monde"}],
            ActionSource,
        ),
        (
            "proofs",
            [
                {
                    "Action": "act",
                    "partie prenante": "clients",
                    "yardstick": "devoir de soin",
                    "sens": "aide",
                    "depth": "1",
                }
            ],
            Proof,
        ),
        ("judgements", [{"brand": "Fictia", "label": "good", "polarity": "favourable", "source": "src"}], None),
        (
            "outcomes",
            [
                {
                    "marque": "Fictia",
                    "indicateur": "net promoter score",
                    "série": "Baromètre",
                    "valeur": "−3,50",
                    "unité": "points",
                    "mesuré le": "décembre 2019",
                    "source": "src",
                }
            ],
            None,
        ),
    ],
)
def test_every_kind_of_rows_is_imported_and_undone(type: str, rows: list[dict[str, str]], model: Any) -> None:
    make.a_sector()
    brand = make.a_brand("Fictia")
    make.an_action(brand, key="act", sources=0)
    make.a_source(key="src")
    model = model or kind_named(type).model
    before = model._default_manager.count()
    job = imported(type, sheet(*rows))
    assert (job.state, said(job), model._default_manager.count()) == ("done", [], before + 1)
    undoing.undo(job, job.requested_by)
    assert model._default_manager.count() == before
    assert Event.objects.filter(kind="evidence.withdrawn").count() == 1
    written = {event.subject for event in Event.objects.all()}
    assert [str(found) for found in verify_facts() if found.subject in written] == []


# --- Questions --------------------------------------------------------------------------------------------------------


def test_a_date_that_could_be_two_days_is_asked_once_a_column(brand: Brand) -> None:
    job = uploaded("actions", sheet(an_act(Date="03/04/2020"), an_act(Date="13/04/2020")))
    jobs.settle_columns(job, job.mapping, {})
    with pytest.raises(jobs.StepError) as caught:
        jobs.check(job)
    assert caught.value.code == "ambiguous_date"
    assert not Action.objects.exists()
    told = jobs.dates_of(job, jobs.table_of(job))["date"]
    assert (told.ambiguous, told.day_first, told.day_example) == (1, 1, "13/04/2020")
    for order, day in (("day-first", "2020-04-03"), ("month-first", "2020-03-04")):
        jobs.settle_columns(job, job.mapping, {"date": order})
        jobs.check(job)
        row = ImportRow.objects.filter(job=job).first()
        assert row is not None
        assert row.changes["started"] == [None, day]


def test_an_unknown_column_and_a_missing_one_stop_the_file(brand: Brand) -> None:
    job = uploaded("actions", sheet({"Marque": "Fictia", "Humeur": "bonne"}))
    codes = [code for code, _column, _text in jobs.open_questions(job, jobs.table_of(job))]
    assert codes == ["missing_column", "unknown_column"]
    job = uploaded("actions", sheet({**an_act(), "Humeur": "bonne"}))
    jobs.settle_columns(job, ["" if name is None else name for name in job.mapping], {})
    assert jobs.open_questions(job, jobs.table_of(job)) == []


def test_columns_are_remembered_for_the_team_and_for_nobody_else(brand: Brand) -> None:
    team = Team.objects.create(name="Nord")
    one, other, stranger = analyst(), analyst(), analyst()
    team.members.add(one, other)
    data = sheet({**an_act(), "Humeur": "2"})
    job = uploaded("actions", data, one)
    assert job.mapping[-1] is None
    jobs.settle_columns(job, [*job.mapping[:-1], "su"], {})
    assert uploaded("actions", data, other).mapping[-1] == "su"
    assert uploaded("actions", data, stranger).mapping[-1] is None


def test_columns_that_stop_the_import_are_not_remembered(brand: Brand) -> None:
    by = analyst()
    job = uploaded("actions", sheet({**an_act(), "Humeur": "1"}), by)
    guessed = list(job.mapping)
    jobs.settle_columns(job, [""] * len(guessed), {})
    assert uploaded("actions", sheet({**an_act(), "Humeur": "2"}), by).mapping == guessed
    jobs.settle_columns(job, ["" if name is None else name for name in guessed], {})
    assert uploaded("actions", sheet({**an_act(), "Humeur": "3"}), by).mapping[-1] == ""


def test_a_near_copy_is_proposed_and_never_merged(brand: Brand) -> None:
    first = make.an_action(brand, statement_fr="A payé tous les sinistres.", started="2020-04-13", sources=0)
    data = sheet(an_act(**{"Ce qu’elle a fait, en français": "A payé tous les sinistre."}))
    by = analyst()
    job = checked("actions", data, by)
    assert (outcomes(job), ImportRow.objects.get(job=job).resembles) == (["duplicate"], first.key)
    for choice, outcome in (("skip", "kept"), ("create", "create"), ("update", "update")):
        jobs.decide_duplicates(job, choice, {})
        assert outcomes(job) == [outcome]
    jobs.decide_duplicates(job, "", {2: "create"})
    assert outcomes(job) == ["create"]


def test_the_same_page_under_another_address_is_proposed(brand: Brand) -> None:
    make.a_source(key="on-file", url="https://www.example.org/a/")
    row = {"title": "A", "type": "press"}
    for address, outcome in (
        ("http://example.org/a?utm_source=x#top", ["duplicate"]),
        ("https://example.org/b", ["create"]),
    ):
        job = checked("sources", sheet({**row, "url": address}))
        assert outcomes(job) == outcome
    assert ImportRow.objects.filter(resembles="on-file").count() == 1
    job = checked("sources", sheet({**row, "url": "https://www.example.org/a/"}))
    assert said(job)[0][2] == "matched"  # the very same address is the same source


def test_sentences_with_other_numbers_are_other_acts(brand: Brand) -> None:
    rows = [{**an_act(), "Ce qu’elle a fait, en français": f"A donné {n} masques."} for n in (1000, 9000)]
    assert outcomes(checked("actions", sheet(*rows))) == ["create", "create"]


def test_two_near_copies_in_one_file_are_asked_too(brand: Brand) -> None:
    rows = [
        an_act(**{"Ce qu’elle a fait, en français": text}) for text in ("A payé les sinistres.", "A payé le sinistre.")
    ]
    assert outcomes(checked("actions", sheet(*rows))) == ["create", "duplicate"]
    another_day = {**rows[1], "Date": "14/05/2020"}
    assert outcomes(checked("actions", sheet(rows[0], another_day))) == ["create", "duplicate"]
    keyed = [{**row, "Clé": f"a{n}"} for n, row in enumerate((rows[0], another_day))]
    assert outcomes(checked("actions", sheet(*keyed))) == ["create", "create"]  # two, says whoever wrote the file


def test_a_near_copy_of_an_act_is_asked_about_whatever_its_day_but_only_within_its_brand(brand: Brand) -> None:
    make.an_action(brand, key="on-file", statement_fr="A payé tous les sinistres.", started="2020-04-13", sources=0)
    make.an_action(make.a_brand("Other"), statement_fr="A ouvert un centre d’appel.", started="2020-04-13", sources=0)
    said = "Ce qu’elle a fait, en français"
    for text, day, outcome in (
        ("A payé tous les sinistre.", "14/06/2020", "duplicate"),  # one letter less, on another day
        ("A payé tous les sinistres.", "14/06/2020", "duplicate"),  # the very words, on another day
        ("A payé tous les sinistres.", "13/04/2020", "unchanged"),  # the act itself
        ("A payé tous les sinistres.", "", "duplicate"),
        ("A payé sept sinistres.", "13/04/2020", "create"),
        ("A ouvert un centre d’appel.", "13/04/2020", "create"),  # another brand’s
    ):
        job = checked("actions", sheet(an_act(**{said: text, "Date": day})))
        assert outcomes(job) == [outcome], (text, day)
        assert ImportRow.objects.get(job=job).resembles == ("on-file" if outcome == "duplicate" else "")
    job = checked("actions", sheet(an_act(**{said: "A payé tous les sinistre.", "Date": "14/06/2020"})))
    jobs.decide_duplicates(job, "update", {})
    job.refresh_from_db()
    row = ImportRow.objects.get(job=job)
    assert (row.key, row.changes["started"]) == ("on-file", ["2020-04-13", "2020-06-14"])  # shown before it is written


def test_the_error_of_a_formula_is_a_bad_cell_and_neither_a_text_nor_empty(brand: Brand) -> None:
    job = checked("actions", sheet(an_act(**{"Ce qu’elle a fait, en français": "#NOM?", "amount": "#N/A"})))
    assert outcomes(job) == ["error"]
    assert [(column, code) for _row, column, code in said(job)] == [
        ("description_fr", "failed_formula"),
        ("amount", "failed_formula"),
    ]


def test_what_somebody_changed_by_hand_is_kept_unless_told_otherwise(brand: Brand) -> None:
    action = make.an_action(brand, key="k", sources=0)
    from brands.changes import record_change

    record_change("evidence.corrected", brand=brand, subject=action, actor=analyst(), changes={"substance": ["1", "2"]})
    data = sheet(an_act(Clé="k", SU="3"))
    assert outcomes(checked("actions", data)) == ["kept"]
    assert outcomes(checked("actions", data, overwrite=True)) == ["update"]


def test_one_hand_makes_codes_of_two_coders_one_coder_s_again(brand: Brand) -> None:
    action = make.an_action(brand, key="k", substance="2", coding="agreed", sources=0)
    imported("actions", sheet(an_act(Clé="k", SU="2")))
    action.refresh_from_db()
    assert action.coding == "agreed"
    job = imported("actions", sheet(an_act(Clé="k", SU="3")))
    action.refresh_from_db()
    assert (action.substance, action.coding) == ("3", "single")
    undoing.undo(job, job.requested_by)
    action.refresh_from_db()
    assert (action.substance, action.coding) == ("2", "agreed")


# --- Once -------------------------------------------------------------------------------------------------------------


def test_the_same_file_sent_again_opens_the_import_that_is_open(brand: Brand) -> None:
    by, data = analyst(), sheet(an_act())
    first, second = uploaded("actions", data, by), uploaded("actions", data, by)
    assert first.pk == second.pk
    assert uploaded("actions", data).pk != first.pk  # another person's is another import


def test_confirming_twice_writes_once(brand: Brand) -> None:
    job = checked("actions", sheet(an_act()))
    jobs.confirm(job, job.requested_by)
    jobs.confirm(job, job.requested_by)
    jobs.work_on(job.pk)
    jobs.work_on(job.pk)
    jobs.confirm(job, job.requested_by)
    assert (Action.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_senders_at_once_have_one_effect() -> None:
    brand, by, data = make.a_brand("Fictia"), analyst(), sheet(an_act())
    make.a_crisis()
    start = Barrier(2)

    def together(work: Any) -> list[Any]:
        def one() -> Any:
            try:
                start.wait(timeout=10)
                return work()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            return [future.result(timeout=60) for future in (pool.submit(one), pool.submit(one))]

    assert len({job.pk for job in together(lambda: uploaded("actions", data, by))}) == 1
    job = checked("actions", data, by)
    together(lambda: jobs.confirm(ImportJob.objects.get(pk=job.pk), by))
    together(lambda: jobs.work_on(job.pk))
    job.refresh_from_db()
    assert (job.state, Action.objects.filter(brand=brand).count(), Event.objects.count()) == ("done", 1, 1)


def test_what_changed_since_the_check_is_not_written(brand: Brand) -> None:
    action = make.an_action(brand, key="k", sources=0)
    data = sheet(an_act(Clé="k", SU="3"), an_act(SU="1"))
    whole, valid = checked("actions", data), checked("actions", data)
    Action.objects.filter(pk=action.pk).update(revision=7)
    for job, mode, state, count in ((whole, jobs.ALL, "failed", 1), (valid, jobs.VALID, "done", 2)):
        jobs.confirm(job, job.requested_by, mode)
        jobs.work_on(job.pk)
        job.refresh_from_db()
        assert (job.state, Action.objects.count()) == (state, count)
    action.refresh_from_db()
    assert action.substance == "2"
    assert ("", "changed_meanwhile") in [(column, code) for _row, column, code in said(valid)]
    jobs.check(whole)
    assert whole.state == "checked"


@pytest.mark.parametrize("taken_over", [False, True])
def test_a_brand_renamed_between_check_and_confirmation_gets_no_row_and_neither_does_its_namesake(
    brand: Brand, taken_over: bool
) -> None:
    make.a_brand("Dylon")
    rows = sheet(an_act(), {**OTHER_ACT, "Marque": "Dylon"})
    whole, valid = checked("actions", rows), checked("actions", rows)
    Brand.objects.filter(pk=brand.pk).update(name="Fictia Group")
    if taken_over:
        make.a_brand("Fictia", slug="the-other-fictia")
    for job, mode, state, names in ((whole, jobs.ALL, "failed", set()), (valid, jobs.VALID, "done", {"Dylon"})):
        jobs.confirm(job, job.requested_by, mode)
        jobs.work_on(job.pk)
        job.refresh_from_db()
        assert (job.state, set(Action.objects.values_list("brand__name", flat=True))) == (state, names)
        assert (2, "", "changed_meanwhile") in said(job)


# --- Cancel, fail, follow ---------------------------------------------------------------------------------------------


def test_cancelling_before_the_writing_leaves_nothing(brand: Brand) -> None:
    job = checked("actions", sheet(an_act()))
    jobs.confirm(job, job.requested_by)
    jobs.cancel(job, job.requested_by)
    jobs.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, bytes(job.data or b""), Action.objects.count()) == ("cancelled", b"", 0)
    with pytest.raises(jobs.StepError):
        jobs.cancel(job, job.requested_by)


def test_cancelling_between_two_portions_keeps_and_can_undo_what_is_written(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PORTION", 2)
    monkeypatch.setattr(jobs, "run_in_portions", one_portion(jobs.run_in_portions))
    rows = [an_act(Date=f"{day}/04/2020", Clé=f"a{day}") for day in range(13, 18)]
    job = checked("actions", sheet(*rows))
    jobs.confirm(job, job.requested_by, jobs.VALID)
    jobs.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, Action.objects.count()) == ("cancelled", 2, 2)
    undoing.undo(job, job.requested_by)
    assert not Action.objects.exists()


def one_portion(run: Any) -> Any:
    """The worker, and somebody who cancels as soon as the first portion is written."""
    write = jobs.write

    def run_one(job: ImportJob) -> None:
        def write_and_cancel(held: ImportJob, rows: list[ImportRow], **options: Any) -> Any:
            found = write(held, rows, **options)
            ImportJob.objects.filter(pk=held.pk).update(cancel_asked=True)
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs, "write", write_and_cancel)
            run(job)

    return run_one


def test_a_file_is_kept_until_the_import_is_finished_and_not_longer(brand: Brand) -> None:
    job = checked("actions", sheet(an_act()))
    assert ImportJob.objects.get(pk=job.pk).data
    jobs.confirm(job, job.requested_by)
    jobs.work_on(job.pk)
    assert ImportJob.objects.get(pk=job.pk).data is None


def test_an_import_that_fails_three_times_is_parked(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    job = checked("actions", sheet(an_act()))
    jobs.confirm(job, job.requested_by)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "save", broken)
        for _ in range(4):
            jobs.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, Action.objects.count()) == ("failed", 3, 0)
    assert "3 times" in jobs.failure(job)
    jobs.check(job)
    jobs.confirm(job, job.requested_by)
    jobs.work_on(job.pk)
    assert Action.objects.count() == 1


def broken(*_about: Any) -> None:
    raise RuntimeError("the worker stumbles")


def test_a_dead_worker_is_followed_when_its_lease_is_over(brand: Brand) -> None:
    job = checked("actions", sheet(an_act()))
    jobs.confirm(job, job.requested_by)
    assert jobs.claim(job.pk) is not None  # and then silence
    assert jobs.work_on_all_due() == 0
    ImportJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.work_on_all_due() == 1
    assert Action.objects.count() == 1


def test_whoever_was_taken_over_writes_nothing(brand: Brand) -> None:
    job = checked("actions", sheet(an_act()))
    jobs.confirm(job, job.requested_by)
    slow = jobs.claim(job.pk)
    assert slow is not None
    ImportJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim(job.pk) is not None
    for run in (jobs.run_whole, jobs.run_in_portions):
        with pytest.raises(jobs.Superseded):
            run(slow)
    assert not Action.objects.exists()


# --- Undoing ----------------------------------------------------------------------------------------------------------


def test_undoing_gives_back_the_former_values_and_takes_created_records_away(brand: Brand) -> None:
    other = make.a_source(key="other")
    promise = make.a_promise(brand, key="p", sourced=False, statement_level="1", stakeholders=("customers", "partners"))
    promise.sources.add(other)
    make.a_source(key="new")
    row = {"brand": "Fictia", "statement": "Cares.", "type": "mission", "addressed to": "customers", "testable": "yes"}
    data = sheet({**row, "key": "p", "ST": "2", "sources": "new"}, {**row, "key": "q", "ST": "3", "sources": "new"})
    job = imported("promises", data)
    promise.refresh_from_db()
    assert (promise.statement_level, [source.key for source in promise.sources.all()]) == ("2", ["new"])
    assert undoing.undo(job, job.requested_by) == 2
    promise = Promise.objects.get()
    assert (promise.key, promise.statement_level, promise.stakeholders) == ("p", "1", ("customers", "partners"))
    assert (promise.statement_en, promise.revision) == ("Puts its customers first.", 3)
    assert [source.key for source in promise.sources.all()] == ["other"]
    kinds = list(Event.objects.order_by("id").values_list("kind", "reason"))
    assert kinds.pop() == ("import.undone", "")
    assert sorted(kinds[2:]) == [
        ("evidence.corrected", "import undone: file.csv"),
        ("evidence.withdrawn", "import undone: file.csv"),
    ]
    job.refresh_from_db()
    with pytest.raises(jobs.StepError):
        undoing.undo(job, job.requested_by)


@pytest.mark.parametrize("touch", ["changed", "used", "withdrawn"])
def test_an_import_that_was_touched_is_not_undone_and_the_rows_are_named(brand: Brand, touch: str) -> None:
    job = imported("actions", sheet(an_act(), OTHER_ACT))
    action = Action.objects.order_by("started")[0]
    if touch == "changed":
        Action.objects.filter(pk=action.pk).update(revision=2)
    elif touch == "used":
        make.a_proof(action)
    else:
        Action.objects.filter(pk=action.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(undoing.TouchedError) as caught:
        undoing.undo(job, job.requested_by)
    assert [row.number for row, _why in caught.value.rows] == [2]
    assert Action.objects.count() == 2


def test_what_a_public_verdict_may_rest_on_is_withdrawn_and_stays(brand: Brand) -> None:
    case = make.a_breach("Public")
    make.published(case)
    job = imported("actions", sheet(an_act(Marque="Public", Clé="kept"), an_act(Clé="gone")))
    undoing.undo(job, job.requested_by)
    assert Action.objects.get(key="kept").withdrawn_reason == "import undone: file.csv"
    assert not Action.objects.filter(key="gone").exists()


def test_an_import_can_be_undone_for_a_day(brand: Brand) -> None:
    job = imported("actions", sheet(an_act()))
    assert undoing.can_undo(job, job.requested_by)
    job.finished_at = timezone.now() - timedelta(hours=25)
    assert not undoing.can_undo(job, job.requested_by)


def test_duplicates_within_a_file_are_written_and_taken_back_together(brand: Brand) -> None:
    rows = [an_act(Clé="a", **{"duplicate of": "b"}), an_act(Clé="b", Date="2021")]
    for mode in (jobs.ALL, jobs.VALID):
        job = imported("actions", sheet(*rows), mode=mode)
        assert Action.objects.get(key="a").duplicate_of == Action.objects.get(key="b")
        undoing.undo(job, job.requested_by)
        assert not Action.objects.exists()


def test_a_chain_of_duplicates_is_written_in_its_order_over_portions(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PORTION", 1)
    pairs = ["ab", "bc", "cd"]
    chain = [an_act(Clé=key, Date=str(2000 + n), **{"duplicate of": of}) for n, (key, of) in enumerate(pairs)]
    job = imported("actions", sheet(*chain, an_act(Clé="d", Date="2010")), mode=jobs.VALID)
    assert (job.state, jobs.written(job)) == ("done", 4)
    originals = dict(Action.objects.values_list("key", "duplicate_of__key"))
    assert originals == {"a": "b", "b": "c", "c": "d", "d": None}


# --- Rights, purge ----------------------------------------------------------------------------------------------------


def test_only_those_who_may_write_such_records_import_them() -> None:
    actions = kind_named("actions")
    for role, may in (
        (roles.ANALYST, True),
        (roles.EDITOR, True),
        (roles.ADMINISTRATOR, True),
        (roles.CONSULTANT, False),
    ):
        assert can_import(somebody(role), actions) is may
    with pytest.raises(PermissionDenied):
        uploaded("actions", sheet(an_act()), somebody(roles.CONSULTANT))
    assert not can_import(make.a_user("brands.add_action"), actions)
    assert can_import(make.a_user("brands.add_action", "brands.change_action"), actions)


def test_imports_are_seen_by_their_requester_the_team_and_editors(brand: Brand) -> None:
    team = Team.objects.create(name="Nord")
    one, mate, stranger = analyst(), analyst(), analyst()
    team.members.add(one, mate)
    job = uploaded("actions", sheet(an_act()), one)
    seen = {user: ImportJob.objects.visible_to(user).filter(pk=job.pk).exists() for user in (one, mate, stranger)}
    assert list(seen.values()) == [True, True, False]
    assert ImportJob.objects.visible_to(somebody(roles.EDITOR)).exists()


def test_reports_are_kept_for_ninety_days(brand: Brand) -> None:
    old, young, left = (
        imported("actions", sheet(an_act())),
        imported("actions", sheet(an_act(SU="1"))),
        uploaded("actions", sheet(an_act(SU="2"))),
    )
    ImportJob.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=91))
    ImportJob.objects.filter(pk=young.pk).update(finished_at=timezone.now() - timedelta(days=89))
    ImportJob.objects.filter(pk=left.pk).update(touched_at=timezone.now() - timedelta(days=15))
    jobs.purge()
    assert list(ImportJob.objects.values_list("pk", flat=True)) == [young.pk]


def test_nothing_is_stored_of_a_refused_file() -> None:
    with pytest.raises(UnusableError):
        uploaded("actions", b"PK\x03\x04 not a workbook", name="file.xlsx")
    assert not ImportJob.objects.exists()
    assert uploaded("actions", sheet(an_act())).pk


def test_a_machine_is_told_the_same(brand: Brand) -> None:
    job = imported("actions", sheet(an_act(), an_act(SU="9", Date="2021")), mode=jobs.VALID)
    document = jobs.job_document(job)
    assert (document["state"], document["counts"]["create"], document["counts"]["error"]) == ("done", 1, 1)
    rows = [jobs.row_document(row) for row in ImportRow.objects.filter(job=job)]
    assert [(row["row"], row["state"]) for row in rows] == [(2, "accepted"), (3, "rejected")]
    assert rows[1]["messages"][0]["code"] == "unknown_code"
