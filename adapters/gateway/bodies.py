"""Reading a request's body: bytes within their limit and time, then strict JSON, then a closed shape."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from adapters.gateway.hub import hub_of
from adapters.gateway.limits import MAX_DOCUMENT, too_large
from adapters.gateway.problems import FieldError, Problem
from schemas.strict_json import BadJson, parse

T = TypeVar("T", bound=BaseModel)
MOST_ERRORS = 50


async def raw_body(request: Request, limit: int = MAX_DOCUMENT) -> bytes:
    """The body's bytes; raises Problem payload-too-large or request-timeout."""
    chunks, size = [], 0
    try:
        async with asyncio.timeout(hub_of(request).patience.body_s):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                chunks.append(chunk)
    except TimeoutError as error:
        raise Problem("request-timeout", headers={"Connection": "close"}) from error
    return b"".join(chunks)


async def json_body(request: Request, *, required: bool = True) -> tuple[bytes, Any]:
    """The body as received and its JSON value; where none is required, none is an empty object.

    raises Problem unsupported-media-type, malformed-body, payload-too-large, request-timeout
    """
    media, _, parameters = media_type(request).partition(";")
    charset = parameters.replace(" ", "").replace('"', "").lower()
    json = media.strip().lower() == "application/json" and charset in ("", "charset=utf-8")
    body = await raw_body(request) if json or not required else b""
    if not required and not body.strip():
        return b"", {}
    if not json:
        raise Problem("unsupported-media-type", "send application/json in UTF-8")
    return body, _parsed(body)


def _parsed(body: bytes) -> Any:
    """The body's JSON value; raises Problem malformed-body with the catalogue's code of what is wrong."""
    try:
        return parse(body)
    except BadJson as error:
        told: FieldError = {"pointer": "", "code": error.code, "message": error.message}
        raise Problem("malformed-body", error.message, errors=[told]) from error


def media_type(request: Request) -> str:
    """Content-Type as it is, empty where there is none."""
    return str(request.headers.get("content-type", ""))


def fits(model: type[T], value: Any, at: str = "") -> T:
    """The value as this closed shape; raises Problem validation-failed with a pointer per error."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Problem("validation-failed", errors=errors_of(error, value, at)) from error


def each_fits(pick: Callable[[Any], type[T]], value: Any, most: int) -> list[T]:
    """One object or an array of objects, each of the shape picked for it; the array is taken whole or refused."""
    many = value if isinstance(value, list) else [value]
    if not 1 <= len(many) <= most:
        raise invalid("", "wrong_count", f"expected 1 to {most} objects, came {len(many)}")
    found: list[T] = []
    errors: list[FieldError] = []
    for index, item in enumerate(many):
        try:
            found.append(fits(pick(item), item, f"/{index}" if isinstance(value, list) else ""))
        except Problem as problem:
            errors += problem.errors
    if errors:
        raise Problem("validation-failed", errors=errors[:MOST_ERRORS])
    return found


def invalid(pointer: str, code: str, message: str) -> Problem:
    """One thing is wrong with the content."""
    return Problem("validation-failed", errors=[{"pointer": pointer, "code": code, "message": message}])


def errors_of(error: ValidationError, value: Any, at: str = "") -> list[FieldError]:
    """What is wrong and where, as RFC 6901 pointers; never the value itself."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        {
            "pointer": at + _pointer(one["loc"], value, one["type"] == "missing"),
            "code": one["type"],
            "message": one["msg"],
        }
        for one in found[:MOST_ERRORS]
    ]


def _pointer(place: tuple[int | str, ...], value: Any, missing: bool) -> str:
    """The place in what was sent: the names that pydantic adds for members of a union are left out."""
    parts: list[str] = []
    for part in place:
        if isinstance(value, dict) and (part in value or (missing and part is place[-1])):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            continue
        parts.append(str(part))
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
