"""What other sites load: badges, framed pages, oEmbed. Published things only, the same for everybody, and no script."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from brands.models import Brand
from cxalign.exports import fitting, palette
from cxalign.pages import words
from cxalign.pages.faces import badge, oembed
from scoring.publishing import withdraw
from tests import factories as make
from tests.pages.reading import html_of
from tests.pages.test_colours import STYLES, tokens
from tests.scoring.voices import making as voices

pytestmark = pytest.mark.django_db
BASE = "https://cxalign.example.org"
FACES = ("/badge/fictia/covid-19.svg", "/badge/fictia/covid-19.json", "/embed/fictia/covid-19/")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.BASE_URL = BASE


@pytest.fixture
def breach() -> Brand:
    brand = make.a_breach("Fictia")
    make.published(brand)
    return brand


def ask(url: str, **more: str) -> Any:
    return Client().get("/oembed", {"url": url, **more})


# --- The badge --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Broken promise", "Robust · as of "]),
        ("fr", ["Promesse rompue", "Robuste · situation en "]),
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_badge_says_shape_archetype_robustness_and_month(
    breach: Brand, language: str, said: list[str], theme: str
) -> None:
    answer = Client().get(f"/badge/fictia/covid-19.svg?lang={language}&theme={theme}")
    drawing = ElementTree.fromstring(answer.content)  # noqa: S314 – ours
    texts = [text.text or "" for text in drawing.iter(f"{SVG}text")]
    assert [text.startswith(begin) for text, begin in zip(texts, said, strict=True)] == [True, True]
    assert re.search(r"\s20\d\d$", texts[1])
    title = drawing.findtext(f"{SVG}title") or ""
    assert title.startswith("Fictia – Covid-19")
    assert said[0] in title
    assert (drawing.get("width"), drawing.get("height")) == (str(badge.WIDTH), str(badge.HEIGHT))
    colours = palette.DARK if theme == "dark" else palette.LIGHT
    assert f'fill="{colours.tones["broken"]}" d="M10 .8' in answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Language"] == language


def test_a_badge_may_be_kept_for_an_hour_and_is_not_sent_twice(breach: Brand) -> None:
    for address in FACES:
        answer = Client().get(address)
        assert answer["Cache-Control"] == "public, max-age=3600"
        assert not answer.cookies
        again = Client().get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_every_outcome_fits_its_badge_also_in_wider_letters() -> None:
    """The typeface is that of the reader's machine: the usual ones run up to a tenth wider than ours."""
    from django.utils import translation

    for language in ("en", "fr"):
        with translation.override(language):
            for code in (*words.VOCABULARIES["outcome"], "under_review", "not_assessed"):
                room = badge.WIDTH - 48 - (12 if code in ("no_promise", "under_review", "not_assessed") else 52)
                said = words.word(code, "state")
                assert fitting.length(said, fitting.Style(15, strong=True)) * 1.1 <= room, said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_a_verdict_the_mark_is_dashed_and_grey(language: str) -> None:
    make.a_crisis()
    make.a_brand("Listed", listed=True)
    make.published(make.an_empty_file("Empty"))
    for slug, told in (("listed", "not_assessed"), ("empty", "insufficient_evidence")):
        answer = Client().get(f"/badge/{slug}/covid-19.svg?lang={language}")
        drawing = answer.content.decode()
        assert answer.status_code == 200
        assert 'stroke-dasharray="3.4 2.6"' in drawing
        assert f'stroke="{palette.LIGHT.tones["none"]}"' in drawing
        from django.utils import translation

        with translation.override(language):
            assert words.word(told, "state") in drawing


def test_what_nobody_may_know_of_answers_like_what_does_not_exist() -> None:
    make.judged(make.a_breach("Hidden"))
    for face in FACES:
        hidden, absent = (Client().get(face.replace("fictia", slug)) for slug in ("hidden", "absent"))
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.content == absent.content
        assert "Hidden" not in hidden.content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "Verdict withdrawn"), ("fr", "Verdict retiré")])
def test_what_was_withdrawn_is_gone_and_says_so(language: str, word: str) -> None:
    publication = make.published(make.a_breach("Fictia"))
    withdraw(publication, by=make.an_editor(), reason_en="A wrong source.", reason_fr="Une source erronée.")
    for face in FACES:
        answer = Client().get(f"{face}?lang={language}")
        assert answer.status_code == 410
        assert word in answer.content.decode()
        assert "Broken promise" not in answer.content.decode()
        assert "Promesse rompue" not in answer.content.decode()
    page = html_of(Client().get(f"/embed/fictia/covid-19/?lang={language}"))
    assert ("A wrong source." if language == "en" else "Une source erronée.") in page
    assert ask(f"{BASE}/{language}/brands/fictia/covid-19/").status_code == 410


def test_a_draft_moves_nothing(breach: Brand) -> None:
    before = [Client().get(face).content for face in FACES]
    make.an_action(breach, sources=2)
    make.judged(make.touched(breach))
    assert [Client().get(face).content for face in FACES] == before


