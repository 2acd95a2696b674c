"""The saga as it runs: orders, inventory, shipments and post through the codec, their mailboxes and timers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schemas.generated import erp_v1, inventory_v1, shipments_v1
from schemas.generated import orders_v1 as v1
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.inventory import inventory
from streams.orders import orders
from streams.post import post
from streams.shipments import shipments
from tables.orders import apply
from tables.rows import DictRows
from tests.streams.orders.shop import content, item

ID = "0b7c"
SKU = "WIDGET-A"


class Hub:
    """Four agents and an ERP that can be away."""

    def __init__(self) -> None:
        self.topology = Topology([orders, inventory, shipments, post])
        self.topology.door("erp.attempts", self.attempt)
        self.away = False
        report = inventory_v1.report_stock(sku=SKU, kind="received", source="wms1", event_id="r-1", as_of=self.topology.now,
                                           location="DC1", quantity=110)  # fmt: skip
        self.send("stock.report", SKU, report)

    def send(self, kind: str, key: str, record: Any) -> None:
        self.topology.send(kind, key, record)
        self.topology.run()

    def attempt(self, message: Message) -> None:
        """What the ERP says to one attempt; nothing while it is away."""
        if not self.away:
            answer = erp_v1.attempt_answer(attempt_id=message.record["attempt_id"], order_id=message.record["order_id"],
                                           outcome="cancelled" if message.record["action"] == "cancel" else "posted",
                                           erp_number="SO-1")  # fmt: skip
            self.topology.send("post.attempt-answer", message.record["erp"], answer)

    def place(self, quantity: int) -> None:
        line = {**item("1", SKU, quantity), "price": Decimal("9.500000")}
        self.send("order.place", ID, v1.place_order(order_id=ID, content=content(line)))  # type: ignore[arg-type]

    def facts(self, kind: str = "") -> list[Any]:
        return [each.record for each in self.topology.log("orders.events") if not kind or each.type == kind]

    @property
    def headlines(self) -> list[str]:
        return [record["new"] for record in self.facts("order.status.changed")]

    def dispatch(self, quantity: int) -> None:
        line = shipments_v1.shipped_line(line="1", sku=SKU, quantity=quantity)
        self.send("shipment.report-dispatch", "", shipments_v1.report_dispatch(
            shipment="S-1", source="wms1", event_id="w-1", at=self.topology.now, carrier="UPSN", tracking=["1Z1"], location="DC1",
            references=[shipments_v1.order_reference(kind="number", value="P-1001", party="portal")], lines=[line]
        ))  # fmt: skip

    def deliver(self) -> None:
        self.send("shipment.report-milestone", "", shipments_v1.report_milestone(
            source="tms", event_id="t-1", at=self.topology.now, carrier="UPSN", tracking="1Z1", code="delivered"
        ))  # fmt: skip

    def bill(self, quantity: int) -> None:
        line = shipments_v1.invoiced_line(line="1", sku=SKU, quantity=quantity, amount=Decimal("228.00"))
        self.send("shipment.report-invoice", "", shipments_v1.report_invoice(
            kind="posted", source="finance", event_id="f-1", at=self.topology.now, number="INV-1", lines=[line],
            references=[shipments_v1.order_reference(kind="erp_number", value="SO-1", party="erp")]
        ))  # fmt: skip


def test_an_ordinary_order_tells_its_six_steps() -> None:
    hub = Hub()
    hub.place(24)
    hub.dispatch(24)
    hub.deliver()
    hub.bill(24)
    assert hub.headlines == ["accepted", "confirmed", "released", "shipped", "delivered", "completed"]
    assert [record["status_seq"] for record in hub.facts("order.status.changed")] == [1, 2, 3, 4, 5, 6]


def test_a_dispatch_that_is_faster_than_its_order_is_joined() -> None:
    hub = Hub()
    hub.dispatch(24)
    hub.place(24)
    assert hub.headlines[-1] == "shipped"


def test_an_order_is_accepted_while_the_erp_is_away() -> None:
    hub = Hub()
    hub.away = True
    hub.place(24)
    assert hub.headlines == ["accepted"]


def test_a_cancel_gives_the_stock_back() -> None:
    hub = Hub()
    hub.place(24)
    hub.send("order.cancel", ID, v1.cancel_order(order_id=ID, reason="by mistake"))
    held = [row for name, row in hub.topology.rows("inventory", "acme", SKU).items() if name.startswith("hold|")]
    assert (hub.headlines[-1], sum(row["reserved"] + row["allocated"] for row in held)) == ("cancelled", 0)
    assert hub.topology.rows("orders", "acme", ID)["order"]["erp"] == "cancelled"


def test_a_cancel_that_waits_for_its_order_ends_with_its_deadline() -> None:
    hub = Hub()
    hub.send("order.cancel", ID, v1.cancel_order(order_id=ID))
    hub.topology.advance(72 * 3_600_000)
    assert [record["exception_class"] for record in hub.facts("exception.raised")] == ["document_overdue"]


def test_the_published_facts_fold_into_the_rows() -> None:
    hub = Hub()
    hub.place(24)
    hub.dispatch(20)
    hub.deliver()
    rows = DictRows()
    for message in hub.topology.log("orders.events"):
        rows.put(apply(message.type, message.record, rows))
    assert rows.rows == hub.topology.rows("orders", "acme", ID)


def test_nothing_of_it_dies() -> None:
    hub = Hub()
    hub.place(24)
    hub.place(24)
    hub.dispatch(24)
    hub.deliver()
    hub.bill(24)
    mailboxes = ("orders.commands", "inventory.commands", "shipments.commands", "erp.commands")
    assert [hub.topology.dead(topic) for topic in mailboxes] == [[], [], [], []]
