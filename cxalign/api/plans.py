"""Response plans, for the programs of the people whose team they belong to. For every other key they do not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from cxalign.accounts.models import Scope, Team, User
from cxalign.api import plan_shapes, tags
from cxalign.api.authentication import check_scope
from cxalign.api.errors import Problem as Refusal
from cxalign.api.errors import not_found
from cxalign.api.idempotency import once
from cxalign.api.parameters import Choice, Query, Text, read_query
from cxalign.api.permissions import WithKey
from cxalign.api.preconditions import check_match
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from cxalign.plans import editing
from cxalign.plans.gate import visible_plans
from cxalign.plans.models import Horizon, Item, Plan, Problem, Scenario
from cxalign.plans.reading import PlanView
from cxalign.practices.models import Category, Practice
from cxalign.practices.reading import visible_practices

Errors = list[dict[str, str]]
WRITES = ["get", "head", "post", "patch", "delete", "options"]
CREATED, CHANGED, GONE = (201, 403, 409, 413, 415, 422), (200, 403, 412, 413, 415, 422, 428), (200, 403, 412, 413, 428)


# --- Records ----------------------------------------------------------------------------------------------------------


def address(plan: Plan, item: Item | None = None) -> str:
    base = f"{settings.BASE_URL}/api/v1/plans/{plan.pk}"
    return f"{base}/items/{item.pk}" if item else base


def tag_of(record: Plan | Item | Problem | Scenario) -> str:
    """Its revision, and those of what its representation shows of others."""
    return tags.tag(record._meta.label_lower, record.pk, record.revision, *shown_of(record))


def shown_of(record: Plan | Item | Problem | Scenario) -> list[object]:
    if isinstance(record, Item):
        fits = [(one.pk, one.revision) for one in record.fits.all()]
        problem = (record.problem_id, record.problem.revision) if record.problem else None
        return [problem, fits, [one.pk for one in record.waits_for.all()]]
    if isinstance(record, Problem):
        return [one.pk for one in record.items.all()]
    return []


def plan_record(plan: Plan) -> dict[str, Any]:
    return {
        "id": str(plan.pk),
        "etag": tag_of(plan),
        "url": address(plan),
        "html_url": f"{settings.BASE_URL}/en/plans/{plan.pk}/",
        "items_url": f"{address(plan)}/items",
        "problems_url": f"{address(plan)}/problems",
        "scenarios_url": f"{address(plan)}/scenarios",
        "created_at": plan.created_at,
        "updated_at": plan.updated_at,
        "title": plan.title,
        "team": plan.team.name if plan.team else "",
        "brand": plan.known_brand.slug if plan.known_brand else None,
        "crisis": plan.crisis.slug if plan.crisis else None,
        "mission": plan.mission,
        "starts_on": plan.starts_on,
        "next_until": plan.next_until,
        "later_until": plan.later_until,
        "review_on": plan.review_on,
        "scenarios": [{"id": str(one.pk), "text": one.text, "retained": one.retained} for one in plan.scenarios.all()],
        "own_promises": [
            {"id": editing.own_ref(one.pk), "text": one.text, "stakeholders": one.stakeholders}
            for one in plan.own_promises.all()
        ],
    }


def item_record(item: Item) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "etag": tag_of(item),
        "url": address(item.plan, item),
        "html_url": f"{settings.BASE_URL}/en/plans/{item.plan_id}/items/{item.pk}/",
        "plan": str(item.plan_id),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "title": item.title,
        "description": item.description,
        "step": step_of(item),
        "standing": item.standing,
        "origin": item.origin,
        "category": item.category or None,
        "stakeholders": item.stakeholders,
        "problem_id": str(item.problem_id) if item.problem_id else None,
        "problem": item.problem.what if item.problem else None,
        "question": item.problem.question if item.problem else None,
        "horizon": item.horizon or None,
        "aside_reason": item.aside_reason,
        "scores": {"mission_fit": item.mission_fit, "need": item.need, "feasibility": item.feasibility},
        "fits": [str(scenario.pk) for scenario in item.fits.all()],
        "fits_none": item.fits_none,
        "owner": item.owner,
        "due_on": item.due_on,
        "waits_for": [str(one.pk) for one in item.waits_for.all()],
        "dependencies": item.dependencies,
        "proof": item.proof,
        "promise": item.promise_ref or None,
        "expected_gap": item.expected_gap,
        "practice": item.practice.key if item.practice else None,
        "recheck": item.recheck,
    }


def step_of(item: Item) -> str:
    """How far an action has come."""
    if item.horizon:
        return "prioritised"
    if item.problem_id:
        return "problematised"
    return "categorised" if item.category and item.stakeholders else "inventory"


# --- Reading a body ---------------------------------------------------------------------------------------------------


def said(request: Request, form: type[Any], *, partial: bool = False) -> dict[str, Any]:
    """The body, checked against its documented form; what is not part of the form is named and refused."""
    if not isinstance(request.data, dict):
        raise Refusal("malformed")
    serializer = form(data=request.data, partial=partial)
    serializer.is_valid()
    errors = [*unknown(request.data, serializer), *told(serializer.errors)]
    if errors:
        raise Refusal("validation", errors[0]["detail"] if len(errors) == 1 else "", errors=errors[:50])
    found: dict[str, Any] = dict(serializer.validated_data)
    return found


def unknown(data: dict[str, Any], serializer: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    for name, value in data.items():
        here = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')[:80]}"
        field = serializer.fields.get(name)
        if field is None:
            yield {"pointer": here, "code": "unknown_field", "detail": _("There is no such field here.")}
        elif hasattr(field, "fields") and isinstance(value, dict):
            yield from unknown(value, field, here)


def told(errors: Any, pointer: str = "") -> Errors:
    if isinstance(errors, dict):
        return [one for name, inner in errors.items() for one in told(inner, f"{pointer}/{name}")]
    return [
        {
            "pointer": pointer.removesuffix("/non_field_errors"),
            "code": getattr(one, "code", "invalid"),
            "detail": str(one),
        }
        for one in errors
        if not isinstance(one, dict | list)
    ]


def invalid(field: str, code: str, detail: str) -> Refusal:
    return Refusal("validation", detail, errors=[{"pointer": f"/{field}", "code": code, "detail": detail}])


def done(act: Callable[[], Any]) -> Any:
    """A change of a plan, with its refusals as problems."""
    try:
        return act()
    except editing.StaleError as stale:
        own = tag_of(stale.record)
        raise Refusal("precondition_failed", headers={"ETag": own}, more={"etag": own}) from stale
    except editing.RefusedError as refused:
        raise Refusal("validation", str(refused)) from refused
    except ObjectDoesNotExist as gone:
        raise not_found() from gone
    except ValidationError as error:
        errors = [
            {"pointer": f"/{name}", "code": one.code or "invalid", "detail": " ".join(one.messages)}
            for name, several in error.error_dict.items()
            for one in several
        ]
        raise Refusal("validation", errors=errors) from error


def revision_seen(request: Request, record: Plan | Item | Problem | Scenario) -> int:
    """The revision that the caller has seen."""
    check_match(request, tag_of(record))
    return record.revision


def number_in(name: str) -> int:
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 18 else 0


# --- Plans ------------------------------------------------------------------------------------------------------------


class PlanApi(RecordView):
    shape: ClassVar[Any] = plan_shapes.Plan
    permission_classes = [WithKey]
    parser_classes = [JSONParser]
    problems: tuple[int, ...] = (403,)

    def visible(self) -> QuerySet[Plan]:
        user = check_scope(
            self.request, Scope.READ_PLANS if self.request.method in ("GET", "HEAD") else Scope.WRITE_PLANS
        )
        rows = visible_plans(user).select_related("team", "brand", "crisis")
        return rows.prefetch_related("scenarios", "own_promises")

    def plan(self, name: str) -> Plan:
        found = self.visible().filter(pk=number_in(name)).first()
        if found is None:
            raise not_found()
        return found

    def piece(self, row: Plan) -> Piece:
        return Piece(tag_of(row), lambda: orjson.dumps(plan_record(row)))

    def shown(self, number: int, status: int = 200) -> HttpResponse:
        """As it is on file now."""
        plan = self.visible().get(pk=number)
        return answered(plan_record(plan), status)


def answered(record: dict[str, Any], status: int) -> HttpResponse:
    headers = {"ETag": record["etag"], **({"Location": record["url"]} if status == 201 else {})}
    return HttpResponse(orjson.dumps(record), status=status, content_type="application/json", headers=headers)


class PlanList(PlanApi, ListView):
    """List the plans of the teams of the key’s owner."""

    http_method_names = ["get", "head", "post", "options"]
    bodies = {"POST": plan_shapes.PlanSent}
    answers = {"POST": CREATED}
    sorts = {"-id": ("id",), "id": ("id",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[Plan]:
        return self.visible()

    def post(self, request: Request) -> HttpResponse:
        """Begin a plan."""
        read_query(request._request, ())
        user = check_scope(request, Scope.WRITE_PLANS)
        given = said(request, plan_shapes.PlanSent)
        team = team_named(user, given.pop("team", ""))
        check_horizons(given.get("next_until"), given.get("later_until"))
        return once(request, lambda: self.shown(done(lambda: editing.make_plan(user, team, **given)).pk, 201))


def team_named(user: User, name: str) -> Team:
    own = list(user.teams.all())
    found = [team for team in own if team.name == name] if name else own
    if len(found) != 1:
        raise invalid("team", "required" if not name else "not_found", _("Name one of your teams."))
    return found[0]


def check_horizons(following: int | None, last: int | None) -> None:
    if following is not None and last is not None and last <= following:
        raise invalid("later_until", "invalid", _("Do Later has to end after Do Next."))


class PlanDetail(PlanApi, DetailView):
    """Get a plan."""

    places = ("id",)
    http_method_names = [name for name in WRITES if name != "post"]
    bodies = {"PATCH": plan_shapes.PlanSent}
    answers = {"PATCH": CHANGED, "DELETE": GONE}

    def rows(self, query: Query, **place: Any) -> QuerySet[Plan]:
        return self.visible().filter(pk=number_in(place["id"]))

    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change a plan: the fields that are sent, and no others."""
        read_query(request._request, ())
        plan = self.plan(id)
        seen, given = revision_seen(request, plan), said(request, plan_shapes.PlanSent, partial=True)
        if "team" in given:
            raise invalid("team", "read_only", _("A plan stays with its team."))
        check_horizons(given.get("next_until", plan.next_until), given.get("later_until", plan.later_until))
        done(lambda: editing.change_plan(plan, check_scope(request, Scope.WRITE_PLANS), seen, given))
        return self.shown(plan.pk)

    def delete(self, request: Request, id: str) -> HttpResponse:
        """Delete a plan, for everybody in the team. The answer is the plan as it was."""
        read_query(request._request, ())
        plan = self.plan(id)
        seen = revision_seen(request, plan)
        done(lambda: editing.delete_plan(plan, check_scope(request, Scope.WRITE_PLANS), seen))
        return answered(plan_record(plan), 200)


