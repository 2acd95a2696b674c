"""The book of one order while a command is decided on: its facts so far, and the rows as they are after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.generated import orders_v1
from streams.draft import Draft
from streams.engine.effects import Ask, Message, Timer
from streams.orders.bundled import OF_BUNDLES, addressed
from streams.orders.facts import FACTS
from tables.orders import apply
from tables.orders.rows import Header, Line, exception_id, exception_of, header_of, line_of, sku_of
from tables.rows import Rows

SECOND_MS = 1_000


class Book(Draft):
    """A decision on one order in the making; each fact gets the order's next number."""

    def __init__(self, message: Message, rows: Rows) -> None:
        super().__init__(message, rows, apply)
        self.order_id = message.key
        self.reason = ""  # why the order ends, for whoever is told its status

    @property
    def order(self) -> Header:
        """The header as it is now."""
        return header_of(self.rows, self.order_id)

    @property
    def placed(self) -> bool:
        """Whether the order itself has come."""
        return self.order["generation"] > 0

    def emit(self, fact: str, /, **fields: Any) -> None:
        """Decide a fact of the order."""
        order = self.order
        about = {
            "order_id": self.order_id,
            "seq": order["seq"] + 1,
            "number": order["number"],
            "channel": order["channel"],
        }
        self.fact(fact, FACTS[fact](**{**about, **fields}))

    def step(self, step: str, **fields: Any) -> None:
        """The saga takes a step."""
        self.emit("order.step.moved", step=step, **fields)

    def change(self, lines: Iterable[Line], cause: str) -> None:
        """Lines get new quantities; those that stay as they are are left out."""
        changed = [line for line in lines if line != line_of(self.rows, line["line"])]
        if changed:
            self.emit("order.lines.changed", cause=cause, lines=changed)

    def tell(self, kind: str, key: str, record: Mapping[str, Any]) -> None:
        """Ask another mailbox, in the order's channel; what is asked of a bundle's stock goes to who holds its components."""
        row = sku_of(self.rows, key) if kind in OF_BUNDLES else None
        kind, record = addressed(kind, record, row["components"] if row else ())
        self.ask(Ask(kind, key, record, channel=self.order["channel"] or None))

    def ignore(self, reason: str) -> None:
        """The command changes nothing: an outcome that is neither kept nor published."""
        record = orders_v1.command_ignored(order_id=self.order_id, command=self.message.type, reason=reason)
        self.fact("order.ignored", record)

    def deadline(self, step: str, after_s: int, attempt: int = 0) -> None:
        """A step has to be done in time."""
        record = orders_v1.deadline_reached(order_id=self.order_id, step=step, attempt=attempt)
        self.timer(Timer(step, self.now + after_s * SECOND_MS, "order.deadline", record))

    def no_deadline(self, *steps: str) -> None:
        """These steps are done, or will never be."""
        for step in steps:
            self.timer(Timer(step, None))

    def trouble(self, found: str, *, cause: str, detail: str = "", line: str = "") -> None:
        """Somebody has to look: one exception per class and line, a newer one replaces the older."""
        known = exception_of(self.rows, found, line)
        if known is None or known["detail"] != detail:
            self.emit("exception.raised", exception_id=exception_id(found, line), exception_class=found, cause=cause,
                      detail=detail, line=line)  # fmt: skip

    def relief(self, found: str, resolution: str, *, line: str = "", actor: str = "") -> None:
        """Nobody has to look any more."""
        if exception_of(self.rows, found, line) is not None:
            self.emit("exception.resolved", exception_id=exception_id(found, line), exception_class=found,
                      resolution=resolution, actor=actor, line=line)  # fmt: skip
