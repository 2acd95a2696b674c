"""The world around one order with the real owners of stock and of the ERP's queue; only the ERP itself is played."""

from __future__ import annotations

from typing import Any

from schemas.generated import erp_v1, inventory_v1
from schemas.generated import orders_v1 as v1
from streams.inventory.decide import decide as decide_stock
from streams.orders.decide import decide
from streams.post.decide import decide as decide_post
from tables.inventory import INVENTORY
from tables.orders import apply
from tables.post import POST
from tests.streams.orders.shop import ID
from tests.streams.orders.world import World
from tests.support.stage import Stage

LOCATION = "DC1"
MOVED = ("order.stock-answer", "order.stock-wake", "order.post-answer")


class Till:
    """An ERP that keeps effective documents by number."""

    def __init__(self, *, refuses: bool) -> None:
        self.refuses, self.made = refuses, 0
        self.documents: dict[str, Any] = {}

    def answer(self, attempt: Any) -> Any:
        """What it says to one attempt."""
        number = next(iter(self.documents), "")
        match attempt["action"]:
            case "create" if self.refuses:
                outcome = "refused"
            case "create":
                self.made += 1
                outcome, number = "posted", f"SO-{self.made}"
                self.documents[number] = attempt["lines"]
            case "cancel":
                outcome = "cancelled" if self.documents else "absent"
                self.documents.clear()
            case _:
                outcome = "found" if number else "absent"
        return erp_v1.attempt_answer(attempt_id=attempt["attempt_id"], order_id=ID, outcome=outcome, erp_number=number)


class Town(World):
    """One order, real shelves, a real post desk."""

    def __init__(self, stock: dict[str, int], *, refuses: bool = False) -> None:
        super().__init__(stock, refuses=refuses)
        self.order.stage = Stage(decide, apply)
        self.stock = Stage(decide_stock, INVENTORY.apply)
        self.desk = Stage(decide_post, POST.apply)
        self.till = Till(refuses=refuses)
        self.reports = 0
        for sku, pieces in stock.items():
            self.supply(sku, pieces)

    def supply(self, sku: str, pieces: int) -> None:
        """More is counted in."""
        self.reports += 1
        report = inventory_v1.report_stock(sku=sku, kind="received", source="wms", event_id=f"r-{self.reports}", as_of=self.stock.now,
                                           location=LOCATION, quantity=pieces)  # fmt: skip
        self.hear(self.stock.send("stock.report", report, key=sku).asks)

    def deliver(self, name: str, *, twice: bool = False) -> None:
        """The next record of one mailbox."""
        if name == "orders":
            return super().deliver(name, twice=twice)
        kind, record = self.mail[name].popleft()
        return self.hear((self.desk if name == "erp" else self.stock).send(kind, record, key=name).asks)

    def hear(self, asks: Any) -> None:
        """Answers go to the order's mailbox, attempts to the ERP and its answer back to the desk."""
        for ask in asks:
            if ask.type in MOVED:
                self.tell(ask.type, ask.record)
            elif ask.type == "post.attempt":
                self.mail["erp"].append(("post.attempt-answer", self.till.answer(ask.record)))

    def held(self, sku: str, line: str) -> tuple[int, int]:
        """Units reserved and units allocated of a line."""
        rows = [row for name, row in self.stock.keys[sku].scan("hold|") if row["line"] == line]
        return sum(row["reserved"] for row in rows), sum(row["allocated"] for row in rows)

    def queued(self, sku: str) -> dict[str, int]:
        """What of the order waits, by line."""
        standings = [row for name, row in self.stock.keys[sku].scan("attempt|") if row["holder"] == ID]
        return {line["line"]: line["waiting"] for row in standings for line in row["lines"] if line["waiting"]}

    def firm(self, sku: str, line: str) -> int:
        """What the warehouse has been given of a line."""
        return self.held(sku, line)[1]

    def ship(self, sku: str, line: str, quantity: int) -> None:
        """The warehouse sends what it has been given, and both sides hear of it, each in its time."""
        leaving = min(quantity, self.firm(sku, line))
        if leaving:
            self.shipped += 1
            about: dict[str, Any] = {"shipment": "S-1", "event_id": f"d-{self.shipped}", "at": self.stock.now}
            left = [v1.line_quantity(line=line, sku=sku, quantity=leaving)]
            self.tell("order.shipment-fact", v1.shipment_fact(order_id=ID, lines=left, **about))
            ship = inventory_v1.ship(sku=sku, holder=ID, line=line, location=LOCATION, quantity=leaving, **about)
            self.mail[sku].append(("stock.ship", ship))