# --- Items ------------------------------------------------------------------------------------------------------------


class ItemApi(PlanApi):
    shape = plan_shapes.PlanItem

    def items(self, name: str) -> QuerySet[Item]:
        fits = Prefetch("fits", Scenario.objects.order_by("position", "id"))
        awaited = Prefetch("waits_for", Item.objects.in_use().order_by("id"))
        practice = Prefetch("practice", visible_practices(None))
        rows = Item.objects.in_use().filter(plan=self.plan(name)).select_related("plan", "problem")
        found: QuerySet[Item] = rows.prefetch_related(fits, awaited, practice)
        return found

    def item(self, plan: str, name: str) -> Item:
        found = self.items(plan).filter(pk=number_in(name)).first()
        if found is None:
            raise not_found()
        return found

    def piece(self, row: Any) -> Piece:
        return Piece(tag_of(row), lambda: orjson.dumps(item_record(row)))

    def shown_item(self, plan: str, number: int, status: int = 200) -> HttpResponse:
        return answered(item_record(self.items(plan).get(pk=number)), status)


def fields_of(plan: Plan, given: dict[str, Any], item: Item | None = None) -> dict[str, Any]:
    """The fields of a card, as the gate takes them, once what belongs together fits together."""
    fields = {name: value for name, value in given.items() if name not in ("scores", "promise", "problem_id")}
    fields |= dict(given.get("scores", {}))
    for name in ("category", "horizon"):
        if name in fields:
            fields[name] = fields[name] or ""
    if "stakeholders" in fields:
        chosen = set(fields["stakeholders"])
        fields["stakeholders"] = Item._meta.get_field("stakeholders").to_python(chosen)
    if "promise" in given:
        fields["promise_ref"] = given["promise"] or ""
        if fields["promise_ref"] and fields["promise_ref"] not in PlanView(plan).promise_by_ref:
            raise invalid("promise", "not_found", _("The plan has no such promise."))
    for name, rows in related_rows(plan, item).items():
        if name in fields:
            fields[name] = chosen_ids(name, fields[name], rows)
    if "problem_id" in given:
        wanted = [given["problem_id"]] if given["problem_id"] else []
        fields["problem"] = next(iter(chosen_ids("problem_id", wanted, plan.problems.in_use())), None)
    if "practice" in given:
        fields["practice"] = practice_named(given["practice"])
    check_card(fields, item)
    return fields


