"""How rows follow from facts."""

from __future__ import annotations

from typing import Any

from schemas.generated import feeds_v1
from tables.feeds import delivery, names
from tables.feeds.apply import apply, view_of
from tables.rows import DictRows


class Fold:
    """Rows that facts are folded into."""

    def __init__(self) -> None:
        self.rows = DictRows()

    def take(self, kind: str, record: Any) -> Fold:
        """Apply a fact."""
        self.rows.put(apply(kind, record, self.rows))
        return self

    def queue(self, place: int = 1) -> Fold:
        """An entry of order A in its queue."""
        queued = feeds_v1.entry_queued(order_key="A", place=place, epoch=1, seq=place, webhook_id="w1", body=b"{}")
        return self.take("feed.queued", queued)

    def move(self, state: str, place: int = 1) -> Fold:
        """The entry in another state."""
        moved = feeds_v1.delivery_moved(order_key="A", place=place, state=state, attempts=1, attempt_id="w1.1")
        return self.take("feed.delivery.moved", moved)

    @property
    def indexes(self) -> list[str]:
        """Names of the rows beside the entry's own and the head."""
        return [name for name, _ in self.rows.scan("") if not name.startswith(("pending|", "view"))]


def test_an_entry_keeps_its_body_through_its_states() -> None:
    fold = Fold().queue().move(delivery.READY).move(delivery.IN_FLIGHT)
    assert fold.rows.get(names.pending("A", 1))["body"] == b"{}"


def test_an_entry_stands_in_one_index_at_a_time() -> None:
    fold, seen = Fold().queue(), []
    for state in (delivery.READY, delivery.IN_FLIGHT, delivery.RETRYING, delivery.READY, delivery.DELIVERED):
        seen.append(fold.move(state).indexes)
    assert seen == [
        ["ready|" + "1".zfill(16)],
        ["attempt|w1.1"],
        ["retry|" + "1".zfill(16)],
        ["ready|" + "1".zfill(16)],
        [],
    ]


def test_moving_an_entry_twice_moves_it_once() -> None:
    once, twice = (
        Fold().queue().move(delivery.IN_FLIGHT),
        Fold().queue().move(delivery.IN_FLIGHT).move(delivery.IN_FLIGHT),
    )
    assert once.rows.rows == twice.rows.rows


def test_an_entry_that_is_over_cannot_be_moved() -> None:
    fold = Fold().queue().move(delivery.DELIVERED)
    assert fold.move(delivery.READY).indexes == [] and view_of(fold.rows)["backlog"] == 0


def test_setting_a_subscription_ends_a_pause() -> None:
    fold = Fold().take(
        "subscription.paused", feeds_v1.subscription_paused(channel="p", view="v", reason="gone", epoch=1, seq=1)
    )
    paused = view_of(fold.rows)["paused"]
    fold.take("subscription.changed", feeds_v1.subscription_changed(channel="p", view="v", url="https://x/"))
    assert (paused, view_of(fold.rows)["paused"]) == ("gone", "")


def test_a_fact_that_only_tells_operators_changes_no_row() -> None:
    told = feeds_v1.delivery_exhausted(channel="p", view="v", epoch=1, seq=1, webhook_id="w", attempts=10)
    assert Fold().take("delivery.exhausted", told).rows.rows == {}
