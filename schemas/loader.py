"""Reads schemas/avro: one record per file, references between files resolved.

A record that is a message names its CloudEvents type in `event` and the topic it travels on in `topic`. A field of
reference data that is `indexed` is one by which agents look rows up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).parent / "avro"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the contract, as its file says it."""

    name: str  # full name, such as wharf.orders.v1.PlaceOrder
    raw: Json  # the file's content, with references by name
    type: str  # CloudEvents type, "" for a part of other records
    topic: str  # topic without environment prefix, "" where it travels on none


def load(root: Path = ROOT) -> Mapping[str, Record]:
    """All records below `root` by full name, in a stable order."""
    found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.avsc")))
    records = (
        Record(f"{raw['namespace']}.{raw['name']}", raw, raw.get("event", ""), raw.get("topic", "")) for raw in found
    )
    return MappingProxyType({record.name: record for record in records})


@cache
def records() -> Mapping[str, Record]:
    """The records of this release."""
    return load()


@cache
def by_type() -> Mapping[str, Record]:
    """The messages of this release by CloudEvents type."""
    return MappingProxyType({record.type: record for record in records().values() if record.type})


@cache
def names_on(topic: str) -> frozenset[str]:
    """Full names of the records that travel on a topic."""
    return frozenset(record.name for record in records().values() if record.topic == topic)


@cache
def indexed_on(topic: str) -> tuple[str, ...]:
    """Fields by which the rows of a reference topic are found besides their key."""
    fields = (field for name in sorted(names_on(topic)) for field in records()[name].raw["fields"])
    return tuple(field["name"] for field in fields if field.get("indexed"))


def resolved(name: str, known: Mapping[str, Record] | None = None) -> Json:
    """A record with every reference replaced by its definition at first use: the full schema that readers need."""
    library = records() if known is None else known
    seen: set[str] = set()

    def inline(node: Any) -> Any:
        if isinstance(node, str):
            return define(node) if node in library and node not in seen else node
        if isinstance(node, list):
            return [inline(branch) for branch in node]
        if node.get("type") == "record":
            return define(f"{node['namespace']}.{node['name']}")
        return {key: inline(value) if key in ("items", "values", "type") else value for key, value in node.items()}

    def define(full: str) -> Json:
        seen.add(full)
        raw = library[full].raw
        fields = [{**field, "type": inline(field["type"])} for field in raw["fields"]]
        return {**raw, "fields": fields}

    return define(name)


def references(raw: Json) -> Iterator[str]:
    """Full names that a record's fields mention."""
    for field in raw["fields"]:
        yield from _names(field["type"])


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        if "." in node:
            yield node
    elif isinstance(node, list):
        for branch in node:
            yield from _names(branch)
    elif isinstance(node, dict):
        for part in ("items", "values"):
            if part in node:
                yield from _names(node[part])
