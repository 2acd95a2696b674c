"""The book of one reservation while a command is decided on: its facts so far, and the rows as they are after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from schemas.generated import inventory_v1, orders_v1
from schemas.generated.state_orders_v1 import Cart, CartSku
from streams.draft import Draft
from streams.engine.effects import Ask, Message, Timer
from streams.orders.bundled import addressed
from tables.orders.carts import apply, cart_of, skus_of
from tables.rows import Rows

ATTEMPT = 1  # a reservation asks each SKU once: one that is over is not revived, a new one has another id
CAP_S = 4 * 3_600  # how long a cart holds at most, counted from its beginning
ASK_AGAIN_MS = 10_000
GRACE_MS = 2_000  # the SKUs end their holds themselves and say so; this long after it the end is stated without them
FORGET_MS = 8 * 86_400_000  # a day longer than a repeat of the request may come

FACTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "cart.opened": orders_v1.cart_opened,
        "cart.stock.noted": orders_v1.cart_stock_noted,
        "cart.held": orders_v1.cart_held,
        "cart.refused": orders_v1.cart_refused,
        "cart.extension.asked": orders_v1.cart_extension_asked,
        "cart.extended": orders_v1.cart_extended,
        "cart.released": orders_v1.cart_released,
        "cart.expired": orders_v1.cart_expired,
        "cart.taken": orders_v1.cart_taken,
        "cart.unchanged": orders_v1.cart_unchanged,
        "cart.forgotten": orders_v1.cart_forgotten,
    }
)


class CartBook(Draft):
    """A decision on one reservation in the making; each fact gets its next number."""

    def __init__(self, message: Message, rows: Rows) -> None:
        super().__init__(message, rows, apply)
        self.reservation = message.key

    @property
    def cart(self) -> Cart:
        """The header as it is now."""
        return cart_of(self.rows, self.reservation)

    def emit(self, fact: str, /, **fields: Any) -> None:
        """Decide a fact of the reservation."""
        cart = self.cart
        about = {
            "reservation": self.reservation,
            "seq": cart["seq"] + 1,
            "channel": cart["channel"],
            "cart": cart["cart"],
        }
        self.fact(fact, FACTS[fact](**{**about, **fields}))

    def unchanged(self, reason: str) -> None:
        """The request changes nothing: said, because somebody waits for its outcome."""
        seq = self.cart["seq"] + 1 if self.cart["step"] else 0  # of a reservation that there is not, nothing is counted
        self.emit("cart.unchanged", seq=seq, command=self.message.type, reason=reason)

    def ignore(self, reason: str) -> None:
        """The command changes nothing, and nobody waits for it."""
        record = orders_v1.cart_ignored(reservation=self.reservation, command=self.message.type, reason=reason)
        self.fact("cart.ignored", record)

    def reserve(self, row: CartSku) -> None:
        """Ask a SKU for all its lines together; asking twice is asking once."""
        cart = self.cart
        wanted = [inventory_v1.reserve_line(line=line["line"], quantity=line["quantity"]) for line in row["lines"]]
        self._tell("stock.reserve", row, inventory_v1.reserve(
            sku=row["sku"], holder=self.reservation, holder_kind="cart", attempt=ATTEMPT, channel=cart["channel"],
            mode="partial" if cart["allow_partial"] else "whole", expires_at=cart["expires_at"], lines=wanted,
        ))  # fmt: skip

    def extend(self, row: CartSku, until: int) -> None:
        """Ask a SKU to hold until another time."""
        self._tell("stock.extend", row, inventory_v1.extend_hold(
            sku=row["sku"], holder=self.reservation, attempt=ATTEMPT, expires_at=until
        ))  # fmt: skip

    def give_back(self, reason: str) -> None:
        """Give back what the SKUs hold for the cart, or are about to; what an order has taken over is not the cart's."""
        for row in list(skus_of(self.rows)):
            if row["state"] != "closed":
                self._tell("stock.release", row, inventory_v1.release(
                    sku=row["sku"], holder=self.reservation, attempt=ATTEMPT, reason=reason
                ))  # fmt: skip

    def due(self, step: str, at: int) -> None:
        """Wake the reservation at a time."""
        record = orders_v1.cart_due(reservation=self.reservation, step=step)
        self.timer(Timer(f"cart-{step}", at, "cart.due", record))

    def not_due(self, steps: Iterable[str]) -> None:
        """These times matter no more."""
        for step in steps:
            self.timer(Timer(f"cart-{step}", None))

    def _tell(self, kind: str, row: CartSku, record: Mapping[str, Any]) -> None:
        kind, record = addressed(kind, record, row["lines"][0]["components"])
        self.ask(Ask(kind, row["sku"], record, channel=self.cart["channel"] or None))
