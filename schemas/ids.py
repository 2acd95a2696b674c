"""Schema ids without a registry: content addresses, the same in every process and every release.

An id is 0x40000000 plus 30 bits of the SHA-256 of the full resolved schema, logical types and defaults included, docs
left out. A registry counts upwards from 1 and never comes that far, so both kinds can stand on one topic.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from schemas import archive
from schemas.loader import Json, records, resolved

BASE = 0x4000_0000
_KEPT = (
    "type",
    "name",
    "namespace",
    "fields",
    "items",
    "values",
    "default",
    "logicalType",
    "precision",
    "scale",
    "symbols",
    "size",
    "aliases",
)


class SchemaCollision(Exception):
    """Two different schemas have the same content address: rename a field of the newer one."""


def content_id(schema: Json) -> int:
    """The content address of a full resolved schema."""
    digest = hashlib.sha256(canonical(schema).encode()).digest()
    return BASE | (int.from_bytes(digest[:4], "big") & 0x3FFF_FFFF)


def canonical(schema: Any) -> str:
    """The schema as text, with what does not change its meaning left out."""
    return json.dumps(_strip(schema), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _strip(node: Any) -> Any:
    if isinstance(node, list):
        return [_strip(branch) for branch in node]
    if not isinstance(node, dict):
        return node
    return {key: value if key == "default" else _strip(value) for key, value in node.items() if key in _KEPT}


@cache
def current_ids() -> Mapping[str, int]:
    """Content address of each record of this release, by full name."""
    return MappingProxyType({name: content_id(resolved(name)) for name in records()})


@cache
def known() -> Mapping[int, Json]:
    """Full schemas by content address: this release's and those of every release before it."""
    return collect([resolved(name) for name in records()] + list(archive.schemas()))


def collect(schemas: list[Json]) -> Mapping[int, Json]:
    """Schemas by content address; raises SchemaCollision."""
    found: dict[int, Json] = {}
    for schema in schemas:
        other = found.setdefault(content_id(schema), schema)
        if canonical(other) != canonical(schema):
            raise SchemaCollision(f"{full_name(other)} and {full_name(schema)} have the id {content_id(schema):#x}")
    return MappingProxyType(found)


def full_name(schema: Json) -> str:
    """wharf.orders.v1.PlaceOrder"""
    return f"{schema['namespace']}.{schema['name']}"


def fingerprint(names: Mapping[str, str] | tuple[str, ...]) -> str:
    """One text for a set of records, which changes when any of their schemas does: a store's schema."""
    wanted = names.values() if isinstance(names, Mapping) else names
    ids = current_ids()
    return "-".join(f"{ids[name]:08x}" for name in sorted(wanted))
