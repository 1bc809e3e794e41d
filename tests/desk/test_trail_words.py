"""Every line that our own code writes has its words, in both languages, and so have the fields that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from brands import trail
from brands.models import Pseudonym
from cxalign.accounts.models import Suggestion
from cxalign.desk.home import verb_of
from cxalign.desk.trail.asking import TrailFilter
from cxalign.desk.trail.reading import label_of, reason_in_words

FAMILIES = "access case coding contact correction evidence import method notice person reference reply report scorecard"
FAMILIES += " search suggestion tie"
KIND = re.compile(rf"\"((?:{FAMILIES.replace(' ', '|')})\.[a-z_]+)\"")


TEMPLATE = "report.typ"
"""A file that is called like a kind."""


def kinds_in_our_code() -> Iterator[str]:
    for package in ("brands", "scoring", "cxalign"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts and path.name not in ("kinds.py", "trail.py"):
                yield from KIND.findall(path.read_text(encoding="utf-8"))
    for family in ("reply", "report"):
        yield f"{family}.erased"
    for state in (Suggestion.State.TAKEN, Suggestion.State.DECLINED):
        yield f"suggestion.{state.value}"


def test_every_kind_that_is_written_has_words_in_both_languages() -> None:
    found = set(kinds_in_our_code())
    assert len(found) > 40
    assert sorted(found - trail.KINDS.keys() - {TEMPLATE}) == []
    for kind, words in trail.KINDS.items():
        with translation.override("en"):
            english = str(words)
        with translation.override("fr"):
            french = str(words)
            assert str(verb_of(kind)) != kind
        assert english not in ("", french), kind


@pytest.mark.django_db
def test_the_filter_offers_every_kind() -> None:
    offered = dict(TrailFilter(people=Pseudonym.objects.none()).fields["kind"].choices)  # type: ignore[attr-defined]
    assert offered.keys() - {""} == trail.KINDS.keys()


def test_reasons_that_no_person_wrote_are_read_in_either_language() -> None:
    sealed = [*trail.SYSTEM_REASONS, "catalogue: a.csv", "import: a.csv", "import undone: a.csv"]
    for reason in sealed:
        with translation.override("fr"):
            assert reason_in_words(reason) != reason


FIELDS = {
    "scoring.publication": "version outcome crisis public_version public_outcome policy cause warnings requests digest",
    "scoring.assessment": "owner due_on team",
    "scoring.codinground": "items coders",
    "scoring.codingitem": "state settled_as",
    "scoring.measurement": "alpha.su alpha.depth_helps",
    "scoring.evidencesearch": "stakeholder looked_for queries engine searched_on hits note withdrawn",
    "scoring.tie": "kind text_en text_fr since until withdrawn",
    "scoring.replynotice": "deadline snapshot",
    "scoring.reply": "state outcome refusal identity_checked",
    "scoring.errorreport": "state declined",
    "scoring.correction": "wrong_en wrong_fr since corrected_in changed_en changed_fr",
    "accounts.user": "groups teams user_permissions is_active is_staff is_superuser first_name email language erased",
    "accounts.team": "name members",
    "accounts.apikey": "scopes expires_at",
    "accounts.suggestion": "state",
    "auth.group": "name permissions",
    "brands.tag": "name",
    "brands.importjob": "state",
    "brands.source": "archived_at archive_sha256 archive_type archive_size archive_address tags",
}


@pytest.mark.parametrize("label", FIELDS)
def test_every_field_that_a_decision_names_has_a_label_in_french(label: str) -> None:
    for name in FIELDS[label].split():
        with translation.override("fr"):
            french = label_of(f"{label}:1", name)
        with translation.override("en"):
            english = label_of(f"{label}:1", name)
        assert not {"_", "."} & set(french), name
        assert french != english or french in SAME, (label, name, french)


SAME = {"Version", "Note", "Type", "Verdict", "Permissions"}
"""Words that both languages share."""
