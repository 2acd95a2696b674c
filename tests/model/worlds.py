"""The small worlds: two SKUs at two locations, three orders or carts, six units, and all that can happen to them."""

from __future__ import annotations

from typing import Any

from schemas.generated import inventory_v1 as inventory
from tests.model.script import World, Writer

CART: dict[str, Any] = {"holder_kind": "cart", "expires_at": None}


def trade() -> World:
    """Three orders want six units: some are shipped, some given back, one waits; messages overtake each other."""
    x, y = Writer("X"), Writer("Y")
    return World("trade", (
        x.report("count", "counted", "A", 3, minute=1, sequence=1),
        x.report("receipt", "received", "B", 3, minute=2),
        x.reserve("reserve 1", "PO-1", 4, wait=True),
        x.reserve("reserve 2", "PO-2", 3, wait=True),
        x.allocate("allocate 1", "PO-1", 4, after="reserve 1"),
        x.ship("ship 1", "PO-1", 3, "A", minute=3, after="allocate 1"),
        x.release("cancel 1", "PO-1"),
        x.release("cancel 2", "PO-2"),
        x.report("recount", "counted", "A", 1, minute=4, sequence=2, level=1),
        y.report("count", "counted", "A", 2, minute=1, sequence=1),
        y.reserve("reserve 3", "PO-3", 2, mode="whole"),
        y.release("cancel 3", "PO-3", after="@X cancel 2"),
        y.reserve("reserve 1", "PO-1", 1, wait=True, level=2),
        y.release("cancel 1", "PO-1", level=2),
        x.report("return", "received", "A", 2, minute=5, unsellable=1, level=2),
        x.ship("ship 2", "PO-2", 1, "B", minute=6, after="reserve 2", level=2),
    ))  # fmt: skip


def cuts() -> World:
    """Partial releases, a short pick that comes late, a second attempt, and a first one that comes after it."""
    x, y = Writer("X"), Writer("Y")
    return World("cuts", (
        x.report("receipt", "received", "A", 6, minute=1),
        x.reserve("reserve 1", "PO-1", 3, wait=True),
        x.reserve("reserve 1 more", "PO-1", 2, attempt=2, wait=True, level=1),
        x.release("cut 1", "PO-1", 2, attempt=1),
        x.reserve("reserve 2", "PO-2", 4, wait=True),
        x.allocate("allocate 2", "PO-2", after="reserve 2", level=1),
        x.release("close 1", "PO-1", attempt=2),
        x.release("close 2", "PO-2", attempt=1),
        y.report("receipt", "received", "B", 2, minute=1),
        y.reserve("reserve 3", "PO-3", 2),
        y.release("cut 3", "PO-3", 1),
        y.release("close 3", "PO-3", attempt=3),
        x.ship("ship 2", "PO-2", 2, "A", minute=2, after="allocate 2", level=2),
        x.report("count", "counted", "A", 4, minute=3, sequence=1, level=2),
        y.reserve("reserve 2", "PO-2", 1, level=2),
        y.release("close 2", "PO-2", level=2),
    ))  # fmt: skip


def carts() -> World:
    """A cart that expires, is extended, is taken over by an order, or all of it at once."""
    x, y = Writer("X"), Writer("Y")
    return World("carts", (
        x.report("receipt", "received", "A", 3, minute=1),
        x.reserve("hold", "CART", 3, **CART),
        x.extend("extend", "CART", 2, after="hold"),
        x.expire("stray expiry", "CART"),
        x.reserve("take over", "PO-1", 2, from_holder="CART", mode="whole"),
        x.reserve("rival", "PO-2", 2, wait=True, level=1),
        x.release("cart closes", "CART", after="take over"),
        x.release("close 1", "PO-1"),
        x.release("close 2", "PO-2", level=1),
        x.report("damage", "damaged", "A", 1, minute=2, level=2),
        y.report("receipt", "received", "B", 2, minute=1),
        y.reserve("hold", "CART", 2, after="@X hold", **CART),
        y.reserve("take over", "PO-1", 2, from_holder="CART", after="@X take over"),
        y.release("cart closes", "CART", after="@X cart closes"),
        y.release("close 1", "PO-1", after="@X close 1"),
    ), ticks=2)  # fmt: skip


