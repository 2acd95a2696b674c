"""Bundles go to the warehouse, and leave: so do their components, each by its quantity in the recipe."""

from __future__ import annotations

from schemas.generated import inventory_v1
from schemas.generated.bundles_v1 import AllocateBundle, ShipBundle
from schemas.generated.inventory_v1 import Ship
from schemas.generated.state_bundles_v1 import Hold, HoldLine
from streams.bundles import rounds
from streams.bundles.book import Book
from streams.bundles.reserve import forget_later
from tables.bundles.holds import in_round, line_of, waiting, with_lines
from tables.bundles.rows import done_name


def allocate(book: Book, command: AllocateBundle) -> None:
    """Make the components firm; what became firm is heard of when they answer."""
    ask = command["ask"]
    hold = book.hold(ask["holder"])
    done = f"allocate/{book.message.envelope.id}"
    if ask["attempt"] <= hold["closed"] or book.rows.get(done_name(hold["holder"], done)) is not None:
        return book.ignore("closed or done")
    wanted = {line["line"]: line["quantity"] for line in ask["lines"]}
    if not wanted:
        wanted = {line["line"]: line["held"] for line in hold["lines"] if line["held"]}
    for component in hold["components"]:
        lines = [
            inventory_v1.reserve_line(line=line, quantity=units * component["quantity"])
            for line, units in wanted.items()
        ]
        record = inventory_v1.allocate(
            sku=component["sku"], holder=book.part_name(hold), attempt=hold["round"], lines=lines
        )
        book.tell("stock.allocate", component["sku"], record, hold["channel"])
    return book.move(hold, done=done)


def ship(book: Book, command: ShipBundle) -> None:
    """Bundles left a location, held or not; of a despatch by components, so many bundles became whole by it."""
    ask = command["ask"]
    hold = book.hold(ask["holder"])
    done = f"ship/{ask['event_id']}/{ask['line']}/{ask['location']}"
    if book.rows.get(done_name(hold["holder"], done)) is not None:
        return book.ignore("duplicate")
    again = {line["line"]: line["asked"] for line in hold["lines"] if line["asked"]} if hold["owed"] else {}
    recipe = hold["components"] or command["components"]
    hold = {**hold, "components": sorted(recipe, key=lambda each: each["sku"])}
    _left(book, hold, command)
    later = with_lines(hold, [_shipped(line_of(hold, ask["line"]), ask)])
    later = rounds.broken_off(book, later) if in_round(hold) else later
    later = {**later, "ticket": later["ticket"] if waiting(later) else "", "version": later["version"] + 1}
    book.move(rounds.begin(book, later, again, owed=True) if again else later, done=done)
    return forget_later(book, later)


def _left(book: Book, hold: Hold, command: ShipBundle) -> None:
    """Tell each component's stock what left of it."""
    ask, parts = command["ask"], {part["sku"]: part["quantity"] for part in command["parts"]}
    for component in hold["components"]:
        units = parts.get(component["sku"], 0) if parts else ask["quantity"] * component["quantity"]
        if units > 0:
            record: Ship = {**ask, "sku": component["sku"], "holder": book.part_name(hold), "quantity": units}
            book.tell("stock.ship", component["sku"], record, hold["channel"])


def _shipped(line: HoldLine, ask: Ship) -> HoldLine:
    """What the line had not held is served by this shipment too: it waits for that much less."""
    units = max(0, ask["quantity"])
    unheld = units - min(units, line["held"])
    return {
        **line,
        "held": line["held"] - (units - unheld),
        "shipped": line["shipped"] + units,
        "waiting": max(0, line["waiting"] - unheld),
        "missing": max(0, line["missing"] - unheld),
    }
