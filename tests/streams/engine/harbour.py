"""A broker with toy workers that can be killed, and a judge who only reads the log."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stamina
from confluent_kafka import KafkaException

from ops.chaos.preload import Preload
from ops.embedded.child import Child
from ops.topics.apply import Broker, apply_topics
from ops.topics.wanted import wanted
from schemas import wire
from schemas.envelope import from_headers
from schemas.settings import Settings
from schemas.topics import split_key
from streams.engine.client import Outbox
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.engine.records import TP, Record
from streams.engine.tail import Tail, Watermarks
from tests.streams.engine.toy import append, toy

Command = tuple[str, str, bytes]  # key, kind, data
PARTITIONS = 4
TOPICS = (
    "feeds.commands",
    "feeds.commands.dead",
    "channels.feed",
    "inventory.availability",
    "channel.receipts",
    "toy-changelog",
)


def until(holds: Callable[[], Any], within_s: float = 60.0) -> Any:
    """The first true answer; fails when the time is over."""
    deadline = time.monotonic() + within_s
    while not (found := holds()):
        assert time.monotonic() < deadline, f"did not come true within {within_s} s: {holds}"
        time.sleep(0.05)
    return found


class Harbour:
    """One environment on a real broker."""

    def __init__(self, bootstrap: str, environment: str, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(kafka=bootstrap, environment=environment, state_dir=folder, partitions=PARTITIONS)
        self.marks = Watermarks(self.settings)
        self.workers: dict[str, Child] = {}
        self.sent = 0
        names = {self.settings.topic(topic) for topic in TOPICS}
        topics = [topic for topic in wanted(self.settings, ["toy"]) if topic.name in names]
        list(apply_topics(Broker(bootstrap), topics, 1))

    # -- workers

    def start(
        self,
        name: str = "one",
        failpoints: str = "",
        code: str = "",
        transaction_ms: int = 10_000,
        preload: Preload | None = None,
    ) -> Child:
        """Start a worker; the same name again is the same machine, with its state folder."""
        told = {"KAFKA": self.settings.kafka, "ENVIRONMENT": self.settings.environment, "SLOT": name}
        env = {**os.environ, **{f"WHARF_{key}": value for key, value in told.items()}}
        env["WHARF_TRANSACTION_TIMEOUT_MS"] = str(transaction_ms)
        env |= {"WHARF_STATE_DIR": str(self.state(name)), "WHARF_FAILPOINTS": failpoints}
        env |= preload.env if preload else {}
        command = [sys.executable, *(["-c", code] if code else ["-m", "tests.streams.engine.worker"])]
        self.workers[name] = Child(command, self.folder / f"{name}.log", env)
        return self.workers[name]

    def state(self, name: str = "one") -> Path:
        """A worker's state folder."""
        return self.folder / f"state-{name}"

    def log(self, name: str = "one") -> str:
        """What a worker has said so far."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, name: str = "one") -> None:
        """SIGKILL."""
        self.workers[name].kill()

    def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP for so long: the process becomes a zombie if its session ends meanwhile."""
        pid = self.workers[name].pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)  # the fault itself, not a wait for something
        os.kill(pid, signal.SIGCONT)

    @contextmanager
    def frozen(self, pid: int) -> Iterator[None]:
        """SIGSTOP a process, until the end of the block."""
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """Stop all workers in good order."""
        for worker in self.workers.values():
            worker.stop()

    # -- saying and reading

    def send(self, commands: Iterable[Command], pause_s: float = 0.0) -> None:
        """Put commands into the toy's mailbox, with ids that count up; paced where a fault has to hit the middle."""

        async def say() -> None:
            box = Outbox(self.settings, "test")
            for key, kind, data in commands:
                await box.send("feed.append", key, append(kind, data), tenant="acme", id=f"c-{self.sent}")
                self.sent += 1
                await asyncio.sleep(pause_s)
            await box.close()

        asyncio.run(say())

    def poison(self, key: str) -> None:
        """Put bytes into the toy's mailbox that nobody can read."""

        async def say() -> None:
            box = Outbox(self.settings, "test")
            await box.publish("feeds.commands", f"acme|{key}".encode(), b"junk", [])
            await box.close()

        asyncio.run(say())

    def read(self, topic: str) -> list[Record]:
        """All that is committed on a topic now; a broker that has just been frozen or killed may need a second asking."""
        tps = [TP(topic, number) for number in range(PARTITIONS)]
        tail = Tail(self.settings, dict.fromkeys(tps, 0))
        try:
            for attempt in stamina.retry_context(on=KafkaException, attempts=None, timeout=30.0, wait_max=1.0):
                with attempt:
                    highs = self.marks.highs(tps, committed=True)
            return tail.read_up_to(highs, 30.0)
        finally:
            tail.close()

    def entries(self) -> list[Message]:
        """What the toy has published in its feed."""
        return [_decoded(record) for record in self.read("channels.feed")]

    def wait_for(self, entries: int, within_s: float = 60.0) -> list[Message]:
        """The feed, as soon as it has so many entries."""
        found: list[Message] = until(lambda: len(feed := self.entries()) >= entries and feed, within_s)
        return found


def counts(number: int, keys: int = 12) -> list[Command]:
    """So many commands to count, over so many keys in turn."""
    return [(f"k{index % keys}", "count", b"") for index in range(number)]


def assert_undisturbed(harbour: Harbour, commands: list[Command], later_ms: int = 0) -> None:
    """The log ends, id for id and row for row, as if nothing had happened; so long after the last command."""
    calm = expected(commands)
    calm.advance(later_ms)
    published = calm.log("channels.feed")
    assert by_key(harbour.wait_for(len(published))) == by_key(published)
    assert unstamped(changelog(harbour.read("toy-changelog"))) == unstamped(rows(calm))
    assert len(harbour.entries()) == len(published)


def by_key(entries: Iterable[Message]) -> dict[str, list[tuple[str, int, str]]]:
    """Per key: id, number and kind of each entry, in the order of the log."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for entry in entries:
        found.setdefault(entry.key, []).append((entry.envelope.id, entry.record["seq"], entry.record["type"]))
    return found


def expected(commands: Iterable[Command]) -> Topology:
    """What the same commands lead to without any fault."""
    topology = Topology([toy], partitions=PARTITIONS)
    for index, (key, kind, data) in enumerate(commands):
        topology.send("feed.append", key, append(kind, data), id=f"c-{index}")
    topology.run()
    return topology


def changelog(records: Iterable[Record]) -> dict[bytes, bytes]:
    """The last value per state key, deleted rows left out."""
    found = {record.key or b"": record.value for record in records}
    return {key: value for key, value in found.items() if value is not None}


def rows(topology: Topology) -> dict[bytes, bytes]:
    """All rows of the driver's toy, as a changelog would hold them."""
    stores = topology.runners["toy"].stores.values()
    found = {
        (scope, name): raw for store in stores for scope, kept in store.scopes.items() for name, raw in kept.items()
    }
    return {f"{scope}\x1f{name}".encode(): raw for (scope, name), raw in found.items()}


def unstamped(rows: dict[bytes, bytes]) -> dict[bytes, Any]:
    """Rows without the broker's time in them, which no two brokers share."""
    return {key: {**wire.decode(raw)[1], "at": 0} for key, raw in rows.items()}


def _decoded(record: Record) -> Message:
    envelope, key = from_headers(record.headers), split_key((record.key or b"").decode())[1]
    return Message(envelope, key, wire.decode(record.value or b"")[1], record.timestamp, record.position)
