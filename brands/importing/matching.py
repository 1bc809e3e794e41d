"""Which record a row means when it does not say: the same natural key, or one that looks alike.

The same natural key is the same record, and the screen shows it. One that merely looks alike is proposed to a person.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.utils.text import slugify
from rapidfuzz import fuzz, process

from brands.imports.checking import Row
from brands.imports.planning import in_portions
from brands.imports.rowtypes import Values
from brands.models import Action, Brand, Crisis, Judgement, OutcomeFigure, Promise, Sector, Source, fold
from brands.models.base import FIXED_WORDS

ALIKE = 90
"""From here on two statements say the same with another word or spelling."""
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "xtor", "at_")

Group = tuple[str, ...]


def numbers_in(text: str) -> tuple[str, ...]:
    """A thousand masks and nine thousand are two acts, however alike the sentences."""
    return tuple(re.findall(r"\d+", text))


def canonical_url(url: str) -> str:
    """An address without what does not change the document: scheme, www, fragment, tracking, a last slash."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    query = [(name, value) for name, value in parse_qsl(parts.query, True) if not name.lower().startswith(TRACKING)]
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    asked = f"?{urlencode(sorted(query))}" if query else ""
    return f"{host}{parts.path.rstrip('/')}{asked}"


@dataclass(frozen=True, slots=True)
class Face:
    """What is compared of a record: the group within which likeness counts, and the texts that say what it is."""

    group: Group
    texts: tuple[str, ...]
    same: bool = True
    """Whether the same text in the same group makes it the same record, or only one to ask about."""
    told_apart_by_keys: bool = False
    """Within a file, rows that were given keys of their own are two for whoever wrote it: they are not compared."""

    @property
    def natural_key(self) -> str:
        return "\x1f".join([*self.group, *self.texts])


