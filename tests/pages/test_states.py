"""The states that every page must have, in both languages: empty, refused, stale, withdrawn, under review, mixed."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from cxalign.accounts import roles
from scoring.models import Publication, Snapshot
from scoring.publishing import withdraw
from tests import factories as make
from tests.access.addresses import every_address, rule_of
from tests.accounts.desk import desk_of, somebody
from tests.exports.files import text_of_pptx, workbook_of
from tests.pages.languages import complaints_about_language, texts_of
from tests.pages.reading import html_of
from tests.plans.making import a_planner
from tests.portfolios.making import a_portfolio
from tests.scoring.voices import making as voices

pytestmark = pytest.mark.django_db

both = pytest.mark.parametrize("language", ["en", "fr"])
CASE = "brands/specimen/covid-19/"


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return html_of(answer)  # type: ignore[arg-type]


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", " ".join(text.words for text in texts_of(html)))


def the_case(**fields: Any) -> Brand:
    return make.a_breach("Specimen", **fields)


# --- Nothing on file --------------------------------------------------------------------------------------------------

LEADING_ON = re.compile(r"<main.*?(<a [^>]*href|<form|<button).*?</main>", re.DOTALL)


def open_addresses(*rules: str) -> list[str]:
    """Pages that name no record."""
    found = [address for address in every_address() if rule_of(address) in rules]
    paths = [one.path for one in found if not re.search(r"absent|/1/|00000000|\.\w+$", one.path)]
    return [path[3:] for path in paths if path[:4] in ("/en/", "/fr/")]


def member(role: str) -> Any:
    """Somebody who may open what this role opens: a consultant has a team."""
    return a_planner() if role == roles.CONSULTANT else somebody(role)


@both
@pytest.mark.parametrize(
    ("role", "rules"),
    [("", ("public",)), (roles.EDITOR, ("desk",)), (roles.CONSULTANT, ("account",))],
    ids=["stranger", "editor", "consultant"],
)
def test_on_an_empty_site_no_page_shows_a_blank_table_and_each_leads_on(
    role: str, rules: tuple[str, ...], language: str
) -> None:
    client, wrong, seen = desk_of(member(role)) if role else Client(), [], 0
    for path in open_addresses(*rules):
        answer = client.get(f"/{language}{path}")
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        html, seen = html_of(answer), seen + 1  # type: ignore[arg-type]
        tables = re.findall(r"<table.*?</table>", html)
        blank = [table for table in tables if "<td" not in table and 'scope="row"' not in table]
        wrong += [f"{path}: a blank table"] * bool(blank)
        wrong += [f"{path}: leads nowhere"] * (LEADING_ON.search(html) is None and not path.startswith("/legal/"))
        wrong += [f"{path}: {complaint}" for complaint in complaints_about_language(language, html)]
    assert wrong == []
    assert seen > 9


# --- Refusals ---------------------------------------------------------------------------------------------------------


@both
def test_what_is_private_does_not_exist_and_what_is_not_says_who_grants_it(language: str) -> None:
    portfolio, other = a_portfolio(), desk_of(a_planner())
    hidden = page(other, f"/{language}/portfolios/{portfolio.pk}/", 404)
    nothing = page(other, f"/{language}/portfolios/99999/", 404)
    told = {"en": "There is nothing at this address", "fr": "Il n’y a rien à cette adresse"}[language]
    assert told in hidden
    assert words_of(hidden).split("req_")[0] == words_of(nothing).split("req_")[0]
    refused = page(desk_of(somebody(roles.CONSULTANT)), f"/{language}/desk/", 403)
    assert {"en": "an administrator can give you", "fr": "un administrateur peut vous"}[language] in words_of(refused)
    assert re.search(r"<code>req_\w+</code>", refused)


# --- Too little, too old, not yet -------------------------------------------------------------------------------------


@both
def test_too_little_evidence_says_what_is_missing_and_has_no_colour(language: str) -> None:
    make.published(make.an_empty_file("Specimen"))
    html = page(Client(), f"/{language}/{CASE}")
    assert 'class="verdict a-none' in html
    assert not re.search(r'class="verdict[^"]* a-(broken|aligned|exceeds|dna)', html)
    told = {
        "en": "No act was read against this promise yet.",
        "fr": "Aucun acte n’a encore été lu au regard de cette promesse.",
    }
    assert told[language] in words_of(html)


@both
def test_a_verdict_of_long_ago_says_since_when_nobody_reviewed_it_and_stands(language: str) -> None:
    make.published(the_case())
    told = {"en": ("Not reviewed since", "Broken promise"), "fr": ("réexaminée depuis", "Promesse rompue")}[language]
    assert told[0] not in words_of(page(Client(), f"/{language}/{CASE}"))
    long_ago = timezone.localdate() + timedelta(days=366)
    with mock.patch("cxalign.pages.scorecard.timezone.localdate", return_value=long_ago):
        shown = words_of(page(Client(), f"/{language}/{CASE}"))
    assert all(one in shown for one in told)


@both
def test_under_reply_the_public_sees_no_verdict_or_the_one_before(language: str) -> None:
    brand = the_case(listed=True)
    brand.actions.update(statement_en="Kept from readers.", statement_fr="Tu aux lecteurs.")
    voices.a_notice(make.touched(brand))
    under_way = {"en": "Assessment under way", "fr": "Évaluation en cours"}[language]
    secret = ("Kept from readers", "Tu aux lecteurs", "Broken promise", "Promesse rompue")
    for address in (CASE, "brands/specimen/", "brands/", "landscape/covid-19/", "search/?q=specimen"):
        answer = Client().get(f"/{language}/{address}")
        shown = words_of(html_of(answer))  # type: ignore[arg-type]
        verdicts = secret[:2] if address.startswith(("brands/", "landscape")) and address != CASE else secret
        assert not [word for word in verdicts if word in shown], address
    assert under_way in words_of(page(Client(), f"/{language}/{CASE}"))
    assert page(Client(), f"/{language}/{CASE}evidence/", 404)
    countdown = {"en": "may reply until", "fr": "peut répondre jusqu’au"}[language]
    assert countdown in words_of(page(desk_of(make.an_analyst()), f"/{language}/{CASE}draft/"))


# --- Withdrawn --------------------------------------------------------------------------------------------------------


@both
def test_what_was_withdrawn_says_when_and_why_at_every_address_for_good(language: str) -> None:
    publication = make.published(the_case())
    reasons = {"en": "A source was misread.", "fr": "Une source a été mal lue."}
    withdraw(publication, by=make.an_editor(), reason_en=reasons["en"], reason_fr=reasons["fr"])
    year = str(timezone.localdate().year)
    for rest in ("", "v1/", "evidence/", "replies/", "export/", "export/pdf"):
        shown = words_of(page(Client(), f"/{language}/{CASE}{rest}", 410))
        assert reasons[language] in shown, rest
        assert year in shown, rest
    history = words_of(page(Client(), f"/{language}/{CASE}history/"))
    assert reasons[language] in history


# --- Two methods side by side -----------------------------------------------------------------------------------------

MIXED = {"en": "under different versions of the method", "fr": "versions différentes de la méthode"}


def judged_by_an_older_method(publication: Publication) -> None:
    """The verdict of this version, as if an earlier method had reached it."""
    old = Snapshot.objects.get(pk=publication.snapshot_id)
    old.pk, old.sequence, old.method_version, old._state.adding = None, 90, "0.9.0", True
    old.document = json.dumps({**json.loads(old.document), "method_version": "0.9.0"})
    old.save()
    Publication.objects.filter(pk=publication.pk).update(snapshot=old)


@both
def test_verdicts_of_two_methods_side_by_side_say_so(language: str) -> None:
    ada, bea = make.a_breach("Ada"), make.a_kept_promise("Bea")
    make.published(ada)
    second = make.published(bea)
    by = a_planner()
    portfolio, mine = a_portfolio(ada, bea, by=by), desk_of(by)
    pages = ("landscape/covid-19/", "compare/?b=ada&b=bea", f"portfolios/{portfolio.pk}/")
    files = ("landscape/covid-19/export/{}", "compare/export/{}?b=ada&b=bea")

    def silent(told: str) -> list[str]:
        shown = {path: words_of(page(mine, f"/{language}/{path}")) for path in pages}
        for path in files:
            given = {kind: mine.get(f"/{language}/{path.format(kind)}").content for kind in ("pptx", "svg", "xlsx")}
            shown[f"{path} pptx"] = text_of_pptx(given["pptx"])
            shown[f"{path} svg"] = re.sub(r"<[^>]+>", " ", given["svg"].decode())
            shown[f"{path} xlsx"] = " ".join(
                str(cell) for sheet in workbook_of(given["xlsx"]) for row in sheet.values for cell in row
            )
        return [path for path, said in shown.items() if told not in re.sub(r"\s+", " ", said)]

    assert len(silent(MIXED[language])) == 9
    judged_by_an_older_method(second)
    assert silent(MIXED[language]) == []


@both
def test_two_versions_of_a_verdict_by_two_methods_say_so(language: str) -> None:
    brand = the_case()
    first = make.published(brand)
    brand.actions.get().proofs.update(depth="3")
    make.published(make.touched(brand))
    address = f"/{language}/{CASE}history/1..2/"
    assert MIXED[language] not in words_of(page(Client(), address))
    judged_by_an_older_method(first)
    assert MIXED[language] in words_of(page(Client(), address))
