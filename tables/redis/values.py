"""Values of read models: canonical JSON whose first member is the version that the compare-and-set script reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from tables.write import Write

_VERSION = re.compile(rb'"version":(\d+)')  # a quote inside a JSON text is escaped, so this finds a member's name only


def canonical(value: Any) -> bytes:
    """JSON with sorted names and no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def versioned(version: int, body: Mapping[str, Any]) -> bytes:
    """The body as JSON, its version first."""
    return orjson.dumps({"version": version, **{name: body[name] for name in sorted(body) if name != "version"}})


def tombstone(version: int) -> bytes:
    """What stands where a value was removed, so that an older one cannot come back."""
    return versioned(version, {"removed": True})


def version_of(value: bytes) -> int:
    """The version inside a value; 0 where it has none."""
    found = _VERSION.search(value)
    return int(found[1]) if found else 0


def loaded(value: bytes | None) -> dict[str, Any] | None:
    """The value as a dict; None where there is none or it was removed."""
    if value is None:
        return None
    body: dict[str, Any] = orjson.loads(value)
    return None if body.get("removed") else body


def field(key: str, name: str, version: int, body: Mapping[str, Any], ttl_s: int = 0) -> Write:
    """A field of a hash, by compare-and-set on the version."""
    return Write(key, version, versioned(version, body), field=name, ttl_s=ttl_s)


def row(key: str, name: str, version: int, body: Mapping[str, Any] | None) -> Write:
    """A row of a hash, or its end; the newest version of the hash guards all its rows."""
    return Write(key, version, None if body is None else versioned(version, body), field=name, row=True)


def text(key: str, version: int, body: Mapping[str, Any], ttl_s: int = 0) -> Write:
    """A JSON string, by compare-and-set on the version."""
    return Write(key, version, versioned(version, body), ttl_s=ttl_s)


def member(key: str, score: int, body: Mapping[str, Any], ttl_s: int = 0) -> Write:
    """A member of a sorted set."""
    return Write(key, score, canonical(body), scored=True, ttl_s=ttl_s)
