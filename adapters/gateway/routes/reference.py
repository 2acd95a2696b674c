"""Reference data: the compacted record stands before its document, so that who got the answer sees it used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response

from adapters.gateway.access import Asking, allow
from adapters.gateway.answering import BODIES, problems, takes
from adapters.gateway.bodies import fits, invalid, json_body, media_type
from adapters.gateway.hub import hub_of
from adapters.gateway.intake import Arrival, take
from adapters.gateway.models.answers import Received
from adapters.gateway.models.reference import KINDS, SEPARATOR, Reference

router = APIRouter(tags=["reference"])
Kind = Literal["products", "cross-references", "units", "customers", "locations", "partners"]
Key = Annotated[str, Path(max_length=400, pattern=r"^[^\x00-\x1f\x7f]+$")]


@router.put(
    "/v1/reference/{kind}/{key:path}",
    status_code=202,
    response_model=Received,
    responses=problems("not-found", *BODIES),
    openapi_extra=takes(*KINDS.values()),
)
async def put(request: Request, caller: Asking, kind: Kind, key: Key) -> Response:
    """Set one record of reference data. Keys of several parts are joined by "|": scheme|party|value, party|code."""
    allow(caller, "reference:write", kind)
    body, value = await json_body(request)
    given = fits(KINDS[kind], value)
    named = identity_of(given, key)
    record = given.record(named, hub_of(request).clock())
    arrival = Arrival(
        caller, f"reference/{kind}", "", body, media_type(request), target=key, before=((given.event, key, record),)
    )
    return await take(request, arrival)


def identity_of(given: Reference, key: str) -> Mapping[str, str]:
    """The identity that the URL names; raises Problem validation-failed where the body names another."""
    parts = key.split(SEPARATOR, len(given.identity) - 1)
    if len(parts) != len(given.identity):
        raise invalid("", "wrong_key", f"expected a key of the form {SEPARATOR.join(given.identity)}")
    named = dict(zip(given.identity, parts, strict=True))
    for name, part in named.items():
        said = getattr(given, name)
        if said is not None and said != part:
            raise invalid(f"/{name}", "wrong_key", f"the URL names {part[:80]!r}")
    return named
