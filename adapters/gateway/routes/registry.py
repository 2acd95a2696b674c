"""The read side of a schema registry, so that standard deserialisers find our schemas. Schemas are no secret: no key.

Source: Confluent Schema Registry REST API, "Schemas" and "Subjects"; its error_code stands in the problem beside ours.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from adapters.gateway.answering import json_answer
from adapters.gateway.hub import hub_of
from adapters.gateway.problems import Problem
from schemas import registry_view
from schemas.registry_view import SchemaVersion

router = APIRouter(prefix="/registry", tags=["registry"], include_in_schema=False)


@router.get("/schemas/ids/{schema_id:int}")
async def schema(schema_id: int) -> Response:
    """A schema by its id."""
    found = registry_view.schema_by_id(schema_id)
    if found is None:
        raise missing(40403, "Schema not found")
    return json_answer({"schema": found})


@router.get("/subjects")
async def subjects(request: Request) -> Response:
    """All subjects."""
    return json_answer(registry_view.subjects(hub_of(request).settings.environment))


@router.get("/subjects/{subject}/versions")
async def versions(request: Request, subject: str) -> Response:
    """Numbers of a subject's versions."""
    return json_answer([one["version"] for one in _versions(request, subject)])


@router.get("/subjects/{subject}/versions/{version}")
async def version(request: Request, subject: str, version: str) -> Response:
    """One version of a subject, by its number or as `latest`."""
    found = _versions(request, subject)
    wanted = [one for one in found if str(one["version"]) == version] if version != "latest" else found[-1:]
    if not wanted:
        raise missing(40402, "Version not found")
    return json_answer(wanted[0])


def _versions(request: Request, subject: str) -> list[SchemaVersion]:
    found = registry_view.versions(hub_of(request).settings.environment, subject)
    if not found:
        raise missing(40401, "Subject not found")
    return found


def missing(error_code: int, message: str) -> Problem:
    """A 404 that registry clients understand too."""
    return Problem("not-found", message, extra={"error_code": error_code, "message": message})
