"""What coders read of a record, and what is coded of it, each as one digest: a later edit shows as a difference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from brands.models import Action, BrandProfile, Promise, Source
from scoring.coding.sheets import codes_on_file
from scoring.models import CodingItem


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def text_digest(item: CodingItem) -> str:
    """Of the texts, dates and sources of a record, without any code; of an act also what the brand promised."""
    return digest([*READ[item.kind](item.subject), *([_promises(item)] if item.action_id else [])])


def is_as_read(item: CodingItem) -> bool:
    """Whether a record is what its coders have read. Earlier versions digested an act without the promises."""
    return item.text_digest in (text_digest(item), digest(READ[item.kind](item.subject)))


def codes_digest(item: CodingItem) -> str:
    """Of the codes on file."""
    return digest(codes_on_file(item))


def _source(source: Source) -> list[Any]:
    fields = (source.key, source.title, source.publisher, source.published_on, source.url, source.passage)
    return [*fields, source.source_type, source.is_withdrawn]


def _action(action: Action) -> list[Any]:
    links = sorted((link.source.key, link.locator) for link in action.source_links.all())
    sources = sorted(_source(link.source) for link in action.source_links.all())
    texts = (action.statement_en, action.statement_fr, action.started, action.ended, action.country)
    amount = f"{action.amount:.2f}" if action.amount is not None else ""
    return [*texts, amount, action.amount_currency, action.disputed, action.duplicate_of_id, links, sources]


def _promises(item: CodingItem) -> list[Any]:
    """While an act is coded, every promise that it can be read against; afterwards, those that it was."""
    action = item.action
    assert action is not None
    against = {proof.promise_id for proof in action.proofs.all()}
    read = [one for one in action.brand.promises.all() if (not one.is_withdrawn if item.is_live else one.pk in against)]
    return sorted([one.key, one.is_withdrawn, *_promise(one)] for one in read)


def _promise(promise: Promise) -> list[Any]:
    texts = (promise.statement_en, promise.statement_fr, promise.quote, promise.stated_on, promise.since, promise.kind)
    return [*texts, list(promise.stakeholders), sorted(_source(source) for source in promise.sources.all())]


def _profile(profile: BrandProfile) -> list[Any]:
    sources = sorted(_source(source) for source in profile.sources.all())
    return [profile.labels, list(profile.not_applicable), profile.not_applicable_reason, sources]


READ: dict[str, Callable[[Any], list[Any]]] = {"action": _action, "promise": _promise, "profile": _profile}
