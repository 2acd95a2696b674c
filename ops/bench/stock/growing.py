"""An inventory event's cost where more SKUs stand there already: the real agent over stores on disk, without a broker.

Each batch has as many SKUs as events, however many SKUs there are. Stores of all sizes are open at once and take turns,
so that all of them meet the same machine.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import psutil

from ops.bench.cost import Cost
from ops.bench.stock.commands import LOCATIONS, counted, sku_of
from ops.bench.stock.figures import StoreFigures
from ops.catalog import agent_of
from streams.engine.deciding import Decided, Deciding
from streams.engine.records import Record
from tables.store import Belongs, Store, fingerprint
from tables.store_layer import Layer
from tables.store_memory import MemoryStore

BATCH, FILLED = 500, 5_000  # events of a batch; SKUs of a write while a store is filled
COUNTS = len(LOCATIONS)  # that a SKU has had before anything is measured: one of each location
SEED, WARM, TURNS = 7, 4, 12  # batches of a store that are not counted; turns of each store


class NotDecided(RuntimeError):
    """A command of the bench became a dead letter: its figures would say nothing."""


class Shelves:
    """A store with so many SKUs, and the agent that decides over it."""

    def __init__(self, folder: Path, skus: int) -> None:
        agent, before = agent_of("inventory"), _resident()
        assert agent.table is not None
        self.skus, self._folder, self._deciding = skus, folder, Deciding(agent)
        self._events, self._seconds, self._cpu_s = 0, 0.0, 0.0
        self._store = Store.open(folder, Belongs(fingerprint(agent.table), "bench", 0, 1 << 40))
        self._drawn, self._offset, self._times = random.Random(SEED), 0, COUNTS
        self._fill()
        self._grown = max(0, _resident() - before)

    def run(self, batches: int, *, counted: bool = True) -> None:
        """Decide and write so many batches of events, on SKUs drawn from all."""
        for _ in range(batches):
            records = self._records()
            begun, used = time.perf_counter(), time.process_time()
            self._write(decide(self._deciding, records, Layer(self._store)).layer.encoded())
            if counted:
                self._seconds += time.perf_counter() - begun
                self._cpu_s += time.process_time() - used
                self._events += len(records)

    def figures(self) -> StoreFigures:
        """What was measured so far."""
        disk = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
        return StoreFigures(self.skus, Cost(self._events, self._seconds, self._cpu_s), disk, self._grown)

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _fill(self) -> None:
        for first in range(0, self.skus, FILLED):
            self._write(rows_of(range(first, min(first + FILLED, self.skus))))

    def _records(self) -> list[Record]:
        self._times += 1
        drawn = self._drawn.sample(range(self.skus), min(BATCH, self.skus))
        return [counted(sku_of(number), self._times, 100 + self._times) for number in drawn]

    def _write(self, rows: Mapping[bytes, bytes | None]) -> None:
        self._offset += 1
        self._store.write(rows, self._offset)


def grown(folder: Path, sizes: Sequence[int], batches: int) -> list[StoreFigures]:
    """What an event costs with so many SKUs, all sizes in turns. raises NotDecided"""
    with ExitStack() as ended:
        shelves = [Shelves(folder / f"skus-{size}", size) for size in sizes]
        for one in shelves:
            ended.callback(one.close)
            one.run(WARM, counted=False)
        for _ in range(TURNS):
            for one in shelves:
                one.run(max(1, batches // TURNS))
        return [one.figures() for one in shelves]


def rows_of(skus: range) -> dict[bytes, bytes | None]:
    """Rows of SKUs that were counted once at each location: the first one's, under their names."""
    pattern, first, found = pattern_of_one(), sku_of(0).encode(), dict[bytes, bytes | None]()
    for number in skus:
        own = sku_of(number).encode()
        found.update((key.replace(first, own), value.replace(first, own)) for key, value in pattern.items())
    return found


def pattern_of_one() -> dict[bytes, bytes]:
    """The rows of the first SKU after one count of each location, as the agent makes them."""
    found = first_decided().layer.encoded()
    return {key: value for key, value in found.items() if value is not None}


def first_decided() -> Decided:
    """The first SKU's counts, one of each location, as the agent decides them."""
    records = [counted(sku_of(0), time, 100 + time) for time in range(1, COUNTS + 1)]
    return decide(Deciding(agent_of("inventory")), records, Layer(MemoryStore()))


def decide(deciding: Deciding, records: Sequence[Record], layer: Layer) -> Decided:
    """A batch, decided; raises NotDecided."""
    decided = Decided(layer)
    deciding.extend(decided, records)
    if decided.dead:
        raise NotDecided(str(decided.outs[-1].headers))
    return decided


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)
