"""Two logs of the same story, made comparable: what is told, without when, by topic and key."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from schemas import wire
from schemas.envelope import from_headers
from schemas.topics import TOPICS
from streams.engine.records import Record

LATEST = frozenset(name for name, topic in TOPICS.items() if topic.latest)
OWN = frozenset({"reference.keys"})  # each place's own keys
CLOCK_MS = 1_000_000_000_000  # no quantity or number of the story is as large: it is a time, or a version made of some
NUMBERED = frozenset({"seq", "hash", "previous"})  # of a feed's entry: its place, not what it says


class Told(NamedTuple):
    """One record, without its times."""

    id: str
    type: str
    source: str
    subject: str
    channel: str
    correlation: str
    causation: str
    receipt: str
    disposition: str
    data: str


Log = Mapping[tuple[str, str], list[Told]]


def log_of(records: Iterable[Record], known: Collection[int]) -> Log:
    """What stands under each topic and key: all of it, or of topics declared `latest` the last.

    known  business times, which are the same everywhere; other times are the clock's and are left out
    """
    found: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for record in records:
        if record.topic not in OWN:
            found[record.topic, (record.key or b"").decode()].append(_told(record, known))
    return {place: _comparable(place[0], told) for place, told in sorted(found.items())}


def dead_of(records: Iterable[Record]) -> list[dict[str, str]]:
    """Why each dead letter is dead."""
    dead = (record for record in records if record.topic.endswith(".dead"))
    return [{name: value.decode() for name, value in record.headers if name.startswith("dead_")} for record in dead]


def ids_of(told: Mapping[str, list[Told]]) -> dict[str, list[tuple[str, str]]]:
    """Type and id of each record, by key."""
    return {key: [(one.type, one.id) for one in records] for key, records in told.items()}


def _comparable(topic: str, told: list[Told]) -> list[Told]:
    """In sequence, but for what comes to one key by two roads at a time.

    An order's claim and its stock are answered independently; its own news and its shipment's reach a view on two topics.
    """
    if topic in LATEST:
        return told[-1:]
    if topic == "orders.commands":
        return sorted(told)
    if topic in ("feeds.commands", "channels.feed"):
        return [one for one in told if _is_of_order(one)] + sorted(one for one in told if not _is_of_order(one))
    return told


def _is_of_order(entry: Told) -> bool:
    return '"type": "order.' in entry.data


def _told(record: Record, known: Collection[int]) -> Told:
    said = from_headers(record.headers)
    data = wire.decode(record.value)[1] if record.value else {}
    if record.topic == "channels.feed":
        data = {name: value for name, value in data.items() if name not in NUMBERED}
    text = json.dumps(_timeless(data, known), sort_keys=True, default=str)
    return Told(
        said.id, said.type, said.source, said.subject, said.channel, said.correlation, said.causation, said.receipt,
        said.disposition, text,
    )  # fmt: skip


def _timeless(value: Any, known: Collection[int]) -> Any:
    match value:
        case dict():
            return {name: _timeless(inner, known) for name, inner in value.items()}
        case list():
            return [_timeless(inner, known) for inner in value]
        case int() if value >= CLOCK_MS and value not in known:
            return "a time"
    return value
