"""Whoever codes a brand finds its codes and working verdict nowhere: marks are planted and looked for everywhere.

An analyst who does not code it is led to the marks by the very same addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.test import Client

from brands.changes import record_change
from brands.importing.covering import CODE
from brands.models import Action, Brand, BrandProfile, Event, ImportRow, Judgement, Outcome, Promise, Proof
from cxalign.accounts import roles
from scoring.models import ItemCoding, Snapshot
from tests import factories as make
from tests.access.addresses import every_address, rule_of
from tests.accounts.desk import change_page, desk_of, edit, errors, form_on, list_page, save, somebody
from tests.accounts.making import a_key, bearer
from tests.brands.sheets import ACTION, checked, sheet
from tests.scoring.coding import making as coding
from tests.scoring.review import making as reviews
from tests.scoring.voices import making as voices

pytestmark = pytest.mark.django_db

MARK = "zqxcode"
REASON = "You are coding this brand"
_LINK = re.compile(r'(?:href|src|action|data-again|data-address)="(/[^"#]*)')
MOST = 350
"""Pages that links lead to, beyond the addresses that are named."""
LEFT_ALONE = ("/static/", "/en/logout", "/fr/", "/admin/logout", "/admin/language", "/admin/password")


@pytest.fixture(autouse=True)
def _no_limit(settings: Any) -> None:
    settings.API_RATE = settings.API_KEY_RATE = ""
    cache.clear()


class Coded:
    """A brand with marks in all that is coded of it, and the people around it."""

    def __init__(self) -> None:
        self.coder, self.coding_editor = somebody(roles.ANALYST), somebody(roles.EDITOR)
        self.analyst, self.editor = somebody(roles.ANALYST), somebody(roles.EDITOR)
        self.case = coding.a_case("Hushed")
        self.brand: Brand = self.case.brand
        self.action = coding.action_of(self.case)
        self.promise: Promise = self.brand.promises.get()
        self.profile = BrandProfile.objects.filter(brand=self.brand).first() or make.a_profile(self.brand)
        self.plant()
        self.snapshot: Snapshot = make.judged(make.touched(self.brand))
        coding.a_round(self.case, self.coder, self.coding_editor, self.editor)
        coding_ = ItemCoding.objects.filter(seat__coder=self.coding_editor).first()
        assert coding_
        ItemCoding.objects.filter(pk=coding_.pk).update(rationale=f"{MARK} of the other coder")
        with mock.patch.object(Snapshot, "is_unfavourable", True):  # notices are for unfavourable drafts
            self.notice = voices.a_notice(self.brand)
        reviews.a_search(self.case)

    def plant(self) -> None:
        """A mark in each reason and group, as a hand that is neither coder's left it in facts and trail."""
        marked = {"rationale_en": MARK, "rationale_fr": MARK}
        for record in (self.action, self.promise, self.profile):
            type(record)._base_manager.filter(pk=record.pk).update(**marked)
        Proof.objects.filter(action=self.action).update(**marked, settlement=MARK)
        self.action.source_links.update(independence_group=f"{MARK}-group")
        make.a_judgement(self.brand, label=f"{MARK} opinion")
        for record in (self.action, self.promise, self.profile):
            record_change(
                "evidence.corrected",
                brand=self.brand,
                subject=record,
                actor=self.editor,
                changes={"rationale_en": ["", MARK]},
                reason=f"{MARK} said an adjudicator",
            )


@pytest.fixture
def coded() -> Coded:
    return Coded()


# --- Everywhere -------------------------------------------------------------------------------------------------------


def of_every_record(brand: Brand) -> Iterator[str]:
    """Each list of the admin, and each screen of each record."""
    for model, screens in admin.site._registry.items():
        listed = list_page(model)
        yield from (
            listed,
            f"{listed}?_facets=True",
            f"{listed}?o=1",
            f"{listed}?q=hushed",
            f"{listed}add/?brand={brand.pk}",
        )
        for pk in model._base_manager.values_list("pk", flat=True)[:6]:
            yield from (f"{listed}{pk}/{ending}/" for ending in ("change", "history", "delete", "withdraw"))
        if getattr(screens, "search_fields", ()):
            yield f"/admin/autocomplete/?app_label={model._meta.app_label}&model_name={model._meta.model_name}&term=h"