def related_rows(plan: Plan, item: Item | None) -> dict[str, QuerySet[Any]]:
    others = plan.items.in_use()
    return {"fits": plan.scenarios.all(), "waits_for": others.exclude(pk=item.pk) if item else others}


def chosen_ids(field: str, wanted: list[str], rows: QuerySet[Any]) -> list[Any]:
    """The records behind ids; one that is not of this plan is named."""
    numbers = {name: number_in(name) for name in wanted}
    found = {row.pk: row for row in rows.filter(pk__in=numbers.values())}
    errors = [
        {"pointer": f"/{field}/{place}" if field != "problem_id" else "/problem_id"}
        | {"code": "not_found", "detail": _("The plan has nothing of this id.")}
        for place, name in enumerate(wanted)
        if numbers[name] not in found
    ]
    if errors:
        raise Refusal("validation", errors[0]["detail"] if len(errors) == 1 else "", errors=errors[:50])
    return list(found.values())


def practice_named(key: str | None) -> Practice | None:
    if not key:
        return None
    found = visible_practices(None).filter(key=key).first()
    if found is None:
        raise invalid("practice", "not_found", _("There is no such practice."))
    return found


def check_card(fields: dict[str, Any], item: Item | None) -> None:
    def value(name: str, none: Any) -> Any:
        return fields.get(name, getattr(item, name) if item else none)

    if value("expected_gap", None) is not None and not value("promise_ref", ""):
        raise invalid("expected_gap", "invalid", _("Choose the promise that this is about."))
    if fields.get("fits") and fields.get("fits_none"):
        raise invalid("fits_none", "invalid", _("An action cannot make sense in some scenarios and in none."))
    if value("horizon", "") == Horizon.ASIDE:
        if not str(value("aside_reason", "")).strip():
            raise invalid(
                "aside_reason", "required", _("Say why it is set aside: whoever reads the plan later will ask.")
            )
    elif item and item.aside_reason and "horizon" in fields:
        fields.setdefault("aside_reason", "")


