"""Laws that hold for every sequence of commands."""

from __future__ import annotations

import copy
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given

from schemas.envelope import Envelope
from streams.engine.effects import Effects, Message
from streams.inventory.decide import decide
from tables.inventory.apply import apply
from tables.inventory.position import available_to_sell
from tables.rows import DictRows
from tests.streams.inventory.shelf import SKU, Shelf
from tests.streams.inventory.world import Command, check_books, check_told, check_wire, commands, days, played, reserves


def decided(effects: list[Effects], *kinds: str) -> list[Any]:
    return [fact.record for each in effects for fact in each.facts if fact.type in kinds]


@given(days)
def test_the_same_commands_have_the_same_effects(day: list[Command]) -> None:
    (one, first), (other, second) = played(day), played(day)
    assert (first, one.rows) == (second, other.rows)


@given(days, commands)
def test_deciding_changes_no_row_by_itself(day: list[Command], last: Command) -> None:
    shelf, _ = played(day)
    before = copy.deepcopy(shelf.rows)
    message = Message(Envelope("c", last[0], "test", "acme"), SKU, last[1], shelf.stage.now)
    assert decide(message, shelf.stage.keys[SKU]) == decide(message, shelf.stage.keys[SKU])
    assert shelf.rows == before


@given(days)
def test_what_cannot_be_decided_changes_nothing(day: list[Command]) -> None:
    shelf, _ = played(day)
    before = copy.deepcopy(shelf.rows)
    with pytest.raises(KeyError):
        shelf.send("stock.unheard-of", {})
    assert shelf.rows == before


@given(days)
def test_every_command_is_answered_by_a_fact(day: list[Command]) -> None:
    _, effects = played(day)
    assert all(each.facts for each in effects)


@given(days)
def test_the_rows_are_a_fold_of_the_facts_and_folding_twice_is_folding_once(day: list[Command]) -> None:
    shelf, effects = played(day)
    folded = DictRows()
    for fact in (fact for each in effects for fact in each.facts):
        folded.put(apply(fact.type, fact.record, folded))
        assert not apply(fact.type, fact.record, folded)
    assert folded.rows == shelf.rows


@given(days)
def test_facts_are_numbered_without_gaps(day: list[Command]) -> None:
    _, effects = played(day)
    numbers = [fact.record["seq"] for each in effects for fact in each.facts if "seq" in fact.record]
    assert numbers == list(range(1, len(numbers) + 1))


@given(days)
def test_totals_are_the_sum_of_the_ledger_after_every_command(day: list[Command]) -> None:
    shelf = Shelf()
    for kind, record in day:
        shelf.send(kind, record)
        check_books(shelf)
        check_told(shelf, shelf.effects)
    assert shelf.stage.sent == len(day)


@given(days)
def test_everything_that_is_said_or_kept_fits_its_schema(day: list[Command]) -> None:
    shelf, effects = played(day)
    for each in effects:
        check_wire(shelf, each)
    assert len(effects) == len(day)


@given(days)
def test_units_in_are_units_out_and_units_on_hand(day: list[Command]) -> None:
    shelf, effects = played(day)
    moved = sum(move["on_hand"] for each in effects for fact in each.facts for move in fact.record.get("moves", ()))
    drifted = sum(record["drift"] for record in decided(effects, "inventory.counted"))
    drifted += sum(record["change"] for record in decided(effects, "inventory.drift.corrected"))
    on_hand = sum(position["on_hand"] for position in shelf.rows.get("sku", {"positions": {}})["positions"].values())
    assert on_hand == moved + drifted


@given(days, reserves)
def test_no_more_is_granted_than_was_on_offer(day: list[Command], last: Command) -> None:
    shelf, _ = played([*day])
    sku = shelf.rows.get("sku")
    offered = available_to_sell(sku, last[1]["channel"]) if sku else 0
    effects = shelf.send(*last)
    granted = [record for record in decided([effects], "inventory.reserved") if record["cause"] == "request"]
    assert sum(record["quantity"] for record in granted) <= offered


@given(days, commands)
def test_the_same_command_delivered_again_changes_no_quantity(day: list[Command], last: Command) -> None:
    """Receipts by sequence or event id, releases by command id, attempts by number, shipments by event."""
    shelf, _ = played(day)
    shelf.send(*last, id="same", now=shelf.stage.now)
    before = holdings(shelf)
    shelf.send(*last, id="same", now=shelf.stage.now)
    assert holdings(shelf) == before


def holdings(shelf: Shelf) -> Any:
    """On hand, the ledger and what is to come, without versions and ages."""
    sku = shelf.rows.get("sku")
    coming = sku["incoming"] if sku else 0
    positions = sku["positions"].items() if sku else ()
    stock = {location: (position["on_hand"], position["unsellable"]) for location, position in positions}
    return (
        stock,
        coming,
        {name: (row["reserved"], row["allocated"]) for name, row in shelf.rows.items() if name.startswith("hold|")},
    )


@given(days)
def test_availability_versions_only_grow(day: list[Command]) -> None:
    _, effects = played(day)
    versions = [record["version"] for record in decided(effects, "availability.changed")]
    assert versions == sorted(set(versions))


@given(days)
def test_two_skus_do_not_meet(day: list[Command]) -> None:
    alone, both = Shelf(), Shelf()
    for index, (kind, record) in enumerate(day):
        alone.send(kind, record, id=f"c-{index}")
        both.send(kind, record, id=f"c-{index}", now=alone.stage.now)
        both.stage.send(kind, record, key="OTHER", now=both.stage.now)
    assert both.rows == alone.rows


@pytest.mark.parametrize("order", permutations(range(4)))
def test_reserve_and_release_in_any_order_end_with_nothing_held(order: tuple[int, ...]) -> None:
    shelf = Shelf(DC1=10)
    steps = [
        lambda: shelf.reserve("PO-1", {"1": 4}),
        lambda: shelf.release("PO-1"),
        lambda: shelf.reserve("PO-2", {"1": 9}, wait=True),
        lambda: shelf.release("PO-2"),
    ]
    for index in order:
        steps[index]()
    assert (shelf.held("PO-1"), shelf.held("PO-2"), shelf.available(), shelf.rows["sku"]["waiting"]) == (0, 0, 10, 0)


@pytest.mark.parametrize("order", [each for each in permutations("aaabbb") if each[0] == "a"][::9])
def test_two_orders_may_interleave_as_they_like(order: tuple[str, ...]) -> None:
    """Each reserves, goes to the warehouse and ships; whoever was late gets what is left, nothing is sold twice."""
    shelf = Shelf(DC1=5)
    step = {"a": 0, "b": 0}
    for who in order:
        steps = [
            lambda who=who: shelf.reserve(who, {"1": 3}),
            lambda who=who: shelf.allocate(who),
            lambda who=who: shelf.ship(who, max(1, shelf.held(who)), "DC1"),
        ]
        steps[step[who]]()
        step[who] += 1
    assert (shelf.position("DC1")["on_hand"], shelf.held("a") + shelf.held("b"), shelf.available()) == (0, 0, 0)
