"""Answers as JSON, and what OpenAPI says of requests and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from adapters.gateway.models.answers import ProblemAnswer
from adapters.gateway.problems import CATALOGUE, MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]
_read_by_hand: set[type[BaseModel]] = set()  # filled where routes are declared
REF = "#/components/schemas/{model}"
_EVERYWHERE = ("unauthenticated", "forbidden", "rate-limited", "log-unavailable", "internal-error", "url-too-long", "headers-too-large", "validation-failed")  # fmt: skip
BODIES = ("malformed-body", "payload-too-large", "unsupported-media-type", "request-timeout", "log-unavailable", "idempotency-key-invalid", "idempotency-key-reused", "request-in-progress")  # fmt: skip


def json_answer(body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """200 with this body."""
    return Response(orjson.dumps(body), 200, dict(headers or {}), "application/json")


def problems(*codes: str) -> Responses:
    """The problems that a route may answer, by status."""
    described: Responses = {}
    for code in sorted({*codes, *_EVERYWHERE}):
        one = described.setdefault(
            CATALOGUE[code].status,
            {"description": "", "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="ProblemAnswer")}}}},
        )
        one["description"] = ", ".join(filter(None, (one["description"], code)))
    return described


def takes(*models: type[BaseModel], required: bool = True, many: bool = False) -> dict[str, Any]:
    """The request's JSON body for OpenAPI: it is read by hand, because strictly."""
    shapes = [{"$ref": REF.format(model=model.__name__)} for model in models]
    one: dict[str, Any] = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    schema = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 1_000}]} if many else one
    _read_by_hand.update(models)
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def components(spec: dict[str, Any]) -> dict[str, Any]:
    """Put the schemas of hand-read bodies and of problems among the components, where FastAPI cannot know them."""
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    models: set[type[BaseModel]] = {ProblemAnswer, *_read_by_hand}
    for model in sorted(models, key=lambda one: one.__name__):
        described = model.model_json_schema(ref_template=REF)
        schemas.update(described.pop("$defs", {}))
        schemas[model.__name__] = described
    return spec
