"""Whatever comes in whatever order: quantities add up, numbers are dense, the ledger is balanced, the facts say it all."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.envelope import Envelope
from schemas.generated import orders_v1 as v1
from schemas.loader import by_type
from streams.engine.effects import Message
from streams.orders.decide import decide
from tables.orders import apply
from tables.orders.quantities import COUNTS, amount, balanced
from tables.orders.rows import lines_of
from tables.rows import DictRows
from tests.streams.orders.shop import ID, Shop, content, item
from tests.streams.orders.world import World

SKUS = ("A", "B", "C")
NAMED = {"received", "accepted", "confirmed", "released", "backordered", "partially_backordered", "partially_shipped", "shipped",
         "rejected", "cancelled"}  # fmt: skip
LINES = {"1": "A", "2": "B", "3": "A", "4": "C"}
few = st.integers(min_value=1, max_value=6)
orders = st.fixed_dictionaries({"1": few}, optional={"2": few, "3": few, "4": few})
stocks = st.fixed_dictionaries({sku: st.integers(min_value=0, max_value=12) for sku in SKUS})
policies = st.fixed_dictionaries({"ship_complete": st.booleans(), "backorder": st.booleans(), "release": st.sampled_from(["at_once", "hold"]),
                                  "parked": st.sampled_from(["", "", "1", "4"]), "early": st.sampled_from([None, None, "", "2"])})  # fmt: skip
moves = st.one_of(
    st.tuples(st.just("deliver"), st.integers(min_value=0, max_value=9), st.booleans()),
    st.tuples(st.just("deliver"), st.integers(min_value=0, max_value=9), st.just(False)),
    st.tuples(st.just("cancel"), st.sampled_from(["", *LINES]), few),
    st.tuples(st.just("resend"), orders, st.booleans()),
    st.tuples(st.just("supply"), st.sampled_from(SKUS), few),
    st.tuples(st.just("ship"), st.sampled_from(list(LINES)), few),
    st.tuples(st.just("short"), st.sampled_from(list(LINES)), few),
    st.tuples(st.just("resolve"), orders, st.just(0)),
    st.tuples(st.just("late"), st.just(0), st.just(0)),
    st.tuples(st.just("release"), st.just(0), st.just(0)),
)
plays = st.tuples(orders, stocks, policies, st.booleans(), st.lists(moves, max_size=40))


def meant(wanted: dict[str, int], policy: dict[str, Any], *, parked: str = "") -> v1.OrderContent:
    """The order with these quantities, by a partner who sends changes; one line may not be understood."""
    terms = {name: value for name, value in policy.items() if name not in ("parked", "early")}
    problems = {parked: "item_unmapped"}
    lines = [
        item(line, "" if line == parked else LINES[line], quantity, problems.get(line, ""))
        for line, quantity in wanted.items()
    ]
    return content(*lines, fingerprint=repr(sorted(wanted.items())), changed_resend="change", **terms)


def placing(wanted: dict[str, int], policy: dict[str, Any]) -> v1.PlaceOrder:
    """The order as it is first understood."""
    return v1.place_order(order_id=ID, content=meant(wanted, policy, parked=policy.get("parked", "")))


def begin(world: World, play: Any) -> None:
    """The order comes, perhaps after a cancel of it."""
    wanted, _, policy, *_ = play
    if policy["early"] is not None:
        world.do("order.cancel", cancelling(policy["early"], 1))
    world.do("order.place", placing(wanted, policy))


def cancelling(line: str, quantity: int) -> v1.CancelOrder:
    """Of a line, or of the whole order."""
    return v1.cancel_order(order_id=ID, lines=[v1.cancel_line(line=line, quantity=quantity)] if line else [])


def act(world: World, policy: dict[str, Any], move: tuple[str, Any, Any]) -> None:
    """One thing that happens."""
    kind, first, second = move
    order = world.order.order
    match kind:
        case "deliver":
            if names := world.waiting():
                world.deliver(names[first % len(names)], twice=second)
        case "cancel":
            world.do("order.cancel", cancelling(first, second))
        case "resend":
            world.do("order.place", v1.place_order(order_id=ID, content=meant(first, policy)))
        case "resolve":
            world.do("order.resolve", v1.resolve_order(order_id=ID, content=meant(first, policy)))
        case "supply":
            world.supply(first, second)
        case "ship":
            world.ship(LINES[first], first, second)
        case "short":
            world.short(LINES[first], first, second)
        case "late":
            for step, attempt in (("reserve", order["attempt"]), ("post", order["post_revision"])):
                world.do("order.deadline", v1.deadline_reached(order_id=ID, step=step, attempt=attempt))
        case _:
            world.do("order.release", v1.release_order(order_id=ID))


def played(play: Any) -> World:
    """The world after a play, everything delivered."""
    _, stock, policy, refuses, script = play
    world = World(stock, refuses=refuses)
    begin(world, play)
    for move in script:
        act(world, policy, move)
        check_book(world.order)
    world.drain()
    check_book(world.order)
    return world


def check_book(shop: Shop) -> None:
    """Every line is balanced, and the header's sums are theirs."""
    lines = list(lines_of(shop.rows))
    assert all(balanced(line) for line in lines)
    assert {name: sum(amount(line, name) for line in lines) for name in COUNTS} == {
        name: amount(shop.order["sums"], name) for name in COUNTS
    }


