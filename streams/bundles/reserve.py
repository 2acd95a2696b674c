"""An order or cart asks for bundles; an attempt is decided once, a closed or overtaken one is refused."""

from __future__ import annotations

from schemas.generated import bundles_v1, orders_v1
from schemas.generated.bundles_v1 import BundleDue, ReserveBundle
from schemas.generated.inventory_v1 import Reserve
from schemas.generated.state_bundles_v1 import Hold, HoldLine
from streams.bundles import rounds
from streams.bundles.book import CART, Book
from tables.bundles.holds import held, in_round, line_of, waiting, with_lines
from tables.bundles.rows import hold_of, ticket

FORGET_MS = 30 * 86_400_000  # a holder that has nothing any more: longer than its mailbox keeps a command


def reserve(book: Book, command: ReserveBundle) -> None:
    """Look for whole bundles, or queue the demand; the recipe that the holder came with first is its recipe."""
    ask = command["ask"]
    hold = book.hold(ask["holder"])
    if ask["attempt"] <= hold["closed"] or ask["attempt"] < hold["attempt"]:
        book.ignore("closed")
        return _answer_closed(book, ask, hold)
    if ask["attempt"] == hold["attempt"]:
        book.ignore("duplicate")
        return rounds.ask(book, hold) if in_round(hold) else book.answer(hold)
    before = rounds.broken_off(book, hold) if in_round(hold) else hold
    opened = _opened(before, command)
    book.due(opened, "forget", None)
    wanted = _demand(ask)
    if not opened["components"] or not wanted:
        return _refuse(book, opened, wanted)
    if ask["mode"] == rounds.WHOLE and ask["wait"]:
        return _queue(book, opened, wanted)
    return book.move(rounds.begin(book, opened, wanted, owed=True))


def _demand(ask: Reserve) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for line in ask["lines"]:
        wanted[line["line"]] = wanted.get(line["line"], 0) + max(0, line["quantity"])
    return {line: units for line, units in wanted.items() if units}


def _opened(was: Hold, command: ReserveBundle) -> Hold:
    """A holder that begins an attempt: what an older one missed is forgotten; backordered lines keep their place."""
    ask, recipe = command["ask"], was["components"] or sorted(command["components"], key=lambda each: each["sku"])
    queued = was["mode"] == ask["mode"] == "partial"
    lines: list[HoldLine] = [
        {**line, "missing": 0, "waiting": line["waiting"] if queued else 0} for line in was["lines"]
    ]
    later: Hold = {
        **was, "components": recipe, "holder_kind": ask["holder_kind"], "channel": ask["channel"],
        "attempt": ask["attempt"], "mode": ask["mode"], "wait": ask["wait"], "rank": ask["rank"],
        "expires_at": ask["expires_at"], "from_holder": ask["from_holder"], "wake_id": "",
        "ticket": was["ticket"] if queued and waiting(was) else "",
    }  # fmt: skip
    return with_lines({**later, "lines": []}, lines)


def _refuse(book: Book, hold: Hold, wanted: dict[str, int]) -> None:
    lines: list[HoldLine] = [{**line_of(hold, name), "missing": units} for name, units in wanted.items()]
    later: Hold = {**with_lines(hold, lines), "version": hold["version"] + 1}
    book.move(later)
    book.answer(later)


def _queue(book: Book, hold: Hold, wanted: dict[str, int]) -> None:
    """Whoever wants all or nothing waits without a hold."""
    lines: list[HoldLine] = [{**line_of(hold, name), "waiting": units} for name, units in wanted.items()]
    place = ticket(hold["rank"], book.now, hold["holder"])
    later: Hold = {**with_lines(hold, lines), "ticket": place, "version": hold["version"] + 1}
    book.move(later)
    book.answer(later)


def _answer_closed(book: Book, ask: Reserve, hold: Hold) -> None:
    lines = [orders_v1.line_stock(line=line, reserved=0, missing=units) for line, units in _demand(ask).items()]
    about = {"sku": book.sku, "attempt": ask["attempt"], "state": "closed", "version": hold["version"], "lines": lines}
    if ask["holder_kind"] == CART:
        cart = orders_v1.cart_stock_answer(reservation=ask["holder"], **about)  # type: ignore[arg-type]
        book.tell("cart.stock-answer", ask["holder"], cart)
    else:
        order = orders_v1.stock_answer(order_id=ask["holder"], **about)  # type: ignore[arg-type]
        book.tell("order.stock-answer", ask["holder"], order)


def due(book: Book, said: BundleDue) -> None:
    """bundle.due: a component has not answered, or nothing was held for a month."""
    hold = hold_of(book.rows, said["holder"])
    if hold is not None and said["step"] == "round" and in_round(hold) and said["attempt"] == hold["round"]:
        book.ignore("a component has not answered: it is asked again")
        rounds.ask(book, hold)
    elif hold is not None and said["step"] == "forget" and over(hold):
        book.fact("bundle.hold-moved", bundles_v1.hold_moved(holder=hold["holder"]))
    else:
        book.ignore("it was done in time")


def over(hold: Hold) -> bool:
    """Whether a holder has nothing, and looks for nothing."""
    return not held(hold) and not waiting(hold) and not in_round(hold)


def forget_later(book: Book, hold: Hold) -> None:
    """A holder that has nothing any more is remembered for a while: a late command must not begin anew."""
    if over(hold):
        book.due(hold, "forget", book.now + FORGET_MS)
