"""The rows of what is on its way: per order key a queue, and what of it is ready, in flight or to be tried again."""

from __future__ import annotations

from typing import Any

from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from tables.feeds import names
from tables.feeds.names import VIEW
from tables.rows import Changes, Rows

WAITING, READY, IN_FLIGHT, RETRYING = "waiting", "ready", "in_flight", "retrying"
DELIVERED, DECLINED, EXHAUSTED, SUPERSEDED, DROPPED = "delivered", "declined", "exhausted", "superseded", "dropped"
FINAL = frozenset({DELIVERED, DECLINED, EXHAUSTED, SUPERSEDED, DROPPED})


def queued(record: feeds_v1.EntryQueued, view: state.View) -> Changes:
    """The entry at the end of its order key's queue."""
    return {
        VIEW: {**view, "backlog": view["backlog"] + 1},
        names.pending(record["order_key"], record["place"]): state.pending(**record),
    }


def moved(record: feeds_v1.DeliveryMoved, view: state.View, rows: Rows) -> Changes:
    """The entry in its new state, with the indexes that follow from the old and the new one."""
    name = names.pending(record["order_key"], record["place"])
    before: state.Pending | None = rows.get(name)
    if before is None:
        return {}
    over = record["state"] in FINAL
    after: Any = {**before, **record}
    left = dict.fromkeys(_index(before), None)
    entered: dict[str, Any] = {} if over else _index(after)
    return {name: None if over else after, **left, **entered, VIEW: _counted(view, before["state"], record["state"])}


def _index(row: state.Pending) -> dict[str, Any]:
    match row["state"]:
        case "ready":
            return {names.ready(row["place"]): _place(row)}
        case "retrying":
            return {names.retry(row["place"]): _place(row)}
        case "in_flight":
            return {names.attempt(row["attempt_id"]): _place(row)}
    return {}


def _place(row: state.Pending) -> state.Place:
    return state.place(order_key=row["order_key"], place=row["place"])


def _counted(view: state.View, before: str, after: str) -> state.View:
    in_flight = view["in_flight"] + (after == IN_FLIGHT) - (before == IN_FLIGHT)
    return {**view, "in_flight": in_flight, "backlog": view["backlog"] - (after in FINAL)}
