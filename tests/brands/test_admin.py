"""What an analyst enters: every save is written down, with who, what and why; codes keep their meaning."""

from __future__ import annotations

import pytest

from brands.models import Action, Brand, BrandProfile, Crisis, Event, Promise, Source
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, errors, form_on, save, signed_in, somebody
from tests.desk.publishing.pages import signed_in_long_ago, with_password
from tests.looking import PASSWORD

pytestmark = pytest.mark.django_db


def last_event() -> Event:
    event = Event.objects.order_by("-id").first()
    assert event is not None
    return event


# --- The log ----------------------------------------------------------------------------------------------------------


def test_an_added_promise_is_written_down_with_every_field_that_was_filled_in() -> None:
    analyst, brand, source = somebody(roles.ANALYST), make.a_brand(), make.a_source()
    response = edit(
        desk_of(analyst),
        f"/admin/brands/promise/add/?brand={brand.pk}",
        sources=[source.pk],
        quote="Customers first.",
        statement_en="Puts customers first.",
        stakeholders=["customers"],
        kind="mission",
    )
    assert response.status_code == 302, errors(response)
    promise, event = Promise.objects.get(), last_event()
    assert (event.kind, event.actor, event.brand) == ("evidence.added", analyst, brand)
    assert event.subject == f"brands.promise:{promise.key}"
    assert event.changes["quote"] == [None, "Customers first."]
    assert event.changes["stakeholders"] == [None, ["customers"]]
    assert event.changes["sources"] == [None, [source.key]]
    assert "rationale_en" not in event.changes


def test_a_corrected_field_is_written_down_before_and_after_and_raises_the_revision() -> None:
    analyst, brand = somebody(roles.ANALYST), make.a_brand()
    promise = make.a_promise(brand, statement_level="2")
    before = Brand.objects.get(pk=brand.pk).facts_revision
    response = edit(desk_of(analyst), change_page(promise), statement_level="3", why="The page itself was found.")
    assert response.status_code == 302, errors(response)
    promise.refresh_from_db()
    brand.refresh_from_db()
    event = last_event()
    assert event.changes == {"statement_level": ["2", "3"]}
    assert (event.kind, event.reason) == ("evidence.corrected", "The page itself was found.")
    assert (promise.revision, brand.facts_revision) == (2, before + 1)


def test_saving_without_a_change_writes_nothing_down() -> None:
    action = make.an_action(make.a_brand(), rationale_en="One line.\nAnother line.\n\nA third one.")
    make.a_proof(action, make.a_promise(action.brand))
    updated = action.updated_at
    response = edit(signed_in(), change_page(action))
    assert response.status_code == 302, errors(response)
    action.refresh_from_db()
    assert (action.revision, action.updated_at) == (1, updated)
    assert action.rationale_en == "One line.\nAnother line.\n\nA third one."
    assert not Event.objects.exists()


def test_a_changed_proof_is_part_of_the_save_of_its_action() -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, depth="0")
    response = edit(signed_in(), change_page(action), **{"proofs-0-depth": "2"})
    assert response.status_code == 302, errors(response)
    event = Event.objects.get()
    action.refresh_from_db()
    assert event.subject == f"brands.action:{action.key}"
    assert event.changes == {"proofs.customers:helps.depth": ["0", "2"]}
    assert action.revision == 2


def test_source_and_proof_are_entered_with_their_action_on_one_screen() -> None:
    brand, source = make.a_brand(), make.a_source(key="daily")
    promise, desk = make.a_promise(brand), signed_in()
    response = edit(
        desk,
        f"/admin/brands/action/add/?brand={brand.pk}",
        crisis=make.a_crisis().pk,
        statement_en="Paid claims at once.",
        started="2020-04",
        substance="2",
        **{
            "source_links-0-source": source.pk,
            "source_links-0-kind": "independent",
            "source_links-0-independence_group": "daily",
            "proofs-0-stakeholder": "customers",
            "proofs-0-promise": promise.pk,
            "proofs-0-direction": "helps",
            "proofs-0-depth": "0",
        },
    )
    assert response.status_code == 302, errors(response)
    action = Action.objects.get()
    assert action.proofs.get().promise == promise
    changes = Event.objects.get().changes
    assert changes["source_links.daily.independence_group"] == [None, "daily"]
    assert changes["proofs.customers:helps.promise"] == [None, promise.key]


def test_a_proof_that_was_taken_out_has_a_line_of_its_own_so_that_no_file_brings_it_back() -> None:
    action = make.an_action(make.a_brand())
    proof = make.a_proof(action)
    response = edit(signed_in(), change_page(action), why="Read twice.", **{"proofs-0-DELETE": "on"})
    assert response.status_code == 302, errors(response)
    lines = list(Event.objects.order_by("id").values_list("kind", "subject", "reason"))
    assert lines == [
        ("evidence.withdrawn", f"brands.proof:{proof.key}", "Read twice."),
        ("evidence.corrected", f"brands.action:{action.key}", "Read twice."),
    ]


