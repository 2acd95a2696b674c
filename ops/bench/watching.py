"""`python -m ops.bench.watching`: what watching the engine costs: its metrics, its failpoints, and a look at /metrics.

One engine session on the embedded broker decides one backlog; its metrics are on in one transaction and off in the next,
so that both meet the same machine. CPU is that of the engine's thread alone: librdkafka's threads would flatter the ratio.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from confluent_kafka import Producer
from prometheus_client import generate_latest

from ops.embedded.broker import Broker
from schemas import wire
from schemas.envelope import Envelope, to_headers
from schemas.generated.feeds_v1 import append_entry, feed_entry
from schemas.loader import by_type
from schemas.settings import Settings
from streams.engine.agent import Agent, Batch
from streams.engine.breaker import Breaker
from streams.engine.effects import Effects, Fact, Message
from streams.engine.failpoints import BATCH, reach
from streams.engine.health import Health
from streams.engine.kafka import producer_config
from streams.engine.meter import Counting, Meter, Silent, Work
from streams.engine.records import TP
from streams.engine.session import Session
from streams.engine.setup import Setup
from streams.engine.slots import take_slot
from streams.engine.tail import Watermarks
from tables.rows import Changes, Rows
from tables.table import Table

MAILBOX, KEYS, WARM = "feeds.commands", 500, 20
WITHIN_S = 240.0
BAR = 1.03


def decide(message: Message, rows: Rows) -> Effects:
    """Counts the commands of a key: one row read, one fact, one row written."""
    last = rows.get("entry|last")
    number = (last["seq"] if last else 0) + 1
    entry = feed_entry(
        channel="", view="v", seq=number, id=message.envelope.id, type="t", at=message.now, hash="", data=b""
    )
    return Effects((Fact("feed.entry", entry),))


def apply(kind: str, record: object, rows: Rows) -> Changes:
    """The last entry."""
    return {"entry|last": record}


def body(batch: Batch) -> None:
    """Decide each command."""
    batch.decide(decide)


AGENT = Agent("watched", (MAILBOX,), body, Table("watched", {"entry": "wharf.feeds.v1.FeedEntry"}, apply))


@dataclass(slots=True)
class Tally:
    """A meter that also knows what was decided while it was asked."""

    meter: Counting
    records: int = 0
    batches: int = 0
    cpu_s: float = 0.0

    def committed(self, works: Iterable[Work], seconds: float) -> None:
        """A transaction is through."""
        found = list(works)
        self.records += sum(work.records for work in found)
        self.batches += 1
        self.meter.committed(found, seconds)

    def applied(self, partition: int, seconds: float) -> None:
        """A partition's rows are on disk."""
        self.meter.applied(partition, seconds)

    def lag(self, tp: TP, records: int, waiting_keys: int) -> None:
        """How much is not decided."""
        self.meter.lag(tp, records, waiting_keys)

    @property
    def us(self) -> float:
        """CPU microseconds per record."""
        return self.cpu_s / self.records * 1e6


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured."""

    on: Tally
    off: Tally
    failpoint_ns: float
    look_ms: float
    size: float = field(default=0.0)  # records of a batch

    @property
    def ratio(self) -> float:
        """With metrics to without."""
        return self.on.us / self.off.us

    @property
    def failpoints_share(self) -> float:
        """Of a batch's CPU, what its failpoints take while they are off."""
        return len(BATCH) * self.failpoint_ns / (self.off.us * 1000 * self.size)


def measured(records: int, batch: int) -> Figures:
    """Decide so many records in batches of at most this size."""
    with tempfile.TemporaryDirectory(prefix="wharf-watching-") as folder:
        broker = Broker(Path(folder) / "broker")
        broker.start()
        try:
            settings = Settings(kafka=broker.bootstrap, environment="w", state_dir=Path(folder), embedded=True)
            fill(settings, records)
            on, off = run(settings, records, batch)
        finally:
            broker.stop()
    return Figures(on, off, failpoint_ns(), look_ms(), (on.records + off.records) / (on.batches + off.batches))