def late() -> World:
    """Counts, movements, damage, a return and a transfer between locations, each as late as can be."""
    x, y = Writer("X"), Writer("Y")
    return World("late", (
        x.report("count 1", "counted", "A", 4, minute=1, sequence=1, unsellable=0),
        x.report("damage", "damaged", "A", 1, minute=2),
        x.report("count 2", "counted", "A", 4, minute=3, sequence=2),
        x.ship("dispatch", "PO-1", 2, "A", minute=4),
        x.report("count 3", "counted", "A", 2, minute=5, sequence=3, unsellable=1, level=1),
        x.report("return", "received", "A", 2, minute=6, unsellable=1),
        x.report("transfer", "transferred", "A", 1, minute=7, to_location="B"),
        x.report("count B", "counted", "B", 1, minute=8, sequence=1),
        x.report("adjust", "adjusted", "B", -1, minute=9, level=1),
        x.report("cleared", "cleared", "A", 1, minute=10, level=2),
        y.report("count 1", "counted", "B", 6, minute=1, sequence=1),
        y.report("receipt", "received", "B", 2, minute=2),
        y.report("count 2", "counted", "B", 8, minute=3, sequence=2),
    ), independent=True)  # fmt: skip


def gap() -> World:
    """A dispatch and a count that may or may not have it inside: never sold in the gap, never subtracted twice."""
    x, y = Writer("X"), Writer("Y")
    return World("gap", (
        x.report("count 1", "counted", "A", 5, minute=1, sequence=1),
        x.reserve("reserve 1", "PO-1", 3, after="count 1"),
        x.allocate("allocate 1", "PO-1", 3, after="reserve 1"),
        x.ship("dispatch", "PO-1", 3, "A", minute=3, after="allocate 1"),
        x.report("count 2", "counted", "A", 5, minute=2, sequence=2, after="allocate 1"),
        x.report("count 3", "counted", "A", 2, minute=4, sequence=3, after="allocate 1"),
        x.reserve("rival", "PO-2", 3, after="count 1"),
        x.release("close 1", "PO-1", after="dispatch"),
        x.release("close 2", "PO-2"),
        x.ship("dispatch 2", "PO-2", 1, "A", minute=5, after="rival", level=2),
        x.report("return", "received", "A", 1, minute=6, level=2),
        x.report("damage", "damaged", "A", 1, minute=2, level=2),
        y.report("count", "counted", "B", 1, minute=1, sequence=1),
        y.reserve("reserve 3", "PO-3", 1),
        y.ship("dispatch", "PO-3", 1, "B", minute=2),
        y.release("close 3", "PO-3"),
    ))  # fmt: skip


def moves() -> World:
    """Holds move between locations and orders while goods come, go and are given back."""
    x, y = Writer("X"), Writer("Y")
    return World("moves", (
        x.report("receipt A", "received", "A", 3, minute=1),
        x.report("receipt B", "received", "B", 3, minute=2),
        x.reserve("reserve 1", "PO-1", 4),
        x.transfer("to B", "PO-1", 2, from_location="A", to_location="B"),
        x.transfer("to 2", "PO-1", 2, to_holder="PO-2", to_attempt=1),
        x.ship("ship 2", "PO-2", 1, "B", minute=3, after="to 2", level=2),
        x.allocate("allocate 1", "PO-1", level=1),
        x.reserve("reserve 3", "PO-3", 3, wait=True, level=1),
        x.release("close 1", "PO-1"),
        x.release("close 2", "PO-2"),
        x.release("close 3", "PO-3", level=1),
        y.report("receipt A", "received", "A", 2, minute=1),
        y.reserve("reserve 1", "PO-1", 2, after="@X reserve 1"),
        y.transfer("to 2", "PO-1", 1, to_holder="PO-2", to_attempt=1),
        y.release("close 1", "PO-1", after="@X close 1"),
        y.release("close 2", "PO-2"),
    ))  # fmt: skip


