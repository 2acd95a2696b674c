"""The owner of a view says where it is delivered; saying it again resumes what was paused."""

from __future__ import annotations

from schemas.generated import feeds_v1
from streams.draft import Draft
from streams.feeds import due, moves
from streams.feeds.schedule import PROBING
from tables.feeds.apply import view_of


def set_subscription(draft: Draft, wanted: feeds_v1.SetSubscription) -> None:
    """Take the subscription over, unless a newer version stands; the first attempt after a pause is a probe."""
    before = view_of(draft.rows)
    if wanted["version"] < before["version"]:
        return moves.ignore(draft, str(wanted["version"]), f"version {before['version']} stands")
    changed = feeds_v1.subscription_changed(**wanted)
    draft.fact("subscription.changed", changed)
    if not wanted["url"]:
        return _give_up(draft)
    moves.endpoint(draft, failures=PROBING if before["paused"] else 0, slow_until=0)
    if before["url"]:
        due.wake(draft)
    return moves.grant(draft)


def _give_up(draft: Draft) -> None:
    if view_of(draft.rows)["backlog"]:
        moves.endpoint(draft, purging=True)
        due.purge(draft)