def test_the_badge_as_data_is_what_shields_reads(breach: Brand) -> None:
    answer = Client().get("/badge/fictia/covid-19.json?lang=en")
    told = json.loads(answer.content)
    assert set(told) == {"schemaVersion", "label", "message", "color", "isError", "cacheSeconds"}
    assert (told["schemaVersion"], told["label"], told["isError"]) == (1, "Fictia – Covid-19", False)
    assert re.fullmatch(r"Broken promise, robust, as of \w+ 20\d\d", told["message"])
    assert re.fullmatch(r"[0-9A-F]{6}", told["color"])
    assert told["cacheSeconds"] >= 300  # less is not accepted
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("query", ["lang=de", "theme=pink", "lang=fr&theme=auto"])
def test_a_value_that_is_not_known_is_refused(breach: Brand, query: str) -> None:
    assert Client().get(f"/badge/fictia/covid-19.svg?{query}").status_code == 400
    assert Client().get("/badge/fictia/covid-19.svg?lang=fr&theme=dark&v=2").status_code == 200


def test_the_colours_are_those_of_the_screen() -> None:
    for mode, theme in (("light", palette.LIGHT), ("dark", palette.DARK)):
        screen = tokens(mode)
        assert (screen["ink"], screen["ink-2"]) == (theme.ink, theme.ink_2)
        for tone in theme.tones:
            named = (screen[tone], screen[f"{tone}-ink"], screen[f"{tone}-tint"])
            assert named == (theme.tones[tone], theme.inks[tone], theme.tints[tone])


def test_the_framed_page_has_the_colours_of_the_screen() -> None:
    from django.conf import settings

    framed = (settings.BASE_DIR / "cxalign/static/css/embed.css").read_text()
    blocks = re.findall(r"(:root|\.theme-dark|\.theme-auto) \{([^}]*--paper[^}]*)\}", framed)
    assert [name for name, _block in blocks] == [":root", ".theme-dark", ".theme-auto"]
    for mode, (_name, block) in zip(("light", "dark", "dark"), blocks, strict=True):
        own = dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6});", block))
        assert own
        assert own.items() <= tokens(mode).items()
    assert "--paper" in STYLES


# --- The framed page --------------------------------------------------------------------------------------------------


def policy_of(answer: Any) -> set[str]:
    """The rules of its content policy, whose order is chance."""
    return {rule.strip() for rule in answer["Content-Security-Policy"].split(";")}


