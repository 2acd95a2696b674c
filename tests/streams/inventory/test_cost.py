"""A decision costs what its own command touches, however much business hangs on the SKU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schemas.envelope import Envelope
from schemas.generated import inventory_v1 as inventory
from streams.engine.effects import Message
from streams.inventory.decide import decide
from tables.rows import DictRows
from tests.streams.inventory.shelf import SKU, Shelf, lines

Command = tuple[str, Any]


class CountingRows:
    """Rows that count how many were read."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self._rows, self.read = DictRows(rows), 0

    def get(self, name: str) -> Any:
        self.read += 1
        return self._rows.get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        for pair in self._rows.scan(prefix):
            self.read += 1
            yield pair


def busy(open_lines: int) -> Shelf:
    """A SKU with so many orders that hold, and as many that wait."""
    shelf = Shelf(DC1=open_lines)
    for index in range(open_lines):
        shelf.reserve(f"HOLDS-{index}", {"1": 1})
    for index in range(open_lines):
        shelf.reserve(f"WAITS-{index}", {"1": 1}, wait=True)
    return shelf


def rows_read(shelf: Shelf, command: Command) -> int:
    rows = CountingRows(shelf.rows)
    decide(
        Message(Envelope("c", command[0], "test", "acme", channel="portal"), SKU, command[1], shelf.stage.now + 1), rows
    )
    return rows.read


def reserve() -> Command:
    return "stock.reserve", inventory.reserve(sku=SKU, holder="NEW", attempt=1, channel="portal", lines=lines({"1": 1}))


def ship() -> Command:
    record = inventory.ship(
        sku=SKU, holder="HOLDS-1", line="1", location="DC1", quantity=1, shipment="S", event_id="e", at=9
    )
    return "stock.ship", record


def allocate() -> Command:
    return "stock.allocate", inventory.allocate(sku=SKU, holder="HOLDS-1", attempt=1)


def receipt() -> Command:
    """One unit comes in: the head of the queue gets it, the rest is not looked at."""
    record = inventory.report_stock(sku=SKU, kind="received", source="wms", as_of=10**13, location="DC1", quantity=1)
    return "stock.report", record


@pytest.mark.parametrize("command", [reserve, ship, allocate, receipt])
def test_a_command_reads_no_more_rows_of_a_hot_sku_than_of_a_quiet_one(command: Callable[[], Command]) -> None:
    assert rows_read(busy(200), command()) == rows_read(busy(4), command()) <= 60


def test_the_row_that_every_decision_writes_stays_small() -> None:
    few, many = busy(4).rows["sku"], busy(200).rows["sku"]
    assert len(repr(many)) <= len(repr(few)) + 20
