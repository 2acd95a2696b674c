"""A command costs what it touches: a thousand lines are not a thousand times a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.generated import orders_v1 as v1
from tables.rows import DictRows
from tests.streams.orders.shop import ID, Shop, held, item

LINES = 1_000


class Counted(DictRows):
    """Rows that count what is read of them."""

    reads = 0

    def get(self, name: str) -> Any:
        self.reads += 1
        return super().get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        found = list(super().scan(prefix))
        self.reads += len(found)
        return iter(found)


def reads(shop: Shop, *sent: Any, by: str) -> int:
    """Rows that one command reads, deciding and applying."""
    rows = Counted(shop.rows.rows)
    shop.stage.keys[ID] = rows
    rows.reads = 0
    getattr(shop, by)(*sent)
    return rows.reads


def large() -> Shop:
    """An order of a thousand lines, each of its own SKU."""
    shop = Shop()
    shop.place(*(item(str(number), f"S{number:04}", 5) for number in range(LINES)), ship_complete=False)
    return shop


def test_an_answer_of_one_sku_reads_its_own_lines_only() -> None:
    shop = large()
    for number in range(3):
        assert reads(shop, f"S{number:04}", held(str(number), 5), by="stock") < 60


def test_placing_and_deciding_a_large_order_reads_each_line_a_few_times() -> None:
    shop = large()
    for number in range(LINES - 1):
        shop.stock(f"S{number:04}", held(str(number), 5))
    last = LINES - 1
    assert reads(shop, f"S{last:04}", held(str(last), 5), by="stock") < 10 * LINES
    assert reads(shop, by="posted") < 20 * LINES


def test_a_dispatch_of_one_line_reads_that_line_only() -> None:
    shop = Shop()
    shop.place(*(item(str(number), "A", 5) for number in range(LINES)))
    shop.stock("A", *(held(str(number), 5) for number in range(LINES)))
    shop.posted()
    shop.send("order.shipment-fact", dispatch("d-0", "0"))
    rows = Counted(shop.rows.rows)
    shop.stage.keys[ID] = rows
    rows.reads = 0
    shop.send("order.shipment-fact", dispatch("d-1", "1"))
    assert rows.reads < 60


def dispatch(event: str, line: str) -> v1.ShipmentFact:
    """One line leaves."""
    left = [v1.line_quantity(line=line, quantity=5)]
    return v1.shipment_fact(order_id=ID, shipment=event, event_id=event, at=1, lines=left)


def test_a_ship_complete_chain_reads_the_next_sku_only() -> None:
    shop = Shop()
    shop.place(*(item(str(number), f"S{number:04}", 5) for number in range(LINES)), ship_complete=True)
    shop.stock("S0000", held("0", 0, missing=5), state="refused")
    shop.stock("S0000", held("0", 0, waiting=5), state="partial")
    shop.wake("S0000")
    for number in range(3):
        assert reads(shop, f"S{number:04}", held(str(number), 5), by="stock") < 80


class Named(DictRows):
    """Rows that remember what is read of them by name."""

    seen: list[str]

    def get(self, name: str) -> Any:
        self.seen.append(name)
        return super().get(name)


def test_a_release_reads_the_row_of_a_sku_once_however_many_lines_it_has() -> None:
    shop = Shop()
    shop.place(*(item(str(number), "A", 5) for number in range(LINES)))
    shop.stock("A", *(held(str(number), 5) for number in range(LINES)))
    rows = Named(shop.rows.rows)
    rows.seen = []
    shop.stage.keys[ID] = rows
    shop.posted()
    assert 0 < rows.seen.count("sku|A") < 10
