"""A round: components are asked one after another, each for as many bundles as those before it had.

What a component has beyond the bundles that came whole out of the round is given back. Nobody waits while it holds, and
all ask in the order of the SKUs: of several rounds that want the same components the one that is furthest goes on, so
one always comes through.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.generated import inventory_v1
from schemas.generated.bundles_v1 import Component, ComponentAnswer
from schemas.generated.state_bundles_v1 import Hold, HoldLine
from schemas.identity import of_bundle
from streams.bundles.book import Book
from tables.bundles.holds import kept, line_of, part_of, total, waiting, with_lines
from tables.bundles.rows import ticket

ASK_AGAIN_MS = 10_000
WHOLE = "whole"
OVER_REASON = "not_whole"


def begin(book: Book, hold: Hold, wanted: Mapping[str, int], *, owed: bool) -> Hold:
    """Ask the first component.

    wanted  bundles by line
    owed    the holder waits for an answer; else bundles that it has queued are looked for
    """
    lines: list[HoldLine] = [{**line_of(hold, name), "asked": units, "found": units} for name, units in wanted.items()]
    later: Hold = {**with_lines(hold, lines), "round": hold["round"] + 1, "asking": 0, "owed": owed}
    ask(book, later)
    return later


def ask(book: Book, hold: Hold) -> None:
    """Ask the component whose turn it is; asking twice is asking once."""
    component = hold["components"][hold["asking"]]
    wanted = [(line["line"], line["found"] * component["quantity"]) for line in hold["lines"] if line["found"]]
    cart = hold["from_holder"]
    record = inventory_v1.reserve(
        sku=component["sku"], holder=book.part_name(hold), holder_kind=hold["holder_kind"], attempt=hold["round"],
        channel=hold["channel"], mode=hold["mode"], rank=hold["rank"], expires_at=hold["expires_at"],
        lines=[inventory_v1.reserve_line(line=line, quantity=units) for line, units in wanted],
        from_holder=of_bundle(cart, book.sku) if cart else "",
    )  # fmt: skip
    book.tell("stock.reserve", component["sku"], record, hold["channel"])
    book.due(hold, "round", book.now + ASK_AGAIN_MS)


def stepped(book: Book, hold: Hold, said: ComponentAnswer) -> Hold:
    """The component whose turn it was has answered: go on with what it has, or end the round."""
    component = hold["components"][hold["asking"]]
    lines = [_found(hold, line, component, said) for line in hold["lines"]]
    short = any(new["found"] < line["found"] for new, line in zip(lines, hold["lines"], strict=True))
    if short and hold["mode"] == WHOLE:
        lines = [{**line, "found": 0} for line in lines]
    later = with_lines(hold, lines)
    if short:
        later = {**later, "gate": component["sku"], "gate_version": said["seen"]}
    more = hold["asking"] + 1 < len(hold["components"])
    if not more or not any(line["found"] for line in lines):
        return ended(book, later)
    later = {**later, "asking": hold["asking"] + 1}
    ask(book, later)
    return later


def _found(hold: Hold, line: HoldLine, component: Component, said: ComponentAnswer) -> HoldLine:
    had = 0 if said["state"] == "closed" else total(part_of(hold, said["component"]), line["line"])
    units = had // component["quantity"] - line["held"] - line["shipped"]
    return {**line, "found": max(0, min(line["found"], units))}


def ended(book: Book, hold: Hold) -> Hold:
    """All were asked, or one had nothing: what is whole is held, what is missing waits or is refused."""
    queues = hold["wait"] and hold["mode"] != WHOLE
    lines = [_settled(line, owed=hold["owed"], queues=queues) for line in hold["lines"]]
    later = _over(with_lines(hold, lines))
    asked = hold["components"][: hold["asking"] + 1]
    for component in asked:
        _trim(book, later, component, [line["line"] for line in hold["lines"] if line["asked"]], all_of_it=False)
    place = hold["ticket"] or ticket(hold["rank"], book.now, hold["holder"])
    later = {**later, "ticket": place if waiting(later) else "", "version": hold["version"] + 1}
    book.due(later, "round", None)
    if hold["owed"] or later["lines"] != _over(hold)["lines"]:
        book.answer(later)
    return later


def _settled(line: HoldLine, *, owed: bool, queues: bool) -> HoldLine:
    rest, found = line["asked"] - line["found"], line["found"]
    if not owed:
        return {**line, "held": line["held"] + found, "waiting": max(0, line["waiting"] - found)}
    more = {"waiting": line["waiting"] + rest} if queues else {"missing": line["missing"] + rest}
    return {**line, "held": line["held"] + found, **more}  # type: ignore[typeddict-item]


def _over(hold: Hold) -> Hold:
    lines: list[HoldLine] = [{**line, "asked": 0, "found": 0} for line in hold["lines"]]
    return {**with_lines({**hold, "lines": []}, lines), "asking": -1, "owed": False}


def broken_off(book: Book, hold: Hold) -> Hold:
    """Stop the round that is under way: what it got, or is about to get, goes back."""
    later, names = _over(hold), [line["line"] for line in hold["lines"] if line["asked"]]
    for component in hold["components"][: hold["asking"] + 1]:
        _trim(book, later, component, names, all_of_it=True)
    book.due(later, "round", None)
    return later


def _trim(book: Book, hold: Hold, component: Component, names: list[str], *, all_of_it: bool) -> None:
    """Let a component give back what is beyond whole bundles, by what it said, or whatever it says next."""
    part = part_of(hold, component["sku"])
    keeps = {name: kept(line_of(hold, name), component) for name in names}
    beyond = [name for name, keep in keeps.items() if all_of_it or total(part, name) > keep]
    if beyond:
        lines = [inventory_v1.release_line(line=name, keep=keeps[name]) for name in beyond]
        book.give_back(hold, component, lines, OVER_REASON)
