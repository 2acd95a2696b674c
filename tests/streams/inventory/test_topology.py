"""The agent as it runs: through the codec, its timers and its own mailbox, together with the orders that ask it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from schemas.generated import inventory_v1 as inventory
from schemas.generated import orders_v1 as orders
from streams.engine.driver import Topology
from streams.inventory import inventory as inventory_agent
from streams.orders import orders as orders_agent

SECOND = 1000


def received(topology: Topology, sku: str, units: int) -> None:
    report = inventory.report_stock(
        sku=sku, kind="received", source="wms", as_of=topology.now, location="DC1", quantity=units
    )
    topology.send("stock.report", sku, report)
    topology.run()


def ordered(topology: Topology, order_id: str, wanted: dict[str, int], **policy: Any) -> None:
    lines = [
        orders.order_line(line=str(index), sku=sku, quantity=units, base_unit="EA")
        for index, (sku, units) in enumerate(wanted.items(), 1)
    ]
    content = orders.order_content(
        channel="portal",
        party="portal",
        number=order_id,
        fingerprint=order_id,
        lines=lines,
        policy=orders.order_policy(**policy),
    )
    topology.send("order.place", order_id, orders.place_order(order_id=order_id, content=content))
    topology.run()


def held(topology: Topology, sku: str, order_id: str) -> int:
    rows = topology.rows("inventory", "acme", sku)
    return sum(row["reserved"] + row["allocated"] for name, row in rows.items() if name.startswith(f"hold|{order_id}|"))


def test_a_hold_is_over_within_its_second() -> None:
    topology = Topology([inventory_agent])
    received(topology, "A", 5)
    lines = [inventory.reserve_line(line="1", quantity=5)]
    due = topology.now + 60 * SECOND
    topology.send("stock.reserve", "A", inventory.reserve(
        sku="A", holder="CART", holder_kind="cart", attempt=1, channel="portal", expires_at=due, lines=lines
    ))  # fmt: skip
    topology.advance(60 * SECOND - 1)
    assert held(topology, "A", "CART") == 5
    topology.advance(1)
    [expired] = [each for each in topology.log("inventory.events") if each.type == "inventory.reservation.expired"]
    assert (held(topology, "A", "CART"), expired.record["at"], expired.record["quantity"]) == (0, due, 5)


def test_readers_get_the_last_version_of_a_batch() -> None:
    topology = Topology([inventory_agent])
    for units in (5, 7):
        report = inventory.report_stock(
            sku="A", kind="received", source="wms", as_of=topology.now, location="DC1", quantity=units
        )
        topology.send("stock.report", "A", report)
    topology.run()
    [told] = topology.log("inventory.availability")
    assert (told.record["default_quantity"], told.record["version"]) == (12, 2)


def test_V30_the_last_unit_goes_to_exactly_one_in_every_interleaving_with_workers_dying() -> None:
    """A seed draws the order of arrival, where batches are cut, and decisions that are lost before their commit."""
    for seed in range(1000):
        topology = Topology([inventory_agent], seed=seed)
        received(topology, "A", 1)
        holders = random.Random(seed).sample(["WEB", "MKT"], 2)
        for holder in holders:
            line = [inventory.reserve_line(line="1", quantity=1)]
            record = inventory.reserve(sku="A", holder=holder, attempt=1, channel=holder.lower(), lines=line)
            topology.send("stock.reserve", "A", record)
        topology.run()
        assert [held(topology, "A", holder) for holder in holders] == [1, 0]


def test_an_unreadable_command_is_a_dead_letter_and_the_next_is_decided() -> None:
    topology = Topology([inventory_agent])
    topology.put("inventory.commands", b"acme|A", b"\x00nonsense")
    received(topology, "A", 5)
    assert (len(topology.dead("inventory.commands")), topology.rows("inventory", "acme", "A")["sku"]["seq"]) == (1, 1)


@pytest.mark.parametrize("seed", range(6))
def test_a_backordered_order_gets_its_stock_when_it_comes(seed: int) -> None:
    topology = Topology([inventory_agent, orders_agent], seed=seed)
    ordered(topology, "PO-1", {"A": 5}, backorder=True)
    received(topology, "A", 3)
    assert held(topology, "A", "PO-1") == 3
    received(topology, "A", 3)
    assert held(topology, "A", "PO-1") == 5


@pytest.mark.parametrize("seed", range(12))
def test_ship_complete_orders_that_want_the_same_two_skus_neither_block_nor_chase_each_other(seed: int) -> None:
    topology = Topology([inventory_agent, orders_agent], seed=seed)
    ordered(topology, "PO-1", {"A": 2, "B": 2}, ship_complete=True, backorder=True)
    ordered(topology, "PO-2", {"B": 2, "A": 2}, ship_complete=True, backorder=True)
    received(topology, "A", 2)
    received(topology, "B", 2)
    assert [held(topology, sku, "PO-1") + held(topology, sku, "PO-2") for sku in ("A", "B")] == [2, 2]
    received(topology, "B", 2)
    received(topology, "A", 2)
    assert [held(topology, sku, order) for sku in ("A", "B") for order in ("PO-1", "PO-2")] == [2, 2, 2, 2]


@pytest.mark.parametrize("seed", range(6))
def test_a_ship_complete_order_holds_nothing_while_one_of_its_skus_is_short(seed: int) -> None:
    topology = Topology([inventory_agent, orders_agent], seed=seed)
    received(topology, "A", 9)
    ordered(topology, "PO-1", {"A": 2, "B": 2}, ship_complete=True, backorder=True)
    topology.advance(10 * 60 * SECOND)
    assert (held(topology, "A", "PO-1"), held(topology, "B", "PO-1")) == (0, 0)
    received(topology, "B", 2)
    assert (held(topology, "A", "PO-1"), held(topology, "B", "PO-1")) == (2, 2)
