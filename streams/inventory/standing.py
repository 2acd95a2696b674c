"""What a holder has here after a change, as the next fact tells it."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Reserve, Standing, StandingLine
from streams.inventory.book import Book, Change


def demand(command: Reserve) -> dict[str, int]:
    """What each line wants held; a line named twice wants both."""
    asked: dict[str, int] = {}
    for line in command["lines"]:
        asked[line["line"]] = asked.get(line["line"], 0) + max(0, line["quantity"])
    return asked


def opened(was: Standing, command: Reserve, expires_at: int | None) -> Standing:
    """A holder that begins an attempt: what it asks for now is missing, what an older one missed is forgotten.

    Backordered lines keep their place in the queue; a demand for all or nothing is queued by one attempt only.
    """
    kept = was if was["mode"] == command["mode"] == "partial" else _less_waiting(was)
    asked = demand(command)
    lines = {line["line"]: _less(line, line["missing"], missing=line["missing"]) for line in kept["lines"]}
    for name, units in asked.items():
        line = lines.get(name) or inventory.standing_line(line=name, quantity=0)
        lines[name] = {**line, "quantity": line["quantity"] + units, "missing": units}
    terms: Standing = {
        **kept,
        "holder_kind": command["holder_kind"],
        "channel": command["channel"],
        "attempt": command["attempt"],
        "mode": command["mode"],
        "rank": command["rank"],
        "expires_at": expires_at,
    }
    return _with_lines(terms, list(lines.values()))


def queued(standing: Standing, ticket: str, room: int | None = None) -> Standing:
    """What is missing waits too, line after line as far as there is room; who waits already keeps its place."""
    lines: list[StandingLine] = []
    for line in standing["lines"]:
        units = line["missing"] if room is None else min(line["missing"], room)
        room = None if room is None else room - units
        lines.append({**line, "waiting": line["waiting"] + units, "missing": line["missing"] - units})
    return {**standing, "lines": lines, "ticket": standing["ticket"] or ticket}


def unqueued(standing: Standing) -> Standing:
    """All that waited is missing."""
    lines: list[StandingLine] = [
        {**line, "missing": line["missing"] + line["waiting"], "waiting": 0} for line in standing["lines"]
    ]
    return {**standing, "lines": lines, "ticket": ""}


def granted(standing: Standing, units: Mapping[str, int]) -> Standing:
    """So much of what was missing is held now."""
    return _with_lines(standing, [_less(line, missing=units.get(line["line"], 0)) for line in standing["lines"]])


def supplied(standing: Standing, units: Mapping[str, int]) -> Standing:
    """So much of what waited is held now."""
    return _with_lines(standing, [_less(line, waiting=units.get(line["line"], 0)) for line in standing["lines"]])


def lessened(standing: Standing, line: str, quantity: int, *, waiting: int = 0, missing: int = 0) -> Standing:
    """A line wants so much less, of which this much was queued or missing; a line that wants nothing is gone."""
    lines = [_less(each, quantity, waiting, missing) if each["line"] == line else each for each in standing["lines"]]
    return _with_lines(standing, lines)


def widened(standing: Standing, name: str, quantity: int) -> Standing:
    """A line has so much more, and all of it is held."""
    lines = {line["line"]: line for line in standing["lines"]}
    line = lines.get(name) or inventory.standing_line(line=name, quantity=0)
    return {**standing, "lines": list({**lines, name: _less(line, -quantity)}.values())}


def revised(book: Book, standing: Standing, change: Change | None = None) -> Standing:
    """The standing with its next version, and with what is held then."""
    held = standing["held"] + (change.held(standing["holder"]) if change else 0)
    over = not held and not standing["ticket"]
    return {
        **standing,
        "version": standing["version"] + 1,
        "held": held,
        "state": _state(standing, held),
        "over_since": book.now if over else None,
    }


def _with_lines(standing: Standing, lines: list[StandingLine]) -> Standing:
    left = [line for line in lines if line["quantity"] > 0]
    return {**standing, "lines": left, "ticket": standing["ticket"] if any(line["waiting"] for line in left) else ""}


def _less(line: StandingLine, quantity: int = 0, waiting: int = 0, missing: int = 0) -> StandingLine:
    return {
        **line,
        "quantity": line["quantity"] - quantity,
        "waiting": max(0, line["waiting"] - waiting),
        "missing": max(0, line["missing"] - missing),
    }


def _less_waiting(standing: Standing) -> Standing:
    lines = [_less(line, line["waiting"], waiting=line["waiting"]) for line in standing["lines"]]
    return _with_lines(standing, lines)


def _state(standing: Standing, held: int) -> str:
    if standing["attempt"] <= standing["closed"]:
        return "closed"
    if not any(line["waiting"] or line["missing"] for line in standing["lines"]):
        return "granted"
    return "partial" if held or standing["ticket"] else "refused"
