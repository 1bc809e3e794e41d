"""The French catalogue of the interface: kept in step with the sources, checked, compiled. English is in the sources.

    python tools/messages.py update     new messages in, gone ones out; translations that exist stay
    python tools/messages.py check      says what is missing, stale, unsure or badly set
    python tools/messages.py compile    writes the .mo file that Django reads

Python alone: GNU gettext need not be on the machine. Files are named without lines and messages are sorted, so that a
change of the catalogue shows only what changed.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "cxalign" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
SOURCES = ("cxalign", "brands", "scoring", "templates")
TEMPLATE_SUFFIXES = (".html", ".txt", ".svg", ".xml")
HEADER = """\
# The interface in French. `python tools/messages.py update` adds what is new; translate it here.
msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""

_ONE, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = (1,), (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _ONE,
    "gettext_noop": _ONE,
    **dict.fromkeys(("gettext", "gettext_lazy"), _ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}


@dataclass
class Extracted:
    """One message of the sources and the files in which it stands."""

    singular: str
    plural: str | None = None
    context: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.singular


# --- Out of the sources -----------------------------------------------------------------------------------------------


def extract_python(text: str) -> Iterator[Extracted]:
    """The messages of a source file. Read as Python: for who reads words, a call inside of an f-string is not there."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        name: str = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
        wanted = KEYWORDS.get(name, ())
        constants = [one.value for one in call.args[: len(wanted)] if isinstance(one, ast.Constant)]
        said = [text for text in constants if isinstance(text, str)]
        if wanted and len(said) == len(wanted):
            context = said.pop(0) if wanted[0] == (1, "c") else None
            yield Extracted(said[0], said[1] if said[1:] else None, context)


def extract_calls(text: str) -> Iterator[Extracted]:
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if singular:
            yield Extracted(singular, plural, context)


def extract_template(text: str, origin: str = "") -> Iterator[Extracted]:
    """Django turns a template into Python calls amid rows of X; without their indentation they are Python enough."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    calls = "\n".join(line.lstrip() for line in templatize(text, origin=origin).splitlines())
    yield from extract_calls(calls)


def extract_all(root: Path = ROOT) -> dict[tuple[str | None, str], Extracted]:
    found: dict[tuple[str | None, str], Extracted] = {}
    for path in sorted(source_files(root)):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        messages = extract_python(text) if path.suffix == ".py" else extract_template(text, name)
        for message in messages:
            known = found.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            known.files.add(name)
    return found


def source_files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        for path in (root / source).rglob("*"):
            in_templates = "templates" in path.relative_to(root).parts
            if path.is_file() and (path.suffix == ".py" or (in_templates and path.suffix in TEMPLATE_SUFFIXES)):
                yield path


# --- The catalogue ----------------------------------------------------------------------------------------------------


def read_catalogue(path: Path = CATALOGUE) -> Catalog:
    if not path.is_file():
        return Catalog(locale="fr")
    with path.open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def key_of(message: Message) -> tuple[str | None, str]:
    return message.context or None, str(message.id[0] if message.pluralizable else message.id)


def translations(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def merged(messages: Iterable[Extracted], old: Catalog) -> Catalog:
    """The messages of the sources with the translations of the old catalogue. A plural that came or went is redone."""
    known = {key_of(message): message for message in entries(old)}
    new = Catalog(locale="fr")
    for message in messages:
        before = known.get(message.key)
        same_kind = before is not None and bool(before.pluralizable) == (message.plural is not None)
        new.add(
            (message.singular, message.plural) if message.plural is not None else message.singular,
            string=before.string if before is not None and same_kind else None,
            locations=[(name, 0) for name in sorted(message.files)],
            flags=before.flags & {"fuzzy"} if before is not None else (),
            user_comments=before.user_comments if before is not None else (),
            context=message.context,
        )
    return new


def catalogue_text(catalogue: Catalog) -> str:
    output = io.BytesIO()
    write_po(
        output, catalogue, width=110, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    return HEADER + output.getvalue().decode().lstrip("\n")


def write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


# --- What is wrong with it --------------------------------------------------------------------------------------------

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0+-]*\d*(?:\.\d+)?[sdifr]|\{[\w.\[\]]*(?:![rsa])?(?::[^{}]*)?\}")
NOT_PROSE = re.compile(
    rf"{PLACEHOLDER.pattern}|<[^<>]*>|&#?\w+;|\bhttps?://\S*|\w+://\S+|\d+T?\d+:\d+(?::\d+)?|\b(?:Accept|Content-Type):"
)
"""Replaced before punctuation is looked at: placeholders, tags, entities, addresses, times of day, header lines."""
NO_BREAK = "\u00a0"


def problems(messages: Iterable[Extracted], catalogue: Catalog) -> list[str]:
    """One line for each thing to mend, each naming the message it is about."""
    wanted = {message.key: message for message in messages}
    there = {key_of(message): message for message in entries(catalogue)}
    found = [
        f"not in the catalogue: {shown(key)} ({', '.join(sorted(wanted[key].files))})" for key in wanted.keys() - there
    ]
    found += [f"no longer in the sources: {shown(key)}" for key in there.keys() - wanted]
    for key in wanted.keys() & there.keys():
        found += [f"{what}: {shown(key)}" for what in entry_problems(wanted[key], there[key])]
    return sorted(found)


def shown(key: tuple[str | None, str]) -> str:
    context, text = key
    return f"{text!r} [{context}]" if context else repr(text)


def entry_problems(wanted: Extracted, entry: Message) -> Iterator[str]:
    texts = translations(entry)
    if bool(entry.pluralizable) != (wanted.plural is not None):
        yield "singular here, plural there"
    elif not all(texts):
        yield "not translated"
    elif entry.fuzzy:
        yield "marked as unsure (fuzzy)"
    else:
        yield from placeholder_problems(wanted, texts)
        for text in texts:
            yield from (f"{what} in {text!r}" for what in typography_problems(text))


def placeholder_problems(wanted: Extracted, texts: tuple[str, ...]) -> Iterator[str]:
    last = sorted(PLACEHOLDER.findall(wanted.plural or wanted.singular))
    if sorted(PLACEHOLDER.findall(texts[-1])) != last:
        yield f"placeholders differ in {texts[-1]!r}"
    allowed = {*last, *PLACEHOLDER.findall(wanted.singular)}
    for text in texts[:-1]:  # "one brand" may do without its number, but not with a placeholder nobody fills
        if unknown := set(PLACEHOLDER.findall(text)) - allowed:
            yield f"unknown placeholders {', '.join(sorted(unknown))} in {text!r}"


def typography_problems(text: str) -> Iterator[str]:
    prose = NOT_PROSE.sub("X", text)
    for sign in sorted(set(re.findall(rf"(?<![{NO_BREAK}:;!?%]):|(?<![{NO_BREAK}:;!?%])[;!?%»]", prose))):
        yield f"no non-breaking space before {sign}"
    if re.search(rf"«(?!{NO_BREAK})", prose):
        yield "no non-breaking space after «"
    if "'" in prose:
        yield "' instead of ’"
    if '"' in prose:
        yield '" instead of « and »'


# --- The three commands -----------------------------------------------------------------------------------------------


def update() -> int:
    catalogue = merged(extract_all().values(), read_catalogue())
    write_whole(CATALOGUE, catalogue_text(catalogue).encode())
    open_ones = sum(not all(translations(message)) for message in entries(catalogue))
    print(f"{len(catalogue)} messages, {open_ones} to translate: {CATALOGUE.relative_to(ROOT)}")
    return 0


def check() -> int:
    found = problems(extract_all().values(), read_catalogue())
    if any(line.startswith(("not in the catalogue", "no longer")) for line in found):
        print("`python tools/messages.py update` brings the catalogue in step with the sources.")
    for line in found:
        print(line)
    if found:
        print(f"{len(found)} to mend in {CATALOGUE.relative_to(ROOT)}")
    return 1 if found else 0


def compile_catalogue(source: Path = CATALOGUE) -> int:
    output = io.BytesIO()
    write_mo(output, read_catalogue(source))
    write_whole(source.with_suffix(".mo"), output.getvalue())
    return 0


def main(arguments: list[str]) -> int:
    commands = {"update": update, "check": check, "compile": compile_catalogue}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