@dataclass(slots=True)
class Known:
    """Records by what they look like: texts of a group, and the key of each."""

    texts: dict[Group, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    shapes: dict[tuple[Group, Group], dict[int, dict[str, str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    """The same by the numbers in the texts and by their length: what differs in these cannot be alike."""
    keys: set[str] = field(default_factory=set)
    likeness: int = ALIKE

    @property
    def tells_likeness(self) -> bool:
        return self.likeness <= 100

    def add(self, face: Face, key: str) -> None:
        self.keys.add(key)
        for text in filter(None, face.texts):
            self.texts[face.group].setdefault(text, key)
            if self.tells_likeness:
                self.shapes[face.group, numbers_in(text)][len(text)].setdefault(text, key)

    def same(self, face: Face) -> str:
        known = self.texts.get(face.group, {})
        return next((known[text] for text in face.texts if text and text in known), "")

    def alike(self, face: Face) -> str:
        return next(filter(None, map(partial(self.nearest, face.group), filter(None, face.texts))), "")

    def nearest(self, group: Group, text: str) -> str:
        """The key of the text that resembles this one most, if one does enough."""
        lengths = self.shapes.get((group, numbers_in(text)), {}) if self.tells_likeness else {}
        best, most = "", float(self.likeness)
        for length in self.near_lengths(len(text), lengths):
            found = process.extractOne(text, lengths[length].keys(), scorer=fuzz.ratio, score_cutoff=most)
            if found and (not best or found[1] > most):
                best, most = lengths[length][found[0]], found[1]
        return best

    def near_lengths(self, own: int, lengths: Iterable[int]) -> list[int]:
        """Of two texts the shorter is all that they can have in common: 2 × shorter ÷ both is the most that is met."""
        return [other for other in lengths if 200 * min(own, other) >= self.likeness * (own + other)]


# --- The faces of rows and records ------------------------------------------------------------------------------------


def tidy(text: str) -> str:
    return " ".join(fold(text).split()).rstrip(".!… ")


def brand_faces(values: Values) -> list[Face]:
    return [Face((), (tidy(values.get("name", "")),))]


def source_faces(values: Values) -> list[Face]:
    if url := values.get("url"):
        return [Face(("address",), (url,)), Face(("page",), (canonical_url(url),), same=False)]
    told = [tidy(values.get(name, "")) for name in ("title", "publisher")]
    return [Face(("title", values.get("published_on", "")), (" – ".join(told),))]


def promise_faces(values: Values) -> list[Face]:
    said = (values.get(name, "") for name in ("statement_en", "statement_fr", "official_quote"))
    return [Face((values.get("brand_slug", ""),), tuple(map(tidy, said)))]


def action_faces(values: Values) -> list[Face]:
    """The same words on another day may be another act, or the same one with a slip in its date: that is asked."""
    said = (values.get(name, "") for name in ("description_en", "description_fr"))
    return faces_of_act(values.get("brand_slug", ""), values.get("date", ""), *said)


def faces_of_act(brand: str, day: str, *said: str) -> list[Face]:
    texts = tuple(map(tidy, said))
    return [Face((brand, day), texts), Face((brand, "any day"), texts, same=False, told_apart_by_keys=True)]


def judgement_faces(values: Values) -> list[Face]:
    group = (values.get("brand_slug", ""), values.get("source_slug", ""))
    return [Face(group, (tidy(values.get("label", "")),))]


def outcome_faces(values: Values) -> list[Face]:
    group = tuple(values.get(name, "") for name in ("brand_slug", "measure", "measured_on"))
    return [Face(group, (tidy(values.get("series", "")),))]


def known_brands(_rows: list[Row], _crisis: Crisis | None) -> Known:
    known = Known(likeness=101)  # two firms may differ by a letter
    for slug, name, aliases in Brand.objects.values_list("slug", "name", "aliases"):
        for called in [name, *aliases.splitlines()]:
            known.add(Face((), (tidy(called),)), slug)
    return known


def known_sources(rows: list[Row], _crisis: Crisis | None) -> Known:
    known = Known(likeness=101)
    sources = Source.objects.in_use().values_list("key", "url", "title", "publisher", "published_on")
    for key, url, title, publisher, published_on in sources.iterator():
        if url:
            known.add(Face(("address",), (url,)), key)
            known.add(Face(("page",), (canonical_url(url),)), key)
        known.add(Face(("title", published_on), (f"{tidy(title)} – {tidy(publisher)}",)), key)
    return known


def brand_slugs(rows: list[Row]) -> Iterator[list[str]]:
    return in_portions(sorted({row.values.get("brand_slug", "") for row in rows}))


def known_promises(rows: list[Row], _crisis: Crisis | None) -> Known:
    known = Known()
    for slugs in brand_slugs(rows):
        promises = Promise.objects.in_use().filter(brand__slug__in=slugs)
        for key, slug, *said in promises.values_list("key", "brand__slug", "statement_en", "statement_fr", "quote"):
            known.add(Face((slug,), tuple(map(tidy, said))), key)
    return known


def known_actions(rows: list[Row], crisis: Crisis | None) -> Known:
    known = Known()
    for slugs in brand_slugs(rows):
        actions = Action.objects.in_use().filter(brand__slug__in=slugs, crisis=crisis)
        for key, slug, day, *said in actions.values_list(
            "key", "brand__slug", "started", "statement_en", "statement_fr"
        ):
            for face in faces_of_act(slug, day, *said):
                known.add(face, key)
    return known


def known_judgements(rows: list[Row], crisis: Crisis | None) -> Known:
    known = Known(likeness=101)
    for slugs in brand_slugs(rows):
        judgements = Judgement.objects.in_use().filter(brand__slug__in=slugs, crisis=crisis)
        for key, slug, source, label in judgements.values_list("key", "brand__slug", "source__key", "label"):
            known.add(Face((slug, source), (tidy(label),)), key)
    return known


def known_outcomes(rows: list[Row], crisis: Crisis | None) -> Known:
    known = Known(likeness=101)
    for slugs in brand_slugs(rows):
        figures = OutcomeFigure.objects.in_use().filter(brand__slug__in=slugs, crisis=crisis)
        for key, slug, kind, day, series in figures.values_list("key", "brand__slug", "kind", "measured_on", "series"):
            known.add(Face((slug, kind, day), (tidy(series),)), key)
    return known


@dataclass(frozen=True, slots=True)
class Matcher:
    """How rows of a kind are recognised, and from what their keys are made."""

    faces: Callable[[Values], list[Face]]
    """From the surest to the loosest."""
    known: Callable[[list[Row], Crisis | None], Known]
    key_text: Callable[[Values], str]
    readable: bool = False
    """Whether the key is the name alone."""
    keyed_by: int = -1
    """Of its faces, the one that a made key is a digest of: what differs in it is another record."""


MATCHERS: dict[str, Matcher] = {
    "brands": Matcher(brand_faces, known_brands, lambda values: values.get("name", ""), readable=True),
    "sources": Matcher(
        source_faces, known_sources, lambda values: f"{values.get('publisher', '')} {values.get('title', '')}"
    ),
    "promises": Matcher(
        promise_faces,
        known_promises,
        lambda values: f"{values.get('brand_slug')} {values.get('statement_en') or values.get('statement_fr', '')}",
    ),
    "actions": Matcher(
        action_faces,
        known_actions,
        lambda values: f"{values.get('brand_slug')} {values.get('description_en') or values.get('description_fr', '')}",
        keyed_by=0,
    ),
    "judgements": Matcher(
        judgement_faces, known_judgements, lambda values: f"{values.get('brand_slug')} {values.get('label', '')}"
    ),
    "outcomes": Matcher(
        outcome_faces, known_outcomes, lambda values: f"{values.get('brand_slug')} {values.get('measure', '')}"
    ),
}


def made_key(matcher: Matcher, values: Values) -> str:
    """A key made from what the row says, so that the same row sent twice is the same record."""
    readable = slugify(fold(matcher.key_text(values)))[:60].strip("-")
    if matcher.readable and readable and readable not in FIXED_WORDS:
        return readable
    digest = hashlib.sha256(matcher.faces(values)[matcher.keyed_by].natural_key.encode()).hexdigest()[:10]
    return f"{readable or 'record'}-{digest}"


# --- Looking up what people write instead of a key --------------------------------------------------------------------


def brand_names() -> Callable[[str], str]:
    """A brand by its key or by a name that only one brand has."""
    named: dict[str, set[str]] = defaultdict(set)
    slugs = set()
    for slug, name, aliases in Brand.objects.values_list("slug", "name", "aliases"):
        slugs.add(slug)
        for called in [name, *aliases.splitlines()]:
            named[tidy(called)].add(slug)
    return lambda cell: cell if cell in slugs else only(named.get(tidy(cell), ()), cell)


def sector_names() -> Callable[[str], str]:
    named: dict[str, set[str]] = defaultdict(set)
    for slug, english, french in Sector.objects.values_list("slug", "name_en", "name_fr"):
        for called in (slug, english, french):
            named[tidy(called)].add(slug)
    return lambda cell: only(named.get(tidy(cell), ()), cell)


def source_addresses() -> Callable[[str], str]:
    """A source by its key or by its address. The addresses are read when the first one is met."""
    held: dict[str, str] = {}

    def look_up(cell: str) -> str:
        if not cell.lower().startswith(("http://", "https://")):
            return cell
        if not held:
            sources = Source.objects.in_use().exclude(url="")
            held.update({canonical_url(url): key for url, key in sources.values_list("url", "key").iterator()})
        return held.get(canonical_url(cell), cell)

    return look_up


def only(found: Iterable[str], otherwise: str) -> str:
    keys = list(found)
    return keys[0] if len(keys) == 1 else otherwise
