"""What post decides on each command of an ERP's mailbox: then it grants what may be granted."""

from __future__ import annotations

from typing import Any

from schemas.generated.erp_v1 import PostDue, SetPace
from streams.engine.effects import Effects, Message
from streams.post import pace
from streams.post.answers import answered, unanswered
from streams.post.desk import Desk
from streams.post.requests import cancel, post
from tables.rows import Rows


def decide(message: Message, rows: Rows) -> Effects:
    """When and how often an ERP is asked."""
    desk = Desk(message, rows)
    _hear(message.type, message.record, desk)
    grant(desk)
    return desk.effects()


def grant(desk: Desk) -> None:
    """Hand attempts to the door, the most urgent and oldest first, as far as pace allows."""
    while (first := next(desk.rows.scan("queue|"), None)) is not None:
        free_at = pace.blocked_until(desk.head, desk.now)
        if free_at is None:
            return
        if free_at > desk.now:
            desk.timer("rate", free_at, "rate")
            return
        waiting = desk.job(first[1]["order_id"])
        assert waiting is not None, "an entry of the queue has its job"
        desk.grant(waiting)


def _hear(kind: str, record: Any, desk: Desk) -> None:
    match kind:
        case "post.order" if record["cancel"]:
            cancel(record, desk)
        case "post.order":
            post(record, desk)
        case "post.attempt-answer":
            answered(record, desk)
        case "post.due":
            _due(record, desk)
        case "post.set-pace":
            _set_pace(record, desk)


def _due(due: PostDue, desk: Desk) -> None:
    known = desk.job(due["order_id"])
    match due["reason"]:
        case "retry" if known is not None and known["state"] == "waiting":
            desk.move(known, state="queued")
        case "overdue":
            unanswered(due["attempt_id"], due["order_id"], desk)
        case "probe" if desk.head["breaker"] == "open":
            desk.head = pace.probing(desk.head)


def _set_pace(told: SetPace, desk: Desk) -> None:
    told_head = {"paused": told["paused"], "rate_per_s": told["rate_per_s"], "window_max": told["window_max"]}
    desk.head = {**desk.head, **told_head}  # type: ignore[typeddict-item]
    if desk.head["breaker"] == "closed":
        desk.head = {**desk.head, "window": pace.window_of(desk.head)}
