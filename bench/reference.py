"""What readers wait for on the reference data: 5,000 brands with 25,000 promises, 80,000 acts and 120,000 sources.

    python -m bench.reference                 about three minutes, on SQLite in a folder that is thrown away
    DATABASE_URL=postgres://… python -m bench.reference
    BENCH_BRANDS=500 DATA_DIR=some/where python -m bench.reference      kept there, and used again the next time
    python -m bench.reference search API                               only requests whose name holds one of these

Milliseconds of processor per request, in process, with the whole middleware, beside the budget of each page. PostgreSQL
works in processes of its own: there the clock on the wall counts, on a machine with nothing else to do.

Twenty brands are made of what the catalogue holds, judged and published the ordinary way; all others are copies of
them, row for row, with a name of their own in the words that readers search for.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from bench.api import caller, milliseconds, publish_the_catalogue

BRANDS = int(os.environ.get("BENCH_BRANDS", "5000"))
MODELS = 20
"""Brands that are really judged; every other one is a copy of one of them."""
PROMISES, ACTS, SOURCES = 5, 16, 24
AT_ONCE = 2000

PAGE, SEARCH, LANDSCAPE, DETAIL, LIST = 200, 250, 400, 80, 150
ONE, NEXT = BRANDS // 4, range(BRANDS // 5, BRANDS // 5 + 5)
REQUESTS: dict[str, tuple[str, int | None]] = {
    "home": ("/en/", PAGE),
    "brands": ("/en/brands/", PAGE),
    "brands, page 90": ("/en/brands/?page=90", PAGE),
    "brands, a name": (f"/en/brands/?q=model+{ONE}", SEARCH),
    "brands, a slip": (f"/en/brands/?q=modle+{ONE}", SEARCH),
    "brands, no such name": ("/en/brands/?q=xqzwvk", SEARCH),
    "brands, filtered": ("/fr/brands/?outcome=broken_promise&country=FR", PAGE),
    "search, a name": (f"/en/search/?q=model+{ONE}", SEARCH),
    "search, a frequent word": ("/en/search/?q=employees", SEARCH),
    "search, three words": ("/en/search/?q=the+employees+paid", SEARCH),
    "search, one act": (f"/en/search/?q=word{ONE}w7", SEARCH),
    "search, part of a word": ("/fr/search/?q=mploy", SEARCH),
    "search, nothing": ("/en/search/?q=xqzwvk", SEARCH),
    "search, two letters": ("/en/search/?q=ui", SEARCH),
    "scorecard": (f"/en/brands/model-{ONE}/covid-19/", PAGE),
    "scorecard, French": (f"/fr/brands/model-{ONE}/covid-19/", PAGE),
    "evidence": (f"/en/brands/model-{ONE}/covid-19/evidence/", PAGE),
    "brand": (f"/en/brands/model-{ONE}/", PAGE),
    "landscape of one sector": ("/en/landscape/covid-19/?sector=bench-7", LANDSCAPE),
    "landscape of all": ("/en/landscape/covid-19/", None),
    "comparison of five": ("/en/compare/?" + "&".join(f"b=model-{n}" for n in NEXT), PAGE),
    "practices": ("/en/practices/", PAGE),
    "practices, seen": ("/en/practices/seen-in-our-evidence/", PAGE),
    "practices, seen, searched": ("/en/practices/seen-in-our-evidence/?q=employees", SEARCH),
    "changes": ("/en/changes/", PAGE),
    "after": ("/en/after/covid-19/", PAGE),
    "source": (f"/en/sources/model-{ONE}-source-3/", PAGE),
    "API, a scorecard": (f"/api/v1/scorecards/model-{ONE}:covid-19", DETAIL),
    "API, a source": (f"/api/v1/sources/model-{ONE}-source-3", DETAIL),
    "API, 50 brands": ("/api/v1/brands?limit=50", LIST),
    "API, 50 brands by name": ("/api/v1/brands?limit=50&q=model", LIST),
    "API, 50 scorecards": ("/api/v1/scorecards?limit=50", LIST),
    "API, 50 acts of a group": ("/api/v1/actions?limit=50&stakeholder=customers&direction=harms", LIST),
    "API, 50 sources": ("/api/v1/sources?limit=50", LIST),
}


# --- Brands that are really judged ------------------------------------------------------------------------------------


def again(record: Any, **changes: Any) -> Any:
    """A second record with the same values, but for what is changed; saved."""
    names = [field.attname for field in record._meta.concrete_fields if not field.primary_key]
    return type(record).objects.create(**{**{name: getattr(record, name) for name in names}, **changes})


def make_models() -> None:
    """A few brands of the size of the reference data, made of the promises, acts and sources of the catalogue."""
    from brands.changes import record_change
    from brands.models import Action, Brand, Promise, Source
    from cxalign.accounts.models import User
    from scoring.publishing import publish
    from scoring.rescoring import score_brand

    brands = list(Brand.objects.order_by("pk")[:MODELS])
    promises = itertools.cycle(Promise.objects.order_by("pk"))
    acts = itertools.cycle(Action.objects.prefetch_related("proofs", "source_links").order_by("pk"))
    sources = itertools.cycle(Source.objects.order_by("pk"))
    editor = User.objects.get(username="bench")
    for number, original in enumerate(brands):
        slug = f"model-{number}"
        brand = again(original, slug=slug, name=f"Model {number}", aliases="", parent_group="")
        own_sources = [
            again(source, key=f"{slug}-source-{n}", url=f"https://example.org/{slug}/{n}")
            for n, source in zip(range(SOURCES), sources, strict=False)
        ]
        voices = itertools.cycle(own_sources)
        own_promises = [
            again(one, key=f"{slug}-promise-{n}", brand_id=brand.pk)
            for n, one in zip(range(PROMISES), promises, strict=False)
        ]
        for promise in own_promises:
            promise.sources.add(next(voices))
        for n, act in zip(range(ACTS), acts, strict=False):
            copy_act(act, f"{slug}-act-{n}", brand, own_promises, voices)
        record_change("evidence.added", brand=brand, subject=brand)
        for snapshot in score_brand(brand):
            publish(snapshot.assessment, by=editor)


def copy_act(act: Any, key: str, brand: Any, promises: list[Any], sources: Iterator[Any]) -> None:
    own = again(act, key=key, brand_id=brand.pk, duplicate_of_id=None)
    for n, link in enumerate([*act.source_links.all(), *act.source_links.all()][:2]):
        again(link, action_id=own.pk, source_id=next(sources).pk, independence_group=f"{key}-{n}")
    for proof in act.proofs.all():
        fitting = [promise.pk for promise in promises if proof.promise_id and proof.stakeholder in promise.stakeholders]
        again(proof, action_id=own.pk, promise_id=fitting[0] if fitting else None)


# --- Their copies -----------------------------------------------------------------------------------------------------


def copy_rows(model: Any, originals: Any, numbers: range, step: int, **change: Any) -> None:
    """Copies of rows under keys of their own: a key, and every key that it points to among copies, is shifted."""
    fields = model._meta.concrete_fields
    rows = [{field.attname: getattr(row, field.attname) for field in fields} for row in originals]
    shifted = {field.attname for field in fields if field.primary_key or (field.name in COPIED and field.is_relation)}

    def copies() -> Iterator[Any]:
        for number in numbers:
            shift = step * number // MODELS
            for row in rows:
                moved = {name: value + shift if name in shifted and value else value for name, value in row.items()}
                yield model(**{**moved, **{name: edit(moved[name], row, number) for name, edit in change.items()}})

    stream = copies()
    while portion := list(itertools.islice(stream, AT_ONCE)):
        model.objects.bulk_create(portion)


COPIED = {"brand", "assessment", "snapshot", "fact", "promise", "action", "source"}


def copy_models(wanted: int) -> None:
    """Every round copies all the models, under numbers that go up by as many."""
    from brands.models import Action, ActionSource, Brand, Promise, Proof, Sector, Source, fold
    from scoring.models import Assessment, Publication, PublishedFacet, PublishedFact, Snapshot

    sectors = [
        Sector.objects.create(slug=f"bench-{n}", name_en=f"Bench {n}", name_fr=f"Bench {n}").pk for n in range(10)
    ]
    models = Brand.objects.filter(name__startswith="Model ")
    of = {"brand__in": models}
    step = 1 + max(
        model.objects.order_by("-pk")[0].pk for model in (PublishedFacet, PublishedFact, Proof, ActionSource)
    )
    rounds = range(MODELS, wanted, MODELS)
    number_of = {brand.pk: int(brand.name.split()[1]) for brand in models}

    def renumbered(text: str, row: dict[str, Any], round: int) -> str:
        """“model-7” becomes “model-27” and so on, in keys and addresses."""
        head, _, tail = text.partition("model-")
        number, dash, rest = tail.partition("-") if "-" in tail else tail.partition("/")
        return f"{head}model-{int(number) + round}{dash}{rest}" if tail else text

    def named(text: str, row: dict[str, Any], round: int) -> str:
        return f"Model {number_of[row['id']] + round}"

    def words(text: str, row: dict[str, Any], round: int) -> str:
        return f"{text} word{number_of[row['brand_id']] + round}w{row['id'] % (ACTS + PROMISES + SOURCES)}"

    def document(text: str, row: dict[str, Any], round: int) -> str:
        number = number_of[row["brand_id"]]
        return text.replace(f"model-{number}", f"model-{number + round}").replace(
            f"Model {number}", f"Model {number + round}"
        )

    def whole_document(text: str, row: dict[str, Any], round: int) -> str:
        return document(text, {"brand_id": brand_of[row["assessment_id"]]}, round)

    brand_of = dict(Assessment.objects.filter(**of).values_list("pk", "brand_id"))
    copy_rows(
        Brand,
        models,
        rounds,
        step,
        slug=renumbered,
        name=named,
        search_text=lambda text, row, round: fold(named(text, row, round)),
        sort_key=lambda text, row, round: fold(named(text, row, round)),
        sector_id=lambda pk, row, round: sectors[(round // MODELS) % len(sectors)],
    )
    copy_rows(Source, Source.objects.filter(key__startswith="model-"), rounds, step, key=renumbered, url=renumbered)
    for model in (Promise, Action):
        copy_rows(model, model.objects.filter(**of), rounds, step, key=renumbered)
    for model in (ActionSource, Proof):
        copy_rows(model, model.objects.filter(action__brand__in=models), rounds, step)
    cases = {"assessment__brand__in": models}
    copy_rows(Assessment, Assessment.objects.filter(**of), rounds, step)
    copy_rows(Snapshot, Snapshot.objects.filter(**cases), rounds, step, document=whole_document)
    copy_rows(Publication, Publication.objects.filter(**cases), rounds, step)
    facts = PublishedFact.objects.filter(**of)
    copy_rows(PublishedFact, facts, rounds, step, key=renumbered, document=document, search_text=words)
    copy_rows(PublishedFacet, PublishedFacet.objects.filter(fact__in=facts), rounds, step, value=renumbered_value)


def renumbered_value(text: str, row: dict[str, Any], round: int) -> str:
    if not text.startswith("model-"):
        return text
    number, dash, rest = text.removeprefix("model-").partition("-")
    return f"model-{int(number) + round}{dash}{rest}"


# --- Measuring --------------------------------------------------------------------------------------------------------


def counted() -> str:
    from brands.models import Action, Brand, Promise, Source
    from scoring.models import PublishedFact

    return ", ".join(
        f"{model.objects.count():,} {model.__name__}" for model in (Brand, Promise, Action, Source, PublishedFact)
    )


def on_the_wall(work: Any) -> float:
    def once() -> float:
        start = time.perf_counter()
        work()
        return 1000 * (time.perf_counter() - start)

    return min(once() for _ in range(3))


def measure(wanted: dict[str, tuple[str, int | None]]) -> None:
    from django.db import connection

    from bench.landscape import queries_of

    call = caller()
    print("{:<26} {:>7} {:>8} {:>8} {:>7} {:>8}".format("request", "kB", "CPU ms", "wall ms", "budget", "queries"))
    for name, (path, budget) in wanted.items():
        size = len(call(path).content) / 1000
        spent, wall = milliseconds(lambda: call(path), rounds=3), on_the_wall(lambda: call(path))  # noqa: B023
        counts = spent if connection.vendor == "sqlite" else wall
        over = "  OVER" if budget and counts > budget else ""
        print(
            f"{name:<26} {size:>7.0f} {spent:>8.1f} {wall:>8.1f} {budget or '–':>7} {queries_of(call, path):>8}{over}",
            flush=True,
        )


def is_made() -> bool:
    from brands.models import Brand

    return Brand.objects.filter(slug=f"model-{BRANDS - 1}").exists()


def make() -> None:
    from django.db import connection

    publish_the_catalogue()
    make_models()
    copy_models(BRANDS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    if not is_made():
        make()
    print(f"{connection.vendor}: {counted()}; made in {time.perf_counter() - start:.0f} s", flush=True)
    words = sys.argv[1:] or [""]
    measure({name: asked for name, asked in REQUESTS.items() if any(word in name for word in words)})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATA_DIR", folder)
        os.environ.update(API_RATE="", DJANGO_SETTINGS_MODULE="cxalign.settings")
        import django

        django.setup()
        from django.conf import settings

        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}  # no manifest: nothing was collected here
        main()
