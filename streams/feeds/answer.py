"""What the endpoint said to an attempt, and what follows from it."""

from __future__ import annotations

from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from streams.draft import Draft
from streams.feeds import due, moves
from streams.feeds.schedule import ATTEMPTS, PROBING, slowed_ms, wait_ms
from tables.feeds import delivery, names
from tables.feeds.apply import view_of


def answer(draft: Draft, said: feeds_v1.DeliveryAnswer) -> None:
    """Take the first answer to an attempt under way; later ones change nothing."""
    place: state.Place | None = draft.rows.get(names.attempt(said["attempt_id"]))
    if place is None:
        return moves.ignore(draft, said["attempt_id"], "not under way")
    entry = draft.rows.get(names.pending(place["order_key"], place["place"]))
    match said["outcome"]:
        case "delivered":
            _reached(draft, entry, delivery.DELIVERED)
        case "declined":
            _reached(draft, entry, delivery.DECLINED)
        case "expired":
            moves.move(draft, entry, delivery.READY)
        case "gone":
            moves.move(draft, entry, delivery.READY)
            _pause(draft, entry, "gone")
        case _:
            _failed(draft, entry, said)
    moves.grant(draft)
    return None


def _reached(draft: Draft, entry: state.Pending, outcome: str) -> None:
    was_away = view_of(draft.rows)["failures"] >= PROBING
    moves.settle(draft, entry, outcome)
    moves.endpoint(draft, failures=0, slow_until=0)
    if was_away:
        due.wake(draft)


def _failed(draft: Draft, entry: state.Pending, said: feeds_v1.DeliveryAnswer) -> None:
    answered = entry["attempts"] + 1
    slow_ms = slowed_ms(said["retry_after_s"]) if said["outcome"] == "throttled" else 0
    moves.endpoint(draft, failures=min(PROBING, view_of(draft.rows)["failures"] + 1))
    if slow_ms:
        _slow(draft, draft.now + slow_ms)
    if answered >= ATTEMPTS:
        return _exhausted(draft, entry, said)
    moves.move(draft, entry, delivery.RETRYING, attempts=answered)
    wait = max(wait_ms(entry["webhook_id"], answered), slow_ms)
    return moves.due(draft, "retry", draft.now + wait, entry["order_key"], entry["place"])


def _slow(draft: Draft, until: int) -> None:
    if until > view_of(draft.rows)["slow_until"]:
        moves.endpoint(draft, slow_until=until)
        moves.due(draft, "slow", until)


def _exhausted(draft: Draft, entry: state.Pending, said: feeds_v1.DeliveryAnswer) -> None:
    view = view_of(draft.rows)
    exhausted = feeds_v1.delivery_exhausted(
        channel=view["channel"],
        view=view["view"],
        epoch=entry["epoch"],
        seq=entry["seq"],
        webhook_id=entry["webhook_id"],
        attempts=entry["attempts"] + 1,
        status=said["status"],
        reason=said["reason"],
    )
    draft.fact("delivery.exhausted", exhausted)
    moves.settle(draft, entry, delivery.EXHAUSTED)
    _pause(draft, entry, "exhausted")


def _pause(draft: Draft, entry: state.Pending, reason: str) -> None:
    view = view_of(draft.rows)
    if not view["paused"]:
        paused = feeds_v1.subscription_paused(
            channel=view["channel"], view=view["view"], reason=reason, epoch=entry["epoch"], seq=entry["seq"]
        )
        draft.fact("subscription.paused", paused)
