"""The table of ``matrix``, driven through pages, desk, admin and API by every role and every kind of key."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from brands import archiving
from brands.models import (
    Action,
    ArchiveOrder,
    Brand,
    Crisis,
    Event,
    ImportJob,
    Promise,
    SavedFilter,
    Source,
    Tag,
)
from cxalign.accounts import roles, views_kept
from cxalign.accounts.models import ApiKey, Suggestion, Team, User
from cxalign.exports import jobs as export_jobs
from cxalign.exports.models import ExportJob
from cxalign.plans import editing
from cxalign.watches import following
from scoring import quality
from scoring.coding.measuring import figures_of, fingerprint, handed_in, report
from scoring.models import (
    Assessment,
    BrandContact,
    CodingItem,
    Correction,
    DocumentKind,
    ErrorReport,
    EvidenceSearch,
    ItemCoding,
    ItemState,
    MailState,
    OutgoingMail,
    Publication,
    Reply,
    ScoringJob,
    Snapshot,
    Tie,
)
from scoring.voices import reports
from scoring.voices.documents import examine
from tests import factories as make
from tests.access import matrix, rights
from tests.access.matrix import KEY, ROWS, Row
from tests.accounts.desk import desk_of, signed_in, somebody
from tests.accounts.making import a_draft, a_key, a_suggestion, a_team, bearer
from tests.brands.sheets import ACTION, checked, imported, sheet
from tests.plans.making import a_plan
from tests.portfolios.making import a_portfolio
from tests.practices.making import a_practice
from tests.scoring.coding import making as coding
from tests.scoring.figures import a_figure
from tests.scoring.review import making as reviews
from tests.scoring.voices import making as voices
from tests.scoring.voices.files import PDF

REFUSED = (302, 401, 403, 404, 405)


class World:
    """One of everything, and everybody who may want something of it."""

    def __init__(self) -> None:
        brand = make.a_kept_promise("Fictia", slug="fictia")
        profile, opinion = make.a_profile(brand), make.a_judgement(brand)
        publication = make.published(brand)
        case = Assessment.objects.get(brand=brand)
        self.claire, outsider = somebody(roles.CONSULTANT), somebody(roles.CONSULTANT)
        self.analyst = somebody(roles.ANALYST)
        self.coder, self.coding_editor = somebody(roles.ANALYST), somebody(roles.EDITOR)
        team = a_team(self.claire)
        mine = a_draft("Mine", team)
        a_draft("Other", a_team(outsider))
        a_draft("Nobodys")
        make.an_action(brand)
        moved = make.judged(make.touched(brand))
        suggestion = a_suggestion(self.claire)
        other_key = a_key(somebody(roles.EDITOR))
        promise = brand.promises.get()
        self.places = {
            **{
                "brand": brand.pk,
                "profile": profile.pk,
                "opinion": opinion.pk,
                "outcome figure": a_figure(brand, "12").pk,
                "publication": publication.pk,
            },
            **{"promise": promise.pk, "act": brand.actions.first().pk, "promise_key": promise.key},  # type: ignore[union-attr]
            "source_seen": f"{promise.sources.get().pk}:{promise.sources.get().revision}",
            **{"source": promise.sources.get().pk, "assessment": case.pk, "snapshot": moved.pk},
            **{"snapshot_shown": moved.pk, "event log": Event.objects.order_by("id")[0].pk, "team": team.pk},
            **{
                "scoring job": ScoringJob.objects.get_or_create(brand=make.a_brand("Waiting"))[0].pk,
                "suggestion": suggestion.pk,
            },
            **{"user": somebody(roles.CONSULTANT).pk, "role": Group.objects.get(name=roles.EDITOR).pk},
            **{"API key": other_key.key.pk, "key_identifier": other_key.key.identifier},
            "unused source": make.a_source().pk,
            **{"crisis": Crisis.objects.get(slug="covid-19").pk, "sector": make.a_sector().pk},
            "in_a_month": (timezone.localdate() + timedelta(days=30)).isoformat(),
            "person": self.claire.pk,
            "a_coder": self.analyst.pk,
            "another_coder": somebody(roles.ANALYST).pk,
            "quality_check": reverse("desk-quality-check", args=[next(iter(quality.checks))]),
            **self.records(case, mine.assessment.brand),
            **self.voices(publication, mine.assessment.brand),
            **self.codings(),
            **self.plans(outsider),
        }
        closed = somebody(roles.ANALYST)
        self.clients: dict[str, Client] = {
            matrix.STRANGER: Client(),
            matrix.CONSULTANT: desk_of(self.claire),
            matrix.OUTSIDER: desk_of(outsider),
            matrix.ANALYST: desk_of(self.analyst),
            matrix.CODER: desk_of(self.coder),
            matrix.EDITOR: signed_in(roles.EDITOR),
            matrix.CODING_EDITOR: desk_of(self.coding_editor),
            matrix.ADMINISTRATOR: signed_in(roles.ADMINISTRATOR),
            matrix.INACTIVE: desk_of(closed),
            **{name: self.with_key(scope) for scope, name in KEY.items()},
        }
        User.objects.filter(pk=closed.pk).update(is_active=False)

    def with_key(self, scope: str) -> Client:
        scope, _of, another = scope.partition(" of ")
        return Client(headers=bearer(a_key(somebody(roles.ANALYST) if another else self.analyst, scope).token))

    def records(self, case: Assessment, elsewhere: Brand) -> dict[str, Any]:
        """What people keep beside the facts: a copy, an order for one, a tag, an import, a filter, a search, a tie."""
        by = somebody(roles.ANALYST)
        source = make.a_source()
        archiving.keep_by_hand(source, b"%PDF-1.7 a page", "application/pdf", by=by, reason="As it stood.")
        saved = SavedFilter.objects.create(owner=by, list_label="brands.brand", name="Theirs", query="q=x")
        sent = sheet({**ACTION, "Marque": "Nobodys"})
        return {
            "archived": source.pk,
            "order for copies": archiving.order_copies([make.a_source()], by=by, reason="Each of them.").pk,
            "tag": Tag.objects.create(name="To look at").pk,
            "filter": saved.pk,
            "import": checked("actions", sent, self.analyst).pk,
            "imported": imported("actions", sheet({**ACTION, "Marque": make.a_brand().name}), self.analyst).pk,
            "export": an_export(self.analyst).pk,
            "search": reviews.a_search(case, by=by).pk,
            "tie": reviews.a_tie(by, elsewhere).pk,
        }

    def voices(self, publication: Publication, draft_of: Brand) -> dict[str, Any]:
        """What brands and readers sent, and what was sent to them."""
        mended = make.published(make.a_kept_promise("Mended"))
        report, accepted = voices.a_report(publication), voices.a_report(mended, what="Wrong.")
        wrong = {"wrong_en": "The date.", "wrong_fr": "La date."}
        reports.accept(accepted, by=voices.an_answering_editor(), since=mended, **wrong, **voices.REASONS)
        make.an_action(mended.assessment.brand)
        later = make.published(make.touched(mended.assessment.brand))
        notice = voices.a_notice(draft_of)
        reply = voices.a_reply(publication, files=[examine(DocumentKind.LETTER, "Letter.pdf", PDF)])
        OutgoingMail.objects.update(state=MailState.FAILED)
        return {
            "reply": reply.reference,
            "reply_file": reply.documents.get().pk,
            "report": report.reference,
            "corrected": accepted.reference,
            "later_version": later.pk,
            "notice": notice.pk,
            "notice_token": notice.token,
            "contact": notice.contact_id,
            "mail": OutgoingMail.objects.filter(state=MailState.FAILED).exclude(to="")[0].pk,
        }

    def plans(self, outsider: User) -> dict[str, Any]:
        """A published practice and a draft; a plan of either team, one of them shared by a link."""
        plan, other = a_plan(self.claire), a_plan(outsider)
        shared = editing.share(plan, self.claire, "Client", timezone.now() + timedelta(days=3))
        return {
            "practice": a_practice(key="open").pk,
            "draft of a practice": a_practice(key="draft", is_published=False).pk,
            "plan": plan.pk,
            "other_plan": other.pk,
            "plan_problem": editing.save_problem(plan, self.claire, None, None, {"what": "No cash"}, []).pk,
            "plan_token": shared.token,
            "portfolio": a_portfolio(by=self.claire, name="Ours").pk,
            "watch": following.watch(somebody(roles.CONSULTANT), rhythm="feed", family="F01").pk,
            "view": views_kept.keep(somebody(roles.EDITOR), name="Theirs", path="brands/", query="", shared=False).pk,
            "other_portfolio": a_portfolio(by=outsider, name="Theirs").pk,
        }

    def codings(self) -> dict[str, Any]:
        """An item that one coder of two has still to code, one in dispute, one that is a step apart."""
        coders, organiser = (self.coder, self.coding_editor), somebody(roles.EDITOR)
        case, near = coding.a_case("Coded"), coding.a_case("Near")
        opened = coding.a_round(case, *coders, organiser)
        coding.a_round(near, *coders, organiser)
        disputed = coding.both_in(
            case, coders, coding.codes_for(case, substance="3"), coding.codes_for(case, substance="1")
        )
        apart = coding.both_in(near, coders, coding.codes_for(near), coding.codes_for(near, substance="1"))
        coding.coded_forty_times(coding.three_people())
        assert (disputed.state, apart.state) == (ItemState.ADJUDICATION, ItemState.CONVERGING)
        return {
            "round": opened.pk,
            "coding": coding.coding_of(coding.item_of(case, "promise"), self.coder).pk,
            "disputed": disputed.pk,
            "comparing": coding.coding_of(apart, self.coder).pk,
            "snapshot_coded": make.judged(case.brand).pk,
            "measured": fingerprint(figures_of(report(handed_in()))),
        }


def an_export(by: User) -> ExportJob:
    job = export_jobs.order_by_name("scorecards", "csv", {}, by=by)
    export_jobs.work_on(job.pk)
    return job


def filled(text: str, world: World) -> str:
    """A request with its places filled; raises ``NoReverseMatch`` where an address does not exist yet."""

    def place(found: re.Match[str]) -> str:
        name = found[1]
        return reverse(name.removeprefix("url:")) if name.startswith("url:") else str(world.places[name])

    with translation.override("en"):
        return re.sub(r"\{([^}]+)\}", place, text)


def try_it(row: Row, who: str, world: World, settings: Any) -> bool:
    """Whether this person's request did what it asked for. Nothing of it stays."""
    method, address = filled(row.request, world).split(" ", 1)
    sent = {name: filled(value, world) for name, value in row.sent.items()}
    if settings.PUBLIC_SITE is row.closed_site:
        settings.PUBLIC_SITE = not row.closed_site
    may, before = who in row.allowed, written_down() if method != "GET" else {}
    with transaction.atomic():
        answer = asked(world.clients[who], method, address, row, sent)
        after = written_down() if method != "GET" else {}
        transaction.set_rollback(True)
    moved = {name for name, value in before.items() if after[name] != value}
    if method != "GET" and not may:
        assert moved == set(), (row, who, moved)
    to_the_door = answer.status_code == 302 and "/login/" in answer["Location"]
    done = answer.status_code in (200, 201, 202, 302, 422) and not to_the_door
    assert done or answer.status_code in REFUSED, (
        row,
        who,
        answer.status_code,
        re.sub(r"\s+", " ", answer.content.decode())[-6000:],
    )
    if row.effect and done and row.effect not in moved:
        return False
    if row.leads is not None and done:
        return went(answer, filled(row.leads, world))
    return done


