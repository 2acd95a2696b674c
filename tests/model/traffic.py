"""What keys remember and what is on its way between them, with the forms by which states are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from operator import itemgetter
from typing import Any, ClassVar

from schemas.generated import inventory_v1 as inventory
from schemas.generated import orders_v1 as orders
from streams.engine.effects import Timer
from tests.model import canon
from tests.model.script import START

STOCK, ORDERS = "inventory", "orders"
COMMANDS = ("event|release", "event|allocate", "event|transfer")
FREE = frozenset({*canon.UNSEEN, "status_seq", "fingerprint", "due", "since", "content", "confirmed_at"})

Key = tuple[str, str]  # agent, key


class Thing:
    """Something with a canonical form, worked out once: its shape, and the wakes that it names."""

    _shapes: ClassVar[dict[Any, int]] = {}

    def __init__(self, form: Any) -> None:
        shape, self.wakes = canon.apart(form)
        self.shape = self._shapes.setdefault(shape, len(self._shapes))


class Sent(Thing):
    """A command on its way."""

    _count: ClassVar[Iterator[int]] = count()

    def __init__(self, kind: str, record: Mapping[str, Any]) -> None:
        self.kind, self.record, self.id = kind, record, f"m-{next(self._count)}"
        super().__init__((kind, canon.frozen(record, FREE)))


Input = tuple[Key, Sent]  # a command that comes from outside, and to whom


class Memory(Thing):
    """What one key remembers, the timers that it has set, and what was decided of it already."""

    def __init__(self, agent: str, rows: Mapping[str, Any], timers: Mapping[str, Timer]) -> None:
        self.rows, self.timers = rows, timers
        self.decided: dict[tuple[str, int], tuple[Memory, tuple[Input, ...]]] = {}
        waits = tuple(sorted((name, timer.type) for name, timer in timers.items()))
        super().__init__((_form(agent, rows), waits))


def _form(agent: str, rows: Mapping[str, Any]) -> Any:
    """Commands among agents come once, so that the ids of those that have come are looked at by nobody."""
    if agent == STOCK:
        kept = {name: row for name, row in rows.items() if not name.startswith(COMMANDS)}
        woken = rows["sku"]["woken"] if "sku" in rows else None
        return (canon.of_sku(kept), woken["wake_id"] if woken else "")
    return tuple(sorted((name, canon.frozen(row, FREE)) for name, row in rows.items()))


@dataclass(frozen=True, slots=True)
class State:
    """Every key's memory, what is on its way from whom to whom, which inputs have not come yet, and the time."""

    memories: Mapping[Key, Memory]
    channels: Mapping[tuple[Key, Key], tuple[Sent, ...]]
    coming: tuple[int, ...]
    now: int = START

    def form(self) -> Any:
        """What the future depends on; wakes are called by the order in which they appear."""
        names: dict[str, int] = {}

        def told(thing: Thing) -> Any:
            return (thing.shape, *(names.setdefault(wake, len(names)) for wake in thing.wakes))

        known = tuple((key, told(memory)) for key, memory in sorted(self.memories.items(), key=itemgetter(0)))
        moving = tuple(
            (way, tuple(told(sent) for sent in sents))
            for way, sents in sorted(self.channels.items(), key=itemgetter(0))
        )
        return known, moving, self.coming


def place(order: str, wanted: Mapping[str, int], **policy: Any) -> Input:
    """An order comes in."""
    lines = [
        orders.order_line(line=str(n), sku=sku, quantity=units) for n, (sku, units) in enumerate(wanted.items(), 1)
    ]
    content = orders.order_content(
        channel="portal", party="portal", number=order, fingerprint=order, lines=lines,
        policy=orders.order_policy(**{"ship_complete": True, "backorder": True, **policy}),
    )  # fmt: skip
    return (ORDERS, order), Sent("order.place", orders.place_order(order_id=order, content=content))


def cancel(order: str) -> Input:
    """An order is cancelled."""
    return (ORDERS, order), Sent("order.cancel", orders.cancel_order(order_id=order))


def supply(sku: str, units: int, event: str) -> Input:
    """Goods come in."""
    record = inventory.report_stock(
        sku=sku, kind="received", source="wms", as_of=START, location="A", quantity=units, event_id=event
    )
    return (STOCK, sku), Sent("stock.report", record)
