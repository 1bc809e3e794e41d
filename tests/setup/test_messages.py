"""The tool for the French catalogue: it finds every message, keeps what is translated, reports what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import override

from tools import messages
from tools.messages import Extracted

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext

title = _("Kept "
          "promises")
count = ngettext("%(count)d brand", "%(count)d brands", count) % {"count": count}
month = pgettext("month", "May")
months = npgettext("calendar", "one month", "%(n)s months", n)
inside = f"{_('Within')} – {_(name)} – {count}"
plain = "not a message"
"""
TEMPLATE = """{% load i18n %}
<div class="é">
      {% if kind == _("constant") %}
  {% translate "Evidence: 5 %" %} it's "unbalanced {# a remark #} {% trans "Older tag" as title %}
    <p>{% blocktranslate trimmed count counter=brands|length %}
      one brand
    {% plural %}
      {{ counter }} brands
    {% endblocktranslate %}</p>
{% translate "May" context "verb" %}
{% blocktranslate with name=brand.name context "title" %}All about {{ name }}{% endblocktranslate %}
{% comment %}{% translate "hidden" %}{% endcomment %}
{{ text|default:_("none yet") }}
"""


def test_every_kind_of_message_in_python_is_found() -> None:
    found = list(messages.extract_python(PYTHON))
    assert found == [
        Extracted("Kept promises"),
        Extracted("%(count)d brand", "%(count)d brands"),
        Extracted("May", context="month"),
        Extracted("one month", "%(n)s months", "calendar"),
        Extracted("Within"),
    ]


def test_a_message_inside_an_f_string_is_found() -> None:
    module = """said = f"{_('Source %(number)d') % {'number': 1}} – {label}"\nplain = f"{name('no message')}"\n"""
    assert list(messages.extract_python(module)) == [Extracted("Source %(number)d")]


def test_every_kind_of_message_in_a_template_is_found() -> None:
    found = list(messages.extract_template(TEMPLATE))
    assert found == [
        Extracted("constant"),
        Extracted("Evidence: 5 %%"),
        Extracted("Older tag"),
        Extracted("one brand", "%(counter)s brands"),
        Extracted("May", context="verb"),
        Extracted("All about %(name)s", context="title"),
        Extracted("none yet"),
    ]


