"""What it saves that an unchanged value is neither announced nor rewritten: counts, no times."""

from __future__ import annotations

from ops.bench.stock.commands import counted, sku_of
from ops.bench.stock.figures import SavedFigures
from ops.bench.stock.growing import decide
from ops.catalog import agent_of
from streams.engine.deciding import Decided, Deciding
from streams.engine.records import Record
from tables.store_layer import Layer
from tables.store_memory import MemoryStore

TOLD = "inventory.availability"
AGAIN = 4  # a location is counted again after so many counts of a SKU: one of each location
CHANGED = 20  # of a feed that says everything every time, one row in so many is another one


def snapshots(skus: int, times: int = 3) -> SavedFigures:
    """A warehouse that sends all of its stock every time, of which one row in twenty has changed."""
    store, deciding = Layer(MemoryStore()), Deciding(agent_of("inventory"))
    _say(deciding, store, [_row(number, 0) for number in range(skus)])
    commands = told = 0
    for time in range(1, times + 1):
        rows = [_row(number, time) for number in range(skus)]
        commands += len(rows)
        told += announced(_say(deciding, store, rows))
    return SavedFigures("a feed of all stock, one row in twenty changed", commands, told)


def _row(number: int, time: int) -> Record:
    return counted(sku_of(number), 1 + AGAIN * time, 100 + (number + time) // CHANGED)


def _say(deciding: Deciding, store: Layer, records: list[Record]) -> Decided:
    decided = decide(deciding, records, Layer(store))
    store.merge(decided.layer)
    return decided


def announced(decided: Decided) -> int:
    """Records that readers of availability are told, and that become writes to Redis."""
    return sum(out.topic == TOLD for out in decided.published())
