"""A play as text: every record in the order in which it was written, with its time, its cause and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ops.simulate.play import Play
from schemas.envelope import BadEnvelope, from_headers
from streams.engine.driver import START
from streams.engine.hatch import decoded
from streams.engine.records import Record

SHORT = 8  # signs of an id
WIDTH = 240


def traced(play: Play) -> Iterator[str]:
    """One line per record; changelogs are left out."""
    for record in play.topology.memory.written:
        if not record.topic.endswith("-changelog"):
            yield _line(record)[:WIDTH]


def _line(record: Record) -> str:
    where = f"{(record.timestamp - START) / 1000:10.3f} {record.topic}/{record.partition}@{record.offset}"
    try:
        envelope = from_headers(record.headers)
        said = _said(decoded(record).record)
    except (BadEnvelope, ValueError):
        return f"{where} {record.key!r} unreadable"
    return f"{where} {envelope.type} {envelope.id[:SHORT]} by {envelope.causation[:SHORT] or 'nobody'} {(record.key or b'').decode()[5:]} {said}"


def _said(record: Mapping[str, Any]) -> str:
    """What is not empty, short."""
    told = {name: value for name, value in record.items() if value not in ("", b"", None, 0, [], {}, False)}
    return " ".join(f"{name}={str(value)[:80]}" for name, value in told.items())