def asked(client: Client, method: str, address: str, row: Row, sent: dict[str, str]) -> Any:
    """The request as a browser or a program sends it. Several values of a field stand side by side."""
    if method == "GET":
        return client.get(address)
    if method == "DELETE":
        return client.delete(address, headers=row.headers)
    if row.headers:
        return client.post(address, sent, content_type=row.headers["Content-Type"])
    body: dict[str, Any] = {name: value.split() if name == "brand" else value for name, value in sent.items()}
    if row.file:
        body["file"] = SimpleUploadedFile(f"{row.file}.csv", sheet(FILES[row.file]))
    return client.post(address, body)


FILES = {
    "actions": {**ACTION, "Marque": "Nobodys", "Date": "14/04/2020"},
    "sources": {"title": "A report", "publisher": "Daily"},
}


def written_down() -> dict[str, Any]:
    """All that a request of the table can move, a value for each."""
    return {
        "trail": Event.objects.count(),
        "orders for copies": ArchiveOrder.objects.count(),
        "imports": sorted(ImportJob.objects.values_list("id", "state")),
        "exports": sorted(ExportJob.objects.values_list("id", "state")),
        "ties": sorted(Tie.objects.values_list("id", "until", "withdrawn_at")),
        "saved filters": sorted(SavedFilter.objects.values_list("id", "name")),
        "suggestions": sorted(Suggestion.objects.values_list("id", "state")),
        "reports": sorted(ErrorReport.objects.values_list("id", "state")),
        "replies": sorted(Reply.objects.values_list("id", "state")),
        "corrections": sorted(Correction.objects.values_list("id", "changed_en")),
        "codings": sorted(ItemCoding.objects.values_list("id", "revision")),
        "items": sorted(CodingItem.objects.values_list("id", "state")),
        "versions": sorted(Publication.objects.values_list("id", "is_current")),
        "searches": sorted(EvidenceSearch.objects.values_list("id", "withdrawn_reason")),
        "contacts": sorted(BrandContact.objects.values_list("id", "name")),
        "mails": sorted(OutgoingMail.objects.values_list("id", "state")),
        "keys": sorted(ApiKey.objects.filter(revoked_at=None).values_list("id", flat=True)),
        "facts": [model._base_manager.count() for model in (Action, Brand, Promise, Source, Tag)],
        "people": [User.objects.count(), Group.objects.count(), Team.objects.count()],
    }


