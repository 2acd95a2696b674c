"""How a view's rows follow from its facts."""

from __future__ import annotations

from typing import Any

from schemas.generated import state_feeds_v1 as state
from tables.feeds import delivery, numbering
from tables.feeds.names import VIEW
from tables.rows import Changes, Rows


def view_of(rows: Rows, channel: str = "", view: str = "") -> state.View:
    """The view's head; of a view that nobody has told anything yet, an empty one."""
    found: state.View | None = rows.get(VIEW)
    return found or state.view(channel=channel, view=view)


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a fact changes."""
    match kind:
        case "feed.entry":
            return numbering.numbered(record, view_of(rows), rows)
        case "feed.queued":
            return delivery.queued(record, view_of(rows))
        case "feed.delivery.moved":
            return delivery.moved(record, view_of(rows), rows)
        case "feed.endpoint.moved":
            return {VIEW: {**view_of(rows), **record}}
        case "subscription.changed":
            begun = numbering.begun(view_of(rows), record["epoch"])
            return {VIEW: {**begun, **record, "epoch": begun["epoch"], "paused": ""}}
        case "subscription.paused":
            return {VIEW: {**view_of(rows), "paused": record["reason"]}}
    return {}
