"""Whatever comes in whatever order: a cart ends, nothing stays held for it, and what an order took over stays the order's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.generated import orders_v1 as v1
from schemas.loader import by_type
from tables.orders import apply
from tables.rows import DictRows
from tests.streams.orders.counter import ID, Street, line

WANTED = {"A": 2, "B": 1}
ORDER = "PO-1"
ENDS = {"refused", "released", "expired", "taken"}
Path = tuple[str, ...]


def begun(stock: dict[str, int], **terms: Any) -> Street:
    """A cart asks for its two SKUs."""
    street = Street(**stock)
    lines = [line(sku, sku, units) for sku, units in WANTED.items()]
    street.do("cart.hold", v1.hold_cart(reservation=ID, channel="portal", lines=lines, **terms), receipt="R/0")
    return street


def act(street: Street, step: str) -> None:
    """A delivery, or something that happens."""
    before = street.held(ORDER)
    match step:
        case "release":
            street.do("cart.release", v1.release_cart(reservation=ID))
        case "extend":
            street.do("cart.extend", v1.extend_cart(reservation=ID, expires_in=1_800))
        case "order":
            street.order(ORDER, WANTED)
        case "whole":
            street.order(ORDER, WANTED, mode="whole")
        case "time":
            street.tick(901)
        case "again":
            lines = [line(sku, sku, units) for sku, units in WANTED.items()]
            street.do("cart.hold", v1.hold_cart(reservation=ID, channel="portal", lines=lines), receipt="R/0")
        case _:
            street.deliver(step)
    after = street.held(ORDER)
    assert all(after.get(sku, 0) >= units for sku, units in before.items()), "what is the order's stays the order's"


def at_the_end(street: Street) -> None:
    """All comes to rest, then all time is over."""
    street.drain()
    for _ in range(4):
        street.tick(2 * 3_600)
        street.drain()


def check(street: Street, stock: dict[str, int]) -> None:
    """The laws of an ended reservation."""
    step = street.counter.step
    assert (step in ENDS, street.held()) == (True, {}), step
    mine = street.held(ORDER)
    assert {sku: free + mine.get(sku, 0) for sku, free in street.free().items()} == stock
    moved = any(kind == "cart.taken" for kind, _ in street.counter.told)
    assert (step == "taken") == moved
    rows = DictRows()
    for kind, record in street.counter.told:
        if by_type()[kind].topic == "orders.events":
            rows.put(apply(kind, record, rows))
    assert rows.rows == street.counter.rows


def walked(path: Path, stock: dict[str, int], terms: dict[str, Any], decided: bool) -> Street:
    """The street after these steps, from the request on or from the decision on."""
    street = begun(stock, **terms)
    if decided:
        street.drain()
    for step in path:
        act(street, step)
    return street


def seen(street: Street, left: frozenset[str]) -> str:
    """What distinguishes two streets for all that can still happen."""
    shelves = [sorted((name, row) for name, row in shelf.rows.items() if not name.startswith("logged|")) for shelf in street.shelves.values()]  # fmt: skip
    return repr((sorted(street.counter.rows.items()), street.mail, shelves, sorted(left), street.now))


def ends(events: Path, stock: dict[str, int], terms: dict[str, Any], *, decided: bool = False) -> dict[str, int]:
    """Every interleaving of these events with the deliveries; how often each end was reached."""
    known: set[str] = set()
    found: dict[str, int] = {}
    open_paths = [Path()]
    while open_paths:
        path = open_paths.pop()
        street = walked(path, stock, terms, decided)
        left = frozenset(events) - set(path)
        if (state := seen(street, left)) in known:
            continue
        known.add(state)
        steps = [*street.waiting(), *sorted(left)]
        open_paths += [(*path, step) for step in steps]
        if not steps:
            at_the_end(street)
            check(street, stock)
            found[street.counter.step] = found.get(street.counter.step, 0) + 1
    return found


ENOUGH, SHORT = {"A": 3, "B": 1}, {"A": 2, "B": 0}


@pytest.mark.parametrize(
    ("events", "reached"),
    [
        (("release",), ("released",)),
        (("time",), ("expired", "refused")),
        (("order",), ("taken", "refused", "expired")),
        (("release", "order"), ("taken", "released", "refused")),
        (("extend", "time"), ("expired", "refused")),
        (("again", "release"), ("released",)),
    ],
    ids=str,
)
def test_every_interleaving_ends_with_nothing_held_for_the_cart(events: Path, reached: Path) -> None:
    found = ends(events, ENOUGH, {})
    assert set(found) <= set(reached) and found


@pytest.mark.parametrize("events", [("time", "order"), ("release", "whole"), ("extend", "order"), ("extend", "release")], ids=str)  # fmt: skip
def test_every_interleaving_after_the_decision_ends_with_nothing_held(events: Path) -> None:
    found = ends(events, ENOUGH, {}, decided=True)
    assert set(found) <= ENDS - {"refused"} and found


@pytest.mark.parametrize("terms", [{}, {"allow_partial": True}], ids=str)
def test_every_interleaving_of_a_short_cart_ends_with_nothing_held(terms: dict[str, Any]) -> None:
    found = ends(("release", "whole"), SHORT, terms)
    assert set(found) <= ENDS and "released" in found


def test_an_order_after_the_decision_has_all_of_its_cart() -> None:
    street = begun({"A": 2, "B": 1})
    street.drain()
    street.order(ORDER, WANTED)
    street.drain()
    assert (street.held(ORDER), street.held(), street.counter.step) == (WANTED, {}, "taken")


@pytest.mark.parametrize("late", ["release", "time"])
def test_a_late_release_or_expiry_gives_nothing_of_the_order_back(late: str) -> None:
    street = begun({"A": 2, "B": 1})
    street.drain()
    street.order(ORDER, WANTED)
    street.drain()
    act(street, late)
    at_the_end(street)
    assert (street.held(ORDER), street.counter.step) == (WANTED, "taken")


def test_an_extended_cart_is_still_held_after_its_first_time() -> None:
    street = begun({"A": 2, "B": 1})
    street.drain()
    street.tick(600)
    act(street, "extend")
    street.drain()
    street.tick(900)
    street.drain()
    assert (street.held(), street.counter.step) == (WANTED, "held")


steps = st.sampled_from(["A", "B", ID, "A", "B", ID, "release", "extend", "order", "whole", "time", "again"])
stocks = st.fixed_dictionaries({"A": st.integers(0, 4), "B": st.integers(0, 2)})


@settings(max_examples=150, deadline=None)
@given(stocks, st.booleans(), st.lists(steps, max_size=25))
def test_every_play_ends_with_goods_conserved(stock: dict[str, int], partial: bool, script: list[str]) -> None:
    street, ordered = begun(stock, allow_partial=partial), False
    for step in script:
        if step in street.mail and step not in street.waiting():
            continue
        if step in ("order", "whole"):
            if ordered:
                continue
            ordered = True
        act(street, step)
        held = street.held()
        if street.counter.step == "held" and not street.waiting() and not partial:
            assert held == WANTED
    at_the_end(street)
    check(street, stock)