def starts(coded: Coded) -> list[str]:
    brand, case = coded.brand, f"/en/brands/{coded.brand.slug}/covid-19/"
    at_the_desk = f"/en/desk/cases/{brand.slug}/covid-19/"
    endings = ("", "draft/", "evidence/", "history/")
    named = [address.path for address in every_address() if rule_of(address) in ("desk", "account")]
    return [
        *named,
        *of_every_record(brand),
        *(case + ending for ending in endings),
        *(at_the_desk + ending for ending in ("", "searches/", "publish/")),
        f"/en/desk/trail/?brand={brand.slug}",
        f"/en/desk/trail/?brand={brand.slug}&crisis=covid-19",
        *(f"/en/desk/trail/{record._meta.label_lower}:{record.key}/" for record in (coded.action, coded.promise)),
        f"/en/desk/trail/brands.proof:{Proof.objects.get(action=coded.action).key}/",
        f"/en/desk/verdict/{brand.pk}/",
        f"/en/desk/capture/?brand={brand.slug}",
        f"/en/desk/capture/brand/?brand={brand.name}",
        f"/en/desk/capture/on-file/?brand={brand.name}&quote={coded.promise.quote or 'x'}",
        f"/en/desk/replies/ask/{brand.slug}/covid-19/",
        f"/en/desk/replies/notice/{coded.notice.pk}/",
        f"/admin/brands/action/of-brand/?brand={brand.pk}",
        *(f"/en/desk/quality/{code}/" for code in ("proof_without_reason", "act_without_group", "single_source")),
    ]


def crawl(client: Client, first: Iterable[str]) -> dict[str, str]:
    """Address → answer, of these addresses and of all that links lead to from them."""
    found: dict[str, str] = {}
    waiting = list(first)
    most = len(waiting) + MOST
    while waiting and len(found) < most:
        address = waiting.pop(0).replace("&amp;", "&")
        if address in found or address.startswith(LEFT_ALONE):
            continue
        answer = client.get(address)
        body = answer.content.decode(errors="replace") if not answer.streaming else ""
        found[address] = body
        assert answer.status_code < 500, address
        waiting += _LINK.findall(body)
    return found


def marked(answers: dict[str, str]) -> list[str]:
    return [address for address, text in answers.items() if MARK in text]


@pytest.mark.parametrize("who", ["coder", "coding_editor"])
def test_a_coder_finds_no_code_of_the_brand_anywhere(coded: Coded, who: str) -> None:
    own = ItemCoding.objects.filter(seat__coder=getattr(coded, who))
    own.update(rationale="")  # what they wrote themselves they may read
    assert marked(crawl(desk_of(getattr(coded, who)), starts(coded))) == []


def test_the_same_addresses_lead_others_to_the_codes(coded: Coded) -> None:
    found = marked(crawl(desk_of(coded.editor), starts(coded)))
    for address in (
        change_page(coded.action),
        change_page(coded.promise),
        change_page(coded.profile),
        list_page(Judgement),
        list_page(Event),
        f"/en/brands/{coded.brand.slug}/covid-19/draft/",
        f"/en/brands/{coded.brand.slug}/covid-19/evidence/",
        f"/en/desk/trail/?brand={coded.brand.slug}",
        "/en/desk/trail/",
        f"/en/desk/trail/brands.action:{coded.action.key}/",
        f"/admin/brands/action/of-brand/?brand={coded.brand.pk}",
    ):
        assert address in found, address


def test_once_the_items_are_settled_the_coders_find_them_too(coded: Coded) -> None:
    ItemCoding.objects.all().delete()
    assert change_page(coded.action) in marked(crawl(desk_of(coded.coder), [change_page(coded.action)]))


def test_every_model_with_codes_is_known_to_the_admin_or_shown_nowhere() -> None:
    """A new screen for a record with codes has to hide them: it is found here."""
    with_codes = (Action, Promise, BrandProfile, Judgement, Event, Snapshot)
    from brands.admin.hiding import HidesCodes, LeavesOutHidden

    for model in with_codes:
        assert isinstance(admin.site._registry[model], HidesCodes | LeavesOutHidden), model
    shown = {model._meta.label for model in admin.site._registry}
    assert not shown & {"brands.Proof", "brands.ActionSource", "scoring.ItemCoding", "scoring.CodingStep"}
    assert apps.get_model("scoring.CodeDecision")._meta.label not in shown


# --- The codes themselves, which are no marks -------------------------------------------------------------------------

CODES = {
    Action: ("substance", "initiative", "generosity", "appraisal", "kind", "categories", "family", "coding", "proofs-"),
    Promise: ("statement_level", "specificity", "scope", "weight", "value_type", "testable"),
    BrandProfile: ("purpose", "values_heritage", "customer_record"),
}


@pytest.mark.parametrize("model", CODES)
def test_a_screen_shows_a_coder_no_field_of_a_code(coded: Coded, model: Any) -> None:
    record = model._base_manager.filter(brand=coded.brand)[0]
    pages = {who: desk_of(getattr(coded, who)).get(change_page(record)) for who in ("coder", "analyst")}
    told = {who: page.content.decode() for who, page in pages.items()}
    for name in CODES[model]:
        shown = f'name="{name}' if name != "coding" else "field-coding"
        assert shown not in told["coder"], name
        assert shown in told["analyst"], name
    assert REASON in told["coder"]
    assert REASON not in told["analyst"]


