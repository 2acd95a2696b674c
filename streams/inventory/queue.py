"""Those who wait are served when supply comes: by rank, then by age.

A backordered line is filled as far as supply goes. A ship-complete holder holds nothing: the first that fits is woken
and asked whether it wants the stock, one at a time, with a deadline. While it thinks, those behind it in the queue
leave it that much; new requests may still be faster, and then it queues again where it is short. One that does not fit
is passed.
"""

from __future__ import annotations

from math import inf

from schemas.generated import inventory_v1 as inventory
from schemas.generated import orders_v1 as orders
from schemas.generated.inventory_v1 import AnswerWake, Standing, WakeOverdue
from schemas.generated.state_inventory_v1 import Waiting, Woken
from streams.engine.effects import Ask, Timer
from streams.inventory.answer import answer
from streams.inventory.book import Book, Change
from streams.inventory.offer import Offer
from streams.inventory.standing import revised, supplied, unqueued
from tables.inventory import names
from tables.inventory.position import available_to_sell

WAKE_MS = 30_000  # a woken order's SKUs answer in milliseconds; this is for a lost or stopped one
FILLED = 100  # waiters served by one command: its effects stay bounded, a timer goes on


def fill(book: Book) -> None:
    """Serve the queue from its head, at most `FILLED`; nobody is looked at where nobody's least need can be met.

    Cost: O(channels) where nobody can be served, else O(waiters passed and served).
    """
    served = aside = 0
    if not _anybody_fits(book, aside):
        return
    for _, waiter in book.rows.scan(names.WAITING):
        if served == FILLED:
            book.timer(Timer("fill", book.now, "stock.fill-waiting", inventory.fill_waiting(sku=book.code)))
            return
        before = (served, aside)
        if waiter["mode"] == "whole":
            aside += _wake(book, waiter, aside)
        else:
            served += _serve(book, waiter, aside)
        if before != (served, aside) and not _anybody_fits(book, aside):
            return


def _anybody_fits(book: Book, aside: int) -> bool:
    """Whether the least that anybody waits for is there; while one is woken, no other of its kind is asked."""
    modes = ("partial",) if book.sku["woken"] else ("partial", "whole")
    for channel in book.sku["queued"]:
        available = available_to_sell(book.sku, channel) - aside
        if available > 0 and any(_least_need(book, channel, mode) <= available for mode in modes):
            return True
    return False


def _least_need(book: Book, channel: str, mode: str) -> float:
    first = next(book.rows.scan(names.needs(channel, mode)), None)
    if first is None:
        return inf
    waiter: Waiting = first[1]
    return waiter["quantity"] if mode == "whole" else 1


def answer_wake(book: Book, command: AnswerWake) -> None:
    """The woken holder does not want the stock now: it leaves the queue and comes back when it does."""
    woken = book.sku["woken"]
    if woken is None or woken["wake_id"] != command["wake_id"]:
        book.ignored("not_woken", holder=command["holder"])
        return
    _end(book, woken, "declined", unqueued(book.standing(woken["holder"])))


def wake_overdue(book: Book, command: WakeOverdue) -> None:
    """The woken holder did not answer: it goes to the end of its rank, and the next is asked."""
    woken = book.sku["woken"]
    if woken is None or woken["wake_id"] != command["wake_id"]:
        book.ignored("not_woken", holder=command["holder"])
        return
    standing = book.standing(woken["holder"])
    _end(book, woken, "overdue", {**standing, "ticket": names.ticket(standing["rank"], book.seq)})


def end_wake(book: Book) -> None:
    """A woken holder that reserved, or gave up, has answered."""
    woken = book.sku["woken"]
    if woken and not book.standing(woken["holder"])["ticket"]:
        _end(book, woken, "answered", None)


def _end(book: Book, woken: Woken, outcome: str, standing: Standing | None) -> None:
    about = book.about(standing or book.standing(woken["holder"]))
    changed = [revised(book, standing)] if standing else []
    record = inventory.wake_ended(**about, wake_id=woken["wake_id"], outcome=outcome, standings=changed)
    book.fact("inventory.wake.ended", record)
    book.timer(Timer("wake", None))


def _serve(book: Book, waiter: Waiting, aside: int) -> int:
    """Fill a backorder's lines as far as supply goes; 1 where it got anything."""
    offer, change, standing = (
        Offer(book.sku, waiter["channel"], aside=aside),
        Change(book),
        book.standing(waiter["holder"]),
    )
    got, rows = dict[str, int](), book.holds(waiter["holder"])
    for line in standing["lines"]:
        taken = offer.take(line["waiting"], [row for row in rows if row["line"] == line["line"]])
        got[line["line"]] = sum(taken.values())
        for location, units in taken.items():
            change.hold(waiter["holder"], line["line"], location, reserved=units)
    if not change.entries():
        return 0
    record = inventory.stock_reserved(
        **book.about(standing), quantity=sum(got.values()), cause="supply", entries=change.entries(),
        standings=[revised(book, supplied(standing, got), change)], positions=change.positions(),
    )  # fmt: skip
    book.fact("inventory.reserved", record)
    answer(book, waiter["holder"])
    return 1


def _wake(book: Book, waiter: Waiting, aside: int) -> int:
    """Ask a holder that fits, if nobody is being asked; returns what is to be left to it."""
    woken = book.sku["woken"]
    if woken:
        return waiter["quantity"] if woken["holder"] == waiter["holder"] else 0
    offer, standing = Offer(book.sku, waiter["channel"], aside=aside), book.standing(waiter["holder"])
    available = offer.available
    if not offer.fits(line["waiting"] for line in standing["lines"]):
        return 0
    wake_id, until = f"{book.code}/{book.seq}", book.now + WAKE_MS
    about = book.about(standing)
    book.fact(
        "inventory.demand.woken", inventory.demand_woken(**about, wake_id=wake_id, available=available, until=until)
    )
    wake = orders.stock_wake(order_id=waiter["holder"], sku=book.code, wake_id=wake_id, available=available)
    book.ask(Ask("order.stock-wake", waiter["holder"], wake, channel=waiter["channel"] or None))
    overdue = inventory.wake_overdue(sku=book.code, holder=waiter["holder"], wake_id=wake_id)
    book.timer(Timer("wake", until, "stock.wake-overdue", overdue))
    return waiter["quantity"]
