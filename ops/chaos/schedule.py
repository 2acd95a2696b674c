"""What goes wrong in a campaign and when: drawn from a seed, told as shares of the orders that were answered."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ops.chaos.frames import APIS
from ops.chaos.system import names
from ops.chaos.toxics import ALL, Harm, Toxic

FIRST, LAST = 0.02, 0.95  # all while orders come in
SESSION_S = 6.0
FROZEN_S = (SESSION_S + 1.5, SESSION_S + 4.0)
BROKERS = 3
SET_S = 300.0  # what a clock is set forward or back by


class Kind(StrEnum):
    """What can go wrong."""

    KILL = "process killed"
    STOP = "process stopped beyond its session"
    BROKER = "broker killed"
    REDIS = "Redis killed"
    FLUSH = "Redis flushed"
    SNAPSHOT = "Redis replaced by an old snapshot"
    ERP = "ERP loses its answers"
    PROXY = "network"
    POISON = "poison"
    DEADLY = "poison that kills the process"
    CLOCK = "clock set"
    STROBE = "clock strobes"
    NAMES = "no name is found"
    DISK = "disk slow"
    FILES = "no more file descriptors"
    MEMORY = "no more memory"


NEEDS_SHIM = frozenset({Kind.CLOCK, Kind.STROBE, Kind.NAMES, Kind.DISK})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    target  a process; for a broker "1" to "3", "controller" or "coordinator"; for poison nothing
    """

    at: float  # share of the orders answered, 0 to 1
    kind: Kind
    target: str = ""
    seconds: float = 0.0  # how long it lasts
    toxic: Toxic | None = None
    count: int = 1  # poison records put at once
    amount: float = 0.0  # seconds: what a clock is ahead by, how much longer a write takes

    def told(self) -> dict[str, Any]:
        """As JSON."""
        plain = {"at": round(self.at, 4), "kind": self.kind, "target": self.target, "count": self.count}
        plain |= {"amount": round(self.amount, 3)} if self.amount else {}
        return {**plain, "seconds": round(self.seconds, 1), "toxic": self.toxic.told() if self.toxic else None}


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    orders: int
    rate: float  # orders a second
    kills: int  # of workers, doors and the gateway together
    stops: int
    brokers: int
    redis: int
    flushes: int
    snapshots: int
    erp: int
    network: int
    poisons: int
    deadly: int
    clocks: int = 0
    strobes: int = 0
    names: int = 0
    disks: int = 0
    files: int = 0
    memory: int = 0


SIZES = {
    "ci": Size(
        200, 10.0, 26, stops=1, brokers=1, redis=1, flushes=0, snapshots=1, erp=1, network=4, poisons=20, deadly=1
    ),
    "campaign": Size(
        6_000, 4.0, 30, stops=8, brokers=5, redis=3, flushes=1, snapshots=1, erp=5, network=25, poisons=200, deadly=3,
        clocks=4, strobes=3, names=3, disks=3, files=3, memory=3,
    ),
    "long": Size(
        900, 2.0, 130, stops=25, brokers=10, redis=10, flushes=1, snapshots=1, erp=10, network=50, poisons=1_000, deadly=25,
        clocks=5, strobes=5, names=5, disks=5, files=5, memory=5,
    ),
    "two": Size(
        300, 10.0, 26, stops=0, brokers=0, redis=0, flushes=0, snapshots=0, erp=0, network=0, poisons=0, deadly=0
    ),
    "kills": Size(
        5_000, 5.0, 260, stops=0, brokers=0, redis=0, flushes=0, snapshots=0, erp=0, network=0, poisons=0, deadly=0
    ),
}  # fmt: skip
HANDFUL = 10  # poison records put at once


def schedule(size: Size, seed: int) -> list[Fault]:
    """All faults of a campaign, in the order of their moments; the same for the same seed."""
    chance = random.Random(f"faults {seed}")
    return sorted(_faults(size, chance, seed), key=lambda fault: (fault.at, fault.kind, fault.target))


