"""The description of the API: current, valid, and true of what is sent."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

from brands.models import Brand
from cxalign.api import shapes
from cxalign.api.errors import KINDS
from cxalign.api.index import DESCRIPTION, RESOURCES, description
from scoring.publishing import withdraw
from tests import factories as make
from tests.api.conftest import Reader

WRITE_IT = "manage.py spectacular --format openapi-json --file docs/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(DESCRIPTION.read_bytes())
    return held


def test_the_committed_description_is_current(document: dict[str, Any]) -> None:
    with translation.override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)
    assert made == document, f"The API has changed: run {WRITE_IT}"


def test_the_description_is_valid_and_made_without_a_warning() -> None:
    with translation.override("en"):
        call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=io.StringIO())


@pytest.mark.django_db
def test_the_description_is_served_as_committed(reader: Reader) -> None:
    assert reader.get("/api/v1/openapi.json").content == description() == DESCRIPTION.read_bytes()


def test_every_resource_and_every_problem_is_described(document: dict[str, Any]) -> None:
    assert {f"/api/v1/{name}" for name in RESOURCES} < set(document["paths"])
    statuses = {int(name.removeprefix("Problem")) for name in document["components"]["responses"]}
    assert statuses == {kind.status for kind in KINDS.values()} - {405}
    assert document["openapi"].startswith("3.1")


# --- True of what is sent ---------------------------------------------------------------------------------------------


def validator(document: dict[str, Any], component: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{component}", "components": document["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def undeclared(document: dict[str, Any], schema: dict[str, Any], value: Any, place: str = "") -> Iterator[str]:
    """Names that an answer holds and its schema does not."""
    for option in (schema, *schema.get("oneOf", ()), *schema.get("allOf", ())):
        if "$ref" in option:
            name = option["$ref"].rsplit("/", 1)[1]
            yield from undeclared(document, document["components"]["schemas"][name], value, place)
        elif isinstance(value, dict) and "properties" in option:
            for name, inner in value.items():
                if name not in option["properties"]:
                    yield f"{place}/{name}"
                else:
                    yield from undeclared(document, option["properties"][name], inner, f"{place}/{name}")
        elif isinstance(value, list) and "items" in option:
            for inner in value:
                yield from undeclared(document, option["items"], inner, place)


def a_rich_case() -> Brand:
    """Something of everything that a scorecard can hold."""
    brand = make.a_brand("Fictia", website="https://fictia.example/", parent_group="Groupe")
    promise = make.a_promise(brand, quote="Nous protégeons.", quote_language="fr", specificity="2", scope="u")
    act = make.an_action(brand, amount="1000.50", amount_currency="EUR", ended="2020-12", country="FR", duration="2")
    make.a_proof(act, promise, depth="1")
    harm = make.an_action(brand, started="2020", disputed=True, sources=2)
    make.a_proof(harm, promise, direction="harms", depth="2", remedy="1")
    make.a_proof(harm, stakeholder="employees", direction="harms", depth="3")
    copy = make.a_source(archive_url="https://archive.example/1", archive_sha256="0" * 64, archive_type="text/html")
    make.a_link(make.an_action(brand, substance="0", generosity="0", duplicate_of=act), source=copy)
    make.a_profile(brand, purpose="2", values_heritage="3", customer_record="u", labels="B Corp")
    make.a_judgement(brand, archetype="aligned")
    return make.touched(brand)


COMPONENTS = {
    "brands": "Brand",
    "crises": "Crisis",
    "promises": "Promise",
    "actions": "Action",
    "sources": "Source",
    "proofs": "Proof",
    "scorecards": "Scorecard",
    "scorecards/fictia:covid-19/versions": "ScorecardVersion",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "component"), list(COMPONENTS.items()))
@pytest.mark.parametrize("lang", ["", "?lang=fr"])
def test_answers_are_as_described_and_hold_nothing_else(
    reader: Reader, document: dict[str, Any], path: str, component: str, lang: str
) -> None:
    make.published(a_rich_case())
    make.published(make.an_empty_file())
    answer = reader.json(path + lang)
    validator(document, f"{component}List").validate(answer)
    schema = document["components"]["schemas"][component]
    for record in answer["data"]:
        assert set(undeclared(document, schema, record)) == set()
        assert record.keys() == schema["properties"].keys()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["brands/fictia", "scorecards/fictia:covid-19", "crises/covid-19"])
def test_a_record_is_as_described(reader: Reader, document: dict[str, Any], path: str) -> None:
    make.published(a_rich_case())
    validator(document, COMPONENTS[path.split("/")[0]]).validate(reader.json(path))


@pytest.mark.django_db
def test_problems_are_as_described(reader: Reader, document: dict[str, Any]) -> None:
    withdraw(make.published(make.a_breach("Fictia")), by=make.an_editor(), reason_en="A source was forged.")
    for path, status in (("brands/nobody", 404), ("brands?x=1&limit=x", 400), ("scorecards/fictia:covid-19", 410)):
        problem = reader.json(path, status)
        validator(document, "Problem").validate(problem)
        assert list(undeclared(document, {"$ref": "#/components/schemas/Problem"}, problem)) == []


@pytest.mark.django_db
def test_the_index_is_as_described(reader: Reader, document: dict[str, Any]) -> None:
    validator(document, "Index").validate(reader.json("/api/v1/"))


def test_the_validator_sees_a_wrong_answer(document: dict[str, Any]) -> None:
    right = {"data": [], "has_more": False, "next": None}
    brands = validator(document, "BrandList")
    assert brands.is_valid(right)
    assert not brands.is_valid({**right, "next": 1})
    assert not brands.is_valid({**right, "data": [{"slug": "no id"}]})
    schema = document["components"]["schemas"]["Brand"]
    assert list(undeclared(document, schema, {"sector": {"slug": "a", "colour": "b"}})) == ["/sector/colour"]


def test_an_envelope_is_made_once_for_each_record() -> None:
    assert shapes.list_of(shapes.Brand) is shapes.list_of(shapes.Brand)
    assert shapes.list_of(shapes.Brand) is not shapes.list_of(shapes.Crisis)