def fill(settings: Settings, records: int) -> None:
    """Put commands into the mailbox."""
    Watermarks(settings).partitions(MAILBOX)
    producer, schema = Producer(producer_config(settings)), by_type()["feed.append"]
    value = wire.encode(
        schema.name, append_entry(channel="", view="v", type="t", order_key="", source_id="", at=0, data=b"")
    )
    for number in range(records):
        headers: Any = to_headers(Envelope(f"w-{number}", "feed.append", "wharf/bench", "acme"))
        producer.produce(settings.topic(MAILBOX), value, f"acme|k{number % KEYS}".encode(), headers=headers)
        producer.poll(0)
    producer.flush(60)


def run(settings: Settings, records: int, batch: int) -> tuple[Tally, Tally]:
    """One session over all of it; metrics take turns being on and off. Raises TimeoutError."""
    slot = take_slot(settings.state_dir / "slots")
    breaker = Breaker(slot.folder / "mark")
    session = Session(Setup(AGENT, settings, slot, Health(AGENT.name)), breaker)
    on, off, warm = Tally(Meter(AGENT.name)), Tally(Silent()), Tally(Meter(AGENT.name))
    deadline, turns = time.monotonic() + WITHIN_S, 0
    try:
        session.open()
        while on.records + off.records + warm.records < records:
            tally = warm if warm.batches < WARM else (on, off)[turns % 2]
            before, session.meter, session.pace.limit = tally.batches, tally, batch
            began = time.thread_time()
            session.turn()
            spent = time.thread_time() - began
            if tally.batches > before:
                tally.cpu_s += spent
                turns += 1
            if time.monotonic() > deadline:
                raise TimeoutError(f"{on.records + off.records} of {records} in {WITHIN_S:.0f} s")
    finally:
        session.close()
        breaker.close()
        slot.release()
    return on, off


def failpoint_ns(times: int = 200_000) -> float:
    """Nanoseconds of CPU to pass a failpoint that is off, without those of the loop around it."""
    began = time.thread_time()
    for _ in range(times):
        reach("engine.after-poll")
    passed = time.thread_time() - began
    began = time.thread_time()
    for _ in range(times):
        pass
    return (passed - (time.thread_time() - began)) / times * 1e9


def look_ms() -> float:
    """CPU milliseconds that one look at /metrics takes."""
    began = time.thread_time()
    for _ in range(10):
        generate_latest()
    return (time.thread_time() - began) * 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell; exit code 1 where it costs more than the bar."""
    parser = argparse.ArgumentParser(prog="python -m ops.bench.watching", description=__doc__)
    parser.add_argument("--records", type=int, default=60_000, help="the embedded broker holds some 80,000 of them")
    parser.add_argument("--batch", type=int, default=200, help="small batches cost most")
    options = parser.parse_args(arguments)
    found = measured(options.records, options.batch)
    print(told(found))
    return 0 if found.ratio <= BAR else 1


def told(found: Figures) -> str:
    """The figures in words."""
    return "\n".join(
        (
            f"metrics on    {found.on.us:7.2f} us CPU per record ({found.on.records:,} in {found.on.batches} batches)",
            f"metrics off   {found.off.us:7.2f} us CPU per record ({found.off.records:,} in {found.off.batches} batches)",
            f"ratio         {found.ratio:7.3f}  (bar {BAR}), at {found.size:.0f} records a batch",
            f"failpoints    {found.failpoint_ns:7.0f} ns each while off, {len(BATCH)} a batch: "
            f"{found.failpoints_share:.4%} of its CPU",
            f"/metrics      {found.look_ms:7.1f} ms CPU a look: {found.look_ms / 15_000:.4%} of a core where looked at "
            "every 15 s",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