def test_only_the_framed_page_may_be_framed(breach: Brand, settings: Any) -> None:
    framed = Client().get("/embed/fictia/covid-19/")
    assert "frame-ancestors *" in policy_of(framed)
    assert "X-Frame-Options" not in framed
    for address in ("/en/brands/fictia/covid-19/", "/badge/fictia/covid-19.svg", "/en/"):
        answer = Client().get(address)
        assert "frame-ancestors 'none'" in policy_of(answer)
        assert answer["X-Frame-Options"] == "DENY"
    settings.EMBED_ANCESTORS = ["https://news.example.org"]
    framed = Client().get("/embed/fictia/covid-19/")
    assert policy_of(framed) >= {"frame-ancestors https://news.example.org", "default-src 'self'"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_framed_page_has_no_script_and_leads_to_the_scorecard(breach: Brand, language: str) -> None:
    reply = voices.a_published_reply(breach.assessments.get().publications.get())
    page = html_of(Client().get(f"/embed/fictia/covid-19/?lang={language}"))
    full = f"{BASE}/{language}/brands/fictia/covid-19/"
    assert f'<html lang="{language}"' in page
    assert not re.search(r"<script|<form|\son[a-z]+=|\sstyle=|<style", page)
    links = re.findall(r"<a [^>]*>", page)
    assert any(f'href="{full}"' in link for link in links)
    assert any(f'href="{full}#source-1"' in link for link in links)
    assert any(f'href="{full}#voice"' in link for link in links)
    assert all('target="_blank"' in link and "noopener" in link for link in links)
    assert f'<link rel="canonical" href="{full}">' in page
    assert 'content="noindex"' in page
    assert "That is not what happened." not in page
    assert reply.text == "That is not what happened."


# --- oEmbed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_oembed_answers_rich_for_a_scorecard(breach: Brand, language: str) -> None:
    answer = ask(f"{BASE}/{language}/brands/fictia/covid-19/")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/json"
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert (told["provider_name"], told["provider_url"], told["title"]) == ("cxalign", BASE, "Fictia – Covid-19")
    assert f'src="{BASE}/embed/fictia/covid-19/?lang={language}"' in told["html"]
    assert f'width="{told["width"]}" height="{told["height"]}"' in told["html"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in told["html"]


@pytest.mark.parametrize(
    ("most", "size"),
    [
        ({}, (560, 370)),
        ({"maxwidth": "4000", "maxheight": "4000"}, (560, 370)),
        ({"maxwidth": "1" * 9000}, (560, 370)),
        ({"maxwidth": "320"}, (320, 600)),
        ({"maxheight": "200"}, (560, 200)),
        ({"maxwidth": "100", "maxheight": "90"}, (100, 90)),
    ],
)
def test_the_frame_is_never_larger_than_the_room_there_is(
    breach: Brand, most: dict[str, str], size: tuple[int, int]
) -> None:
    told = json.loads(ask(f"{BASE}/en/brands/fictia/covid-19/", **most).content)
    assert (told["width"], told["height"]) == size


@pytest.mark.parametrize(
    ("address", "more", "status"),
    [
        ("", {}, 400),
        ("{}/en/brands/fictia/covid-19/", {"maxwidth": "wide"}, 400),
        ("{}/en/brands/fictia/covid-19/", {"maxheight": "0"}, 400),
        ("{}/en/brands/fictia/covid-19/", {"maxwidth": "-3"}, 400),
        ("{}/en/brands/fictia/covid-19/", {"format": "xml"}, 501),
        ("{}/en/brands/fictia/covid-19/", {"format": "yaml"}, 501),
        ("{}/en/brands/absent/covid-19/", {}, 404),
        ("{}/en/brands/hidden/covid-19/", {}, 404),
        ("{}/en/brands/fictia/covid-19/v1/", {}, 404),
        ("{}/en/brands/fictia/", {}, 404),
        ("{}/brands/fictia/covid-19/", {}, 404),
        ("{}/de/brands/fictia/covid-19/", {}, 404),
        ("https://elsewhere.example/en/brands/fictia/covid-19/", {}, 404),
        ("https://[broken/en/brands/fictia/covid-19/", {}, 404),
        ("javascript:alert(1)", {}, 404),
    ],
)
def test_oembed_refuses_as_the_specification_has_it(
    breach: Brand, address: str, more: dict[str, str], status: int
) -> None:
    make.judged(make.a_breach("Hidden"))
    answer = ask(address.format(BASE), **more)
    assert answer.status_code == status
    assert set(json.loads(answer.content)) == {"detail"}
    assert answer["Content-Type"] == "application/json"


# --- On the scorecard -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_scorecard_offers_its_code_and_is_discovered(breach: Brand, language: str) -> None:
    page = Client().get(f"/{language}/brands/fictia/covid-19/").content.decode()
    [found] = re.findall(r'<link rel="alternate"\s+type="application/json\+oembed"\s+href="([^"]+)"', page)
    asked = parse_qs(urlsplit(found.replace("&amp;", "&")).query)
    assert asked == {"url": [f"{BASE}/{language}/brands/fictia/covid-19/"], "format": ["json"]}
    told = json.loads(Client().get(found.replace("&amp;", "&")).content)
    assert escape(told["html"]) in page
    assert f"{BASE}/badge/fictia/covid-19.svg?lang={language}" in page
    assert "[![cxalign" in page


def test_names_stay_text_in_the_code() -> None:
    make.published(make.a_breach('Fic"tia <b>]', slug="fictia"))
    page = Client().get("/en/brands/fictia/covid-19/").content.decode()
    assert "&lt;iframe src=" in page
    [markdown] = re.findall(r'id="badge-markdown"[^>]*>([^<]*)<', page)
    assert r"Fic&quot;tia \&lt;b\&gt;\]" in markdown
    assert "title=&quot;Fic&amp;quot;tia &amp;lt;b&amp;gt;]" in page
    told = json.loads(ask(f"{BASE}/en/brands/fictia/covid-19/").content)
    assert 'title="Fic&quot;tia &lt;b&gt;] – Covid-19, scorecard by cxalign"' in told["html"]
    ElementTree.fromstring(Client().get("/badge/fictia/covid-19.svg").content)  # noqa: S314 – ours


@pytest.mark.parametrize("closed", ["EMBEDDING", "PUBLIC_SITE"])
def test_a_setting_turns_all_of_it_off(breach: Brand, settings: Any, closed: str) -> None:
    addresses = (*FACES, f"/oembed?url={BASE}/en/brands/fictia/covid-19/")
    reader = Client()
    reader.force_login(make.an_analyst())
    assert all(reader.get(address).status_code == 200 for address in addresses)
    assert 'id="embed-code"' in reader.get("/en/brands/fictia/covid-19/").content.decode()
    setattr(settings, closed, False)
    assert all(reader.get(address).status_code == 404 for address in addresses)
    assert all(Client().get(address).status_code in (302, 404) for address in addresses)
    page = reader.get("/en/brands/fictia/covid-19/").content.decode()
    assert 'id="embed-code"' not in page
    assert "oembed" not in page


def test_versions_and_drafts_offer_no_code(breach: Brand) -> None:
    """A frame shows what is in force: a page about something else must not promise otherwise."""
    assert 'id="embed-code"' not in Client().get("/en/brands/fictia/covid-19/v1/").content.decode()
    assert oembed.MEDIA_TYPE not in Client().get("/en/brands/fictia/covid-19/v1/").content.decode()


def test_a_face_costs_few_queries(breach: Brand, django_assert_max_num_queries: Any) -> None:
    for address in (*FACES, f"/oembed?url={BASE}/en/brands/fictia/covid-19/"):
        with django_assert_max_num_queries(6):
            assert Client().get(address).status_code == 200
