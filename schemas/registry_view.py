"""What a Confluent schema registry would say of our content-addressed schemas, so that standard deserialisers work.

Subjects follow TopicRecordNameStrategy: `{topic}-{full record name}`. Pure: the gateway puts it behind /registry.
Source: Confluent Schema Registry REST API, "Schemas" and "Subjects".
"""

from __future__ import annotations

import json
from typing import TypedDict

from schemas import archive, ids
from schemas.loader import Json, records, resolved


class SchemaVersion(TypedDict):
    """One version of a subject."""

    subject: str
    id: int
    version: int
    schemaType: str
    schema: str


def subject_of(topic: str, name: str) -> str:
    """TopicRecordNameStrategy."""
    return f"{topic}-{name}"


def schema_by_id(schema_id: int) -> str | None:
    """The schema text of an id, or None."""
    schema = ids.known().get(schema_id)
    return None if schema is None else json.dumps(schema)


def subjects(environment: str) -> list[str]:
    """All subjects, with the environment's topic names."""
    return sorted(
        subject_of(f"{environment}.{record.topic}", record.name) for record in records().values() if record.topic
    )


def versions(environment: str, subject: str) -> list[SchemaVersion]:
    """The versions of a subject, oldest first; empty where it does not exist."""
    name = next(
        (
            record.name
            for record in records().values()
            if record.topic and subject_of(f"{environment}.{record.topic}", record.name) == subject
        ),
        None,
    )
    if name is None:
        return []
    history: list[Json] = [schema for schema in archive.schemas() if ids.full_name(schema) == name]
    distinct = {ids.content_id(schema): schema for schema in (*history, resolved(name))}
    return [
        {"subject": subject, "id": schema_id, "version": number, "schemaType": "AVRO", "schema": json.dumps(schema)}
        for number, (schema_id, schema) in enumerate(distinct.items(), start=1)
    ]
