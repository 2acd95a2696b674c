"""What components say: to the round that is under way, or of what changed since."""

from __future__ import annotations

from schemas.generated.bundles_v1 import ComponentAnswer
from schemas.generated.state_bundles_v1 import Hold, HoldLine, Part
from schemas.identity import holder_and_bundle
from streams.bundles import rounds
from streams.bundles.book import CART, Book
from streams.bundles.giving import given_up
from streams.bundles.reserve import forget_later
from tables.bundles.holds import (
    closed,
    expires_at,
    in_round,
    part_of,
    stocks,
    total,
    with_lines,
    with_part,
)
from tables.bundles.rows import hold_of


def answered(book: Book, said: ComponentAnswer) -> None:
    """bundle.stock-answer: absolute and versioned; an older one changes nothing."""
    hold = hold_of(book.rows, said["holder"])
    if hold is None or said["version"] < part_of(hold, said["component"])["version"]:
        return book.ignore("an answer older than what is known")
    told = with_part(hold, _part(said))
    if _awaited(hold, said):
        later = rounds.stepped(book, told, said)
    elif said["state"] == "closed" and not closed(hold) and said["attempt"] >= hold["round"]:
        later = _expired(book, told)
    else:
        later = _news(book, hold, told, holder_and_bundle(said["taken_by"])[0])
    if later == hold:
        return book.ignore("known")
    book.move(later)
    return forget_later(book, later)


def _part(said: ComponentAnswer) -> Part:
    lines = [] if said["state"] == "closed" else said["lines"]
    return {
        "component": said["component"],
        "version": said["version"],
        "expires_at": said["expires_at"],
        "available": said["available"],
        "lines": lines,
    }


def _awaited(hold: Hold, said: ComponentAnswer) -> bool:
    """Whether this is the answer that the round waits for."""
    if not in_round(hold) or said["attempt"] != hold["round"] or said["taken_by"]:
        return False
    return hold["components"][hold["asking"]]["sku"] == said["component"]


def _expired(book: Book, hold: Hold) -> Hold:
    """One component's hold is over: so are the others', for a bundle is held whole or not."""
    book.due(hold, "round", None)
    ended = given_up(book, hold, hold["attempt"], "component_expired")
    book.answer(ended)
    return ended


def _news(book: Book, before: Hold, told: Hold, taken_by: str) -> Hold:
    """Stock became firm, is held for longer, or an order has taken a cart's over."""
    later = _taken(told, taken_by) if taken_by else told
    news = (stocks(later), expires_at(later)) != (stocks(before), expires_at(before))
    if closed(later) or in_round(later) or not (news or later["taken_by"] != before["taken_by"]):
        return later if later != before else before
    later = {**later, "version": later["version"] + 1}
    book.answer(later, taken_by=taken_by if before["taken_by"] != taken_by else "")
    return later


def _taken(hold: Hold, order_id: str) -> Hold:
    """Of a cart's bundles those are left whose components are all there still."""
    if hold["holder_kind"] != CART:
        return hold
    lines: list[HoldLine] = [{**line, "held": min(line["held"], _whole(hold, line))} for line in hold["lines"]]
    return {**with_lines(hold, lines), "taken_by": order_id}


def _whole(hold: Hold, line: HoldLine) -> int:
    units = (total(part_of(hold, each["sku"]), line["line"]) // each["quantity"] for each in hold["components"])
    return max(0, min(units, default=0) - line["shipped"])