def _faults(size: Size, chance: random.Random, seed: int) -> Iterator[Fault]:
    kinds = names()
    workers, every = kinds["worker"], [name for group in kinds.values() for name in group]
    for place in range(size.kills):  # each process in turn, so that none is spared
        yield Fault(_moment(chance), Kind.KILL, every[(seed * size.kills + place) % len(every)])
    for place in range(size.stops):
        frozen = chance.uniform(*FROZEN_S)
        yield Fault(_moment(chance), Kind.STOP, workers[(7 * place + chance.randrange(3)) % len(workers)], frozen)
    brokers = ("controller", "coordinator", "1", "2", "3")
    for place in range(size.brokers):
        yield Fault(_moment(chance), Kind.BROKER, brokers[place % len(brokers)])
    for kind, count in ((Kind.REDIS, size.redis), (Kind.FLUSH, size.flushes), (Kind.SNAPSHOT, size.snapshots)):
        for _ in range(count):
            yield Fault(_moment(chance), kind)
    for _ in range(size.erp):
        yield Fault(_moment(chance), Kind.ERP, seconds=chance.uniform(1, 4))
    for place in range(size.network):
        yield Fault(_moment(chance), Kind.PROXY, toxic=_toxic(place, chance))
    for start in range(0, size.poisons, HANDFUL):
        yield Fault(_moment(chance), Kind.POISON, count=min(HANDFUL, size.poisons - start))
    for _ in range(size.deadly):
        yield Fault(_moment(chance, 0.5), Kind.DEADLY)
    yield from _pressure(size, chance, workers)


def _pressure(size: Size, chance: random.Random, workers: Sequence[str]) -> Iterator[Fault]:
    """What a worker's machine has wrong or lacks for a while."""
    for place in range(size.clocks):
        ahead = (SET_S, -SET_S)[place % 2]
        yield Fault(_moment(chance), Kind.CLOCK, chance.choice(workers), chance.uniform(5, 15), amount=ahead)
    for _ in range(size.disks):
        slow = chance.uniform(0.02, 0.2)
        yield Fault(_moment(chance), Kind.DISK, chance.choice(workers), chance.uniform(3, 8), amount=slow)
    for place in range(size.strobes):
        ahead = (SET_S, -SET_S)[place % 2]
        yield Fault(_moment(chance), Kind.STROBE, chance.choice(workers), chance.uniform(5, 15), amount=ahead)
    for kind, count in ((Kind.FILES, size.files), (Kind.MEMORY, size.memory), (Kind.NAMES, size.names)):
        for _ in range(count):
            yield Fault(_moment(chance), kind, chance.choice(workers), chance.uniform(2, 8))


def _moment(chance: random.Random, last: float = LAST) -> float:
    return chance.uniform(FIRST, last)


HELD = (
    "EndTxn",
    "OffsetFetch",
    "TxnOffsetCommit",
    "Produce",
    "ConsumerGroupHeartbeat",
    "InitProducerId",
    "OffsetCommit",
)
UNHEARD = ("EndTxn", "Produce", "TxnOffsetCommit", "OffsetCommit")


def _toxic(place: int, chance: random.Random) -> Toxic:
    """Every harm in turn, and of those that choose by API every API in turn."""
    broker = chance.choice((ALL, 0, 1, 2))
    turn = place // len(Harm)
    match list(Harm)[place % len(Harm)]:
        case Harm.DELAY:
            return Toxic(Harm.DELAY, chance.uniform(2, 5), broker, amount=chance.uniform(0.01, 0.15))
        case Harm.HOLD:
            held = HELD[turn % len(HELD)]
            return Toxic(Harm.HOLD, chance.uniform(2, 14 if held == "EndTxn" else 6), broker, (APIS[held],))
        case Harm.DROP:
            return Toxic(Harm.DROP, chance.uniform(1, 4), chance.randrange(BROKERS))
        case Harm.CUT:
            return Toxic(Harm.CUT, chance.uniform(0.1, 3), broker)
        case Harm.THROTTLE:
            return Toxic(Harm.THROTTLE, chance.uniform(2, 5), broker, amount=chance.uniform(50_000, 400_000))
        case Harm.DUPLICATE:
            apis = tuple(APIS[name] for name in (*UNHEARD, "AddPartitionsToTxn", "InitProducerId"))
            return Toxic(Harm.DUPLICATE, chance.uniform(2, 5), broker, apis)
        case Harm.FULL:
            return Toxic(Harm.FULL, chance.uniform(1, 6), broker)
        case Harm.SILENT:
            return Toxic(Harm.SILENT, chance.uniform(1, 8), broker)
        case _:
            return Toxic(Harm.UNANSWERED, chance.uniform(0.5, 2), broker, (APIS[UNHEARD[turn % len(UNHEARD)]],))
