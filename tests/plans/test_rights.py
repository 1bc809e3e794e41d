"""A plan is its team's: for everybody else it does not exist, on no face of the product."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.pages.plans.urls import urlpatterns
from cxalign.plans import editing
from cxalign.plans.models import Share
from tests import factories as make
from tests.accounts.desk import desk_of, signed_in, somebody
from tests.accounts.making import a_team
from tests.plans.making import a_plan, a_planner, address, an_item, team_of
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db

MARK = "zqxplan"
OF_ONE_PLAN = [one for one in urlpatterns if isinstance(one, URLPattern) and str(one.pattern).startswith("<int:plan>")]


def filled(pattern: URLPattern, plan: int, number: int) -> str:
    route = str(pattern.pattern).replace("<int:plan>", str(plan)).replace("<int:number>", str(number))
    return f"/en/plans/{route}"


@pytest.mark.parametrize("pattern", OF_ONE_PLAN, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_team_finds_nothing_at_any_address_of_a_plan(pattern: URLPattern, method: str) -> None:
    owner, outsider = a_planner(), desk_of(a_planner())
    plan = a_plan(owner)
    item = an_item(plan)
    there = getattr(outsider, method)(filled(pattern, plan.pk, item.pk))
    nowhere = getattr(outsider, method)(filled(pattern, 999_999, item.pk))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert getattr(desk_of(owner), method)(filled(pattern, plan.pk, item.pk)).status_code in (
        200,
        302,
        404,
        405,
        409,
        422,
    )


def test_the_parts_of_one_plan_do_not_open_through_another() -> None:
    owner = a_planner()
    mine = a_plan(owner)
    theirs = a_plan(a_planner())
    item = an_item(theirs)
    problem = editing.save_problem(theirs, theirs.by, None, None, {"what": "No cash"}, [])
    link = editing.share(theirs, theirs.by, "Client", timezone.now() + timedelta(days=3))
    client = desk_of(owner)
    for place in (f"items/{item.pk}", f"problems/{problem.pk}"):
        assert client.get(address(mine, place)).status_code == 404
    assert client.post(address(mine, f"problems/{problem.pk}/delete"), {"revision": 1}).status_code == 404
    assert client.post(address(mine, f"share/{link.pk}/revoke")).status_code == 404
    moved = {"revision": item.revision, "to": "now"}
    assert client.post(address(mine, f"items/{item.pk}/move"), moved).status_code == 404
    assert client.post(address(mine, f"undo/{theirs.activities.first().pk}")).status_code == 404
    assert desk_of(theirs.by).post(address(theirs, f"items/{item.pk}/move"), moved).status_code == 302


def test_who_is_in_no_team_is_told_who_can_change_that_and_a_stranger_is_asked_to_sign_in() -> None:
    answer = signed_in(roles.EDITOR).get("/en/plans/")
    assert answer.status_code == 403
    assert "an administrator can put you in one" in answer.content.decode()
    assert "/login/" in Client().get("/en/plans/")["Location"]
    assert desk_of(a_planner()).get("/en/plans/").status_code == 200


def test_plans_stand_in_the_navigation_of_those_who_are_signed_in() -> None:
    """Whoever is in no team is told there what to do: no request pays for asking."""
    link = 'href="/en/plans/"'
    assert link not in Client().get("/en/").content.decode()
    assert link in desk_of(somebody(roles.CONSULTANT)).get("/en/").content.decode()
    assert link in desk_of(a_planner()).get("/en/").content.decode()


def test_a_team_mate_works_on_the_same_plan() -> None:
    first = a_planner()
    second = somebody(roles.CONSULTANT)
    first.teams.get().members.add(second)
    plan = a_plan(first)
    assert desk_of(second).get(address(plan)).status_code == 200


def planted() -> User:
    owner = a_planner()
    plan = a_plan(owner, title=f"{MARK} title", mission=f"{MARK} mission")
    an_item(plan, f"{MARK} item", owner=f"{MARK} owner")
    editing.save_problem(plan, owner, None, None, {"what": f"{MARK} problem"}, [])
    a_practice(key="open")
    make.published(make.a_kept_promise("Fictia", slug="fictia"))
    return owner


OTHERS = (
    *("/en/", "/en/brands/", "/en/practices/", "/en/practices/open/", "/en/brands/fictia/", "/api/v1/"),
    *("/api/v1/practices", "/api/v1/brands", "/api/v1/actions", "/en/brands/?q=zqx", "/en/practices/?q=title"),
    *("/en/plans/", "/en/account/team/", "/en/account/data/", "/en/desk/", "/en/desk/trail/", "/admin/"),
)


@pytest.mark.parametrize("role", ["stranger", "another team", "administrator"])
def test_no_word_of_a_plan_is_read_elsewhere(role: str) -> None:
    owner = planted()
    clients = {
        "stranger": Client(),
        "another team": desk_of(a_planner()),
        "administrator": signed_in(roles.ADMINISTRATOR),
    }
    for place in OTHERS:
        assert MARK not in clients[role].get(place).content.decode(), place
    assert MARK in desk_of(owner).get("/en/plans/").content.decode()


# --- The shared link --------------------------------------------------------------------------------------------------


def a_link() -> Share:
    plan = a_plan(title="Reopen")
    an_item(plan, "Open a line", horizon="now")
    return editing.share(plan, plan.by, "The client", timezone.now() + timedelta(days=3))


def test_a_link_opens_one_plan_to_read_and_nothing_else() -> None:
    link = a_link()
    answer = Client().get(f"/en/plans/shared/{link.token}/")
    page = answer.content.decode()
    assert "Open a line" in page
    assert "The client" not in page
    assert '<form method="post"' not in page.partition("<main")[2]
    assert answer["Cache-Control"] == "no-store, private"
    assert "noindex" in answer["X-Robots-Tag"]
    editing.revoke(link, link.plan.by)
    for token in (link.token, "absent"):
        closed = Client().get(f"/en/plans/shared/{token}/")
        assert closed.status_code == 404
        assert "This link opens no plan" in closed.content.decode()
        assert closed["Cache-Control"] == "no-store, private"


def test_no_draft_is_read_through_a_link_or_by_a_team_mate_who_may_not() -> None:
    editor = somebody(roles.EDITOR)
    consultant = a_planner()
    editor.teams.add(team_of(consultant))
    brand = make.a_kept_promise("Zqxia", slug="zqxia")
    plan = a_plan(consultant, brand=brand)
    an_item(plan, "Open a line", horizon="now", practice=a_practice("Zqx practice", is_published=False))
    an_item(plan, "Zqx: nobody has placed it")
    link = editing.share(plan, editor, "Client", timezone.now() + timedelta(days=3))
    files = [address(plan, f"table/plan.{ending}").rstrip("/") for ending in ("csv", "pptx")]
    assert "zqx" not in Client().get(f"/en/plans/shared/{link.token}/").content.decode().lower()
    for place in ("/en/plans/", address(plan), address(plan, "settings"), *files[:1]):
        assert "zqxia" not in desk_of(consultant).get(place).content.decode().lower(), place
        assert "zqx practice" not in desk_of(consultant).get(place).content.decode().lower(), place
    assert "Zqxia" in desk_of(editor).get(address(plan)).content.decode()

    kept = {"title": "Mine", "starts_on": "2026-04-02", "next_until": 90, "revision": plan.revision}
    assert desk_of(consultant).post(address(plan, "settings"), kept).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.brand) == ("Mine", brand)
    make.published(brand)
    assert "Zqxia" in Client().get(f"/en/plans/shared/{link.token}/").content.decode()


@pytest.mark.parametrize("end", ["ended", "revoked", "deleted"])
def test_a_link_that_ended_answers_like_one_that_never_was(end: str) -> None:
    link = a_link()
    if end == "ended":
        Share.objects.filter(pk=link.pk).update(
            created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(minutes=1)
        )
    elif end == "revoked":
        editing.revoke(link, link.plan.by)
    else:
        editing.delete_plan(link.plan, link.plan.by, link.plan.revision)
    answer, absent = (Client().get(f"/en/plans/shared/{token}/") for token in (link.token, "absent"))
    assert answer.status_code == absent.status_code == 404


def test_a_link_opens_on_a_closed_site_too(settings: object) -> None:
    link = a_link()
    settings.PUBLIC_SITE = False  # type: ignore[attr-defined]
    assert Client().get(f"/en/plans/shared/{link.token}/").status_code == 200
    assert Client().get("/en/practices/").status_code == 302


def test_somebody_who_left_the_team_has_left_its_plans() -> None:
    owner = a_planner()
    plan = a_plan(owner)
    client = desk_of(owner)
    assert client.get(address(plan)).status_code == 200
    plan.team.members.remove(owner)
    a_team(owner)
    assert client.get(address(plan)).status_code == 404
