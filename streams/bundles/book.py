"""The book of one bundle while a command is decided on: its rows as they are after the facts so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.generated import bundles_v1, inventory_v1, orders_v1
from schemas.generated import state_bundles_v1 as state
from schemas.generated.bundles_v1 import Component
from schemas.generated.inventory_v1 import ReleaseLine
from schemas.generated.state_bundles_v1 import Bundle, ComponentOffer, Hold
from schemas.identity import of_bundle
from streams.draft import Draft
from streams.engine.effects import Ask, Message, Timer
from tables.bundles import apply
from tables.bundles.holds import expires_at, state_of, stocks
from tables.bundles.offer import least
from tables.bundles.rows import bundle_of, component_of, hold_of
from tables.rows import Rows

CART = "cart"


class Book(Draft):
    """A decision on one bundle in the making."""

    def __init__(self, message: Message, rows: Rows) -> None:
        super().__init__(message, rows, apply)
        self.sku = message.key

    @property
    def bundle(self) -> Bundle:
        """The recipe, and what was said of it last."""
        return bundle_of(self.rows, self.sku)

    def hold(self, holder: str) -> Hold:
        """What a holder has; a blank row where it is new."""
        return hold_of(self.rows, holder) or state.hold(holder=holder)

    def offers(self, components: Sequence[Component]) -> dict[str, ComponentOffer | None]:
        """What these components offer, as they told last."""
        return {each["sku"]: component_of(self.rows, each["sku"]) for each in components}

    def move(self, hold: Hold, *, done: str = "") -> None:
        """The holder has this now."""
        record = bundles_v1.hold_moved(holder=hold["holder"], hold=hold, done=done)
        self.fact("bundle.hold-moved", record)

    def ignore(self, reason: str) -> None:
        """The command changes nothing."""
        record = bundles_v1.command_ignored(sku=self.sku, command=self.message.type, reason=reason)
        self.fact("bundle.ignored", record)

    def tell(self, kind: str, component: str, record: Mapping[str, Any], channel: str = "") -> None:
        """Ask a component."""
        self.ask(Ask(kind, component, record, channel=channel or None))

    def part_name(self, hold: Hold) -> str:
        """Under which name the holder holds components."""
        return of_bundle(hold["holder"], self.sku)

    def give_back(self, hold: Hold, component: Component, lines: list[ReleaseLine], reason: str) -> None:
        """Let a component give back some, or, without lines, all for good."""
        record = inventory_v1.release(
            sku=component["sku"], holder=self.part_name(hold), attempt=hold["round"], lines=lines, reason=reason
        )
        self.tell("stock.release", component["sku"], record, hold["channel"])

    def due(self, hold: Hold, step: str, at: int | None) -> None:
        """Wake the holder's row at a time; None: never."""
        record = bundles_v1.bundle_due(sku=self.sku, holder=hold["holder"], step=step, attempt=hold["round"])
        self.timer(Timer(f"{step}|{hold['holder']}", at, "bundle.due", None if at is None else record))

    def answer(self, hold: Hold, *, taken_by: str = "") -> None:
        """Tell the holder what it has, in bundles; absolute and versioned.

        taken_by  the order that takes a cart's bundles over
        """
        said: dict[str, Any] = {
            "sku": self.sku,
            "attempt": hold["attempt"],
            "state": state_of(hold),
            "version": hold["version"],
            "lines": stocks(hold),
        }
        if hold["holder_kind"] == CART:
            available = least(hold["components"], self.offers(hold["components"]), hold["channel"]).quantity
            cart = orders_v1.cart_stock_answer(
                reservation=hold["holder"], expires_at=expires_at(hold), available=available, taken_by=taken_by, **said
            )
            self.tell("cart.stock-answer", hold["holder"], cart, hold["channel"])
        else:
            order = orders_v1.stock_answer(order_id=hold["holder"], **said)
            self.tell("order.stock-answer", hold["holder"], order, hold["channel"])
