"""The description of the API, taken from the views: their parameters, their shapes, their problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from cxalign.api.errors import KINDS, MEDIA_TYPE
from cxalign.api.parameters import SLUG, Parameter
from cxalign.api.permissions import WithKey
from cxalign.api.shapes import BilingualText, Problem, Record, list_of
from cxalign.api.views import ListView, ResourceView

JSON = "application/json"
ALWAYS_POSSIBLE = (400, 401, 404, 406, 429, 500, 503)


class ApiSchema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        parameters = self.view.parameters() if isinstance(self.view, ResourceView) and self.method == "GET" else ()
        described = [_described(parameter) for parameter in parameters]
        asked = _asked(self.method)
        return [*map(_in_path, getattr(self.view, "places", ())), *described, *asked, *_headers(bool(parameters))]

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "bodies", {}).get(self.method)

    def get_response_serializers(self) -> Any:
        shape = self.view.shape  # type: ignore[attr-defined]
        if self.method != "GET":
            return _written(shape, self.view.answers[self.method])  # type: ignore[attr-defined]
        shown = list_of(shape) if isinstance(self.view, ListView) else shape
        kind = JSON
        if getattr(self.view, "is_a_file", False):
            shown, kind = OpenApiTypes.BINARY, "application/octet-stream"
        statuses = [*ALWAYS_POSSIBLE, *getattr(self.view, "problems", ())]
        return {
            (200, kind): OpenApiResponse(shown, description="As asked for."),
            304: OpenApiResponse(description="Nothing has changed since the tag of If-None-Match."),
            **{(status, MEDIA_TYPE): OpenApiResponse(Problem, description=_titles(status)) for status in statuses},
        }

    def get_auth(self) -> list[dict[str, Any]]:
        """A key is possible everywhere, and not needed for what is published."""
        return [*super().get_auth(), *([] if WithKey in self.view.permission_classes else [{}])]

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0] or "index"]

    def get_operation_id(self) -> str:
        words = [word for word in self.path.removeprefix("/api/v1/").split("/") if word and not word.startswith("{")]
        one = "{" in self.path and not isinstance(self.view, ListView)
        verb = {"POST": "create", "PATCH": "update", "DELETE": "delete"}.get(self.method) or ("get" if one else "list")
        return "_".join([verb, *words]) if words else "get_index"

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, BilingualText):
            return {"description": schema.pop("description", ""), "oneOf": [schema, {"type": "string"}]}
        if isinstance(serializer, Record):
            schema["required"] = ["id"]
        return schema

    def _is_list_view(self, serializer: Any = None) -> bool:
        """The envelope of a list is a shape of its own."""
        return False


def _written(shape: Any, statuses: tuple[int, ...]) -> dict[Any, OpenApiResponse]:
    done = {(status, JSON): OpenApiResponse(shape, description="Done as asked.") for status in statuses if status < 300}
    refused = {*ALWAYS_POSSIBLE, *(status for status in statuses if status >= 400)}
    problems = {
        (status, MEDIA_TYPE): OpenApiResponse(Problem, description=_titles(status)) for status in sorted(refused)
    }
    return {**done, **problems}


def _asked(method: str) -> list[OpenApiParameter]:
    """The headers that a request which changes something brings."""
    told = {
        "POST": ("Idempotency-Key", "A name for this request: sent again within 48 hours, it is done once.", False),
        "PATCH": ("If-Match", "The tag of what you have seen, or “*”.", True),
        "DELETE": ("If-Match", "The tag of what you have seen, or “*”.", True),
    }
    if method not in told:
        return []
    name, what, required = told[method]
    return [OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=what, required=required)]


def _titles(status: int) -> str:
    return " or ".join(f"{kind.title} ({code})" for code, kind in KINDS.items() if kind.status == status) + "."


def _described(parameter: Parameter) -> OpenApiParameter:
    schema = parameter.schema()
    if parameter.many:
        schema = {"type": "array", "items": schema, "minItems": parameter.fewest}
        if parameter.most:
            schema |= {"maxItems": parameter.most, "uniqueItems": True}
    return OpenApiParameter(
        parameter.name,
        schema,
        OpenApiParameter.QUERY,
        description=parameter.description,
        required=parameter.fewest > 1,
        style="form" if parameter.many else None,
        explode=(not parameter.comma_separated) if parameter.many else None,
    )


def _in_path(name: str) -> OpenApiParameter:
    pattern = SLUG if name == "slug" else "^[-a-zA-Z0-9_:]+$"
    schema = {"type": "string", "pattern": pattern, "maxLength": 200}
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, required=True)


def _headers(is_resource: bool) -> list[OpenApiParameter]:
    told: dict[str, tuple[str, bool | list[int | str]]] = {
        "ETag": ("The revision of what is shown; send it back in If-None-Match.", [200, 304]),
        "X-Request-Id": ("Quote it when you report an error.", True),
        "RateLimit-Policy": ("How many requests in how many seconds.", True),
        "RateLimit": ("How many are left, and for how long.", True),
        "Retry-After": ("Seconds to wait.", [429, 503]),
    }
    if is_resource:
        told["X-Method-Version"] = ("The method that judged.", [200, 304])
        told["Link"] = ("The next page, as rel=next.", [200])
    return [
        OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=what, response=codes)
        for name, (what, codes) in told.items()
    ]


def told_once(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Problems and headers are the same everywhere: each is described once, and referred to."""
    components = result["components"]
    headers, problems = components.setdefault("headers", {}), components.setdefault("responses", {})
    for operation in (operation for path in result["paths"].values() for operation in path.values()):
        for status, response in operation["responses"].items():
            for name, header in response.get("headers", {}).items():
                headers[name] = header
                response["headers"][name] = {"$ref": f"#/components/headers/{name}"}
            if int(status) >= 400:
                problems[f"Problem{status}"] = response
                operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
    return result