def test_messages_are_gathered_from_all_sources_with_the_files_they_stand_in(tmp_path: Path) -> None:
    for name, text in (
        ("cxalign/a.py", "_('shared')"),
        ("templates/b.html", "{% load i18n %}{% translate 'shared' %}"),
        ("brands/templates/brands/c.txt", "{% load i18n %}{% translate 'mail' %}"),
        ("docs/d.html", "{% translate 'not ours' %}"),
        ("brands/data.txt", "{% translate 'not a template' %}"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = messages.extract_all(tmp_path)
    assert {key[1]: message.files for key, message in found.items()} == {
        "shared": {"cxalign/a.py", "templates/b.html"},
        "mail": {"brands/templates/brands/c.txt"},
    }


def catalogue(*entries: tuple[str, str]) -> Catalog:
    made = Catalog(locale="fr")
    for text, translation in entries:
        made.add(text, translation)
    return made


def test_an_update_keeps_translations_and_drops_what_is_gone() -> None:
    old = catalogue(("kept", "gardé"), ("gone", "parti"))
    text = messages.catalogue_text(messages.merged([Extracted("new", files={"a.py"}), Extracted("kept")], old))
    assert 'msgid "kept"\nmsgstr "gardé"' in text
    assert '#: a.py\nmsgid "new"\nmsgstr ""' in text
    assert "gone" not in text
    assert text.index('"kept"') < text.index('"new"')


def test_an_update_of_an_update_changes_nothing(tmp_path: Path) -> None:
    found = [*messages.extract_python(PYTHON), *messages.extract_template(TEMPLATE)]
    first = messages.catalogue_text(messages.merged(found, Catalog(locale="fr")))
    path = tmp_path / "django.po"
    path.write_text(first)
    assert messages.catalogue_text(messages.merged(found, messages.read_catalogue(path))) == first


@pytest.mark.parametrize(
    ("wanted", "there", "complaint"),
    [
        (Extracted("a", files={"x.py"}), catalogue(), "not in the catalogue: 'a' (x.py)"),
        (None, catalogue(("a", "un")), "no longer in the sources: 'a'"),
        (Extracted("a"), catalogue(("a", "")), "not translated: 'a'"),
        (Extracted("%(n)s of"), catalogue(("%(n)s of", "%(m)s de")), "placeholders differ in '%(m)s de': '%(n)s of'"),
        (Extracted("{n} of"), catalogue(("{n} of", "de")), "placeholders differ in 'de': '{n} of'"),
        (Extracted("a", "b"), catalogue(("a", "un")), "singular here, plural there: 'a'"),
        (Extracted("a"), catalogue(("a", "l'eau")), "' instead of ’ in \"l'eau\": 'a'"),
        (Extracted("a"), catalogue(("a", "Oui : non")), "no non-breaking space before : in 'Oui : non': 'a'"),
    ],
)
def test_what_is_wrong_is_named(wanted: Extracted | None, there: Catalog, complaint: str) -> None:
    assert messages.problems([wanted] if wanted else [], there) == [complaint]


def test_an_unsure_translation_is_reported() -> None:
    there = Catalog(locale="fr")
    there.add("a", "un", flags=["fuzzy"])
    assert messages.problems([Extracted("a")], there) == ["marked as unsure (fuzzy): 'a'"]


def test_a_plural_with_an_empty_form_is_reported_and_a_whole_one_is_not() -> None:
    there = Catalog(locale="fr")
    there.add(("one brand", "%(n)s brands"), ("une marque", ""))
    wanted = [Extracted("one brand", "%(n)s brands")]
    assert messages.problems(wanted, there) == ["not translated: 'one brand'"]
    there.get("one brand").string = ("une marque", "%(n)s marques")
    assert messages.problems(wanted, there) == []
    there.get("one brand").string = ("%(x)s marque", "%(n)s marques")
    assert messages.problems(wanted, there) == ["unknown placeholders %(x)s in '%(x)s marque': 'one brand'"]


@pytest.mark.parametrize(
    "text",
    [
        "Oui\u00a0: non\u00a0; si\u00a0! Quoi\u00a0?!",
        "«\u00a0l’eau\u00a0»",
        "50\u00a0%% de %(n)s et {n:.1f}",
        "https://example.org/?a=b à 12:30",
        "<a href='x' title=\"y\">là</a>&nbsp;ici",
    ],
)
def test_good_french_typography_passes(text: str) -> None:
    assert list(messages.typography_problems(text)) == []


@pytest.mark.parametrize(
    "text", ["a: b", "a ; b", "a !", "a?", "50 %%", "50% de", "« a\u00a0»", "«\u00a0a »", "l'a", '"a"']
)
def test_bad_french_typography_is_seen(text: str) -> None:
    assert len(list(messages.typography_problems(text))) == 1


def test_a_compiled_catalogue_is_read_by_django(tmp_path: Path, settings: object) -> None:
    from django.utils.translation import gettext, ngettext, pgettext, trans_real

    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    there = Catalog(locale="fr")
    there.add("a message of this test", "un message")
    there.add(("one of this test", "many of this test"), ("un", "plusieurs"))
    there.add("a message of this test", "un autre", context="elsewhere")
    (folder / "django.po").write_text(messages.catalogue_text(there))
    messages.compile_catalogue(folder / "django.po")
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    trans_real._translations.clear()
    with override("fr"):
        assert gettext("a message of this test") == "un message"
        assert pgettext("elsewhere", "a message of this test") == "un autre"
        assert [ngettext("one of this test", "many of this test", n) for n in (0, 1, 2)] == ["un", "un", "plusieurs"]
    trans_real._translations.clear()