def test_a_shared_source_is_written_down_for_each_brand_that_rests_on_it() -> None:
    source = make.a_source(title="Old title")
    first, second, stranger = make.a_brand(), make.a_brand(), make.a_brand()
    make.a_link(make.an_action(first, sources=0), source=source)
    make.a_promise(second, sourced=False).sources.add(source)
    response = edit(signed_in(), change_page(source), title="New title")
    assert response.status_code == 302, errors(response)
    assert set(Event.objects.values_list("brand", flat=True)) == {first.pk, second.pk}
    assert all(event.changes == {"title": ["Old title", "New title"]} for event in Event.objects.all())
    assert Brand.objects.get(pk=stranger.pk).facts_revision == 0


def test_a_source_that_nothing_rests_on_yet_is_written_down_without_a_brand() -> None:
    fields = {"url": "https://example.org/a", "title": "A", "source_type": "press"}
    assert edit(signed_in(), "/admin/brands/source/add/", **fields).status_code == 302
    assert Event.objects.get().brand is None
    assert Source.objects.get().key


def test_the_start_of_a_crisis_makes_every_brand_in_it_due() -> None:
    crisis = Crisis.objects.get(slug="covid-19")
    brand, other = make.a_brand(), make.a_brand()
    make.a_profile(brand, crisis)
    response = edit(signed_in(roles.EDITOR), change_page(crisis), starts_on="2020-02-15")
    assert response.status_code == 302, errors(response)
    revisions = [Brand.objects.get(pk=found.pk).facts_revision for found in (brand, other)]
    assert revisions == [1, 0]
    assert Event.objects.get().changes == {"starts_on": ["2020-03-01", "2020-02-15"]}


def test_a_new_sector_is_written_down() -> None:
    fields = {"slug": "mining", "name_en": "Mining", "name_fr": "Mines"}
    assert edit(signed_in(roles.EDITOR), "/admin/brands/sector/add/", **fields).status_code == 302
    assert Event.objects.get().kind == "reference.added"


# --- Why --------------------------------------------------------------------------------------------------------------


def test_a_change_under_a_public_verdict_must_say_why() -> None:
    brand = make.a_kept_promise()
    make.published(brand)
    promise, desk = brand.promises.get(), signed_in()
    refused = edit(desk, change_page(promise), weight="supporting")
    assert refused.status_code == 200
    assert "This field is required" in errors(refused)
    promise.refresh_from_db()
    assert promise.weight == "central"
    assert edit(desk, change_page(promise), weight="supporting", why="It is one of two.").status_code == 302
    assert last_event().reason == "It is one of two."


def test_a_change_before_publication_may_leave_the_reason_out() -> None:
    promise = make.a_kept_promise().promises.get()
    assert edit(signed_in(), change_page(promise), weight="supporting").status_code == 302


# --- Codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "value"), [("substance", "1"), ("disputed", "on")])
def test_a_code_changed_by_one_hand_is_no_longer_double_coded(field: str, value: str) -> None:
    action = make.an_action(make.a_brand(), coding="agreed")
    response = edit(signed_in(), change_page(action), **{field: value})
    assert response.status_code == 302, errors(response)
    action.refresh_from_db()
    assert action.coding == "single"
    assert last_event().changes["coding"] == ["agreed", "single"]


def test_the_analyst_is_told_that_the_double_coding_is_gone() -> None:
    action, desk = make.an_action(make.a_brand(), coding="agreed"), signed_in()
    edit(desk, change_page(action), substance="1")
    assert "coded by two people" in desk.get(change_page(action)).content.decode()


def test_a_statement_in_better_words_stays_double_coded() -> None:
    action = make.an_action(make.a_brand(), coding="agreed")
    assert edit(signed_in(), change_page(action), statement_en="Paid every claim.").status_code == 302
    action.refresh_from_db()
    assert action.coding == "agreed"


def test_a_proof_changed_by_one_hand_loses_its_settlement_and_its_neighbour_keeps_both_coders() -> None:
    action = make.an_action(make.a_brand(), coding="agreed")
    proof = make.a_proof(action, coding="adjudicated", settlement="The source says so.")
    other = make.a_proof(action, stakeholder="employees", coding="agreed")
    response = edit(signed_in(), change_page(action), **{"proofs-0-depth": "1"})
    assert response.status_code == 302, errors(response)
    for record in (proof, other, action):
        record.refresh_from_db()
    assert (proof.coding, proof.settlement, other.coding, action.coding) == ("single", "", "agreed", "agreed")


def test_every_level_is_readable_while_choosing() -> None:
    page = signed_in().get(change_page(make.an_action(make.a_brand()))).content.decode()
    assert page.count('name="substance"') == 6
    for words in ("not coded yet", "2 – real: a concrete service", "unknown – looked at, cannot tell"):
        assert words in page


# --- What a form refuses ----------------------------------------------------------------------------------------------


