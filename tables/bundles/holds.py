"""What a holder has of a bundle, in bundles, out of what its components have for it.

A bundle is never half held: `held` counts whole ones only, and what a component has beyond them is given back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from schemas.generated import orders_v1 as orders
from schemas.generated import state_bundles_v1 as state
from schemas.generated.bundles_v1 import Component
from schemas.generated.orders_v1 import Allocation, LineStock
from schemas.generated.state_bundles_v1 import Hold, HoldLine, Part

SPREAD = ""  # the location of bundles whose components lie at several places


def with_lines(hold: Hold, lines: Iterable[HoldLine]) -> Hold:
    """The holder with these lines in place of the ones of the same name; a line without anything is gone."""
    after = {line["line"]: line for line in hold["lines"]} | {line["line"]: line for line in lines}
    return {**hold, "lines": [line for line in after.values() if any(_counts(line))]}


def line_of(hold: Hold, name: str) -> HoldLine:
    """One line; a blank one where the holder has none of this name."""
    return next((line for line in hold["lines"] if line["line"] == name), state.hold_line(line=name))


def part_of(hold: Hold, component: str) -> Part:
    """What a component said last."""
    return next((part for part in hold["parts"] if part["component"] == component), state.part(component=component))


def with_part(hold: Hold, new: Part) -> Hold:
    """The holder after a component's answer."""
    others = [part for part in hold["parts"] if part["component"] != new["component"]]
    return {**hold, "parts": sorted([*others, new], key=lambda part: part["component"])}


def held(hold: Hold) -> int:
    """Whole bundles held, all lines."""
    return sum(line["held"] for line in hold["lines"])


def waiting(hold: Hold) -> int:
    """Bundles queued, all lines."""
    return sum(line["waiting"] for line in hold["lines"])


def in_round(hold: Hold) -> bool:
    """Whether a component is being asked just now."""
    return hold["asking"] >= 0


def closed(hold: Hold) -> bool:
    """Whether the newest attempt is given back."""
    return hold["attempt"] <= hold["closed"]


def state_of(hold: Hold) -> str:
    """The answer's state."""
    if closed(hold):
        return "closed"
    if not any(line["waiting"] or line["missing"] for line in hold["lines"]):
        return "granted"
    return "partial" if held(hold) or hold["ticket"] else "refused"


def total(part: Part, line: str) -> int:
    """Units of a component that a line has or had, what left included: shipping one does not change it."""
    return sum(each["reserved"] + each["allocated"] + each["shipped"] for each in part["lines"] if each["line"] == line)


def kept(line: HoldLine, component: Component) -> int:
    """Units of a component that a line is to have in all, what left included."""
    return (line["held"] + line["shipped"]) * component["quantity"]


def stocks(hold: Hold) -> list[LineStock]:
    """What the holder hears of its lines, in bundles."""
    return [_stock(hold, line) for line in hold["lines"] if line["held"] or line["waiting"] or line["missing"]]


def expires_at(hold: Hold) -> int | None:
    """When the first of its components' holds ends."""
    times = [part["expires_at"] for part in hold["parts"] if part["expires_at"] is not None]
    return min(times) if times and held(hold) else hold["expires_at"]


def _stock(hold: Hold, line: HoldLine) -> LineStock:
    firm = min(line["held"], _least(hold, lambda part: _of(part, line["line"])["allocated"]))
    return orders.line_stock(
        line=line["line"], reserved=line["held"] - firm, allocated=firm, waiting=line["waiting"],
        missing=line["missing"], shipped=line["shipped"], allocations=list(_allocations(hold, line, firm)),
    )  # fmt: skip


def _allocations(hold: Hold, line: HoldLine, firm: int) -> Iterator[Allocation]:
    """Where whole bundles lie; the rest lies at several places."""
    left = line["held"]
    for location in _locations(hold, line):
        units = min(left, _at(hold, line, location, "quantity"))
        there = min(firm, units, _at(hold, line, location, "allocated"))
        if units > 0:
            yield orders.allocation(location=location, quantity=units, allocated=there)
        left, firm = left - units, firm - there
    if left:
        yield orders.allocation(location=SPREAD, quantity=left, allocated=min(firm, left))


def _locations(hold: Hold, line: HoldLine) -> list[str]:
    places = {each["location"] for part in hold["parts"] for each in _of(part, line["line"])["allocations"]}
    return sorted(places)


def _least(hold: Hold, units_of: Callable[[Part], int]) -> int:
    """Whole bundles by these units of each component."""
    return min((units_of(part_of(hold, each["sku"])) // each["quantity"] for each in hold["components"]), default=0)


def _of(part: Part, line: str) -> LineStock:
    nothing = orders.line_stock(line=line, reserved=0)
    return next((each for each in part["lines"] if each["line"] == line), nothing)


def _at(hold: Hold, line: HoldLine, location: str, what: Literal["quantity", "allocated"]) -> int:
    """Whole bundles by what their components have at one location."""

    def units_of(part: Part) -> int:
        return sum(row[what] for row in _of(part, line["line"])["allocations"] if row["location"] == location)

    return _least(hold, units_of)


def _counts(line: HoldLine) -> tuple[int, ...]:
    return line["held"], line["shipped"], line["waiting"], line["missing"], line["asked"]
