"""A Redis of plain dicts for tests of projections: takes writes by the same rule as the script; a sink too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tables.redis import values
from tables.write import Write


class Shelf:
    """Keys without the environment prefix. Passes the sink's own tests of versions, beside the real one."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self.hashes: defaultdict[str, dict[bytes, bytes]] = defaultdict(dict)
        self.sorted: defaultdict[str, dict[bytes, int]] = defaultdict(dict)
        self.marks: dict[tuple[str, int], int] = {}

    def write(self, writes: Sequence[Write]) -> None:
        """Take all writes, each by compare-and-set."""
        for write in writes:
            value = values.tombstone(write.version) if write.value is None else write.value
            if write.row:
                self._row(write)
            elif write.scored:
                self.sorted[write.key].setdefault(value, write.version)
            elif write.field:
                name = write.field.encode()
                self.hashes[write.key][name] = _newer(self.hashes[write.key].get(name), value, write.version)
            else:
                self.texts[write.key] = _newer(self.texts.get(write.key), value, write.version)

    def _row(self, write: Write) -> None:
        rows = self.hashes[write.key]
        newest = int(rows.get(b"", b"-1"))
        if write.version >= newest:
            rows[b""] = b"%d" % write.version
            rows.pop(write.field.encode(), None)
            if write.value is not None:
                rows[write.field.encode()] = write.value

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Keep the marks."""
        self.marks.update(marks)

    def text(self, key: str) -> dict[str, Any] | None:
        """The JSON string under a key."""
        return values.loaded(self.texts.get(key))

    def members(self, key: str) -> list[dict[str, Any]]:
        """The members of a sorted set by score."""
        ranked: Iterable[bytes] = sorted(self.sorted[key], key=lambda value: self.sorted[key][value])
        return [body for value in ranked if (body := values.loaded(value))]


def _newer(stands: bytes | None, value: bytes, version: int) -> bytes:
    return value if stands is None or version > values.version_of(stands) else stands