def test_a_coder_edits_what_is_no_code_and_a_code_that_is_sent_stays_as_it_was(coded: Coded) -> None:
    desk = desk_of(coded.coder)
    answer = edit(
        desk, change_page(coded.action), statement_en="Paid every claim at once.", substance="3", coding="agreed"
    )
    assert answer.status_code == 302, errors(answer)
    before, substance = coded.action.statement_en, coded.action.substance
    coded.action.refresh_from_db()
    assert (coded.action.statement_en, coded.action.substance) == ("Paid every claim at once.", substance)
    assert before != coded.action.statement_en
    assert coded.action.coding == "single"
    assert Proof.objects.filter(action=coded.action).count() == 1


def test_a_conflict_tells_a_coder_nothing_of_what_others_changed_in_the_codes(coded: Coded) -> None:
    desk = desk_of(coded.coder)
    fields = form_on(desk, change_page(coded.action))
    edit(desk_of(coded.analyst), change_page(coded.action), rationale_en=f"{MARK} anew", why=f"{MARK} why")
    answer = save(desk, change_page(coded.action), fields, statement_en="Paid.")
    assert b"Nothing was saved" in answer.content
    assert MARK not in answer.content.decode()


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Action, "substance__exact=2"),
        (Action, "coding__exact=single"),
        (Action, "missing=proof"),
        (Action, "o=-4"),
        (Promise, "weight__exact=central"),
        (Promise, "o=-3"),
        (BrandProfile, "coding__exact=single"),
    ],
)
def test_a_list_asked_for_codes_leaves_the_brand_out_for_its_coder(coded: Coded, model: Any, query: str) -> None:
    if query == "missing=proof":
        Proof.objects.filter(action=coded.action).delete()
    record = model._base_manager.filter(brand=coded.brand)[0]
    address = f"{list_page(model)}?{query}"
    assert change_page(record) not in desk_of(coded.coder).get(address).content.decode()
    assert change_page(record) in desk_of(coded.analyst).get(address).content.decode()
    assert change_page(record) in desk_of(coded.coder).get(list_page(model)).content.decode()


def test_columns_of_codes_are_hidden_in_a_list(coded: Coded) -> None:
    for model in CODES:
        assert b">hidden<" in desk_of(coded.coder).get(list_page(model)).content
        assert b">hidden<" not in desk_of(coded.analyst).get(list_page(model)).content


def test_the_queue_says_of_a_coded_brand_only_what_is_left_to_code(coded: Coded, settings: Any) -> None:
    settings.PUBLICATION_POLICY = "strict"
    told = {who: desk_of(getattr(coded, who)).get("/en/desk/queue/").content.decode() for who in ("coder", "analyst")}
    word = str(coded.snapshot.get_outcome_display())
    assert word in told["analyst"]
    assert word not in told["coder"]
    assert "to code" in told["coder"]


def test_checks_of_the_files_name_no_record_of_a_coded_brand(coded: Coded) -> None:
    Proof.objects.filter(action=coded.action).update(rationale_en="", rationale_fr="")
    address = "/en/desk/quality/proof_without_reason/"
    assert change_page(coded.action) not in desk_of(coded.coder).get(address).content.decode()
    assert change_page(coded.action) in desk_of(coded.analyst).get(address).content.decode()


def test_a_key_of_a_coder_is_not_sent_the_draft(coded: Coded) -> None:
    address = f"/api/v1/scorecards/{coded.brand.slug}:covid-19?state=draft"
    keys = {who: a_key(getattr(coded, who), "read:drafts").token for who in ("coder", "analyst")}
    assert Client().get(address, headers=bearer(keys["analyst"])).status_code == 200
    assert Client().get(address, headers=bearer(keys["coder"])).status_code == 404


@pytest.mark.parametrize("page", ["case", "publish", "notice", "ask"])
def test_pages_of_the_verdict_are_closed_with_the_reason(coded: Coded, page: str) -> None:
    address = {
        "case": f"/en/desk/cases/{coded.brand.slug}/covid-19/",
        "publish": f"/en/desk/cases/{coded.brand.slug}/covid-19/publish/",
        "notice": f"/en/desk/replies/notice/{coded.notice.pk}/",
        "ask": f"/en/desk/replies/ask/{coded.brand.slug}/covid-19/",
    }[page]
    answer = desk_of(coded.coding_editor).get(address)
    assert answer.status_code == 403
    assert REASON in answer.content.decode()
    assert desk_of(coded.editor).get(address).status_code == 200


# --- What is public ---------------------------------------------------------------------------------------------------

OF_THE_CASE = ("", "evidence/", "history/", "v1/", "replies/", "report/", "present/", "export/csv", "cite/bibtex")
OF_MANY = ("landscape/covid-19/", "brands/", "changes/", "compare/?b=hushed&b=spoken", "", "search/?q=claims")
BY_KEY = ("scorecards", "scorecards/hushed:covid-19", "scorecards/hushed:covid-19/versions", "proofs", "actions")