class ItemList(ItemApi, ListView):
    """List the items of a plan."""

    places = ("id",)
    http_method_names = ["get", "head", "post", "options"]
    bodies = {"POST": plan_shapes.PlanItemSent}
    answers = {"POST": CREATED}
    filters = (
        Choice("horizon", "Where it lies on the board.", many=True, values=tuple(Horizon.values)),
        Choice("category", "What it is mainly about.", many=True, values=tuple(Category.values)),
        Text("owner", "The owner, as written.", many=True, max_length=80),
    )
    sorts = {"id": ("id",), "-id": ("id",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[Item]:
        rows = self.items(place["id"])
        for name in ("horizon", "category", "owner"):
            if name in query:
                rows = rows.filter(**{f"{name}__in": query[name]})
        return rows

    def post(self, request: Request, id: str) -> HttpResponse:
        """Put an action into a plan."""
        read_query(request._request, ())
        plan, user = self.plan(id), check_scope(request, Scope.WRITE_PLANS)
        given = said(request, plan_shapes.PlanItemSent)
        fields = fields_of(plan, given)
        return once(request, lambda: self.shown_item(id, done(lambda: added(plan, user, fields)).pk, 201))


@transaction.atomic
def added(plan: Plan, user: User, fields: dict[str, Any]) -> Item:
    title = fields.pop("title")
    made = editing.add_items(plan, user, [title])
    if not made:
        raise editing.RefusedError(_("The plan has an action of this title already, or the title is empty."))
    return changed(made[0], user, None, fields)


def changed(item: Item, user: User, seen: int | None, fields: dict[str, Any]) -> Item:
    """A judgement in some scenarios is none in no scenario, and the other way round."""
    fits, waits_for = fields.pop("fits", None), fields.pop("waits_for", None)
    if fits:
        fields["fits_none"] = False
    elif fields.get("fits_none"):
        fits = []
    return editing.change_item(item, user, seen, fields, fits, waits_for)


class ItemDetail(ItemApi, DetailView):
    """Get an item of a plan."""

    places = ("id", "item")
    http_method_names = [name for name in WRITES if name != "post"]
    bodies = {"PATCH": plan_shapes.PlanItemSent}
    answers = {"PATCH": CHANGED, "DELETE": GONE}

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        return self.items(place["id"]).filter(pk=number_in(place["item"]))

    def patch(self, request: Request, id: str, item: str) -> HttpResponse:
        """Change an item: the fields that are sent, and no others."""
        read_query(request._request, ())
        found = self.item(id, item)
        seen, given = revision_seen(request, found), said(request, plan_shapes.PlanItemSent, partial=True)
        fields = fields_of(found.plan, given, found)
        if not fields.get("title", found.title).strip():
            raise invalid("title", "blank", _("This is needed."))
        done(lambda: changed(found, check_scope(request, Scope.WRITE_PLANS), seen, fields))
        return self.shown_item(id, found.pk)

    def delete(self, request: Request, id: str, item: str) -> HttpResponse:
        """Take an action out of a plan. The answer is the item as it was; its team can undo it on its page."""
        read_query(request._request, ())
        found = self.item(id, item)
        seen = revision_seen(request, found)
        done(lambda: editing.delete_item(found, check_scope(request, Scope.WRITE_PLANS), seen))
        return answered(item_record(found), 200)
