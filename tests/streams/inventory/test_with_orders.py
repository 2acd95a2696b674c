"""Inventory and orders agree: whatever was ordered, changed, cancelled, supplied and shipped, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.generated import inventory_v1 as inventory
from schemas.generated import orders_v1 as orders
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.inventory import inventory as inventory_agent
from streams.orders import orders as orders_agent

ORDERS, SKUS = ("PO-1", "PO-2", "PO-3"), ("A", "B")
MOMENTS = ("place", "place", "supply", "supply", "cancel", "cut", "change", "ship", "short", "wait")
Wanted = list[tuple[str, int]]


class Trade:
    """A few orders for two scarce products; what happens next is drawn from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.topology = Topology([inventory_agent, orders_agent], seed=seed)
        self.topology.door("erp.commands", self.post)
        self.policies: dict[str, dict[str, Any]] = {}
        self.wanted: dict[str, Wanted] = {}
        self.shipments = 0

    def post(self, message: Message) -> None:
        """The ERP takes every order."""
        if message.type == "post.order":
            order_id, revision = message.record["order_id"], message.record["revision"]
            answer = orders.post_answer(order_id=order_id, revision=revision, outcome="posted", erp="erp", number="E-1")
            self.topology.send("order.post-answer", order_id, answer)

    def happen(self, moment: str, order_id: str) -> None:
        placed = order_id in self.policies
        if moment == "place" and not placed:
            self.policies[order_id] = self.policy()
            self.place(
                order_id, [(self.draw.choice(SKUS), self.draw.randint(1, 5)) for _ in range(self.draw.randint(1, 3))]
            )
        elif moment == "change" and placed:
            self.place(order_id, [(sku, self.draw.randint(0, 7)) for sku, _ in self.wanted[order_id]])
        elif moment == "supply":
            self.supply(self.draw.choice(SKUS), self.draw.randint(1, 6))
        elif moment in ("cancel", "cut"):
            cut = [orders.cancel_line(line="1", quantity=self.draw.randint(1, 4))] if moment == "cut" else []
            self.topology.send("order.cancel", order_id, orders.cancel_order(order_id=order_id, lines=cut))
        elif moment in ("ship", "short") and placed:
            self.leave(order_id, short=moment == "short")
        elif moment == "wait":
            self.topology.advance(self.draw.choice([1_000, 40_000]))

    def policy(self) -> dict[str, Any]:
        return {
            "ship_complete": self.draw.random() < 0.4,
            "backorder": self.draw.random() < 0.8,
            "release": self.draw.choice(["at_once", "hold"]),
            "priority": self.draw.choice([1, 100]),
            "changed_resend": "change",
        }

    def place(self, order_id: str, wanted: Wanted) -> None:
        self.wanted[order_id] = wanted
        lines = [orders.order_line(line=str(n), sku=sku, quantity=units) for n, (sku, units) in enumerate(wanted, 1)]
        content = orders.order_content(
            channel="portal", party="portal", number=order_id, fingerprint=repr(wanted), lines=lines,
            policy=orders.order_policy(**self.policies[order_id]),
        )  # fmt: skip
        self.topology.send("order.place", order_id, orders.place_order(order_id=order_id, content=content))

    def supply(self, sku: str, units: int) -> None:
        report = inventory.report_stock(
            sku=sku,
            kind="received",
            source="wms",
            as_of=self.topology.now,
            location=self.draw.choice(["DC1", "YARD"]),
            quantity=units,
        )
        self.topology.send("stock.report", sku, report)

    def leave(self, order_id: str, *, short: bool) -> None:
        """The warehouse ships, or does not find, some of what the order's first line has allocated."""
        self.topology.run()
        sku = self.wanted[order_id][0][0]
        held = [row for row in self.holds(sku, order_id, "1") if row["allocated"]]
        if not held:
            return
        self.shipments += 1
        event, location = f"e-{self.shipments}", held[0]["location"]
        part = [orders.line_quantity(line="1", sku=sku, quantity=self.draw.randint(1, held[0]["allocated"]))]
        fact = orders.shipment_fact(
            order_id=order_id, shipment=event, event_id=event, at=self.topology.now, location=location
        )
        told = {**fact, "short" if short else "lines": part}
        self.topology.send("order.shipment-fact", order_id, told)
        if not short:
            self.topology.send("stock.ship", sku, inventory.ship(
                sku=sku, holder=order_id, line="1", location=location, quantity=part[0]["quantity"], shipment=event,
                event_id=event, at=self.topology.now,
            ))  # fmt: skip

    def holds(self, sku: str, order_id: str, line: str) -> list[Any]:
        rows = self.topology.rows("inventory", "acme", sku)
        return [row for name, row in rows.items() if name.startswith(f"hold|{order_id}|{line}|")]

    def waits(self, sku: str, order_id: str, line: str) -> int:
        standing = self.topology.rows("inventory", "acme", sku).get(f"attempt|{order_id}") or {"lines": []}
        return sum(each["waiting"] for each in standing["lines"] if each["line"] == line)

    def lines(self) -> Iterator[tuple[str, Any]]:
        for order_id in self.policies:
            rows = self.topology.rows("orders", "acme", order_id)
            yield from ((order_id, row) for name, row in rows.items() if name.startswith("line|"))


@pytest.mark.parametrize("seed", range(30))
def test_at_rest_every_line_holds_and_waits_for_what_its_order_says(seed: int) -> None:
    trade = Trade(seed)
    for _ in range(trade.draw.randint(4, 14)):
        trade.happen(trade.draw.choice(MOMENTS), trade.draw.choice(ORDERS))
        if trade.draw.random() < 0.6:
            trade.topology.run()
    trade.topology.advance(120_000)
    for order_id, line in trade.lines():
        held = sum(row["reserved"] + row["allocated"] for row in trade.holds(line["sku"], order_id, line["line"]))
        assert held == line["reserved"] + line["released"]
        if not trade.policies[order_id]["ship_complete"]:
            assert trade.waits(line["sku"], order_id, line["line"]) == line["backordered"]
    assert trade.topology.dead("inventory.commands") + trade.topology.dead("orders.commands") == []
