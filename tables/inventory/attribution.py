"""Which events a drift may come from: what one side has counted since the two agreed last, and the other may not.

Attributed is what these explain exactly: the newest movements of ours (the other side lags), one of ours (it was lost),
or movements that only the other side reported (we have not heard, or do not believe). The rest nobody can explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Comparison, DriftEvent, StockMove

MOST_EVENTS = 20  # told of one figure; how many there are in all is told too
MOST_REMEMBERED = 16  # counts and unbelieved movements, per observed source
ON_HAND, UNSELLABLE = "on_hand", "unsellable"
OURS, THEIRS = "ours", "theirs"


class Attributed(NamedTuple):
    """A drift taken apart: attributed + unexplained, and the events of both sides, oldest first."""

    attributed: int
    unexplained: int
    events: list[DriftEvent]
    known: int


def attribute_drift(drift: int, events: Sequence[DriftEvent]) -> Attributed:
    """What explains that the observed figure differs by so much. Cost: O(events)."""
    because = _because(drift, events)
    marked: list[DriftEvent] = [{**event, "explains": place in because} for place, event in enumerate(events)]
    explained = drift if because else 0
    return Attributed(explained, drift - explained, marked[-MOST_EVENTS:], len(marked))


def candidates(
    before: Iterable[StockMove], seen: Comparison, stock_class: str, agreed_as_of: int | None
) -> list[DriftEvent]:
    """What happened between the last agreement and the observation, by time.

    before  movements that the observation has inside
    """
    since = -1 if agreed_as_of is None else agreed_as_of
    ours = (event for move in before for event in told(move, OURS) if event["at"] > since)
    remembered = (event for event in seen["remembered"] if event["at"] > since and _heard(event, seen))
    return sorted((event for event in (*ours, *remembered) if _of(event, stock_class)), key=lambda event: event["at"])


def still_of_use(seen: Comparison, agreed_as_of: int) -> Comparison:
    """The comparison without what is remembered from before the last agreement."""
    return {**seen, "remembered": [event for event in seen["remembered"] if event["at"] > agreed_as_of]}


def told(move: StockMove, side: str, kind: str = "movement") -> Iterator[DriftEvent]:
    """A movement as an event of either side, one for each figure that it changes."""
    for stock_class, units in ((ON_HAND, move["on_hand"]), (move["stock_class"], move["unsellable"])):
        if units:
            yield inventory.drift_event(
                event_id=move["event_id"] or move["cause"], kind=kind, side=side, source=move["source"], at=move["at"],
                quantity=units, stock_class=stock_class,
            )  # fmt: skip


def remembering(seen: Comparison, events: Iterable[DriftEvent]) -> Comparison:
    """The comparison with these events too, each once: the newest that are told in no movement log."""
    known = {(event["event_id"], event["stock_class"]): event for event in seen["remembered"]}
    for event in events:
        known.setdefault((event["event_id"], event["stock_class"]), event)
    newest = sorted(known.values(), key=lambda event: (event["at"], event["event_id"]))[-MOST_REMEMBERED:]
    return {**seen, "remembered": newest}


def _heard(event: DriftEvent, seen: Comparison) -> bool:
    """Whether it can be in the observed figure: a count tells of all time, a movement of its own."""
    return event["side"] == OURS or event["at"] <= seen["as_of"]


def _of(event: DriftEvent, stock_class: str) -> bool:
    return event["stock_class"] == stock_class or (stock_class == UNSELLABLE and event["stock_class"] != ON_HAND)


def _because(drift: int, events: Sequence[DriftEvent]) -> set[int]:
    """Places of the events that together are the drift; none where no such are found."""
    ours = [place for place, event in enumerate(events) if event["side"] == OURS]
    theirs = [place for place, event in enumerate(events) if event["side"] == THEIRS]
    for places, missing in ((ours, -drift), (theirs, drift)):
        if found := _newest(missing, places, events) or _one(missing, places, events):
            return found
    return set()


def _newest(units: int, places: Sequence[int], events: Sequence[DriftEvent]) -> set[int]:
    total = 0
    for count, place in enumerate(reversed(places), 1):
        total += events[place]["quantity"]
        if total == units:
            return set(places[-count:])
    return set()


def _one(units: int, places: Sequence[int], events: Sequence[DriftEvent]) -> set[int]:
    return next(({place} for place in reversed(places) if events[place]["quantity"] == units), set())
