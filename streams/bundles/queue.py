"""Those who wait for bundles are served when components can make one: by rank, then by age.

Who waits holds nothing. A component's own queue is served before it offers anything, so bundles come after it. A holder
that failed at a component looks again only when that component offers something newer: its own tries touch only the
components before it, so tries cannot set each other off without end.
"""

from __future__ import annotations

from schemas.generated import orders_v1
from schemas.generated.bundles_v1 import AnswerBundleWake
from schemas.generated.state_bundles_v1 import ComponentOffer, Hold, HoldLine
from streams.bundles import rounds
from streams.bundles.book import Book
from tables.bundles.holds import in_round, waiting, with_lines
from tables.bundles.offer import least
from tables.bundles.rows import WAITING, component_of, hold_of, waiting_of

SERVED = 20  # waiters that begin to look by one command: its effects stay bounded; what they take tells of the next


def serve(book: Book) -> None:
    """Let those look who could be served. Cost: O(1) where nobody waits or nothing can be made, else O(waiters)."""
    if next(book.rows.scan(WAITING), None) is None:
        return
    aside: dict[str, int] = {}
    served = 0
    for hold in list(waiting_of(book.rows)):
        units = _could_have(book, hold, aside)
        if units <= 0:
            continue
        for each in hold["components"]:
            aside[each["sku"]] = aside.get(each["sku"], 0) + units * each["quantity"]
        served += _look(book, hold, units)
        if served == SERVED:
            return


def _could_have(book: Book, hold: Hold, aside: dict[str, int]) -> int:
    """Bundles that a waiter could have, less what those before it look for; 0 where all of it is wanted and is not there."""
    if not in_round(hold) and not _news(book, hold):
        return 0
    offers = {sku: _less(offer, aside.get(sku, 0)) for sku, offer in book.offers(hold["components"]).items()}
    units, wanted = least(hold["components"], offers, hold["channel"]).quantity, waiting(hold)
    if hold["mode"] == rounds.WHOLE:
        return wanted if units >= wanted else 0
    return min(units, wanted)


def _news(book: Book, hold: Hold) -> bool:
    """Whether the component that was short has offered something newer since."""
    if not hold["gate"]:
        return True
    offer = component_of(book.rows, hold["gate"])
    return offer is not None and offer["version"] > hold["gate_version"]


def _less(offer: ComponentOffer | None, aside: int) -> ComponentOffer | None:
    if offer is None or not aside:
        return offer
    channels = {channel: max(0, units - aside) for channel, units in offer["channels"].items()}
    return {**offer, "default_quantity": max(0, offer["default_quantity"] - aside), "channels": channels}


def _look(book: Book, hold: Hold, units: int) -> int:
    """Begin a round for a backorder; wake who wants all or nothing. Says how many began to look."""
    if in_round(hold) or hold["wake_id"]:
        return 0
    if hold["mode"] == rounds.WHOLE:
        return _wake(book, hold, units)
    wanted: dict[str, int] = {}
    for line in hold["lines"]:
        if part := min(units, line["waiting"]):
            wanted[line["line"]], units = part, units - part
    book.move(rounds.begin(book, hold, wanted, owed=False))
    return 1


def _wake(book: Book, hold: Hold, units: int) -> int:
    wake_id = f"{book.sku}/{book.message.envelope.id}"
    book.move({**hold, "wake_id": wake_id})
    wake = orders_v1.stock_wake(order_id=hold["holder"], sku=book.sku, wake_id=wake_id, available=units)
    book.tell("order.stock-wake", hold["holder"], wake, hold["channel"])
    return 1


def wake_answered(book: Book, command: AnswerBundleWake) -> None:
    """bundle.wake-answer: the woken order does not want the bundles now; it leaves the queue and comes back when it does."""
    ask = command["ask"]
    hold = hold_of(book.rows, ask["holder"])
    if hold is None or not hold["wake_id"] or hold["wake_id"] != ask["wake_id"]:
        return book.ignore("not_woken")
    lines: list[HoldLine] = [
        {**line, "missing": line["missing"] + line["waiting"], "waiting": 0} for line in hold["lines"]
    ]
    return book.move({**with_lines(hold, lines), "ticket": "", "wake_id": "", "version": hold["version"] + 1})
