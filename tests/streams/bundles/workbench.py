"""The saga as it runs with bundles: orders, inventory, bundles, shipments and post through the codec and their timers.

KIT is made of two A and one B.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.generated import bundles_v1, erp_v1, inventory_v1, shipments_v1
from schemas.generated import orders_v1 as v1
from streams.bundles import bundles
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.inventory import inventory
from streams.orders import orders
from streams.post import post
from streams.shipments import shipments
from tests.streams.orders.shop import content, item

KIT = "KIT"
RECIPE: Mapping[str, int] = {"A": 2, "B": 1}
DC1 = "DC1"


def recipe(parts: Mapping[str, int] = RECIPE) -> list[bundles_v1.Component]:
    """Components as a line is stamped with them."""
    return [bundles_v1.component(sku=sku, quantity=units) for sku, units in parts.items()]


def kits(line: str, quantity: int, parts: Mapping[str, int] = RECIPE, sku: str = KIT) -> v1.OrderLine:
    """An order's line of bundles."""
    return {**item(line, sku, quantity), "components": recipe(parts)}


class Workbench:
    """Five agents and an ERP that posts everything."""

    def __init__(self, *, seed: int | None = None, **stock: int) -> None:
        self.topology = Topology([orders, inventory, bundles, shipments, post], seed=seed)
        self.topology.door("erp.attempts", self._attempt)
        self.told = 0
        for sku, units in (stock or {"A": 7, "B": 4}).items():
            self.receive(sku, units)
        self.make()

    def send(self, kind: str, key: str, record: Any) -> None:
        """One command, and all that follows from it."""
        self.topology.send(kind, key, record)
        self.topology.run()

    def _attempt(self, message: Message) -> None:
        answer = erp_v1.attempt_answer(
            attempt_id=message.record["attempt_id"], order_id=message.record["order_id"], erp_number="SO-1",
            outcome="cancelled" if message.record["action"] == "cancel" else "posted",
        )  # fmt: skip
        self.topology.send("post.attempt-answer", message.record["erp"], answer)

    def receive(self, sku: str, units: int, location: str = DC1) -> None:
        """Stock comes in."""
        self.told += 1
        self.send("stock.report", sku, inventory_v1.report_stock(
            sku=sku, kind="received", source="wms1", event_id=f"r-{self.told}", as_of=self.topology.now,
            location=location, quantity=units,
        ))  # fmt: skip

    def make(self, parts: Mapping[str, int] = RECIPE, *, sku: str = KIT, **rules: Any) -> None:
        """The product is made of these from here on."""
        self.told += 1
        rules_of = inventory_v1.set_stock_rules(sku=sku, components=recipe(parts), version=self.told, **rules)
        self.send("stock.set-rules", sku, rules_of)

    def place(self, order: str, *lines: v1.OrderLine, reservation: str = "", **policy: Any) -> None:
        """An order comes."""
        said: v1.OrderContent = {**content(*lines, **policy), "number": order, "reservation": reservation}
        self.send("order.place", order, v1.place_order(order_id=order, content=said))

    def cancel(self, order: str, **lines: int) -> None:
        """An order, or so many of its lines, is wanted no more."""
        parts = [v1.cancel_line(line=line.removeprefix("l"), quantity=units) for line, units in lines.items()]
        self.send("order.cancel", order, v1.cancel_order(order_id=order, reason="changed our mind", lines=parts))

    def dispatch(self, order: str, *lines: tuple[str, str, int], shipment: str = "S-1", location: str = DC1) -> None:
        """Goods of an order leave: line, SKU and quantity."""
        told = [shipments_v1.shipped_line(line=line, sku=sku, quantity=units) for line, sku, units in lines]
        reference = shipments_v1.order_reference(kind="order_id", value=order)
        self.send("shipment.report-dispatch", "", shipments_v1.report_dispatch(
            shipment=shipment, source="wms1", event_id=f"w-{shipment}", at=self.topology.now, carrier="UPSN",
            tracking=[f"1Z{shipment}"], location=location, references=[reference], lines=told,
        ))  # fmt: skip

    def hold(self, cart: str, *lines: tuple[str, int], allow_partial: bool = False, expires_in: int = 900) -> None:
        """A cart holds: bundles where the SKU is KIT."""
        told = [
            v1.cart_line(line=str(place), sku=sku, quantity=units, components=recipe() if sku == KIT else [])
            for place, (sku, units) in enumerate(lines, 1)
        ]
        self.send("cart.hold", cart, v1.hold_cart(
            reservation=cart, channel="portal", cart=cart, allow_partial=allow_partial, expires_in=expires_in, lines=told
        ))  # fmt: skip

    def offered(self, sku: str = KIT, channel: str = "") -> int:
        """What readers were told last."""
        told = [each.record for each in self.topology.log("inventory.availability") if each.record["sku"] == sku]
        by_channel = {each["channel"]: each["quantity"] for each in told[-1]["channels"]}
        return int(by_channel.get(channel, told[-1]["default_quantity"]))

    def all_offered(self) -> tuple[int, int, int]:
        """A, B and KIT."""
        return self.offered("A"), self.offered("B"), self.offered(KIT)

    def line(self, order: str, line: str = "1") -> dict[str, int]:
        """Where the units of an order's line stand, without places that have none."""
        row = self.topology.rows("orders", "acme", order)[f"line|{line}"]
        places = ("rejected", "cancelled", "pending", "backordered", "reserved", "released", "shipped")
        return {place: row[place] for place in places if row[place]}

    def cart(self, cart: str) -> Any:
        """A reservation as it stands."""
        return self.topology.rows("orders", "acme", cart)["cart"]

    def ledger(self, sku: str) -> dict[tuple[str, str], int]:
        """Units of a component that are held, by holder and line."""
        rows = self.topology.rows("inventory", "acme", sku)
        return {
            (row["holder"], row["line"]): row["reserved"] + row["allocated"]
            for name, row in rows.items() if name.startswith("hold|") and row["reserved"] + row["allocated"]
        }  # fmt: skip

    def on_hand(self, sku: str) -> int:
        """Units that are there."""
        row = self.topology.rows("inventory", "acme", sku)["sku"]
        return sum(position["on_hand"] for position in row["positions"].values())
