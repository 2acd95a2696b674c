"""`wharf schemas check`: the contract is sound, its typed view is fresh, and no release before it is broken."""

from __future__ import annotations

from pathlib import Path

from schemas import archive, generate, ids
from schemas.compatibility import problems
from schemas.guard import UnsafeSchema, check_schema
from schemas.loader import Json, records, references, resolved
from schemas.topics import TOPICS


def findings(released: Path = archive.ROOT) -> list[str]:
    """All that is wrong, a line each; empty where nothing is."""
    return [
        *_broken_references(),
        *(_unsafe() or _collisions()),
        *_unknown_topics(),
        *_stale(),
        *_incompatible(released),
    ]


def _broken_references() -> list[str]:
    known = records()
    return [
        f"{name}: {ref} does not exist"
        for name, record in known.items()
        for ref in references(record.raw)
        if ref not in known
    ]


def _unsafe() -> list[str]:
    found = []
    for name in records():
        try:
            check_schema(resolved(name))
        except UnsafeSchema as exc:
            found.append(f"{name}: {exc}")
    return found


def _collisions() -> list[str]:
    try:
        ids.known()
    except ids.SchemaCollision as exc:
        return [str(exc)]
    return []


def _unknown_topics() -> list[str]:
    found = [
        f"{record.name}: topic {record.topic} is not in the catalogue"
        for record in records().values()
        if record.topic and record.topic not in TOPICS
    ]
    kinds = [record.type for record in records().values() if record.type]
    return found + [f"type {kind} is used by two records" for kind in sorted(set(kinds)) if kinds.count(kind) > 1]


def _stale() -> list[str]:
    return [f"schemas/generated/{name} is stale: run `wharf schemas generate`" for name in generate.stale()]


def _incompatible(released: Path) -> list[str]:
    found = []
    for path in archive.releases(released):
        for old in archive.read(path):
            found += [f"against {path.stem}: {line}" for line in _against(old)]
    return found


def _against(old: Json) -> list[str]:
    name = ids.full_name(old)
    if name not in records():
        return [f"{name} is gone"]
    return problems(old, resolved(name))