@settings(max_examples=250, deadline=None)
@given(plays)
def test_every_play_ends_in_a_named_state_with_the_ledger_balanced(play: Any) -> None:
    world = played(play)
    order = world.order.order
    assert order["headline"] in NAMED
    assert order["awaiting"] == 0
    assert order["step"] in ("settled", "queued", "ended", "parked")
    for line in lines_of(world.order.rows):
        reserved, allocated, waiting = (
            world.shelves[line["sku"]].rows.get(line["line"], [0, 0, 0]) if line["sku"] else [0, 0, 0]
        )
        assert reserved + allocated == line["reserved"] + line["released"], line
        if not play[2]["ship_complete"]:
            assert waiting == line["backordered"], line
    if order["step"] == "queued":
        assert all(sum(row[:2]) == 0 for shelf in world.shelves.values() for row in shelf.rows.values())
        assert [sku for sku, shelf in world.shelves.items() if shelf.queue] == [order["queued_at"]]


@settings(max_examples=150, deadline=None)
@given(plays)
def test_the_erp_and_the_order_agree_in_the_end(play: Any) -> None:
    world = played(play)
    order = world.order.order
    assert world.erp.taken <= 1
    if order["outcome"] == "cancelled":
        assert not world.erp.stands
    if order["outcome"] == "rejected":
        assert not world.erp.taken
    assert world.erp.stands == (order["erp"] == "posted")


@settings(max_examples=150, deadline=None)
@given(plays)
def test_numbers_are_dense_and_only_changes_are_told(play: Any) -> None:
    told = [(kind, record) for kind, record in played(play).order.told if kind != "order.ignored"]
    statuses = [record for kind, record in told if kind == "order.status.changed"]
    facets = [record for kind, record in told if kind == "order.facet.changed"]
    assert [record["seq"] for _, record in told] == list(range(1, len(told) + 1))
    assert [record["status_seq"] for record in statuses] == list(range(1, len(statuses) + 1))
    assert [record["facet_seq"] for record in facets] == list(range(1, len(facets) + 1))
    assert [record["old"] for record in statuses] == ["received", *(record["new"] for record in statuses[:-1])][
        : len(statuses)
    ]
    assert all(record["old"] != record["new"] for record in statuses)


@settings(max_examples=150, deadline=None)
@given(plays)
def test_the_rows_are_a_fold_of_the_published_facts(play: Any) -> None:
    shop, rows = played(play).order, DictRows()
    for kind, record in shop.told:
        if by_type()[kind].topic == "orders.events":
            rows.put(apply(kind, record, rows))
    assert rows.rows == shop.rows.rows


@settings(max_examples=100, deadline=None)
@given(plays)
def test_a_decision_is_the_same_twice_and_touches_nothing(play: Any) -> None:
    rows = played(play).order.rows
    before = copy.deepcopy(rows.rows)
    message = Message(Envelope("c", "order.cancel", "test", "acme"), ID, v1.cancel_order(order_id=ID), 1)
    assert decide(message, rows) == decide(message, rows)
    assert rows.rows == before


@settings(max_examples=150, deadline=None)
@given(plays)
def test_with_stock_enough_and_no_cancel_all_of_it_is_released(play: Any) -> None:
    wanted, stock, policy, _, script = play
    calm = [move for move in script if move[0] not in ("cancel", "resolve")]
    eager = {**policy, "backorder": True, "release": "at_once", "parked": "", "early": None}
    world = played((wanted, stock, eager, False, calm))
    for _ in range(4):
        for sku in SKUS:
            world.supply(sku, 100)
        world.drain()
    assert {line["line"]: line["released"] + line["shipped"] for line in lines_of(world.order.rows)} == {
        line["line"]: line["ordered"] for line in lines_of(world.order.rows)}  # fmt: skip