def test_only_promises_of_the_own_brand_are_offered_and_taken() -> None:
    brand = make.a_brand()
    own, foreign = make.a_promise(brand), make.a_promise(make.a_brand(), quote="Somebody else’s promise.")
    action, desk = make.an_action(brand), signed_in()
    proof = {"proofs-0-stakeholder": "customers", "proofs-0-direction": "helps", "proofs-0-depth": "0"}
    assert "Somebody else’s promise." not in desk.get(change_page(action)).content.decode()
    refused = edit(desk, change_page(action), **proof, **{"proofs-0-promise": foreign.pk})
    assert "Select a valid choice" in errors(refused)
    taken = edit(desk, change_page(action), **proof, **{"proofs-0-promise": own.pk})
    assert taken.status_code == 302, errors(taken)


def test_a_withdrawn_promise_is_offered_only_where_a_proof_names_it() -> None:
    brand, desk = make.a_brand(), signed_in()
    promise = make.a_promise(brand, quote="Given up since.")
    named, other = make.an_action(brand), make.an_action(brand)
    make.a_proof(named, promise)
    promise.withdrawn_at = promise.created_at
    promise.save()
    assert "Given up since." in desk.get(change_page(named)).content.decode()
    assert "Given up since." not in desk.get(change_page(other)).content.decode()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"proofs-0-stakeholder": "employees"}, "does not address that group"),
        ({"proofs-0-depth": "3"}, "help goes from 0 to 2"),
        ({"proofs-0-remedy": "1"}, "Only a harm can be remedied"),
    ],
)
def test_a_proof_that_contradicts_itself_is_refused(changes: dict[str, str], complaint: str) -> None:
    action = make.an_action(make.a_brand())
    make.a_proof(action, make.a_promise(action.brand))
    refused = edit(signed_in(), change_page(action), **changes)
    assert complaint in errors(refused)
    assert edit(signed_in(), change_page(action), **{"proofs-0-depth": "1"}).status_code == 302


@pytest.mark.parametrize(("country", "kept"), [("fr", "FR"), ("ZZ", "ZZ"), ("QX", None), ("F", None)])
def test_a_country_is_two_letters_that_somebody_assigned(country: str, kept: str | None) -> None:
    brand = make.a_brand(country="GB")
    response = edit(signed_in(), change_page(brand), country=country)
    brand.refresh_from_db()
    if kept:
        assert (response.status_code, brand.country) == (302, kept)
    else:
        assert "is not a country" in errors(response)
        assert brand.country == "GB"


@pytest.mark.parametrize("address", ["ftp://example.org/a", "javascript:alert(1)"])
def test_an_address_that_is_not_of_the_web_is_refused(address: str) -> None:
    source, desk = make.a_source(), signed_in()
    assert "Enter a valid URL" in errors(edit(desk, change_page(source), url=address))
    assert edit(desk, change_page(source), url="https://example.org/better").status_code == 302


def test_a_control_character_is_refused_and_hostile_markup_is_only_text() -> None:
    promise, desk = make.a_promise(make.a_brand()), signed_in()
    assert "control character" in errors(edit(desk, change_page(promise), quote="a\x07b"))
    assert edit(desk, change_page(promise), quote="<script>alert(1)</script>").status_code == 302
    page = desk.get(change_page(promise)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_a_record_is_about_is_fixed_once_it_is_made() -> None:
    brand, other = make.a_brand(), make.a_brand()
    promise, desk = make.a_promise(brand), signed_in()
    assert "brand" not in form_on(desk, change_page(promise))
    assert edit(desk, change_page(promise), brand=other.pk, key="another", weight="context").status_code == 302
    promise.refresh_from_db()
    assert (promise.brand, promise.weight) == (brand, "context")
    assert promise.key != "another"


def test_an_analyst_cannot_list_a_brand_and_an_editor_can() -> None:
    brand = make.a_brand()
    for role, listed in ((roles.ANALYST, False), (roles.EDITOR, True)):
        assert edit(signed_in(role), change_page(brand), listed="on", name=f"By {role}").status_code == 302
        brand.refresh_from_db()
        assert (brand.name, brand.listed) == (f"By {role}", listed)


def test_what_an_editor_makes_public_here_asks_for_the_password_after_half_an_hour() -> None:
    brand, editor = make.a_brand(), somebody(roles.EDITOR)
    desk = signed_in_long_ago(with_password(desk_of(editor), editor))
    assert edit(desk, change_page(brand), name="Renamed").status_code == 302
    asked = edit(desk, change_page(brand), listed="on", name="Renamed again")
    assert "Your password, please" in asked.content.decode()
    brand.refresh_from_db()
    assert (brand.name, brand.listed) == ("Renamed", False)
    fields = form_on(desk, change_page(brand)) | {"listed": "on", "password_again": PASSWORD}
    assert desk.post(change_page(brand), fields).status_code == 302
    brand.refresh_from_db()
    assert brand.listed


def test_a_profile_starts_in_the_latest_crisis() -> None:
    brand, desk = make.a_brand(), signed_in()
    fields = form_on(desk, f"/admin/brands/brandprofile/add/?brand={brand.pk}")
    assert fields["crisis"] == str(Crisis.objects.get(slug="covid-19").pk)
    assert save(desk, "/admin/brands/brandprofile/add/", fields, purpose="2").status_code == 302
    assert BrandProfile.objects.get().purpose == "2"
