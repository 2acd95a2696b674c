"""The numbers of a view, and the window of entries within which telling twice is noticed.

The window holds the last WINDOW entries of the view. Within it an id is told once, and an order key's later version
is never followed by an earlier one; what the window has let go of is forgotten, so the rows of a view stay bounded.
"""

from __future__ import annotations

from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from tables.feeds import names
from tables.feeds.names import VIEW
from tables.rows import Changes, Rows

WINDOW = 10_000


def numbered(entry: feeds_v1.FeedEntry, view: state.View, rows: Rows) -> Changes:
    """The head after an entry, and the window moved on by one."""
    own = {"channel": entry["channel"], "view": entry["view"], "epoch": entry["epoch"]}
    head = {**view, **own, "seq": entry["seq"], "hash": entry["hash"]}
    return {VIEW: head, **_left(entry["seq"] - WINDOW, entry["order_key"], rows), **_entered(entry, rows)}


def _entered(entry: feeds_v1.FeedEntry, rows: Rows) -> Changes:
    before: state.Reach | None = rows.get(names.reach(entry["order_key"]))
    version = max(entry["version"], before["version"] if before else 0)
    return {
        names.known(entry["id"]): state.known(seq=entry["seq"]),
        names.told(entry["seq"]): state.told(id=entry["id"], order_key=entry["order_key"]),
        names.reach(entry["order_key"]): state.reach(seq=entry["seq"], version=version),
    }


def _left(seq: int, told_now: str, rows: Rows) -> Changes:
    told: state.Told | None = rows.get(names.told(seq)) if seq > 0 else None
    if told is None:
        return {}
    reach: state.Reach | None = rows.get(names.reach(told["order_key"]))
    silent = reach is not None and reach["seq"] == seq and told["order_key"] != told_now
    forgotten: Changes = {names.reach(told["order_key"]): None} if silent else {}
    return {names.told(seq): None, names.known(told["id"]): None, **forgotten}
