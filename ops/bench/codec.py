"""`python -m ops.bench.codec [ORDERS]`: what encoding and decoding cost, with each kind of codec, on a played day's records.

All kinds take turns in one run, the best of many rounds counts, and ratios are to fastavro behind the same guards.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from ops.bench.arithmetic import each_us, ratio
from ops.bench.day import Day
from ops.bench.machine import machine
from ops.bench.shown import Table, printed
from schemas import wire
from schemas.codec import Codec, codec_of, compiled, fast
from schemas.loader import resolved
from schemas.settings import CodecKind

RECORDS = (  # those that a day encodes and decodes most, and some large ones
    "wharf.state.feeds.v1.View",
    "wharf.state.orders.v1.Header",
    "wharf.orders.v1.LineState",
    "wharf.state.inventory.v1.Sku",
    "wharf.state.inventory.v1.Hold",
    "wharf.state.orders.v1.Sku",
    "wharf.state.shipments.v1.Line",
    "wharf.orders.v1.StockAnswer",
    "wharf.orders.v1.OrderLinesChanged",
    "wharf.inventory.v1.AvailabilityChanged",
    "wharf.orders.v1.OrderStatusChanged",
    "wharf.feeds.v1.FeedEntry",
    "wharf.channel.v1.Document",
)
MOST, ROUNDS = 40, 60  # messages of a record, and how often each kind goes through them
Samples = Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Took:
    """CPU of one kind of codec for one record, microseconds."""

    encode_us: float
    decode_us: float


def samples(orders: int, names: Sequence[str] = RECORDS) -> Samples:
    """Messages of each record from a played day, topics and rows; a record that did not occur is left out."""
    day = Day()
    day.open()
    day.play(orders)
    found: dict[str, list[bytes]] = {name: [] for name in names}
    for data in _messages(day):
        found.setdefault(wire.decode(data)[0], []).append(data)
    return {name: found[name][:: 1 + len(found[name]) // MOST] for name in names if found[name]}


def _messages(day: Day) -> Iterator[bytes]:
    topology = day.topology
    for topic in sorted(topology.memory.order):
        yield from (record.value for record in topology.memory.order[topic] if record.value and topic[-5:] != ".dead")
    for runner in topology.runners.values():
        for store in runner.stores.values():
            yield from (raw for rows in store.filled().values() for raw in rows.values())


def kinds() -> list[CodecKind]:
    """The kinds that there are here; the yardstick first."""
    built = [CodecKind.COMPILED] if compiled.node_class() else []
    return [CodecKind.FASTAVRO, CodecKind.PYTHON, *built]


class _ByFastavro:
    """fastavro behind its guards, as it reads and writes where no codec does."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.decode = fast.FastReader(name, resolved(name), own=True).decode

    def encode(self, header: bytes, record: Any) -> bytes:
        return fast.encode(self.name, header, record)


def codec(name: str, kind: CodecKind) -> Codec:
    """A record's codec of this kind."""
    return codec_of(resolved(name), kind) or _ByFastavro(name)


def measure(name: str, messages: Sequence[bytes], rounds: int = ROUNDS) -> dict[CodecKind, Took]:
    """What each kind needs for one record's messages."""
    made = {kind: codec(name, kind) for kind in kinds()}
    records = [next(iter(made.values())).decode(data, wire.BODY) for data in messages]
    best: dict[tuple[CodecKind, str], float] = {}
    for _ in range(rounds):
        for kind, one in made.items():
            for what, took in (("encode", _encoding(one, messages, records)), ("decode", _decoding(one, messages))):
                best[kind, what] = min(took, best.get((kind, what), took))
    each = {key: each_us(seconds, len(messages)) for key, seconds in best.items()}
    return {kind: Took(each[kind, "encode"], each[kind, "decode"]) for kind in made}


def _decoding(one: Codec, messages: Sequence[bytes]) -> float:
    decode, body = one.decode, wire.BODY
    begun = time.process_time()
    for data in messages:
        decode(data, body)
    return time.process_time() - begun


def _encoding(one: Codec, messages: Sequence[bytes], records: Sequence[Any]) -> float:
    encode, header = one.encode, messages[0][: wire.BODY]
    begun = time.process_time()
    for record in records:
        encode(header, record)
    return time.process_time() - begun


def table(found: Mapping[str, dict[CodecKind, Took]], messages: Samples) -> Table:
    """A row for each record: microseconds of fastavro, then each kind's with how many times quicker it is."""
    others = [kind for kind in kinds() if kind is not CodecKind.FASTAVRO]
    header = ["record", "bytes", *(f"{what} {kind}" for what in ("encode", "decode") for kind in kinds())]
    rows = []
    for name, took in found.items():
        size = sum(map(len, messages[name])) // len(messages[name])
        cells = [*_cells(took, others, lambda one: one.encode_us), *_cells(took, others, lambda one: one.decode_us)]
        rows.append([name.removeprefix("wharf."), f"{size:,}", *cells])
    note = f"CPU-µs a record (times quicker than fastavro). {', '.join(machine().values())}."
    return Table("Codecs on the records of a played day", header, rows, note)


def _cells(took: Mapping[CodecKind, Took], others: Sequence[CodecKind], what: Callable[[Took], float]) -> list[str]:
    yardstick = what(took[CodecKind.FASTAVRO])
    return [
        f"{yardstick:.2f}",
        *(f"{what(took[kind]):.2f} ({ratio(yardstick, what(took[kind])):.1f}×)" for kind in others),
    ]


def main(orders: int) -> None:
    """Measure and print."""
    messages = samples(orders)
    found = {name: measure(name, messages[name]) for name in messages}
    Console(width=150).print(printed(table(found, messages)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
