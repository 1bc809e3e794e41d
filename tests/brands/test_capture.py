"""The gate for quick capture: what is on file already, and keeping everything or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from brands import capture
from brands.models import Action, ActionSource, Brand, Event, Promise, Proof, Source
from cxalign.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


def an_unsaved_act(brand: Brand, **fields: Any) -> Action:
    told = {"statement_en": "Paid claims at once.", "started": "2020-04-01", "family": "F09", **fields}
    return Action(brand=brand, crisis=make.a_crisis(), **told)


def a_new_source(**fields: Any) -> Source:
    return Source(**{"title": "Claims", "source_type": "press", "url": "https://daily.example/claims", **fields})


def keep(by: User, brand: Brand, key: str = "one", **fields: Any) -> capture.Kept[Action]:
    link = ActionSource(kind="independent", independence_group="daily")
    proofs = [Proof(stakeholder="customers", direction="helps", depth=fields.pop("depth", "1"))]
    source = fields.pop("source", None) or a_new_source()
    return capture.keep_act(an_unsaved_act(brand, **fields), proofs, link, source, by=by, key=key)


# --- Keeping ----------------------------------------------------------------------------------------------------------


def test_an_act_its_source_and_its_proofs_are_kept_together_with_their_lines_in_the_log() -> None:
    brand, analyst = make.a_brand(), make.an_analyst()
    kept = keep(analyst, brand)
    action = Action.objects.get()
    assert kept.is_new
    assert [str(link.source) for link in action.source_links.all()] == ["Claims"]
    assert [(proof.stakeholder, proof.depth) for proof in action.proofs.all()] == [("customers", "1")]
    lines = Event.objects.order_by("id").values_list("kind", "subject", "brand", "actor")
    assert list(lines) == [
        ("evidence.added", f"brands.source:{kept.source.key}", brand.pk, analyst.pk),
        ("evidence.added", f"brands.action:{action.key}", brand.pk, analyst.pk),
    ]
    changes = Event.objects.get(subject__startswith="brands.action").changes
    assert changes["proofs.customers:helps.depth"] == [None, "1"]
    brand.refresh_from_db()
    assert brand.facts_revision > 0


def test_what_a_model_refuses_leaves_nothing_behind() -> None:
    brand = make.a_brand()
    with pytest.raises(ValidationError):
        keep(make.an_analyst(), brand, depth="3")  # a help goes to 2
    assert (Source.objects.count(), Action.objects.count(), Proof.objects.count(), Event.objects.count()) == (0,) * 4
    brand.refresh_from_db()
    assert brand.facts_revision == 0


def test_the_same_key_keeps_one_act() -> None:
    brand, analyst = make.a_brand(), make.an_analyst()
    first, second = keep(analyst, brand), keep(analyst, brand)
    assert (first.is_new, second.is_new) == (True, False)
    assert second.record == first.record
    assert (Source.objects.count(), Action.objects.count(), Event.objects.count()) == (1, 1, 2)


def test_a_key_is_made_of_the_form_and_of_whoever_sends_it() -> None:
    brand, one, other = make.a_brand(), make.an_analyst(), make.an_analyst()
    act = an_unsaved_act(brand)
    form = {"token": ["t"], "title": ["a"]}
    key = capture.key_for(act, form, one)
    assert key == capture.key_for(act, dict(reversed(form.items())), one)
    assert key != capture.key_for(act, {**form, "title": ["b"]}, one)
    assert key != capture.key_for(act, form, other)
    assert len(key) <= Action._meta.get_field("key").max_length  # type: ignore[operator]


def test_a_source_on_file_is_linked_and_not_logged_as_new() -> None:
    brand, source = make.a_brand(), make.a_source()
    kept = keep(make.an_analyst(), brand, source=source)
    assert kept.source == source
    assert Source.objects.count() == 1
    assert not Event.objects.filter(subject__startswith="brands.source").exists()


def test_a_promise_is_kept_with_its_source() -> None:
    brand, analyst = make.a_brand(), make.an_analyst()
    promise = Promise(brand=brand, kind="mission", statement_en="Cares.", stakeholders=("customers",), quote="We care.")
    kept = capture.keep_promise(promise, a_new_source(), by=analyst, key="p")
    assert list(kept.record.sources.all()) == [kept.source]
    assert Event.objects.filter(subject="brands.promise:p").get().changes["sources"] == [None, [kept.source.key]]
    again = Promise(brand=brand, kind="mission", statement_en="Cares.", stakeholders=("customers",))
    assert not capture.keep_promise(again, a_new_source(url=""), by=analyst, key="p").is_new
    assert Source.objects.count() == 1


def test_one_more_source_is_put_behind_an_act_on_file_with_a_reason_in_the_log() -> None:
    brand, analyst = make.a_brand(), make.an_analyst()
    action = make.an_action(brand)
    link = ActionSource(kind="independent", independence_group="weekly")
    kept = capture.link_to_act(action, link, a_new_source(), by=analyst, why="It confirms the first.")
    assert kept.is_new
    assert action.source_links.count() == 2
    event = Event.objects.get(subject=f"brands.action:{action.key}")
    assert (event.kind, event.reason) == ("evidence.corrected", "It confirms the first.")
    assert Action.objects.get().revision == 2
    again = capture.link_to_act(action, ActionSource(kind="independent"), kept.source, by=analyst, why="")
    assert not again.is_new
    assert action.source_links.count() == 2


# --- What is on file --------------------------------------------------------------------------------------------------


def test_a_source_is_found_at_any_variant_of_its_address_unless_withdrawn() -> None:
    source = make.a_source(url="https://www.daily.example/claims?utm_source=x")
    make.a_source(url="https://www.daily.example/other")
    assert capture.sources_at("http://m.daily.example/claims/") == [source]
    assert capture.sources_at("nonsense") == []
    Source.objects.filter(pk=source.pk).update(withdrawn_at="2020-05-01T00:00Z")
    assert capture.sources_at("http://m.daily.example/claims/") == []


def test_a_nearly_identical_title_is_found() -> None:
    source = make.a_source(title="Insurer pays every claim within two days")
    make.a_source(title="Insurer refuses to pay claims of restaurants")
    assert capture.sources_titled("Insurer pays every claim, within two days") == [source]
    assert capture.sources_titled("Insurer") == []


def test_a_nearly_identical_quotation_is_found_within_the_brand() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand, quote="We put our customers first, always.")
    make.a_promise(make.a_brand(), quote="We put our customers first, always.")
    assert capture.promises_quoted(brand, "We put our customers first always") == [promise]
    assert capture.promises_quoted(brand, "We pay our suppliers on time, always.") == []


NEAR = {"family": "F09", "started": "2020-04-10"}


@pytest.mark.parametrize(
    ("on_file", "group", "is_likely"),
    [
        (NEAR, "customers", True),
        ({**NEAR, "started": "2020-04-15"}, "customers", True),
        ({**NEAR, "started": "2020-04-16"}, "customers", False),
        ({**NEAR, "started": "2020-04"}, "customers", True),
        ({**NEAR, "started": "2020"}, "customers", True),
        ({**NEAR, "started": "2020-05"}, "customers", False),
        ({**NEAR, "started": ""}, "customers", False),
        ({**NEAR, "family": "F01"}, "customers", False),
        ({**NEAR, "family": ""}, "customers", True),
        (NEAR, "employees", False),
    ],
)
def test_an_act_of_the_same_family_group_and_fortnight_is_a_likely_duplicate(
    on_file: dict[str, Any], group: str, is_likely: bool
) -> None:
    brand = make.a_brand()
    other = make.an_action(brand, statement_en="Gave back a part of the premium.", statement_fr="", **on_file)
    make.a_proof(other)
    found = capture.likely_duplicates(an_unsaved_act(brand), [group])
    assert found == ([other] if is_likely else [])


def test_the_same_words_are_a_likely_duplicate_whatever_the_date() -> None:
    brand = make.a_brand()
    other = make.an_action(brand, statement_en="Paid claims at once", started="2021", family="F01")
    assert capture.likely_duplicates(an_unsaved_act(brand), []) == [other]
    assert capture.likely_duplicates(an_unsaved_act(make.a_brand()), []) == []


@pytest.mark.parametrize(
    ("source_type", "publisher", "kind", "group"),
    [
        ("press", "Le Monde", "independent", "le-monde"),
        ("press", "Le Monde", "interested", "fictia"),
        ("brand_owned", "Fictia newsroom", "against_interest", "fictia"),
        ("press", "", "independent", "fictia"),
    ],
)
def test_the_group_is_the_publisher_or_the_brand_for_its_own_word(
    source_type: str, publisher: str, kind: str, group: str
) -> None:
    brand = make.a_brand("Fictia")
    assert capture.suggested_group(brand, source_type=source_type, publisher=publisher, kind=kind) == group
