"""Bundles are given back, wholly or in part, or held for longer."""

from __future__ import annotations

from schemas.generated import inventory_v1
from schemas.generated.bundles_v1 import ExtendBundle, ReleaseBundle
from schemas.generated.inventory_v1 import ReleaseLine
from schemas.generated.state_bundles_v1 import Hold, HoldLine
from streams.bundles import rounds
from streams.bundles.book import Book
from streams.bundles.reserve import forget_later
from tables.bundles.holds import closed, held, in_round, kept, line_of, waiting, with_lines
from tables.bundles.rows import done_name

SHORT_PICK = "short_pick"


def release(book: Book, command: ReleaseBundle) -> None:
    """Give back the lines' bundles; without lines all of them, and refuse the holder's attempts from here on."""
    ask = command["ask"]
    hold = book.hold(ask["holder"])
    if ask["lines"]:
        return _some(book, hold, command)
    if ask["attempt"] <= hold["closed"]:
        return book.ignore("duplicate")
    if ask["attempt"] < hold["attempt"]:
        return book.move({**hold, "closed": ask["attempt"]})
    later = given_up(book, hold, ask["attempt"], ask["reason"])
    book.move(later)
    return forget_later(book, later)


def given_up(book: Book, hold: Hold, attempt: int, reason: str) -> Hold:
    """Everything goes back, for good: also what a component is about to grant."""
    book.due(hold, "round", None)
    for component in hold["components"] if hold["round"] else ():
        book.give_back(hold, component, [], reason)
    lines: list[HoldLine] = [
        {**line, "held": 0, "waiting": 0, "missing": 0, "asked": 0, "found": 0} for line in hold["lines"]
    ]
    over: Hold = {**hold, "closed": attempt, "ticket": "", "wake_id": "", "asking": -1, "owed": False, "parts": []}
    return {**with_lines({**over, "lines": []}, lines), "version": hold["version"] + 1}


def _some(book: Book, hold: Hold, command: ReleaseBundle) -> None:
    ask, done = command["ask"], f"release/{book.message.envelope.id}"
    if closed(hold) or book.rows.get(done_name(hold["holder"], done)) is not None:
        return book.ignore("duplicate")
    again = {line["line"]: line["asked"] for line in hold["lines"] if line["asked"]} if hold["owed"] else {}
    later = rounds.broken_off(book, hold) if in_round(hold) else hold
    lines = [_less(line_of(later, told["line"]), told, firm=ask["reason"] == SHORT_PICK) for told in ask["lines"]]
    later = with_lines(later, lines)
    for component in later["components"]:
        parts = [inventory_v1.release_line(line=line["line"], keep=kept(line, component)) for line in lines]
        book.give_back(later, component, parts, ask["reason"])
    later = {**later, "ticket": later["ticket"] if waiting(later) else "", "version": later["version"] + 1}
    book.move(rounds.begin(book, later, again, owed=True) if again else later, done=done)
    return forget_later(book, later)


def _less(line: HoldLine, told: ReleaseLine, *, firm: bool) -> HoldLine:
    """Of a line what is queued goes first; `keep` says what stays rather than what goes."""
    beyond = line["held"] + line["waiting"] + line["shipped"] - (told["keep"] or 0)
    units = max(0, told["quantity"] if told["keep"] is None else beyond)
    unqueued = 0 if firm else min(line["waiting"], units)
    return {**line, "waiting": line["waiting"] - unqueued, "held": line["held"] - min(line["held"], units - unqueued)}


def extend(book: Book, command: ExtendBundle) -> None:
    """Hold all components until another time; the holder hears when all of them do."""
    ask = command["ask"]
    hold = book.hold(ask["holder"])
    book.ignore("its components are asked" if held(hold) else "nothing_held")
    if not held(hold):
        return book.answer(hold)
    for component in hold["components"]:
        record = inventory_v1.extend_hold(
            sku=component["sku"], holder=book.part_name(hold), attempt=hold["round"], expires_at=ask["expires_at"]
        )
        book.tell("stock.extend", component["sku"], record, hold["channel"])
    return None