def went(answer: Any, where: str) -> bool:
    """Whether an act ended where it ends once it is done; a page has to be shown itself."""
    if answer.status_code != 302:
        return where == "" and answer.status_code in (200, 201)
    return re.fullmatch(where, answer["Location"]) is not None


def exists(row: Row, world: World) -> bool:
    try:
        filled(row.request, world)
    except NoReverseMatch:
        return False
    return True


@pytest.mark.django_db
def test_everybody_does_what_the_table_says_and_nothing_else(settings: Any) -> None:
    settings.API_RATE = settings.API_KEY_RATE = ""
    cache.clear()
    world, wrong = World(), []
    rows = [row for row in ROWS if exists(row, world)]
    for who in matrix.EVERYBODY:
        for row in rows:
            if try_it(row, who, world, settings) != (who in row.allowed):
                found = "may not" if who in row.allowed else "may"
                wrong.append(f"{who} {found} {row.action}: {row.thing} ({row.request})")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.django_db
def test_the_acts_of_the_table_are_real(settings: Any) -> None:
    """What an editor's request does when nobody takes it back: the rows are no mere forms."""
    world = World()
    publish = next(row for row in ROWS if (row.thing, row.action) == ("version", "publish"))
    _method, address = filled(publish.request, world).split(" ", 1)
    sent = {name: filled(value, world) for name, value in publish.sent.items()}
    before = Publication.objects.count()
    world.clients["analyst"].post(address, sent)
    assert Publication.objects.count() == before
    world.clients["editor"].post(address, sent)
    assert Publication.objects.count() == before + 1
    assert Snapshot.objects.get(pk=world.places["snapshot_shown"]).publication.version == 2


# --- The table itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", matrix.CELLS)
def test_each_cell_of_the_table_of_roles_is_tried(cell: str) -> None:
    """Who may has a row that says so; who may not has only rows that refuse; who may in part has both."""
    rows = [row for row in ROWS if row.cell == cell]
    for person, granted in matrix.CELLS[cell].items():
        may = [row for row in rows if person in row.allowed]
        may_not = [row for row in rows if person not in row.allowed]
        assert bool(may) == (granted != matrix.NO), (cell, person)
        assert may_not or granted == matrix.YES, (cell, person)


@pytest.mark.django_db
def test_only_rows_that_are_known_to_wait_are_left_out() -> None:
    world = World()
    named = {name for row in ROWS for name in re.findall(r"\{url:([^}]+)\}", row.request) if not exists(row, world)}
    later = {name for name in named if not name.startswith("desk-")}
    assert later == matrix.WAITING


def test_the_table_of_rights_in_the_documentation_is_this_one() -> None:
    page = Path(real_settings.BASE_DIR) / "docs" / "rights.md"
    wanted = rights.page()
    if rights.told_to_write():
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted, f"Write it anew: {rights.WRITE_IT}"
