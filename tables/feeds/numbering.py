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


def begun(view: state.View, epoch: int) -> state.View:
    """The head as it is for a new epoch, whose numbers and hashes begin again; otherwise as it stands."""
    if epoch <= view["epoch"]:
        return view
    return {**view, "epoch": epoch, "seq": 0, "hash": ""}


def numbered(entry: feeds_v1.FeedEntry, view: state.View, rows: Rows) -> Changes:
    """The head after an entry, and the window moved on by one."""
    place = view["place"] + 1
    own = {"channel": entry["channel"], "view": entry["view"], "epoch": entry["epoch"]}
    head = {**view, **own, "place": place, "seq": entry["seq"], "hash": entry["hash"]}
    return {VIEW: head, **_left(place - WINDOW, rows), **_entered(place, entry, rows)}


def _entered(place: int, entry: feeds_v1.FeedEntry, rows: Rows) -> Changes:
    before: state.Reach | None = rows.get(names.reach(entry["order_key"]))
    version = max(entry["version"], before["version"] if before else 0)
    return {
        names.known(entry["id"]): state.known(place=place),
        names.told(place): state.told(id=entry["id"], order_key=entry["order_key"]),
        names.reach(entry["order_key"]): state.reach(place=place, version=version),
    }


def _left(place: int, rows: Rows) -> Changes:
    told: state.Told | None = rows.get(names.told(place)) if place > 0 else None
    if told is None:
        return {}
    reach: state.Reach | None = rows.get(names.reach(told["order_key"]))
    silent = reach is not None and reach["place"] == place
    forgotten: Changes = {names.reach(told["order_key"]): None} if silent else {}
    return {names.told(place): None, names.known(told["id"]): None, **forgotten}
