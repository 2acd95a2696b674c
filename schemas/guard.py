"""What stands between foreign bytes and the decoder.

fastavro has no guard of its own: a recursive schema ends the process, a huge array of empty items its memory. So a
writer's schema is checked once, when it is loaded: afterwards every item takes at least one byte, nesting is bounded by
the schema, and the decoder's work by the message's size. `diagnose` then only names what was wrong.
"""

from __future__ import annotations

from typing import Any

from schemas.loader import Json

MAX_MESSAGE = 1 << 20
MAX_DECIMAL = 64  # bytes: 18 digits need 8; to convert 100 kB costs a second, and four times that for twice as many
MAX_DEPTH, MAX_NODES, MAX_TEXT = 32, 2_000, 256 << 10
EMPTY = {"null"}


class WireError(ValueError):
    """A record's bytes are not what the contract allows."""


class NotOurs(WireError):
    """No wire header: shorter than five bytes, or another magic byte."""


class UnknownSchema(WireError):
    """The schema id is none that this release knows."""


class SchemaNotAllowed(WireError):
    """The schema is known, but not one that belongs here."""


class TooLarge(WireError):
    """The message is over the limit."""


class Truncated(WireError):
    """The body ends before the record does."""


class TrailingBytes(WireError):
    """The body goes on after the record."""


class AbsurdLength(WireError):
    """A block count or a length exceeds the bytes that remain."""


class BadValue(WireError):
    """A value is not of its type: text that is not UTF-8, a branch that the union has not."""


class UnsafeSchema(WireError):
    """The schema itself could be used to exhaust the decoder."""


def check_schema(schema: Json) -> None:
    """Refuse a writer's schema that could crash or exhaust the decoder; raises UnsafeSchema."""
    if len(str(schema)) > MAX_TEXT:
        raise UnsafeSchema(f"schema text over {MAX_TEXT} bytes")
    if _Walk().visit(schema, 0, ()) > MAX_NODES:
        raise UnsafeSchema(f"over {MAX_NODES} nodes")


class _Walk:
    """Counts nodes; knows the definitions met so far and which of them are empty."""

    def __init__(self) -> None:
        self.defined: dict[str, Any] = {}

    def visit(self, node: Any, depth: int, inside: tuple[str, ...]) -> int:
        if depth > MAX_DEPTH:
            raise UnsafeSchema(f"nested deeper than {MAX_DEPTH}")
        if isinstance(node, str):
            if node in inside:
                raise UnsafeSchema(f"{node} contains itself")
            return 1
        if isinstance(node, list):
            return 1 + sum(self.visit(branch, depth + 1, inside) for branch in node)
        return 1 + self._visit_dict(node, depth, inside)

    def _visit_dict(self, node: Json, depth: int, inside: tuple[str, ...]) -> int:
        if node["type"] == "record":
            name = f"{node['namespace']}.{node['name']}" if "namespace" in node else node["name"]
            self.defined[name] = node
            return sum(self.visit(field["type"], depth + 1, (*inside, name, node["name"])) for field in node["fields"])
        if node["type"] == "array":
            count = self.visit(node["items"], depth + 1, inside)
            if self._empty(node["items"]):
                raise UnsafeSchema("an array of items that take no bytes")
            return count
        if node["type"] == "map":
            return self.visit(node["values"], depth + 1, inside)
        if node["type"] == "fixed" and not node["size"]:
            raise UnsafeSchema("a fixed of size 0")
        return self.visit(node["type"], depth + 1, inside) if isinstance(node["type"], dict) else 0

    def _empty(self, node: Any) -> bool:
        if isinstance(node, str):
            return node in EMPTY or (node in self.defined and self._empty(self.defined[node]))
        if isinstance(node, list):
            return False
        if node["type"] == "record":
            return all(self._empty(field["type"]) for field in node["fields"])
        return (
            self._empty(node["type"])
            if isinstance(node["type"], str | dict) and node["type"] not in ("array", "map", "fixed", "enum")
            else False
        )
