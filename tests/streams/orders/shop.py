"""A stage for orders: places them, answers for inventory and the ERP, and reads what became of them."""

from __future__ import annotations

from typing import Any

from schemas.generated import orders_v1 as v1
from streams.engine.effects import Effects
from streams.orders.decide import decide
from tables.orders import apply
from tables.orders.rows import blank
from tables.rows import DictRows
from tests.support.stage import Stage, asks, facts

ID = "order-1"


def item(line: str, sku: str, quantity: int, problem: str = "") -> v1.OrderLine:
    """An ordered line."""
    return v1.order_line(line=line, sku=sku, quantity=quantity, base_unit="EA", problem=problem)


def content(*lines: v1.OrderLine, fingerprint: str = "f1", problem: str = "", **policy: Any) -> v1.OrderContent:
    """What a sender means, under a policy."""
    return v1.order_content(number="P-1001", party="portal", channel="portal", customer="7001", currency="USD", lines=list(lines),
                            policy=v1.order_policy(**policy), fingerprint=fingerprint, problem=problem)  # fmt: skip


class Shop:
    """One order on a stage, with what was last decided and all that was ever told."""

    def __init__(self) -> None:
        self.stage = Stage(decide, apply)
        self.last = Effects()
        self.told: list[tuple[str, Any]] = []
        self.versions: dict[str, int] = {}

    def send(self, kind: str, record: Any, **more: Any) -> Effects:
        """Decide one command."""
        self.last = self.stage.send(kind, record, key=ID, **more)
        self.told += [(fact.type, fact.record) for fact in self.last.facts]
        return self.last

    def place(self, *lines: v1.OrderLine, **terms: Any) -> Effects:
        return self.send("order.place", v1.place_order(order_id=ID, content=content(*lines, **terms)))

    def resolve(self, *lines: v1.OrderLine, **terms: Any) -> Effects:
        return self.send("order.resolve", v1.resolve_order(order_id=ID, content=content(*lines, **terms), actor="ada"))

    def cancel(self, receipt: str = "", **lines: int | None) -> Effects:
        """Cancel lines, named l1, l2 …, or the whole order."""
        cut = [v1.cancel_line(line=name[1:], quantity=quantity) for name, quantity in lines.items()]
        return self.send(
            "order.cancel", v1.cancel_order(order_id=ID, reason="changed my mind", lines=cut), receipt=receipt
        )

    def stock(
        self,
        sku: str,
        *lines: v1.LineStock,
        state: str = "granted",
        attempt: int | None = None,
        version: int | None = None,
    ) -> Effects:
        """A SKU answers, by default its last attempt with a new version."""
        row = self.row(f"sku|{sku}")
        self.versions[sku] = self.versions.get(sku, 0) + 1 if version is None else version
        return self.send("order.stock-answer", v1.stock_answer(order_id=ID, sku=sku, attempt=row["attempt"] if attempt is None else attempt,
                                                               state=state, version=self.versions[sku], lines=list(lines)))  # fmt: skip

    def posted(
        self, outcome: str = "posted", revision: int | None = None, reason: str = "", number: str = "SO-1"
    ) -> Effects:
        """The ERP answers."""
        said = self.order["post_revision"] if revision is None else revision
        return self.send("order.post-answer", v1.post_answer(order_id=ID, revision=said, outcome=outcome, erp="erp", reason=reason,
                                                             number=number if outcome == "posted" else ""))  # fmt: skip

    def ship(self, event: str, short: dict[str, int] | None = None, /, shipment: str = "S-1", **lines: int) -> Effects:
        """Goods leave; lines are named l1, l2 …"""
        left = [v1.line_quantity(line=name[1:], quantity=quantity) for name, quantity in lines.items()]
        lost = [v1.line_quantity(line=name, quantity=quantity) for name, quantity in (short or {}).items()]
        return self.send("order.shipment-fact", v1.shipment_fact(order_id=ID, shipment=shipment, event_id=event, at=self.stage.now,
                                                                 lines=left, short=lost))  # fmt: skip

    def milestone(self, event: str, code: str, *, shipment: str = "S-1", late: bool = False, **lines: int) -> Effects:
        """A carrier reports."""
        named = [v1.line_quantity(line=name[1:], quantity=quantity) for name, quantity in lines.items()]
        return self.send("order.milestone-fact", v1.milestone_fact(order_id=ID, shipment=shipment, event_id=event, code=code, late=late,
                                                                   at=self.stage.now, known_at=self.stage.now, lines=named))  # fmt: skip

    def invoice(self, event: str, kind: str = "posted", **lines: int) -> Effects:
        """Finance reports."""
        billed = [v1.invoice_line(line=name[1:], quantity=quantity) for name, quantity in lines.items()]
        return self.send("order.invoice-fact", v1.invoice_fact(order_id=ID, kind=kind, number="INV-1", event_id=event, at=self.stage.now,
                                                               lines=billed))  # fmt: skip

    def wake(self, sku: str, wake_id: str = "w-1") -> Effects:
        return self.send("order.stock-wake", v1.stock_wake(order_id=ID, sku=sku, wake_id=wake_id, available=99))

    def release(self) -> Effects:
        return self.send("order.release", v1.release_order(order_id=ID, actor="ada"))

    def late(self, step: str, attempt: int = 0, after_ms: int = 0) -> Effects:
        """A deadline's timer comes back."""
        said = v1.deadline_reached(order_id=ID, step=step, attempt=attempt)
        return self.send("order.deadline", said, now=self.stage.now + 1 + after_ms)

    @property
    def rows(self) -> DictRows:
        return self.stage.keys[ID]

    def row(self, name: str) -> Any:
        return self.rows.get(name)

    @property
    def order(self) -> Any:
        return self.row("order") or blank(ID)

    def line(self, line: str = "1") -> dict[str, int]:
        """What is not zero of a line's quantities."""
        return {
            name: value
            for name, value in self.row(f"line|{line}").items()
            if type(value) is int and value and name != "billed"
        }

    @property
    def headlines(self) -> list[str]:
        """Every headline that was told."""
        return [record["new"] for kind, record in self.told if kind == "order.status.changed"]

    def exceptions(self) -> list[str]:
        """The ids of the open ones."""
        return [name.partition("|")[2] for name, _ in self.rows.scan("exception|")]

    def facts(self, kind: str) -> list[Any]:
        """Of the last decision."""
        return facts(self.last, kind)

    def asks(self, kind: str) -> list[Any]:
        """Of the last decision."""
        return asks(self.last, kind)


def held(
    line: str,
    reserved: int,
    waiting: int = 0,
    missing: int = 0,
    allocated: int = 0,
    shipped: int = 0,
    places: tuple[v1.Allocation, ...] = (),
) -> v1.LineStock:
    """What a SKU says of a line."""
    return v1.line_stock(
        line=line, reserved=reserved, waiting=waiting, missing=missing, allocated=allocated, shipped=shipped,
        allocations=list(places),
    )  # fmt: skip


def confirmed_shop(quantity: int = 10, **policy: Any) -> Shop:
    """A shop whose order of one line stands in the ERP, all of it reserved."""
    shop = Shop()
    shop.place(item("1", "A", quantity), **policy)
    shop.stock("A", held("1", quantity))
    shop.posted()
    return shop
