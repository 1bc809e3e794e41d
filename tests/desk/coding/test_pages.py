"""The coding pages of the desk: who sees what, what is kept, how many queries it takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands.models import Brand
from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.desk.coding.codebook import address_of
from scoring.coding import measuring
from scoring.coding.rounds import close_round
from scoring.models import Assessment, CodingItem, CodingRound, ItemCoding, ItemState, Measurement
from tests import factories as make
from tests.accounts.desk import desk_of, signed_in, somebody
from tests.scoring.coding import making
from tests.scoring.coding.making import WHY, both_in, codes_for
from tests.scoring.review import making as reviewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[User, User, User]:
    return making.three_people()


@pytest.fixture
def case(people: tuple[User, User, User]) -> Assessment:
    found = making.a_case("Fictia")
    making.a_round(found, *people)
    return found


def address(coding: ItemCoding) -> str:
    return f"/en/desk/coding/items/{coding.pk}/"


def coding(case: Assessment, user: User, kind: str = "action") -> ItemCoding:
    return making.coding_of(making.item_of(case, kind), user)


def sent(page: Any, codes: dict[str, str], rationale: str = WHY, **more: str) -> dict[str, Any]:
    """What a browser would send from the coding screen."""
    hidden = {"revision": page.context["coding"].revision, "text": page.context["text"]}
    return {**hidden, **codes, "rationale": rationale, **more}


def post_from_here(desk: Client, where: str, form: dict[str, Any]) -> Any:
    """As a browser sends it from a page of the site."""
    return desk.post(where, form, headers={"Origin": "http://testserver"})


def shown(answer: Any) -> str:
    """The page as text, however its source is broken into lines."""
    return " ".join(answer.content.decode().split())


# --- Coding -----------------------------------------------------------------------------------------------------------


def test_a_coder_reads_the_record_and_the_code_book_and_nothing_that_would_lead_them(
    case: Assessment, people: Any
) -> None:
    making.hands_in(
        people[1], making.item_of(case), codes_for(case, substance="1"), "A very particular rationale of mine."
    )
    page = desk_of(people[0]).get(address(coding(case, people[0])))
    text = shown(page)
    assert "Paid claims at once." in text
    assert "Puts its customers first." in text
    assert "2 – real: a concrete service, good, sum, rule change or protection" in text
    assert text.count("unknown – looked at, cannot tell") >= 5
    assert " checked>" not in text  # neither the codes on file nor the other coder's
    for leading in ("particular rationale", str(people[1]), "Aligned", "robust", "fragile"):
        assert leading not in text


def test_a_coding_is_handed_in_and_leads_to_the_next_item(case: Assessment, people: Any) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    page = desk.get(address(mine))
    answer = desk.post(address(mine), sent(page, codes_for(case)), follow=True)
    mine.refresh_from_db()
    assert mine.submitted_at is not None
    assert mine.blind_codes == codes_for(case)
    assert answer.redirect_chain[-1][0] == address(coding(case, people[0], "promise"))
    assert "has not finished this item yet" in shown(answer)


def test_what_is_missing_is_listed_with_a_way_to_it_and_nothing_is_lost(case: Assessment, people: Any) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    page = desk.get(address(mine))
    answer = desk.post(address(mine), sent(page, codes_for(case, substance="", initiative="3"), "Short."))
    assert answer.status_code == 422
    assert '<a href="#c-substance">SU – substance</a>' in shown(answer)
    assert '<a href="#id_rationale">Rationale</a>' in shown(answer)
    assert 'value="3" data-key="3" checked' in shown(answer)
    assert "Short." in shown(answer)
    mine.refresh_from_db()
    assert mine.revision == 0


def test_a_draft_needs_nothing_and_is_there_again(case: Assessment, people: Any) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    page = desk.get(address(mine))
    desk.post(address(mine), sent(page, {"substance": "1"}, "", draft="1"))
    assert 'id="c-substance-1" name="substance" value="1" data-key="1" checked' in shown(desk.get(address(mine)))
    assert "1 draft" in shown(desk.get("/en/desk/coding/"))


def test_two_windows_of_one_coder_do_not_overwrite_each_other(case: Assessment, people: Any) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    page = desk.get(address(mine))
    desk.post(address(mine), sent(page, {"substance": "1"}, "", draft="1"))
    answer = desk.post(address(mine), sent(page, codes_for(case, substance="3")))
    assert answer.status_code == 409
    assert "You saved this item in another window" in shown(answer)
    assert "1 – token" in shown(answer)
    assert "3 – major" in shown(answer)
    mine.refresh_from_db()
    assert mine.codes == {"substance": "1"}
    assert desk.post(address(mine), sent(answer, codes_for(case, substance="3"))).status_code == 302


LONG = "Nine lines of thought about this act and its sources."


def the_round_is_closed(people: Any) -> None:
    close_round(CodingRound.objects.get(), by=people[2], reason="Wrong crisis.")


def a_tie_is_declared(people: Any) -> None:
    reviewing.a_tie(people[0], Brand.objects.get())


def the_role_is_taken_away(people: Any) -> None:
    people[0].groups.clear()


@pytest.mark.parametrize(
    ("meanwhile", "status", "told"),
    [
        (the_round_is_closed, 409, "This round was closed: its open items are no longer coded."),
        (a_tie_is_declared, 403, "You cannot code this brand:"),
        (the_role_is_taken_away, 403, "What you entered is not lost"),
    ],
)
def test_who_is_taken_off_while_coding_is_told_and_keeps_the_words(
    case: Assessment, people: Any, meanwhile: Any, status: int, told: str
) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    page = desk.get(address(mine))
    meanwhile(people)
    for button in ({}, {"draft": "1"}):
        answer = post_from_here(desk, address(mine), sent(page, codes_for(case), LONG, **button))
        assert answer.status_code == status
        assert told in shown(answer)
        assert LONG in shown(answer)
    mine.refresh_from_db()
    assert (mine.submitted_at, mine.rationale) == (None, "")


def test_a_double_click_on_handing_in_goes_on_and_another_text_is_given_back(case: Assessment, people: Any) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    form = sent(desk.get(address(mine)), codes_for(case))
    assert [post_from_here(desk, address(mine), form).status_code for _ in range(2)] == [302, 302]
    other = post_from_here(desk, address(mine), {**form, "rationale": LONG})
    assert (other.status_code, LONG in shown(other)) == (409, True)


def test_a_coding_does_not_exist_for_anybody_else(case: Assessment, people: Any) -> None:
    mine = coding(case, people[0])
    for stranger in (people[1], people[2], somebody(roles.ANALYST)):
        assert desk_of(stranger).get(address(mine)).status_code == 404
    assert signed_in(roles.ADMINISTRATOR).get(address(mine)).status_code == 403
    assert Client().get(address(mine)).status_code == 302


def test_the_first_page_lists_what_is_mine_and_an_editor_sees_every_round(case: Assessment, people: Any) -> None:
    mine = shown(desk_of(people[0]).get("/en/desk/coding/"))
    assert "0 of 2 handed in" in mine
    assert "Open a round" not in mine
    editors = shown(desk_of(people[2]).get("/en/desk/coding/"))
    assert "Nothing is waiting for you to code." in editors
    assert "0 of 2" in editors
    assert "Nothing is waiting for you to code." in shown(signed_in(roles.ANALYST).get("/en/desk/coding/"))


def test_a_round_shows_a_coder_their_items_and_an_editor_who_is_waited_for(case: Assessment, people: Any) -> None:
    making.hands_in(people[0], making.item_of(case), codes_for(case))
    opened = CodingRound.objects.get()
    own = shown(desk_of(people[0]).get(f"/en/desk/coding/rounds/{opened.pk}/"))
    assert "handed in" in own
    assert "Where each item stands" not in own
    whole = shown(desk_of(people[2]).get(f"/en/desk/coding/rounds/{opened.pk}/"))
    assert str(people[0]) in whole
    assert "not begun" in whole
    assert signed_in(roles.ANALYST).get(f"/en/desk/coding/rounds/{opened.pk}/").status_code == 403


# --- Opening a round --------------------------------------------------------------------------------------------------


def test_an_editor_opens_a_round_for_the_cases_ticked(people: Any) -> None:
    case = making.a_case("Fictia")
    desk = desk_of(people[2])
    assert "Fictia" in shown(desk.get("/en/desk/coding/new/"))
    fields = {"crisis": case.crisis_id, "what": "cases", "cases": [case.pk], "due_on": "2100-01-01", "name": ""}
    answer = desk.post("/en/desk/coding/new/", {**fields, "first_coder": people[0].pk, "second_coder": people[1].pk})
    opened = CodingRound.objects.get()
    assert answer.status_code == 302
    assert (opened.name, opened.items.count(), opened.opened_by) == ("Fictia – Covid-19", 2, people[2])
    assert [seat.coder for seat in opened.seats.all()] == [people[0], people[1]]


def test_the_sample_of_the_method_is_one_choice_away(people: Any) -> None:
    brand = make.a_kept_promise()
    make.published(brand)
    answer = desk_of(people[2]).post(
        "/en/desk/coding/new/",
        {
            "crisis": brand.actions.get().crisis_id,
            "what": "sample",
            "first_coder": people[0].pk,
            "second_coder": people[1].pk,
        },
    )
    assert answer.status_code == 302
    assert [item.action for item in CodingItem.objects.all()] == [brand.actions.get()]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cases": []}, "Tick at least one case"),
        ({"second_coder": "same"}, "Two different people"),
        ({"due_on": "2001-01-01"}, "This day is past"),
    ],
)
def test_a_round_that_cannot_be_opened_says_why(people: Any, changes: dict[str, Any], told: str) -> None:
    case = making.a_case("Fictia")
    fields = {"crisis": case.crisis_id, "what": "cases", "cases": [case.pk]}
    fields |= {"first_coder": people[0].pk, "second_coder": people[1].pk, **changes}
    if fields["second_coder"] == "same":
        fields["second_coder"] = people[0].pk
    answer = desk_of(people[2]).post("/en/desk/coding/new/", fields)
    assert answer.status_code == 422
    assert told in shown(answer)
    assert not CodingRound.objects.exists()


def test_a_search_for_a_brand_keeps_what_was_entered(people: Any) -> None:
    case = making.a_case("Fictia")
    for _ in range(40):
        making.a_case()
    making.a_case("Zébulon")
    entered = {"crisis": case.crisis_id, "cases": [case.pk], "first_coder": people[0].pk, "q": "zebu", "find": "1"}
    page = desk_of(people[2]).post("/en/desk/coding/new/", entered)
    assert [found.brand.name for found in page.context["cases"]] == ["Fictia", "Zébulon"]
    assert f'<option value="{people[0].pk}" selected>' in shown(page)


def test_a_round_is_closed_with_a_reason(case: Assessment, people: Any) -> None:
    opened = CodingRound.objects.get()
    desk = desk_of(people[2])
    desk.post(f"/en/desk/coding/rounds/{opened.pk}/close/", {"reason": ""})
    opened.refresh_from_db()
    assert opened.closed_at is None
    answer = desk.post(f"/en/desk/coding/rounds/{opened.pk}/close/", {"reason": "Needed elsewhere."}, follow=True)
    assert "2 items were left without result" in shown(answer)
    assert "Needed elsewhere." in shown(answer)


# --- Comparing and adjudicating ---------------------------------------------------------------------------------------


def test_a_coder_compares_without_a_name_and_takes_the_others_code(case: Assessment, people: Any) -> None:
    item = making.item_of(case)
    making.hands_in(people[0], item, codes_for(case), "The report names what was paid.")
    making.hands_in(people[1], item, codes_for(case, substance="1"), "Small beside what was lost.")
    desk = desk_of(people[1])
    where = f"/en/desk/coding/items/{coding(case, people[1]).pk}/compare/"
    assert "1 item one step apart" in shown(desk.get("/en/desk/coding/"))
    page = desk.get(where)
    assert "The report names what was paid." in shown(page)
    assert str(people[0]) not in shown(page)
    answer = desk.post(where, {"revisions": page.context["revisions"], "substance": "2"}, follow=True)
    assert "You now agree" in shown(answer)
    assert CodingItem.objects.get(pk=item.pk).state == ItemState.SETTLED


@pytest.fixture
def dispute(case: Assessment, people: Any) -> CodingItem:
    return both_in(case, (people[0], people[1]), codes_for(case), codes_for(case, substance="0"))


def test_an_adjudicator_sees_codes_without_names_decides_and_then_sees_the_names(
    dispute: CodingItem, people: Any
) -> None:
    desk, where = desk_of(people[2]), f"/en/desk/adjudication/{dispute.pk}/"
    assert "Paid claims at once." in shown(desk.get("/en/desk/adjudication/"))
    page = shown(desk.get(where))
    assert "2 – real" in page
    assert "0 – words only" in page
    assert not any(str(coder) in page for coder in people[:2])
    refused = desk.post(where, {"substance": "1", "substance-reason": ""})
    assert refused.status_code == 422
    assert "Write the reason" in shown(refused)
    settled = shown(desk.post(where, {"substance": "1", "substance-reason": "Small beside the need."}, follow=True))
    assert all(str(coder) in settled for coder in people)
    assert "Small beside the need." in settled
    assert "<code>" not in settled
    assert re.search(
        r"substance ?: – → 1 – ", " ".join(re.sub("<[^>]+>", "", settled).replace("became", "").split()), re.IGNORECASE
    )
    assert "Small beside the need." not in shown(desk.get("/en/desk/adjudication/"))
    assert "Nothing is to be decided." in shown(desk.get("/en/desk/adjudication/"))


def test_an_adjudicator_sees_and_decides_what_only_one_coder_saw(case: Assessment, people: Any) -> None:
    stem = "proof.community.harms"
    seen = {stem: "yes", f"{stem}.yardstick": "duty", f"{stem}.depth": "3", f"{stem}.remedy": "0"}
    item = both_in(case, (people[0], people[1]), codes_for(case), codes_for(case, **seen))
    desk, where = desk_of(people[2]), f"/en/desk/adjudication/{item.pk}/"
    page = shown(desk.get(where))
    assert "</strong> – 3 – endangers" in page
    answer = desk.post(where, {stem: "yes", f"{stem}-reason": "Residents were put at risk."})
    assert answer.status_code == 422
    assert shown(answer).count("Decide on this code.") == 6  # yardstick, depth, remedy: each in the list and beside it
    assert f'name="{stem}" value="yes" data-key="1" checked' in shown(answer)
    decided = {f"{stem}.yardstick": "duty", f"{stem}.depth": "2", f"{stem}.remedy": "0"}
    settled = desk.post(where, {stem: "yes", f"{stem}-reason": "Residents were put at risk.", **decided}, follow=True)
    assert "2 – breaks" in shown(settled)
    assert item.decisions.count() == 4


def test_the_second_adjudicator_is_told_and_keeps_the_words(dispute: CodingItem, people: Any) -> None:
    where = f"/en/desk/adjudication/{dispute.pk}/"
    first, late = desk_of(people[2]), signed_in(roles.EDITOR)
    late.get(where)
    decision = {"substance": "1", "substance-reason": "Small beside the need."}
    first.post(where, decision)
    answer = post_from_here(late, where, {"substance": "3", "substance-reason": "Large, I find."})
    assert answer.status_code == 409
    assert f"{people[2]} has settled this item meanwhile; your decision was not saved." in shown(answer)
    assert "Large, I find." in shown(answer)
    assert dispute.decisions.get().value == "1"
    assert "Not saved" not in shown(first.post(where, decision))  # a double click


def test_a_voice_that_a_coder_has_named_is_offered_again_and_never_the_one_on_file(
    case: Assessment, people: Any
) -> None:
    link = making.action_of(case).source_links.get()
    making.hands_in(people[0], making.item_of(case), codes_for(case, **{f"source.{link.source.key}.group": "Reuters"}))
    other = make.an_action(case.brand)
    make.a_link(other, independence_group="group-on-file")
    close_round(making.item_of(case).round, by=people[2], reason="Done with.")
    item = making.a_round(case, *people, name="Once more").items.get(action=other)
    page = shown(desk_of(people[0]).get(address(making.coding_of(item, people[0]))))
    assert '<option value="reuters"></option>' in page
    assert "group-on-file" not in page
    assert '<option value="reuters"></option>' not in shown(
        desk_of(people[1]).get(address(making.coding_of(item, people[1])))
    )


def test_a_case_of_mine_is_somebody_elses_to_adjudicate(people: Any) -> None:
    editor = somebody(roles.EDITOR)
    case = making.a_case("Fictia")
    making.a_round(case, editor, people[0], people[2])
    item = both_in(case, (editor, people[0]), codes_for(case), codes_for(case, substance="0"))
    page = shown(desk_of(editor).get("/en/desk/adjudication/"))
    assert "1 more item waits for somebody else" in page
    assert "Paid claims at once." not in page
    assert desk_of(editor).get(f"/en/desk/adjudication/{item.pk}/").status_code == 404  # blind to it


def test_a_coder_of_an_open_item_cannot_read_how_another_one_of_the_brand_was_settled(
    case: Assessment, people: Any
) -> None:
    item = both_in(case, (people[0], people[1]), codes_for(case), codes_for(case))
    where = f"/en/desk/adjudication/{item.pk}/"
    assert desk_of(people[2]).get(where).status_code == 200
    assert desk_of(people[0]).get(where).status_code == 404  # the promise is still open
    promise = making.item_of(case, "promise")
    for coder in people[:2]:
        making.hands_in(coder, promise, {"statement_level": "2"})
    assert desk_of(people[0]).get(where).status_code == 200


# --- The report -------------------------------------------------------------------------------------------------------


def test_the_report_shows_figures_with_their_interval_and_where_coders_differ(people: Any) -> None:
    opened = making.coded_forty_times(people)
    page = desk_of(people[2]).get(f"/en/desk/coding/agreement/?round={opened.pk}&code=su")
    rows = {row.measure.code: row for row in page.context["rows"]}
    assert (rows["su"].agreement.n, rows["su"].agreement.percent) == (40, 80.0)
    assert rows["su"].agreement.low < rows["su"].agreement.alpha < rows["su"].agreement.high
    assert rows["in"].agreement.alpha is None
    assert "nothing varies" in shown(page)
    assert len(page.context["disagreements"]) == 8
    assert sum(cell.n for _value, cells in page.context["table"] for cell in cells) == 40


def test_under_thirty_pairs_the_report_says_so_and_shows_no_figure(case: Assessment, people: Any) -> None:
    both_in(case, (people[0], people[1]), codes_for(case), codes_for(case, substance="0"))
    page = shown(desk_of(people[2]).get("/en/desk/coding/agreement/"))
    assert "too few pairs" in page
    assert "Under 30 pairs no figure is shown" in page
    assert '<table class="matrix">' not in page


def test_an_editor_sees_what_would_move_before_adopting_and_then_it_is_in_force(people: Any) -> None:
    making.coded_forty_times(people)
    desk = desk_of(people[2])
    page = desk.get("/en/desk/coding/agreement/adopt/")
    seen = page.context["form"].initial["seen"]
    assert page.context["preview"].touched == 1
    assert desk.post("/en/desk/coding/agreement/adopt/", {"seen": seen, "reason": ""}).status_code == 422
    stale = desk.post("/en/desk/coding/agreement/adopt/", {"seen": "old", "reason": "Because."}, follow=True)
    assert "More was coded since you opened this page" in shown(stale)
    assert not Measurement.objects.exists()
    answer = desk.post("/en/desk/coding/agreement/adopt/", {"seen": seen, "reason": "First measurement."}, follow=True)
    assert "First measurement." in shown(answer)
    assert Measurement.objects.get().adopted_by == people[2]
    assert desk_of(people[0]).get("/en/desk/coding/agreement/adopt/").status_code == 403


def test_the_report_says_which_rule_of_the_codebook_was_read_in_two_ways(people: Any) -> None:
    opened = making.coded_forty_times(people)
    answer = desk_of(people[2]).get(f"/en/desk/coding/agreement/?round={opened.pk}")
    assert [(one.row.measure.code, round(one.share)) for one in answer.context["by_rule"]] == [("su", 20)]
    assert "8 of 40 (20%)" in shown(answer)
    assert "Not about the kind of gift: a service can be major." in shown(answer)
    assert 'href="/en/method/#code-substance"' in shown(answer)


def test_every_code_leads_to_its_place_in_the_codebook() -> None:
    method = shown(Client().get("/en/method/"))
    for code in measuring.MEASURES:
        assert f'id="{address_of(code).partition("#")[2]}"' in method, code


def test_a_code_that_nothing_switches_off_is_told_where_coders_agree_too_little(people: Any) -> None:
    figure = {"n": 40, "percent": 70.0, "low": 0.5, "high": 0.7}
    figures = {"source_kind": {**figure, "alpha": 0.629}, "su": {**figure, "alpha": 0.6}}
    measuring.adopt(by=None, scope="A round", figures=figures, reason="Measured.")
    page = shown(desk_of(people[2]).get("/en/desk/coding/agreement/"))
    assert "Coders agree too little on: kind of source (0.629)." in page
    assert "Below 0.667 a code that one person gave alone should count as unknown" in page
    assert page.count("counts as unknown") == 1  # substance, which is switched off


def test_an_empty_report_says_what_would_be_here() -> None:
    assert "nothing to count" in shown(signed_in(roles.EDITOR).get("/en/desk/coding/agreement/"))
    assert signed_in(roles.EDITOR).get("/en/desk/coding/agreement/?round=999").status_code == 404


# --- Queries ----------------------------------------------------------------------------------------------------------


def queries(desk: Client, where: str) -> int:
    desk.get(where)
    with CaptureQueriesContext(connection) as found:
        assert desk.get(where).status_code == 200
    return len(found)


@pytest.mark.parametrize("who", [0, 2])
def test_pages_cost_as_many_queries_with_ten_cases_as_with_one(people: Any, who: int) -> None:
    first = making.a_case()
    opened = making.a_round(first, *people)
    desk = desk_of(people[who])
    pages = ["/en/desk/coding/", f"/en/desk/coding/rounds/{opened.pk}/", "/en/desk/coding/agreement/"]
    pages += ["/en/desk/coding/new/", "/en/desk/adjudication/"] if who == 2 else []
    both_in(first, (people[0], people[1]), codes_for(first), codes_for(first, substance="0"))
    before = {page: queries(desk, page) for page in pages}
    for _ in range(3):
        case = making.a_case()
        making.a_round(case, *people)
        both_in(case, (people[0], people[1]), codes_for(case), codes_for(case, substance="0"))
    assert {page: queries(desk, page) for page in pages} == before
    assert max(before.values()) <= 20, before


def test_the_coding_screen_costs_as_many_queries_with_ten_sources_as_with_one(case: Assessment, people: Any) -> None:
    desk, mine = desk_of(people[0]), coding(case, people[0])
    before = queries(desk, address(mine))
    for _ in range(9):
        make.a_link(making.action_of(case))
        make.a_promise(case.brand)
    assert queries(desk, address(mine)) == before <= 20


# --- Blind everywhere -------------------------------------------------------------------------------------------------


def test_a_coder_sees_no_working_verdict_of_the_brand_until_the_items_are_settled(
    case: Assessment, people: Any
) -> None:
    action = making.action_of(case)
    places = (f"/admin/brands/action/{action.pk}/change/", "/en/brands/fictia/covid-19/draft/")
    panel = "Working verdict on Fictia"
    for user, sees in ((people[0], False), (people[2], True)):
        assert (panel in shown(desk_of(user).get(places[0]))) is sees
        assert (desk_of(user).get(places[1]).status_code == 200) is sees
        assert (desk_of(user).get("/en/brands/fictia/covid-19/evidence/").status_code == 200) is sees
    for kind, codes in (("action", codes_for(case)), ("promise", {"statement_level": "2"})):
        for coder in people[:2]:
            making.hands_in(coder, making.item_of(case, kind), codes)
    assert panel in shown(desk_of(people[0]).get(places[0]))
    assert desk_of(people[0]).get(places[1]).status_code == 200
