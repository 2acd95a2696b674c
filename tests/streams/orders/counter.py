"""A counter for one cart: holds, answers for its SKUs, and reads what became of it; and a street of real shelves around it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from schemas.generated import orders_v1 as v1
from schemas.generated.state_orders_v1 import Cart
from streams.engine.effects import Effects, Timer
from streams.orders.decide import decide
from tables.orders import apply
from tables.orders.carts import cart_of
from tests.streams.inventory import shelf as shelves
from tests.streams.orders.shop import held
from tests.support.stage import Stage, asks, facts

ID = "cart-1"
SECOND = 1_000


def line(name: str, sku: str, quantity: int) -> v1.CartLine:
    """A line of a cart."""
    return v1.cart_line(line=name, sku=sku, quantity=quantity)


class Counter:
    """One reservation on a stage, with its timers and all that was ever told."""

    def __init__(self) -> None:
        self.stage = Stage(decide, apply)
        self.last = Effects()
        self.timers: dict[str, Timer] = {}
        self.told: list[tuple[str, Any]] = []

    def send(self, kind: str, record: Any, **more: Any) -> Effects:
        """Decide one command."""
        self.last = self.stage.send(kind, record, key=ID, **more)
        self.told += [(fact.type, fact.record) for fact in self.last.facts]
        for timer in self.last.timers:
            self.timers.pop(timer.name, None) if timer.due is None else self.timers.update({timer.name: timer})
        return self.last

    def hold(self, *lines: v1.CartLine, receipt: str = "R/0", **terms: Any) -> Effects:
        record = v1.hold_cart(reservation=ID, channel="portal", cart="c-1", lines=list(lines), **terms)
        return self.send("cart.hold", record, receipt=receipt)

    def stock(
        self, sku: str, *lines: v1.LineStock, state: str = "granted", version: int = 1, until: int | None = None, **more: Any
    ) -> Effects:  # fmt: skip
        """A SKU answers, by default that it holds until the cart's time."""
        expires_at = self.cart["expires_at"] if until is None and state != "closed" else until
        said = v1.cart_stock_answer(reservation=ID, sku=sku, attempt=1, state=state, version=version, lines=list(lines),
                                    expires_at=expires_at, **more)  # fmt: skip
        return self.send("cart.stock-answer", said)

    def extend(self, expires_in: int = 900, **more: Any) -> Effects:
        return self.send("cart.extend", v1.extend_cart(reservation=ID, expires_in=expires_in), **more)

    def release(self) -> Effects:
        return self.send("cart.release", v1.release_cart(reservation=ID, reason="changed my mind"))

    def due(self, step: str) -> Effects:
        """The time that the reservation waits for comes."""
        timer = self.timers.pop(f"cart-{step}")
        return self.send(timer.type, timer.record, now=timer.due)

    @property
    def rows(self) -> Mapping[str, Any]:
        return self.stage.keys[ID].rows

    @property
    def cart(self) -> Cart:
        return cart_of(self.stage.keys[ID], ID)

    @property
    def step(self) -> str:
        return self.cart["step"]

    @property
    def kinds(self) -> list[str]:
        """The facts of the last decision."""
        return [fact.type for fact in self.last.facts]

    def fact(self, kind: str) -> Any:
        """The only one of this type in the last decision."""
        (found,) = facts(self.last, kind)
        return found

    def asks(self, kind: str) -> list[Any]:
        """Of the last decision."""
        return asks(self.last, kind)


def held_counter(**terms: Any) -> Counter:
    """A cart of two SKUs that holds all of it."""
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1), **terms)
    counter.stock("A", held("1", 2))
    counter.stock("B", held("2", 1))
    return counter


class Street:
    """A cart, the production decisions of its SKUs, an order that may take it over, and the mailboxes between them.

    Each mailbox keeps its order, between them there is none. The time goes on only when it is told to.
    """

    def __init__(self, **stock: int) -> None:
        self.counter = Counter()
        self.shelves = {sku: shelves.Shelf(DC1=units) for sku, units in stock.items()}
        self.now = self.counter.stage.now + 10
        self.mail: dict[str, deque[tuple[str, Any]]] = {name: deque() for name in (ID, *stock)}

    def do(self, kind: str, record: Any, **envelope: Any) -> None:
        """The cart decides, and its asks go out."""
        self.sort(self.counter.send(kind, record, now=self.now, **envelope))

    def sort(self, effects: Effects, sku: str = "") -> None:
        """Into the mailboxes of those who are asked; a shelf's answers under its own name."""
        for ask in effects.asks:
            if ask.key in self.mail:
                self.mail[ask.key].append((ask.type, {**ask.record, "sku": sku} if sku else ask.record))

    def order(self, name: str, wanted: Mapping[str, int], **terms: Any) -> None:
        """An order asks the shelves for one line of each SKU, and takes the cart's first."""
        for sku, units in wanted.items():
            record = shelves.inventory.reserve(
                sku=sku, holder=name, attempt=1, channel="portal", from_holder=ID,
                lines=[shelves.inventory.reserve_line(line="1", quantity=units)], **terms,
            )  # fmt: skip
            self.mail[sku].append(("stock.reserve", record))

    def waiting(self) -> list[str]:
        """Mailboxes with something in them."""
        return [name for name, mail in self.mail.items() if mail]

    def deliver(self, name: str) -> None:
        """The next record of one mailbox."""
        kind, record = self.mail[name].popleft()
        if name == ID:
            self.do(kind, record)
        else:
            self.sort(self.shelves[name].send(kind, record, now=self.now), sku=name)

    def drain(self) -> None:
        """Until nothing is under way."""
        for _ in range(10_000):
            if not (names := self.waiting()):
                return
            self.deliver(names[0])
        raise AssertionError("the reservation does not come to rest")

    def tick(self, seconds: int) -> None:
        """Time goes on; what is due comes into its mailbox, behind what is there."""
        self.now += seconds * SECOND
        for name, timers in self._timers():
            for timer in [timer for timer in timers.values() if timer.due is not None and timer.due <= self.now]:
                del timers[timer.name]
                self.mail[name].append((timer.type, timer.record))

    def _timers(self) -> list[tuple[str, dict[str, Timer]]]:
        return [(ID, self.counter.timers), *((sku, shelf.timers) for sku, shelf in self.shelves.items())]

    def held(self, holder: str = ID) -> dict[str, int]:
        """What a holder has, by SKU; nothing where it has nothing."""
        found = {sku: shelf.held(holder) for sku, shelf in self.shelves.items()}
        return {sku: units for sku, units in found.items() if units}

    def free(self) -> dict[str, int]:
        """What everybody may still have, by SKU."""
        return {sku: shelf.available() for sku, shelf in self.shelves.items()}
