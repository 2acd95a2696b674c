"""What a view does when a time has come: try again, go on after slowing down, look after lost attempts, wake, purge."""

from __future__ import annotations

from itertools import islice

from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from streams.draft import Draft
from streams.engine.effects import Timer
from streams.feeds import moves
from streams.feeds.schedule import ATTEMPT_GRACE_MS
from tables.feeds import delivery, names
from tables.feeds.apply import view_of

CHUNK = 200  # entries that one command moves: the effects of one input are bounded


def come_due(draft: Draft, due: feeds_v1.DeliveryDue) -> None:
    """Decide one of the view's own timers."""
    match due["reason"]:
        case "retry":
            _retry(draft, due["order_key"], due["place"])
        case "overdue":
            _overdue(draft)
        case "wake":
            wake(draft)
        case "purge":
            purge(draft)
    moves.grant(draft)
    if not draft.effects().facts:
        moves.ignore(draft, due["reason"], "nothing is left to do")


def _retry(draft: Draft, order_key: str, place: int) -> None:
    entry: state.Pending | None = draft.rows.get(names.pending(order_key, place))
    if entry and entry["state"] == delivery.RETRYING:
        in_line(draft, entry)


def in_line(draft: Draft, entry: state.Pending) -> None:
    """The entry, or in mode latest the newest of its order key, is to be tried as soon as there is a place.

    The newest takes over how often the older was tried: the schedule is about the endpoint's silence.
    """
    if view_of(draft.rows)["mode"] != "latest":
        return moves.move(draft, entry, delivery.READY)
    *older, newest = [row for _, row in draft.rows.scan(names.queue(entry["order_key"]))]
    for overtaken in older:
        moves.move(draft, overtaken, delivery.SUPERSEDED)
    return moves.move(draft, newest, delivery.READY, attempts=entry["attempts"])


def _overdue(draft: Draft) -> None:
    """Attempts that nobody answered in time are in line again; they do not count against the endpoint."""
    places = [place for _, place in draft.rows.scan("attempt|")]
    entries: list[state.Pending] = [draft.rows.get(names.pending(each["order_key"], each["place"])) for each in places]
    times = [entry["deadline"] + ATTEMPT_GRACE_MS for entry in entries]
    for entry, time in zip(entries, times, strict=True):
        if time <= draft.now:
            moves.move(draft, entry, delivery.READY)
    if later := [time for time in times if time > draft.now]:
        moves.due(draft, "overdue", min(later))
    else:
        moves.endpoint(draft, watched=False)


def wake(draft: Draft) -> None:
    """An endpoint is back: what waited for a later attempt is in line now."""
    places = [place for _, place in islice(draft.rows.scan("retry|"), CHUNK)]
    for place in places:
        in_line(draft, draft.rows.get(names.pending(place["order_key"], place["place"])))
        draft.timer(Timer(f"retry|{place['order_key']}", None))
    if len(places) == CHUNK:
        moves.due(draft, "wake", draft.now)


def purge(draft: Draft) -> None:
    """A view that became pull-only gives its queue up, some entries at a time."""
    if not view_of(draft.rows)["purging"]:
        return
    entries = [row for _, row in islice(draft.rows.scan("pending|"), CHUNK)]
    for entry in entries:
        moves.move(draft, entry, delivery.DROPPED)
        draft.timer(Timer(f"retry|{entry['order_key']}", None))
    if len(entries) == CHUNK:
        moves.due(draft, "purge", draft.now)
    else:
        moves.endpoint(draft, purging=False)
