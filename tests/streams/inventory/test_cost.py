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


def full_queue(open_lines: int, mode: str, **rule: Any) -> Shelf:
    """A SKU with so many who wait and cannot be served by one unit."""
    shelf = Shelf(DC1=0)
    shelf.rules(channels=({"channel": "portal", **rule}, {"channel": "edi"}))
    for index in range(open_lines):
        shelf.reserve(f"WAITS-{index}", {"1": 5}, mode=mode, wait=True)
    return shelf


@pytest.mark.parametrize(("mode", "rule"), [("whole", {}), ("partial", {"excluded": True}), ("partial", {"cap": 0})])
def test_a_queue_that_cannot_be_served_is_not_walked(mode: str, rule: dict[str, Any]) -> None:
    """Ship-complete orders that do not fit, or a channel that may not sell: one unit comes in all the same."""
    few, many = full_queue(4, mode, **rule), full_queue(200, mode, **rule)
    assert rows_read(many, receipt()) == rows_read(few, receipt()) <= 40


def test_while_one_is_woken_the_others_of_its_kind_are_not_looked_at() -> None:
    few, many = full_queue(4, "whole"), full_queue(200, "whole")
    for shelf in (few, many):
        shelf.report("received", "DC1", 5)
        assert shelf.rows["sku"]["woken"]
    assert rows_read(many, receipt()) == rows_read(few, receipt()) <= 40


def transfer() -> Command:
    record = inventory.transfer_hold(
        sku=SKU, holder="HOLDS-1", attempt=1, line="1", quantity=1, to_holder="NEW", to_attempt=1
    )
    return "stock.transfer", record


def extend() -> Command:
    return "stock.extend", inventory.extend_hold(sku=SKU, holder="HOLDS-1", attempt=1, expires_at=10**13)


def announce() -> Command:
    record = inventory.announce_supply(sku=SKU, supply="PO-77", source="erp", quantity=5, due=10**13, as_of=10**12)
    return "stock.announce-supply", record


@pytest.mark.parametrize("command", [reserve, ship, allocate, receipt, transfer, extend, announce])
def test_a_command_reads_no_more_rows_of_a_hot_sku_than_of_a_quiet_one(command: Callable[[], Command]) -> None:
    assert rows_read(busy(200), command()) == rows_read(busy(4), command()) <= 60


def test_the_row_that_every_decision_writes_stays_small() -> None:
    few, many = busy(4).rows["sku"], busy(200).rows["sku"]
    assert len(repr(many)) <= len(repr(few)) + 20
