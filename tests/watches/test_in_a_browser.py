"""Portfolios and watches in a real browser: one walk from the list of brands to a watch, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cxalign.accounts import views_kept
from cxalign.portfolios.models import Portfolio, Step
from cxalign.watches import following
from cxalign.watches.models import Watch
from tests import factories as make
from tests.looking import PASSWORD, enter, inspector, look
from tests.plans.making import team_of
from tests.watches.making import a_reader, subscriber

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {"add": "Add to a portfolio", "note": "Write a note", "out": "Take out", "undo": "Undo", "watch": "Watch"},
    "fr": {
        "add": "Ajouter à un portefeuille",
        "note": "Écrire une note",
        "out": "Retirer",
        "undo": "Annuler",
        "watch": "Suivre",
    },
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_the_list_of_brands_to_a_portfolio_and_a_watch(browser: Browser, live_server: Any, language: str) -> None:
    for name in ("Ada", "Bea", "Cleo"):
        make.published(make.a_breach(name))
    claire, words = a_reader(language=language), WORDS[language]
    claire.set_password(PASSWORD)
    claire.save()
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    enter(plain, claire)
    plain.goto(f"/{language}/brands/")
    for slug in ("ada", "bea"):
        plain.check(f"input[name=b][value={slug}]")
    plain.get_by_role("button", name=words["add"]).click()
    plain.fill("#id_name", "Insurers")
    plain.click("main [type=submit].primary")
    assert plain.inner_text("h1") == "Insurers"
    plain.get_by_role("link", name=words["note"]).first.click()
    plain.fill("#id_note", "Ask them in spring.")
    plain.click("main [type=submit].primary")
    assert "Ask them in spring." in plain.inner_text("#brand-ada")
    plain.click("#brand-bea button[value=up]")
    plain.locator("#brand-ada").get_by_role("button", name=words["out"]).click()
    assert plain.locator("#brand-ada").count() == 0
    plain.get_by_role("button", name=words["undo"]).click()
    assert "Ask them in spring." in plain.inner_text("#brand-ada")
    plain.locator("main .head").get_by_role("link", name=words["watch"]).click()
    plain.check("input[value=weekly]")
    plain.click("main [type=submit].primary")
    assert Watch.objects.get().portfolio == Portfolio.objects.get()
    assert "Insurers" in plain.inner_text("table")
    plain.context.close()
    portfolio, step = Portfolio.objects.get(), Step.objects.first()
    assert step is not None
    following.open_feed(claire)
    views_kept.keep(claire, name="Mine", path="brands/", query="", shared=False, team=team_of(claire))
    page = inspector(browser, live_server)
    enter(page, claire)
    complaints = []
    for place in (
        "",
        "new/",
        "add/?b=cleo",
        f"{portfolio.pk}/",
        f"{portfolio.pk}/settings/",
        f"{portfolio.pk}/activity/",
    ):
        complaints += look(page, f"/{language}/portfolios/{place}")
    complaints += look(page, f"/{language}/portfolios/{portfolio.pk}/brands/ada/note/")
    for place in ("account/watches/", "account/watches/new/?brand=ada", "account/views/", "legal/privacy/"):
        complaints += look(page, f"/{language}/{place}")
    complaints += look(page, f"/{language}/watches/{subscriber(claire).stop_token}/stop/")
    assert complaints == []
