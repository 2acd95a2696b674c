"""What one agent finds in its topics over a played day, and what it makes of it in the topology driver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ops.bench.day import Day
from ops.catalog import agent_of
from schemas.topics import TOPICS
from streams.engine.agent import Agent
from streams.engine.records import Record

FIRST = 0.1  # share of the records that an agent warms up with
Seen = Counter[tuple[str, bytes | None, bytes]]  # topic, key, id of the message


@dataclass(frozen=True, slots=True)
class Played:
    """One agent's part of a day."""

    agent: Agent
    references: list[Record]
    first: list[Record]
    rest: list[Record]
    made: list[Record]

    @property
    def topics(self) -> set[str]:
        """All that it reads and writes."""
        return {*self.agent.reads, *self.agent.references, *(record.topic for record in self.made)}


def part_of(day: Day, name: str) -> Played:
    """An agent's part; its own timers' commands are part of its input."""
    agent, log = agent_of(name), day.topology.memory.order
    first, rest = [], []
    for topic in agent.reads:
        cut = max(1, int(FIRST * len(log[topic])))
        first += log[topic][:cut]
        rest += log[topic][cut:]
    references = [record for topic in agent.references for record in log[topic]]
    own = f"wharf/{name}".encode()
    others = [topic for topic in log if topic not in agent.reads]
    made = [record for topic in others for record in log[topic] if header(record, "ce_source") == own]
    return Played(agent, references, first, rest, made)


def header(record: Record, name: str) -> bytes:
    """The value of a header, empty where it is missing."""
    return next((value for key, value in record.headers if key == name), b"")


def seen(records: Iterable[Record]) -> Seen:
    """What stands there, whatever its order between keys; of topics declared `latest`, the last of each key."""
    last: dict[tuple[str, bytes | None], bytes] = {}
    counted: Seen = Counter()
    for record in records:
        own = header(record, "ce_id")
        if TOPICS[record.topic].latest:
            last[record.topic, record.key] = own
        else:
            counted[record.topic, record.key, own] += 1
    return counted + Counter((topic, key, own) for (topic, key), own in last.items())


def wrong(expected: Iterable[Record], found: Iterable[Record]) -> int:
    """How many records are missing or too many."""
    wanted, there = seen(expected), seen(found)
    return (wanted - there).total() + (there - wanted).total()
