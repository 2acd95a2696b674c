"""The steps that deliveries are made of: grant, settle, put in line again. Each is one fact about one entry."""

from __future__ import annotations

from itertools import islice

from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from streams.draft import Draft
from streams.engine.effects import Ask, Timer
from streams.feeds.schedule import ATTEMPT_GRACE_MS, ATTEMPT_LIFE_MS, window
from tables.feeds import delivery, names
from tables.feeds.apply import view_of


def grant(draft: Draft) -> None:
    """Attempts for the oldest entries in line, as many as the endpoint has free places."""
    view = view_of(draft.rows)
    open_to_all = view["url"] and view["active"] and not (view["paused"] or view["purging"])
    room = window(view["failures"]) - view["in_flight"]
    if not open_to_all or view["slow_until"] > draft.now or room <= 0:
        return
    places = [place for _, place in islice(draft.rows.scan("ready|"), room)]
    for place in places:
        _attempt(draft, view, draft.rows.get(names.pending(place["order_key"], place["place"])))
    if places:
        watch(draft)


def _attempt(draft: Draft, view: state.View, entry: state.Pending) -> None:
    tries, deadline = entry["tries"] + 1, draft.now + ATTEMPT_LIFE_MS
    attempt_id = f"{entry['webhook_id']}.{tries}"
    move(draft, entry, delivery.IN_FLIGHT, tries=tries, attempt_id=attempt_id, deadline=deadline)
    attempt = feeds_v1.delivery_attempt(
        attempt_id=attempt_id,
        channel=view["channel"],
        view=view["view"],
        seq=entry["seq"],
        attempt=entry["attempts"] + 1,
        url=view["url"],
        webhook_id=entry["webhook_id"],
        body=entry["body"],
        secret_version=view["secret_version"],
        secret=view["secret"],
        deadline=deadline,
    )
    draft.ask(Ask("feed.attempt", f"{draft.message.key}|{entry['order_key']}", attempt))


def watch(draft: Draft) -> None:
    """One timer for all attempts under way, so that one that nobody answers is granted again."""
    if not view_of(draft.rows)["watched"]:
        endpoint(draft, watched=True)
        due(draft, "overdue", draft.now + ATTEMPT_LIFE_MS + ATTEMPT_GRACE_MS)


def settle(draft: Draft, entry: state.Pending, outcome: str) -> None:
    """The entry's delivery is over; the next of its order is in line now."""
    move(draft, entry, outcome)
    follower = first(draft, entry["order_key"])
    if follower and follower["state"] == delivery.WAITING:
        move(draft, follower, delivery.READY)


def first(draft: Draft, order_key: str) -> state.Pending | None:
    """The oldest entry of an order key that is on its way."""
    return next((row for _, row in draft.rows.scan(names.queue(order_key))), None)


def move(
    draft: Draft,
    entry: state.Pending,
    to: str,
    *,
    attempts: int | None = None,
    tries: int | None = None,
    attempt_id: str = "",
    deadline: int = 0,
) -> None:
    """The entry is in another state."""
    moved = feeds_v1.delivery_moved(
        order_key=entry["order_key"],
        place=entry["place"],
        state=to,
        attempts=entry["attempts"] if attempts is None else attempts,
        tries=entry["tries"] if tries is None else tries,
        attempt_id=attempt_id,
        deadline=deadline,
    )
    draft.fact("feed.delivery.moved", moved)


def endpoint(
    draft: Draft,
    *,
    failures: int | None = None,
    slow_until: int | None = None,
    watched: bool | None = None,
    purging: bool | None = None,
) -> None:
    """The endpoint is doing otherwise than before; what is not named stays."""
    view = view_of(draft.rows)
    moved = feeds_v1.endpoint_moved(
        failures=view["failures"] if failures is None else failures,
        slow_until=view["slow_until"] if slow_until is None else slow_until,
        watched=view["watched"] if watched is None else watched,
        purging=view["purging"] if purging is None else purging,
    )
    if any(view[name] != moved[name] for name in ("failures", "slow_until", "watched", "purging")):
        draft.fact("feed.endpoint.moved", moved)


def due(draft: Draft, reason: str, at: int, order_key: str = "", place: int = 0) -> None:
    """Come back to the view, or to one of its order keys, at this time."""
    name = f"{reason}|{order_key}" if order_key else reason
    draft.timer(Timer(name, at, "feed.due", feeds_v1.delivery_due(reason=reason, order_key=order_key, place=place)))


def ignore(draft: Draft, subject: str, reason: str) -> None:
    """The command changes nothing; it still is decided, and says why."""
    draft.fact("feed.ignored", feeds_v1.command_ignored(subject=subject, reason=reason))
