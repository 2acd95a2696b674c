"""A small world around one order: shelves, an ERP and the mailboxes between them, delivered in any order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from schemas.generated import orders_v1 as v1
from streams.engine.effects import Ask
from tests.streams.orders.shop import ID, Shop, held


@dataclass
class Shelf:
    """One SKU as its owner keeps it for one order: absolute, versioned answers; closed attempts are refused."""

    sku: str
    free: int
    shop: World
    rows: dict[str, list[int]] = field(default_factory=dict)  # line → reserved, allocated, waiting
    closed: int = 0
    version: int = 0
    answers: dict[int, tuple[str, dict[str, int]]] = field(default_factory=dict)  # attempt → state, missing by line
    queue: dict[str, int] = field(default_factory=dict)  # a whole demand that waits without a hold
    waking: str = ""
    wakes: int = 0

    def take(self, kind: str, record: Any) -> None:
        """Decide one command."""
        getattr(self, "on_" + kind.partition(".")[2].replace("-", "_"))(record)
        self.supply(0)

    def on_reserve(self, said: Any) -> None:
        attempt, wanted = said["attempt"], {line["line"]: line["quantity"] for line in said["lines"]}
        self.waking = "" if said["wake_id"] == self.waking else self.waking
        if attempt <= self.closed or attempt < max(self.answers, default=0):
            return self.answer(attempt, "closed", {})
        if attempt not in self.answers:
            self.version += 1
            grant = self._whole if said["mode"] == "whole" else self._partial
            self.answers[attempt] = grant(wanted, said["wait"])
        return self.answer(attempt, *self.answers[attempt])

    def _whole(self, wanted: dict[str, int], wait: bool) -> tuple[str, dict[str, int]]:
        self.queue = {}
        if sum(wanted.values()) <= self.free:
            self._partial(wanted, wait=False)
            return "granted", {}
        self.queue = dict(wanted) if wait else {}
        return ("partial", {}) if wait else ("refused", wanted)

    def _partial(self, wanted: dict[str, int], wait: bool) -> tuple[str, dict[str, int]]:
        missing = {}
        for line, quantity in wanted.items():
            row = self.rows.setdefault(line, [0, 0, 0])
            granted = min(self.free, quantity)
            self.free -= granted
            row[0] += granted
            row[2] += quantity - granted if wait else 0
            missing[line] = 0 if wait else quantity - granted
        return ("partial" if any(missing.values()) else "granted"), missing

    def on_release(self, said: Any) -> None:
        self.version += 1
        parts = {line["line"]: line["quantity"] for line in said["lines"]}
        if not parts:
            self.closed, self.queue, self.waking = max(self.closed, said["attempt"]), {}, ""
            parts = {line: sum(row) for line, row in self.rows.items()}
        for line, quantity in parts.items():
            row = self.rows.get(line, [0, 0, 0])
            for place in (1, 0) if said["reason"] == "short_pick" else (2, 0, 1):
                gone = min(row[place], quantity)
                row[place] -= gone
                quantity -= gone
                self.free += gone if place != 2 else 0

    def on_allocate(self, said: Any) -> None:
        for line in said["lines"]:
            row = self.rows.get(line["line"], [0, 0, 0])
            firm = min(row[0], line["quantity"])
            row[0], row[1] = row[0] - firm, row[1] + firm
        if said["attempt"] > self.closed:
            self.version += 1
            self.answer(max(self.answers), "granted", {})

    def on_ship(self, said: Any) -> None:
        row, left = self.rows[said["line"]], said["quantity"]
        self.version += 1
        for place in (1, 0):
            gone = min(row[place], left)
            row[place] -= gone
            left -= gone

    def on_wake_answer(self, said: Any) -> None:
        if said["wake_id"] == self.waking:
            self.waking, self.queue = "", {}

    def supply(self, pieces: int) -> None:
        """More on the shelf: lines that wait get it, a whole demand that fits is woken."""
        self.free += pieces
        granted = 0
        for row in self.rows.values():
            more = min(self.free, row[2])
            self.free, row[0], row[2], granted = self.free - more, row[0] + more, row[2] - more, granted + more
        if granted:
            self.version += 1
            self.answer(max(self.answers), "granted", {})
        if self.queue and not self.waking and sum(self.queue.values()) <= self.free:
            self.wakes += 1
            self.waking = f"{self.sku}-{self.wakes}"
            self.shop.tell(
                "order.stock-wake", v1.stock_wake(order_id=ID, sku=self.sku, wake_id=self.waking, available=self.free)
            )

    def answer(self, attempt: int, state: str, missing: dict[str, int]) -> None:
        """Absolute, of all lines."""
        lines = [held(line, row[0], row[2], missing.get(line, 0), row[1]) for line, row in sorted(self.rows.items())]
        lines += [held(line, 0, quantity) for line, quantity in sorted(self.queue.items()) if line not in self.rows]
        said = v1.stock_answer(
            order_id=ID, sku=self.sku, attempt=attempt, state=state, version=self.version, lines=lines
        )
        self.shop.tell("order.stock-answer", said)


@dataclass
class Erp:
    """An ERP that takes an order or refuses it, and knows it once."""

    refuses: bool
    shop: World
    stands: bool = False
    taken: int = 0

    def take(self, kind: str, record: Any) -> None:
        """Post or cancel."""
        if record["cancel"]:
            outcome, self.stands = "cancelled", False
        elif self.refuses:
            outcome = "refused"
        else:
            outcome, self.taken, self.stands = "posted", self.taken + (not self.taken), True
        number = "SO-1" if outcome == "posted" else ""
        self.shop.tell(
            "order.post-answer",
            v1.post_answer(order_id=ID, revision=record["revision"], outcome=outcome, erp="erp", number=number),
        )


class World:
    """The order, its shelves, its ERP and their mailboxes; each mailbox keeps its order, between them there is none."""

    def __init__(self, stock: dict[str, int], *, refuses: bool = False) -> None:
        self.order = Shop()
        self.shelves = {sku: Shelf(sku, free, self) for sku, free in stock.items()}
        self.erp = Erp(refuses, self)
        self.mail: dict[str, deque[tuple[str, Any]]] = {name: deque() for name in ("orders", "erp", *stock)}
        self.shipped = 0

    def tell(self, kind: str, record: Any) -> None:
        """Into the order's mailbox."""
        self.mail["orders"].append((kind, record))

    def do(self, kind: str, record: Any, **envelope: Any) -> None:
        """The order decides, and its asks go out."""
        self.sort(self.order.send(kind, record, **envelope).asks)

    def sort(self, asks: tuple[Ask, ...]) -> None:
        """Into the mailboxes of those who are asked."""
        for ask in asks:
            if ask.key in self.mail:
                self.mail[ask.key].append((ask.type, ask.record))

    def waiting(self) -> list[str]:
        """Mailboxes with something in them."""
        return [name for name, mail in self.mail.items() if mail]

    def deliver(self, name: str, *, twice: bool = False) -> None:
        """The next record of one mailbox; twice where the transport doubles it."""
        kind, record = self.mail[name].popleft()
        for _ in range(2 if twice and name == "orders" else 1):
            if name == "orders":
                self.do(kind, record)
            else:
                (self.erp if name == "erp" else self.shelves[name]).take(kind, record)

    def drain(self) -> None:
        """Until nothing is under way."""
        for _ in range(10_000):
            if not (names := self.waiting()):
                return
            self.deliver(names[0])
        raise AssertionError("the saga does not come to rest")

    def supply(self, sku: str, pieces: int) -> None:
        """More comes in."""
        self.shelves[sku].supply(pieces)

    def firm(self, sku: str, line: str) -> int:
        """What the warehouse has been given of a line."""
        return self.shelves[sku].rows.get(line, [0, 0, 0])[1]

    def short(self, sku: str, line: str, quantity: int) -> None:
        """The warehouse does not find what it was given."""
        missing = min(quantity, self.firm(sku, line))
        if missing:
            self.shipped += 1
            lost = [v1.line_quantity(line=line, sku=sku, quantity=missing)]
            event = f"d-{self.shipped}"
            self.tell(
                "order.shipment-fact", v1.shipment_fact(order_id=ID, shipment="S-1", event_id=event, at=1, short=lost)
            )

    def ship(self, sku: str, line: str, quantity: int) -> None:
        """The warehouse sends what it has been given, and both sides hear of it, each in its time."""
        leaving = min(quantity, self.firm(sku, line))
        if leaving:
            self.shipped += 1
            event = f"d-{self.shipped}"
            left = [v1.line_quantity(line=line, sku=sku, quantity=leaving)]
            self.tell(
                "order.shipment-fact", v1.shipment_fact(order_id=ID, shipment="S-1", event_id=event, at=1, lines=left)
            )
            self.mail[sku].append(("stock.ship", {"line": line, "quantity": leaving}))