@pytest.fixture
def shown(coded: Coded) -> Coded:
    """The coded brand is public, and so is another one."""
    make.published(coded.brand)
    make.published(make.a_kept_promise("Spoken"))
    return coded


@pytest.mark.parametrize("ending", OF_THE_CASE)
def test_a_public_page_of_the_case_is_closed_to_its_coder_with_the_reason(shown: Coded, ending: str) -> None:
    address = f"/en/brands/hushed/covid-19/{ending}"
    answer = desk_of(shown.coder).get(address)
    assert (answer.status_code, REASON in answer.content.decode()) == (403, True)
    assert desk_of(shown.analyst).get(address).status_code == 200
    assert desk_of(shown.coder).get(f"/fr/brands/spoken/covid-19/{ending}").status_code == 200
    assert ending.startswith("present") or Client().get(address).status_code == 200


@pytest.mark.parametrize("address", OF_MANY)
def test_a_public_list_leaves_out_what_its_reader_codes(shown: Coded, address: str) -> None:
    told = {who: desk_of(getattr(shown, who)).get(f"/en/{address}").content.decode() for who in ("coder", "analyst")}
    verdict = f"{shown.brand.slug}/covid-19/"
    assert verdict not in told["coder"]
    assert verdict in told["analyst"]
    assert ["are left out" in told[who] for who in ("coder", "analyst")] == [True, False]


@pytest.mark.parametrize("address", BY_KEY)
def test_a_key_of_a_coder_is_not_sent_what_is_public_of_the_brand(shown: Coded, address: str) -> None:
    answers = {
        who: Client().get(f"/api/v1/{address}", headers=bearer(a_key(getattr(shown, who), "read:drafts").token))
        for who in ("coder", "analyst")
    }
    assert b"hushed" in answers["analyst"].content
    assert answers["coder"].status_code == (404 if "hushed" in address else 200)
    assert b'"brand":"hushed"' not in answers["coder"].content
    assert b"hushed:covid-19" not in answers["coder"].content.replace(address.encode(), b"")
    assert b"hushed" in Client().get(f"/api/v1/{address}").content


def test_who_codes_orders_no_file_of_everything_that_is_public(shown: Coded) -> None:
    for who, status in (("coder", 403), ("analyst", 302)):
        sent = {"format": "csv", "language": "en"}
        assert desk_of(getattr(shown, who)).post("/en/data/scorecards/order/", sent).status_code == status
    for who, status in (("coder", 409), ("analyst", 202)):
        key = a_key(getattr(shown, who), "export:bulk").token
        headers = {**bearer(key), "Idempotency-Key": who}
        sent = {"format": "csv"}
        answer = Client().post("/api/v1/exports", sent, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content


# --- Imports ----------------------------------------------------------------------------------------------------------


def a_row_about(coded: Coded, **cells: str) -> bytes:
    return sheet({**ACTION, "Marque": coded.brand.name, "action_slug": coded.action.key, **cells})


def test_an_import_tells_a_coder_nothing_of_what_is_on_file(coded: Coded) -> None:
    """Neither the old codes, nor whether the guessed ones are those on file."""
    for substance in ("2", "3"):
        sent = a_row_about(coded, substance=substance)
        row = ImportRow.objects.get(job=checked("actions", sent, coded.coder))
        assert (row.outcome, row.changes) == (Outcome.ERROR, {})
        assert [code for _column, code, *_text in row.messages] == [CODE]
        mine = ImportRow.objects.get(job=checked("actions", sent, coded.analyst))
        assert mine.outcome in (Outcome.UPDATE, Outcome.UNCHANGED, Outcome.KEPT)


def test_an_import_of_somebody_else_is_covered_where_it_is_about_a_coded_brand(coded: Coded) -> None:
    job = checked(
        "actions", a_row_about(coded, **{"Ce qu’elle a fait, en français": f"{MARK} autrement"}), coded.analyst
    )
    pages = [f"/fr/desk/imports/{job.pk}/check/", f"/fr/desk/imports/{job.pk}/refused/"]
    for address in pages:
        assert MARK not in desk_of(coded.coding_editor).get(address).content.decode()
    assert MARK in desk_of(coded.editor).get(pages[0]).content.decode()
    rows = f"/api/v1/imports/{job.pk}/rows"
    keys = {who: a_key(getattr(coded, who), "write:actions").token for who in ("coding_editor", "editor")}
    told = {who: Client().get(rows, headers=bearer(key)).content.decode() for who, key in keys.items()}
    assert MARK in told["editor"]
    assert MARK not in told["coding_editor"]
    assert CODE in told["coding_editor"]
