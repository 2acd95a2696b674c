"""FULL compatibility of two schemas: each can read what the other wrote.

Source: Avro 1.12 specification, "Schema Resolution".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.loader import Json

_PROMOTIONS = {
    "int": {"long", "float", "double"}, "long": {"float", "double"}, "float": {"double"},
    "string": {"bytes"}, "bytes": {"string"},
}  # fmt: skip


def problems(old: Json, new: Json) -> list[str]:
    """Why one of the two could not read the other; empty where both can."""
    forward = [f"{text} (old readers)" for text in _Resolution(new, old).run()]
    return [f"{text} (new readers)" for text in _Resolution(old, new).run()] + forward


class _Resolution:
    """A reader's schema over a writer's."""

    def __init__(self, writer: Json, reader: Json) -> None:
        self.writer, self.reader = writer, reader
        self.written: dict[str, Json] = {}
        self.read: dict[str, Json] = {}

    def run(self) -> list[str]:
        return list(self._node(self.writer, self.reader, self.reader["name"]))

    def _node(self, writer: Any, reader: Any, where: str) -> Iterator[str]:
        writer, reader = self._named(writer, self.written), self._named(reader, self.read)
        if isinstance(writer, list):
            for branch in writer:
                yield from self._node(branch, reader, where)
        elif isinstance(reader, list):
            if not any(self._fits(writer, branch, where) for branch in reader):
                yield f"{where}: {_kind(writer)} is no branch of the union"
        elif _kind(writer) != _kind(reader):
            if _kind(reader) not in _PROMOTIONS.get(_kind(writer), ()):
                yield f"{where}: {_kind(writer)} cannot be read as {_kind(reader)}"
        else:
            yield from self._same_kind(writer, reader, where)

    def _same_kind(self, writer: Any, reader: Any, where: str) -> Iterator[str]:
        match _kind(writer):
            case "record":
                yield from self._fields(writer, reader, where)
            case "array":
                yield from self._node(writer["items"], reader["items"], f"{where}[]")
            case "map":
                yield from self._node(writer["values"], reader["values"], f"{where}{{}}")
            case "enum":
                gone = [symbol for symbol in writer["symbols"] if symbol not in reader["symbols"]]
                if gone and "default" not in reader:
                    yield f"{where}: symbols {gone} cannot be read"
            case _:
                if _logical(writer) != _logical(reader):
                    yield f"{where}: {_logical(writer)} cannot be read as {_logical(reader)}"

    def _fields(self, writer: Json, reader: Json, where: str) -> Iterator[str]:
        if writer["name"] != reader["name"]:
            yield f"{where}: record {writer['name']} cannot be read as {reader['name']}"
            return
        written = {field["name"]: field for field in writer["fields"]}
        for field in reader["fields"]:
            source = next(
                (written[name] for name in (field["name"], *field.get("aliases", ())) if name in written), None
            )
            if source is not None:
                yield from self._node(source["type"], field["type"], f"{where}.{field['name']}")
            elif "default" not in field:
                yield f"{where}.{field['name']}: no default, and the writer has no such field"

    def _fits(self, writer: Any, branch: Any, where: str) -> bool:
        return not list(self._node(writer, branch, where))

    def _named(self, node: Any, defined: dict[str, Json]) -> Any:
        if isinstance(node, str):
            return defined.get(node, node)
        if isinstance(node, dict) and node["type"] in ("record", "enum", "fixed"):
            defined[f"{node.get('namespace', '')}.{node['name']}"] = node
        return node


def _kind(node: Any) -> str:
    if isinstance(node, dict):
        return str(node["type"]) if isinstance(node["type"], str) else _kind(node["type"])
    return str(node)


def _logical(node: Any) -> tuple[Any, ...]:
    if not isinstance(node, dict):
        return ()
    return tuple(node.get(key) for key in ("logicalType", "precision", "scale", "size"))
