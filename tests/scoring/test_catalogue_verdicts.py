"""The starter catalogue, judged and published: what a fresh installation shows."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from scoring import wording
from scoring.models import Publication, Snapshot
from scoring.publishing import publish
from scoring.rescoring import score_everything
from scoring.verifying import verify_verdicts
from tests import factories as make
from tests.scoring.test_wording import check, check_same_parts

pytestmark = pytest.mark.django_db
CATALOGUE = Path(settings.BASE_DIR) / "brands" / "catalogue"
MAX_WORDS = 60


@pytest.fixture
def snapshots() -> dict[str, Snapshot]:
    call_command("load_catalogue", CATALOGUE, verbosity=0)
    score_everything()
    return {
        snapshot.assessment.brand.slug: snapshot for snapshot in Snapshot.objects.select_related("assessment__brand")
    }


def test_the_catalogue_is_judged_published_and_verified(snapshots: dict[str, Snapshot]) -> None:
    editor = make.an_editor()
    for snapshot in snapshots.values():
        publish(snapshot.assessment, by=editor)
    assert Publication.objects.current().count() == 67
    assert list(verify_verdicts()) == []

    outcomes = Counter(snapshot.outcome for snapshot in snapshots.values())
    assert outcomes == {
        "broken_promise": 16,
        "aligned": 19,
        "dna_proactive": 4,
        "exceeds_promise": 1,
        "insufficient_evidence": 26,
        "no_promise": 1,
    }
    as_the_article_says = {
        "axa": "broken_promise",
        "zappos": "exceeds_promise",
        "john-lewis": "aligned",
        "usaa": "dna_proactive",
        "maif": "dna_proactive",
    }
    assert {slug: snapshots[slug].outcome for slug in as_the_article_says} == as_the_article_says

    # Where richer evidence leads elsewhere, the article's judgement stands beside ours.
    rbs = json.loads(snapshots["rbs"].document)
    assert rbs["outcome"] == "insufficient_evidence"
    assert "dna_proactive" in {judgement["archetype"] for judgement in rbs["judgements"]}

    for slug, snapshot in snapshots.items():
        check_explanation(slug, json.loads(snapshot.document))


def check_explanation(slug: str, document: dict[str, Any]) -> None:
    """What was promised and observed, then why not the neighbour: the same in both languages, for every brand."""
    explanation = document["explanation"]
    for language, sentences in explanation.items():
        words = [word for word in sentences.split() if any(letter.isalpha() for letter in word)]
        assert 10 <= len(words) <= MAX_WORDS, f"{slug} {language}: {sentences}"
    name = wording.french(document["brand"]["name"])
    check({"en": explanation["en"], "fr": explanation["fr"].replace(name, "Fictia")})
    check_same_parts(explanation)
    english, french = explanation["en"], explanation["fr"]
    cited = {language: re.findall(r"\[\d+\]", sentences) for language, sentences in explanation.items()}
    assert cited["en"] == cited["fr"], slug
    assert "had made a promise" not in english, slug
    if document["outcome"] == "no_promise":
        return
    by_duty = "No promise on file covers" in english
    assert len(cited["en"]) == (1 if by_duty else 2), f"{slug}: {english}"
    neighbour = {"insufficient_evidence": "“"}.get(document["outcome"], "“aligned”")
    assert neighbour in english, slug
    assert "alignée" in french or "promesse rompue" in french, slug
