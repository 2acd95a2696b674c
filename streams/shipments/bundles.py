"""A despatch of a bundle: by the bundle's line, or by the components that it is made of.

A despatch that names a bundle's line, or its SKU, tells bundles. One that names its components tells what left of each;
a bundle counts as shipped when all its components have left, whichever despatch they came with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.generated import bundles_v1
from schemas.generated.bundles_v1 import Component
from schemas.generated.inventory_v1 import Ship
from schemas.generated.shipments_v1 import ShippedLine, shipped_line
from schemas.generated.state_shipments_v1 import Line
from streams.engine.effects import Ask


def apart(told: Sequence[Any], lines: Sequence[Line]) -> tuple[list[Any], list[ShippedLine]]:
    """What a despatch says of bundles by their components, apart from all else it says."""
    owners = [line for line in lines if line["components"]]
    rest: list[Any] = []
    gathered: dict[str, dict[str, int]] = {}
    for part in told:
        owner = _owner(part, owners, lines)
        if owner is None:
            rest.append(part)
        else:
            parts = gathered.setdefault(owner["line"], {})
            parts[part["sku"]] = parts.get(part["sku"], 0) + part["quantity"]
    return rest, [_made(line, gathered[line["line"]]) for line in owners if line["line"] in gathered]


def _owner(part: Mapping[str, Any], owners: Sequence[Line], lines: Sequence[Line]) -> Line | None:
    """The bundle's line that a component was sent for: the one it names, or the first, if no plain line has its SKU."""
    made = [line for line in owners if any(each["sku"] == part["sku"] for each in line["components"])]
    named = [line for line in made if line["line"] == part["line"]]
    known = any(line["line"] == part["line"] or line["sku"] == part["sku"] for line in lines)
    return named[0] if named else made[0] if made and not known else None


def _made(line: Line, parts: dict[str, int]) -> ShippedLine:
    """The bundles that became whole by these components."""
    after = {sku: line["parts"].get(sku, 0) + units for sku, units in parts.items()}
    whole = wholes(line["components"], {**line["parts"], **after}) - wholes(line["components"], line["parts"])
    return shipped_line(line=line["line"], sku=line["sku"], quantity=whole, parts=parts)


def wholes(components: Iterable[Component], parts: Mapping[str, int]) -> int:
    """Bundles of which all components have left."""
    return min((parts.get(each["sku"], 0) // each["quantity"] for each in components), default=0)


def stock_of(ask: Ship, left: ShippedLine, lines: Iterable[Line], channel: str) -> Ask | None:
    """Whose stock falls by what left of a line: the SKU's own, or that of a bundle's components; None where nothing did."""
    if not left["sku"] or (left["quantity"] <= 0 and not left["parts"]):
        return None
    recipe = next((line["components"] for line in lines if line["line"] == left["line"]), [])
    if not recipe:
        return Ask("stock.ship", ask["sku"], ask, channel=channel)
    parts = [bundles_v1.component(sku=sku, quantity=units) for sku, units in sorted(left["parts"].items())]
    record = bundles_v1.ship_bundle(ask=ask, components=recipe, parts=parts)
    return Ask("bundle.ship", ask["sku"], record, channel=channel)
