"""A real Confluent-compatible registry: our schemas' ids there, looked up once at start.

Only the release pipeline writes to it (`register`); a process that starts asks (`adopt`) and fails clearly where a
schema is not registered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx

from schemas import wire
from schemas.loader import Json, Record, records, resolved
from schemas.registry_view import subject_of

_TYPE = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
TIMEOUT_S = 10


class RegistryTrouble(Exception):
    """The registry cannot be reached, or does not know a schema of this release; says what to do."""


def adopt(url: str, environment: str) -> int:
    """Write with the registry's ids from now on; returns how many schemas it knew. Raises RegistryTrouble."""
    by_name: dict[str, int] = {}
    by_id: dict[int, Json] = {}
    with httpx.Client(base_url=url, timeout=TIMEOUT_S, headers=_TYPE) as client:
        for record, subject, schema in _published(environment):
            found = _post(client, f"/subjects/{subject}", schema)
            by_name[record.name] = found["id"]
            by_id[found["id"]] = schema
    wire.use_registry(by_name, by_id)
    return len(by_name)


def register(url: str, environment: str) -> int:
    """Register this release's schemas, for the release pipeline; returns how many. Raises RegistryTrouble."""
    count = 0
    with httpx.Client(base_url=url, timeout=TIMEOUT_S, headers=_TYPE) as client:
        for _, subject, schema in _published(environment):
            _post(client, f"/subjects/{subject}/versions", schema)
            count += 1
    return count


def _published(environment: str) -> Iterator[tuple[Record, str, Json]]:
    for record in records().values():
        if record.topic:
            yield record, subject_of(f"{environment}.{record.topic}", record.name), resolved(record.name)


def _post(client: httpx.Client, path: str, schema: Json) -> Json:
    try:
        answer = client.post(path, json={"schemaType": "AVRO", "schema": json.dumps(schema)})
    except httpx.HTTPError as exc:
        raise RegistryTrouble(f"the schema registry cannot be reached at {client.base_url}: {exc}") from exc
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise RegistryTrouble(
            f"{path.split('/')[2]} is not registered: run `wharf schemas register` in the release pipeline"
        )
    if not answer.is_success:
        raise RegistryTrouble(f"{path}: the registry answered {answer.status_code}: {answer.text[:200]}")
    found: Json = answer.json()
    return found
