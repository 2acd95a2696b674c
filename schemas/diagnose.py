"""Names what is wrong with a body that the decoder refused: a slow, bounded second reading for the error's sake.

It is also the measure of what a codec takes: a body of this release is read exactly where this finds no problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.guard import MAX_DECIMAL, AbsurdLength, BadValue, TrailingBytes, Truncated, WireError
from schemas.loader import Json

_FIXED = {"float": 4, "double": 8, "boolean": 1}


def diagnose(body: bytes, schema: Json) -> WireError:
    """The named error of a refused body, with the field and the byte where it shows."""
    return problem(body, schema) or BadValue(f"a value is outside its type's range, within {len(body)} bytes")


def problem(body: bytes, schema: Json) -> WireError | None:
    """What is wrong with a body, if anything is."""
    reader = _Reader(body, dict(_definitions(schema)))
    try:
        reader.read(schema, "")
    except WireError as exc:
        return exc
    if reader.at < len(body):
        return TrailingBytes(f"{schema['name']}: {len(body) - reader.at} bytes after the record")
    return None


def _definitions(node: Any) -> Iterator[tuple[str, Json]]:
    """The records of a schema by full name: a later field may mention one that stands in an empty array before it."""
    if isinstance(node, list):
        for branch in node:
            yield from _definitions(branch)
    elif isinstance(node, dict):
        if node["type"] == "record":
            yield f"{node.get('namespace', '')}.{node['name']}", node
            for field in node["fields"]:
                yield from _definitions(field["type"])
        for part in ("items", "values"):
            yield from _definitions(node.get(part))


class _Reader:
    def __init__(self, body: bytes, defined: Mapping[str, Json]) -> None:
        self.body, self.at, self.defined = body, 0, defined

    def read(self, node: Any, where: str) -> None:
        if isinstance(node, list):
            self.read(self._branch(node, where), where)
        elif isinstance(node, dict):
            self._complex(node, where)
        elif node in self.defined:
            self._complex(self.defined[node], where)
        else:
            self._primitive(node, where)

    def _complex(self, node: Json, where: str) -> None:
        match node["type"]:
            case "record":
                for field in node["fields"]:
                    self.read(field["type"], f"{where}.{field['name']}")
            case "array":
                self._blocks(node["items"], where, keyed=False)
            case "map":
                self._blocks(node["values"], where, keyed=True)
            case "fixed":
                self._skip(node["size"], where)
            case "enum":
                if not 0 <= self._long(where) < len(node["symbols"]):
                    raise BadValue(f"{where}: no such symbol, at byte {self.at}")
            case "bytes" if node.get("logicalType") == "decimal":
                self._decimal(where)
            case inner:
                self.read(inner, where)

    def _primitive(self, kind: str, where: str) -> None:
        if kind in ("int", "long"):
            self._long(where)
        elif kind in ("bytes", "string"):
            self._text(kind, where)
        elif kind != "null":
            self._skip(_FIXED[kind], where)

    def _text(self, kind: str, where: str) -> int:
        start, size = self.at, self._long(where)
        self._bounded(size, where)
        raw = self.body[self.at : self.at + size]
        self.at += size
        if kind == "string":
            try:
                raw.decode()
            except UnicodeDecodeError as exc:
                raise BadValue(f"{where}: not UTF-8, at byte {start + exc.start}") from exc
        return size

    def _decimal(self, where: str) -> None:
        size = self._text("bytes", where)
        if size > MAX_DECIMAL:
            raise AbsurdLength(f"{where}: a decimal of {size} bytes, at most {MAX_DECIMAL}")

    def _blocks(self, items: Any, where: str, *, keyed: bool) -> None:
        index = 0
        while count := self._long(where):
            if count < 0:
                count = -count
                self._bounded(self._long(where), where)
            self._bounded(count, where)
            for _ in range(count):
                if keyed:
                    self._text("string", f"{where} key")
                self.read(items, f"{where}[{index}]")
                index += 1

    def _branch(self, branches: list[Any], where: str) -> Any:
        index = self._long(where)
        if not 0 <= index < len(branches):
            raise BadValue(f"{where}: branch {index} of a union of {len(branches)}, at byte {self.at}")
        return branches[index]

    def _long(self, where: str) -> int:
        value = shift = 0
        while True:
            if self.at >= len(self.body):
                raise Truncated(f"{where}: the body ends after {len(self.body)} bytes")
            byte = self.body[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                if value >> 64:
                    raise BadValue(f"{where}: a number of more than 64 bits, at byte {self.at}")
                return (value >> 1) ^ -(value & 1)
            shift += 7
            if shift > 63:
                raise BadValue(f"{where}: a number of more than ten bytes, at byte {self.at}")

    def _bounded(self, size: int, where: str) -> None:
        remaining = len(self.body) - self.at
        if size < 0 or size > remaining:
            error = Truncated if 0 <= size <= remaining + len(self.body) else AbsurdLength
            raise error(f"{where}: {size} announced, {remaining} bytes remain, at byte {self.at}")

    def _skip(self, size: int, where: str) -> None:
        if self.at + size > len(self.body):
            raise Truncated(f"{where}: the body ends after {len(self.body)} bytes")
        self.at += size
