"""A counter before a pretended ERP: orders in, attempts out, answers and timers back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schemas.generated import erp_v1
from streams.engine.effects import Effects, Timer
from streams.post.decide import decide
from streams.post.pace import fresh
from tables.post import apply
from tests.support.stage import Stage

START = 1_772_438_400_000


class Counter:
    """One ERP's queue, seen from outside."""

    def __init__(self) -> None:
        self.stage = Stage(decide, apply)
        self.now = START
        self.out: dict[str, erp_v1.PostAttempt] = {}  # granted, not answered
        self.granted: list[erp_v1.PostAttempt] = []
        self.answers: list[Any] = []
        self.timers: dict[str, Timer] = {}

    @property
    def rows(self) -> dict[str, Any]:
        return self.stage.keys["erp"].rows

    @property
    def head(self) -> Any:
        return self.rows.get("head") or fresh()

    def send(self, kind: str, record: Any, **envelope: str) -> Effects:
        effects = self.stage.send(kind, record, key="erp", now=self.now, **envelope)
        for ask in effects.asks:
            if ask.type == "post.attempt":
                self.out[ask.record["attempt_id"]] = ask.record  # type: ignore[assignment]
                self.granted.append(ask.record)  # type: ignore[arg-type]
            else:
                self.answers.append(ask.record)
        for timer in effects.timers:
            self.timers.pop(timer.name, None)
            if timer.due is not None:
                self.timers[timer.name] = timer
        return effects

    def order(
        self,
        order: str,
        *,
        revision: int = 1,
        priority: int = 100,
        placed: int = 0,
        cancel: bool = False,
        **envelope: str,
    ) -> Effects:
        line = erp_v1.post_line(line="1", sku="WIDGET", quantity=24, unit="EA", price=Decimal("9.50"))
        record = erp_v1.post_order(
            order_id=order,
            revision=revision,
            erp="erp",
            channel="portal",
            number=f"P-{order}",
            customer="7001",
            currency="USD",
            priority=priority,
            placed_at=START + placed,
            lines=[line],
            cancel=cancel,
        )
        return self.send("post.order", record, **envelope)

    def cancel(self, order: str, revision: int = 1) -> Effects:
        return self.order(order, revision=revision, cancel=True)

    def answer(self, attempt: erp_v1.PostAttempt, outcome: str, number: str = "", **more: Any) -> Effects:
        self.out.pop(attempt["attempt_id"], None)
        told = {
            "attempt_id": attempt["attempt_id"],
            "order_id": attempt["order_id"],
            "outcome": outcome,
            "erp_number": number,
            **more,
        }
        return self.send("post.attempt-answer", erp_v1.attempt_answer(**told))

    def last(self) -> erp_v1.PostAttempt:
        """The attempt granted last, still out."""
        return self.out[self.granted[-1]["attempt_id"]]

    def say(self, outcome: str, number: str = "", **more: Any) -> Effects:
        """Answer the attempt granted last."""
        return self.answer(self.last(), outcome, number, **more)

    def wait(self, seconds: float) -> None:
        """Let time pass; due timers are sent in their order."""
        until = self.now + int(seconds * 1000)
        while due := sorted(
            (timer for timer in self.timers.values() if (timer.due or 0) <= until), key=lambda one: one.due or 0
        ):
            timer = self.timers.pop(due[0].name)
            self.now = max(self.now, timer.due or 0)
            self.send(timer.type, timer.record)
        self.now = max(self.now, until)

    def actions(self, order: str | None = None) -> list[str]:
        """What was granted so far."""
        return [one["action"] for one in self.granted if order in (None, one["order_id"])]

    def outcomes(self) -> list[tuple[str, str]]:
        return [(answer["order_id"], answer["outcome"]) for answer in self.answers]
