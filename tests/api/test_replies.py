"""Replies and corrections: published ones only, and nothing of the people who sent them."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.models import Publication
from scoring.publishing import withdraw
from scoring.voices import reports
from scoring.voices.replies import follow_up
from tests import factories as make
from tests.api.conftest import Reader
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication() -> Publication:
    return make.published(make.a_breach("Specimen"))


def corrected(publication: Publication, **report: Any) -> Any:
    return reports.accept(
        making.a_report(publication, **report),
        by=making.an_answering_editor(),
        wrong_en="The date was wrong.",
        wrong_fr="La date était fausse.",
        since=publication,
        **making.REASONS,
    )


def test_a_reply_is_there_once_it_is_published(reader: Reader, publication: Publication) -> None:
    reply = making.a_reply(publication, sources="https://example.org/a")
    assert reader.json("replies?count=exact")["count"]["value"] == 0
    reader.json(f"replies/{reply.reference}", 404)
    making.put_out(reply)
    [record] = reader.json("replies")["data"]
    assert (record["id"], record["brand"], record["version"]) == (reply.reference, "specimen", 1)
    assert record["text"] == "That is not what happened."
    assert record["contested"][0]["text"].keys() == {"en", "fr"}
    assert (record["capacity"], record["outcome"]) == ("Head of communication", "maintained")
    assert reader.json(f"replies/{reply.reference}") == record


def test_neither_name_nor_address_nor_token_is_in_any_answer(reader: Reader, publication: Publication) -> None:
    reply = making.a_published_reply(publication)
    corrected(publication)
    told = b"".join(reader.get(path).content for path in ("replies", f"replies/{reply.reference}", "corrections"))
    assert b"Head of communication" in told
    assert not [word for word in (b"Ada", b"ada@", b"reader@", reply.token.encode()) if word in told]


def test_a_reply_to_a_newer_draft_is_as_hidden_as_the_draft(reader: Reader, publication: Publication) -> None:
    brand = publication.assessment.brand
    brand.actions.update(statement_en="Changed.")
    reply = making.put_out(making.a_reply_to(making.a_notice(brand)))
    assert reader.ids("replies") == []
    reader.json(f"replies/{reply.reference}", 404)
    make.published(brand)
    assert reader.ids("replies") == [reply.reference]


def test_the_replies_of_a_withdrawn_case_go_with_it(reader: Reader, publication: Publication) -> None:
    making.a_published_reply(publication)
    assert len(reader.ids("replies")) == 1
    withdraw(publication, by=make.an_editor(), reason_en="Misread.", reason_fr="Mal lu.")
    assert reader.ids("replies") == []


def test_replies_are_filtered_by_brand_and_state_and_nothing_else(reader: Reader, publication: Publication) -> None:
    mine = making.a_published_reply(publication)
    other = making.a_published_reply(make.published(make.a_breach("Other")))
    assert reader.ids("replies?brand=specimen") == [mine.reference]
    assert reader.ids("replies?state=published&brand=other") == [other.reference]
    assert reader.ids("replies?state=retired") == []
    reader.json("replies?state=refused", 400)
    reader.json("replies?email=ada", 400)
    assert set(reader.walk("replies?limit=1")) == {mine.reference, other.reference}


def test_a_correction_says_what_was_wrong_and_what_it_changed(reader: Reader, publication: Publication) -> None:
    correction = corrected(publication)
    record = reader.json(f"corrections/{correction.reference}")
    assert (record["state"], record["since_version"], record["outcome_after"]) == ("open", 1, None)
    brand = publication.assessment.brand
    brand.actions.update(substance="0")
    second = make.published(brand)
    texts = {"changed_en": "Nothing.", "changed_fr": "Rien."}
    reports.complete(correction, by=making.an_answering_editor(), corrected_in=second, **texts)
    record = reader.json(f"corrections/{correction.reference}")
    assert (record["state"], record["corrected_in_version"]) == ("corrected", 2)
    assert record["outcome_before"] == publication.snapshot.outcome
    assert record["outcome_after"] == second.snapshot.outcome
    assert reader.ids("corrections?state=open") == []
    assert reader.ids("corrections?state=corrected&brand=specimen") == [correction.reference]


def test_the_tag_moves_with_the_outcome(reader: Reader, publication: Publication) -> None:
    reply = making.a_published_reply(publication)
    before = reader.get("replies")["ETag"]
    assert reader.get("replies", If_None_Match=before).status_code == 304
    follow_up(reply, by=making.an_answering_editor(), outcome="changed", **making.REASONS)
    assert reader.get("replies", If_None_Match=before).status_code == 200


def test_lists_cost_the_same_with_many(
    reader: Reader, publication: Publication, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    for path, more in (("replies", making.a_published_reply), ("corrections", corrected)):
        more(publication)
        with django_assert_max_num_queries(6) as few:
            reader.json(path)
        for _ in range(4):
            more(publication)
        with django_assert_num_queries(len(few)):
            reader.json(path)


def test_a_scorecard_says_that_the_brand_replied_and_its_tag_moves(reader: Reader, publication: Publication) -> None:
    path = "scorecards/specimen:covid-19"
    before = reader.get(path)
    assert reader.json(path)["reply"] is None
    reply = making.a_published_reply(publication)
    after = reader.get(path, If_None_Match=before["ETag"])
    assert after.status_code == 200
    told = reader.json(path)["reply"]
    assert (told["status"], told["received_on"]) == ("published", reply.received_at.date().isoformat())
    assert reader.json("scorecards")["data"][0]["reply"] == told
    assert reader.get(path, If_None_Match=after["ETag"]).status_code == 304
    publication.assessment.brand.actions.update(statement_en="Changed.")
    make.published(publication.assessment.brand)
    assert reader.json(f"{path}:v1")["reply"] is None
    assert reader.json(path)["reply"] == told
