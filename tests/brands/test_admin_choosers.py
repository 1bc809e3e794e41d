"""Choosers of the admin without a script: a short list is there whole, any other record is chosen by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from brands.models import Action, Brand, Promise, Sector, Tag
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import errors, form_on, save, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db

SOURCE_ROW = {"source-typed": "annual report", "kind": "independent", "independence_group": "daily"}
PROMISES, ACTIONS, BRANDS = (f"/admin/brands/{model}/add/" for model in ("promise", "action", "brand"))


def promise_form(desk: Any, **typed: Any) -> dict[str, Any]:
    filled = {"kind": "mission", "statement_en": "Cares.", "stakeholders": ["customers"], "key": "fictia-cares"}
    return {**form_on(desk, PROMISES), **filled, **typed}


def options(page: str, name: str) -> list[str]:
    """What a list holds, in the page as it is sent."""
    inside = page.split(f'<select name="{name}"', 1)[1].split("</select>", 1)[0]
    return re.findall(r"<option[^>]+>([^<]+)</option>", inside)


def test_sectors_and_tags_are_all_in_the_page_of_a_new_brand() -> None:
    sectors = [str(Sector.objects.create(slug=f"s{n}", name_en=f"Sector {n}", name_fr=f"Secteur {n}")) for n in (1, 2)]
    Tag.objects.create(name="To check")
    page = signed_in(roles.EDITOR).get(BRANDS).content.decode()
    listed = options(page, "sector")
    assert set(sectors) <= set(listed)
    assert "To check" in options(page, "tags")


def test_nothing_is_chosen_for_somebody_who_chose_nothing() -> None:
    Sector.objects.create(slug="s1", name_en="Sector", name_fr="Secteur")
    desk = signed_in(roles.EDITOR)
    assert form_on(desk, BRANDS).get("sector") in (None, "")
    answer = save(desk, BRANDS, form_on(desk, BRANDS), name="Fictia", slug="fictia")
    assert "sector" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("typed", ["Fictia", "fictia", "  FICTÏA "])
def test_a_brand_is_chosen_by_its_whole_name(typed: str) -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    make.a_brand("Fictia Bank")
    answer = save(desk, PROMISES, promise_form(desk, **{"brand-typed": typed}))
    assert answer.status_code == 302, errors(answer)
    assert Promise.objects.get().brand == brand


def test_part_of_a_name_is_never_taken_for_the_name_but_what_is_like_it_can_then_be_chosen() -> None:
    brand, desk = make.a_brand("Fictia Bank"), signed_in()
    form = promise_form(desk, **{"brand-typed": "fictia"})
    answer = save(desk, PROMISES, form)
    assert answer.status_code == 200
    assert "is not the whole name of one record" in errors(answer)
    page = answer.content.decode()
    assert "Fictia Bank" in options(page, "brand")
    assert 'name="brand-typed" value=""' in page
    assert save(desk, PROMISES, {**form, "brand-typed": "", "brand": str(brand.pk)}).status_code == 302


def test_a_name_that_nothing_has_is_told_and_stays_in_its_field() -> None:
    make.a_brand("Fictia")
    desk = signed_in()
    answer = save(desk, PROMISES, promise_form(desk, **{"brand-typed": "Q<x>"}))
    assert "Nothing on file is called “Q&lt;x&gt;”." in errors(answer)
    assert 'name="brand-typed" value="Q&lt;x&gt;"' in answer.content.decode()
    assert Promise.objects.count() == 0


def test_several_are_chosen_by_name_one_a_line_and_what_was_understood_is_kept() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    first, second = make.a_source(title="Annual report"), make.a_source(title="A letter to customers")
    form = promise_form(desk, brand=str(brand.pk))
    answer = save(desk, PROMISES, {**form, "sources-typed": "Annual report\r\nNo such title"})
    assert "Nothing on file is called “No such title”." in errors(answer)
    page = answer.content.decode()
    assert options(page, "sources") == ["Annual report"]
    assert ">No such title</textarea>" in page
    answer = save(desk, PROMISES, {**form, "sources": [str(first.pk)], "sources-typed": "a letter to customers\n"})
    assert answer.status_code == 302, errors(answer)
    assert set(Promise.objects.get().sources.all()) == {first, second}


def test_a_source_of_an_act_is_chosen_by_name_in_its_row() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    source = make.a_source(title="Annual report")
    form = {**form_on(desk, ACTIONS), "brand-typed": brand.name, "crisis": str(make.a_crisis().pk)}
    row = {
        "source_links-0-source-typed": "annual report",
        "source_links-0-kind": "independent",
        "source_links-0-independence_group": "daily",
    }
    answer = save(desk, ACTIONS, {**form, **row, "statement_en": "Paid.", "kind": "money"})
    assert answer.status_code == 302, errors(answer)
    assert Action.objects.get().source_links.get().source == source


@pytest.mark.parametrize("value", ["abc", "999999", "9" * 40, "²", "1 OR 1=1"])
def test_a_key_that_is_none_is_refused_and_breaks_nothing(value: str) -> None:
    desk = signed_in()
    answer = save(desk, PROMISES, promise_form(desk, brand=value))
    assert answer.status_code == 200
    assert "brand" in answer.context["adminform"].form.errors


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "save_word"), [("en", "Save"), ("fr", "Enregistrer")])
def test_a_brand_and_its_promise_are_added_without_a_script(
    browser: Browser, live_server: Any, language: str, save_word: str
) -> None:
    from playwright.sync_api import expect

    from tests.looking import sign_in

    sector = make.a_sector()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, language=language)
    page.goto(reverse("admin:brands_brand_add"))
    page.fill("[name=name]", "Fictia")
    page.fill("[name=slug]", "fictia")
    page.fill("[name=country]", "FR")
    page.select_option("[name=sector]", label=str(sector.name_fr if language == "fr" else sector.name_en))
    page.get_by_role("button", name=save_word, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Brand.objects.get().sector == sector
    page.goto(reverse("admin:brands_promise_add"))
    page.fill("[name=brand-typed]", "fictia")
    page.fill("[name=statement_en]", "Cares.")
    page.check("[name=stakeholders][value=customers]")
    page.select_option("[name=kind]", "mission")
    page.get_by_role("button", name=save_word, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Promise.objects.get().brand.name == "Fictia"
    context.close()