def quotas() -> World:
    """A guarantee, a cap, a limit of back-orders, thresholds and announced supply, with three channels that compete."""
    x, y = Writer("X"), Writer("Y")
    rules = {
        "channels": [
            _rule("edi", guarantee=2), _rule("mkt", cap=2, backorder_limit=1), _rule("web", split=False),
        ],
        "thresholds": [_threshold("low", "web", 1, 3), _threshold("out", "", 0, 1), _threshold("reorder", "", 2, 4)],
    }  # fmt: skip
    return World("quotas", (
        x.announce("announce", "PO-77", 3, minute=0),
        x.report("receipt A", "received", "A", 3, minute=1, supply="PO-77"),
        x.report("receipt B", "received", "B", 3, minute=2),
        x.reserve("edi", "PO-1", 3, channel="edi", wait=True),
        x.reserve("mkt", "PO-2", 4, channel="mkt", wait=True),
        x.reserve("web", "PO-3", 3, channel="web", wait=True, level=1),
        x.ship("ship edi", "PO-1", 1, "A", minute=3, after="edi", level=2),
        x.release("cut mkt", "PO-2", 1, level=2),
        x.release("close edi", "PO-1"),
        x.release("close mkt", "PO-2"),
        x.release("close web", "PO-3", level=1),
        y.report("receipt A", "received", "A", 2, minute=1),
        y.reserve("web", "PO-3", 2, channel="web"),
        y.release("close web", "PO-3"),
    ), rules={"X": rules})  # fmt: skip


def wholes() -> World:
    """Ship-complete demand that waits without a hold, is woken, does not answer in time, and is given back."""
    x, y = Writer("X"), Writer("Y")
    return World("wholes", (
        x.report("receipt A", "received", "A", 3, minute=1),
        x.report("receipt B", "received", "B", 3, minute=2),
        x.reserve("waits 1", "PO-1", 4, mode="whole", wait=True),
        x.reserve("waits 2", "PO-2", 2, mode="whole", wait=True),
        x.reserve("takes 1", "PO-1", 4, attempt=2, mode="whole", after="waits 1"),
        x.reserve("part", "PO-3", 2, wait=True, level=1),
        x.report("damage", "damaged", "A", 1, minute=3, level=2),
        x.ship("ship 1", "PO-1", 2, "A", minute=4, after="takes 1", level=2),
        x.release("close 1", "PO-1", attempt=2),
        x.release("close 2", "PO-2", attempt=1),
        x.release("close 3", "PO-3", level=1),
        y.report("receipt A", "received", "A", 2, minute=1),
        y.reserve("waits 1", "PO-1", 2, mode="whole", wait=True),
        y.release("close 1", "PO-1", attempt=2),
    ), ticks=1)  # fmt: skip


def plenty() -> World:
    """Enough for everybody, and each order has a location of its own: nothing depends on who comes first."""
    x, y = Writer("X"), Writer("Y")
    apart = {"channels": [_rule("web", locations=["A"]), _rule("edi", locations=["B"])]}
    return World("plenty", (
        x.report("count A", "counted", "A", 6, minute=1, sequence=1),
        x.report("count B", "counted", "B", 6, minute=1, sequence=1),
        x.reserve("reserve 1", "PO-1", 3, after="count A"),
        x.allocate("allocate 1", "PO-1", 2, after="reserve 1"),
        x.ship("ship 1", "PO-1", 1, "A", minute=3, after="allocate 1"),
        x.reserve("reserve 2", "PO-2", 4, channel="edi", after="count B"),
        x.release("cut 2", "PO-2", 1, after="reserve 2"),
        x.report("recount A", "counted", "A", 6, minute=2, sequence=2, after="reserve 1"),
        x.report("adjust B", "adjusted", "B", -1, minute=4, after="reserve 2", level=1),
        x.transfer("move 2", "PO-2", 1, to_location="A", after="cut 2, count A", level=2),
        y.report("receipt", "received", "A", 6, minute=1),
        y.reserve("reserve 3", "PO-3", 2, after="receipt"),
        y.ship("ship 3", "PO-3", 2, "A", minute=2, after="reserve 3"),
        y.reserve("reserve 1", "PO-1", 1, after="receipt", level=1),
    ), rules={"X": apart}, independent=True)  # fmt: skip


MAKERS = {make.__name__: make for make in (trade, cuts, carts, late, gap, moves, quotas, wholes, plenty)}
NAMES = tuple(MAKERS)
QUICK = ("trade", "cuts", "late", "gap", "plenty")  # together some five seconds


def world(name: str, level: int) -> World:
    """A world in the size of a level."""
    return MAKERS[name]().sized(level)


def _rule(channel: str, **rule: object) -> object:
    return inventory.channel_rule(channel=channel, **rule)  # type: ignore[arg-type]


def _threshold(kind: str, channel: str, at: int, clear: int) -> object:
    return inventory.threshold(kind=kind, channel=channel, at=at, clear=clear)
