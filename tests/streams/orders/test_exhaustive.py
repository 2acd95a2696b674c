"""Every interleaving of cancel, reserve and post, all of them: each ends in a named state with nothing held for nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tables.orders.rows import lines_of
from tests.streams.orders.test_interleavings import cancelling, check_book, placing
from tests.streams.orders.world import World

WANTED = {"1": 2, "2": 1}
Path = tuple[str, ...]


def walked(path: Path, terms: dict[str, Any], *, refuses: bool) -> World:
    """The world after these deliveries, with the cancel where the path says so."""
    world = World({"A": 1 if terms.get("backorder", True) else 2, "B": 1, "C": 0}, refuses=refuses)
    world.do("order.place", placing(WANTED, terms))
    for name in path:
        world.do("order.cancel", cancelling("", 0)) if name == "cancel" else world.deliver(name)
    return world


def seen(world: World, path: Path) -> str:
    """What distinguishes two worlds for all that can still happen."""
    shelves = [(shelf.free, shelf.rows, shelf.closed, shelf.queue) for shelf in world.shelves.values()]
    return repr((sorted(world.order.rows.rows.items()), world.mail, shelves, world.erp.stands, "cancel" in path))


def ends(terms: dict[str, Any], *, refuses: bool) -> list[World]:
    """All worlds in which nothing is left to happen."""
    known: set[str] = set()
    found, open_paths = [], [Path()]
    while open_paths:
        path = open_paths.pop()
        world = walked(path, terms, refuses=refuses)
        check_book(world.order)
        if (state := seen(world, path)) in known:
            continue
        known.add(state)
        steps = [*world.waiting(), *([] if "cancel" in path else ["cancel"])]
        open_paths += [(*path, step) for step in steps]
        if not world.waiting():
            found.append(world)
    return found


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize(
    "terms", [{}, {"backorder": False}, {"ship_complete": True}, {"ship_complete": True, "backorder": False}], ids=str
)
def test_every_end_is_named_and_balanced(terms: dict[str, Any], refuses: bool) -> None:
    found = ends(terms, refuses=refuses)
    assert {world.order.headlines[-1] for world in found} <= {
        "cancelled",
        "rejected",
        "released",
        "backordered",
        "partially_backordered",
    }
    for world in found:
        order = world.order.order
        assert order["awaiting"] == 0
        assert world.erp.stands == (order["erp"] == "posted")
        for line in lines_of(world.order.rows):
            assert (
                sum(world.shelves[line["sku"]].rows.get(line["line"], [0, 0])[:2])
                == line["reserved"] + line["released"]
            )


def test_a_cancel_may_fall_into_every_gap() -> None:
    found = ends({}, refuses=False)
    assert {"cancelled"} < {world.order.headlines[-1] for world in found}
    assert len(found) > 1
