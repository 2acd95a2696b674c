"""The newest event behind each location's stock is noted where stock changes, and nowhere else."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from schemas.generated import inventory_v1 as inventory
from streams.engine.effects import Message
from streams.project.stock import shown
from tables.inventory.availability import availability
from tables.redis.availability_view import Stock
from tables.redis.explanation_view import explanation
from tables.redis.holders_view import Holders
from tests.streams.inventory.shelf import SKU, Shelf
from tests.streams.inventory.world import CHANNELS, Command, days
from tests.streams.project.facts import message, projected, writes


def counted(seq: int = 1, drift: int = 5, **rest: Any) -> Message:
    position = inventory.position(location="DC1", on_hand=120, **rest)
    record = inventory.stock_counted(
        sku=SKU, seq=seq, at=1_772_438_400_000, location="DC1", source="wms1", source_sequence=88,
        as_of=1_772_438_400_000, counted=120, drift=drift, positions=[position],
    )  # fmt: skip
    return message("inventory.counted", record, key=SKU, offset=seq)


def moved(seq: int, *places: str) -> Message:
    record = inventory.stock_transferred(
        sku=SKU, seq=seq, at=1_772_438_400_000, kind="transferred", location=places[0], source="wms1",
        as_of=1_772_438_400_000, quantity=3, positions=[],
        moves=[inventory.stock_move(location=place, on_hand=1, at=0) for place in places],
    )  # fmt: skip
    return message("inventory.transferred", record, key=SKU, offset=seq)


def noted(*messages: Message) -> dict[str, str]:
    """The ids that stand, by field."""
    from tables.redis.values import loaded

    fields = projected(*messages).hashes.get(f"why:acme:{SKU}", {})
    return {name.decode(): body["id"] for name, raw in fields.items() if (body := loaded(raw))}


def test_a_count_is_the_event_behind_its_location() -> None:
    assert noted(counted()) == {"stock:DC1": "e-1"}


def test_a_transfer_is_the_event_behind_both_sides() -> None:
    assert noted(counted(), moved(2, "DC1", "YARD")) == {"stock:DC1": "e-2", "stock:YARD": "e-2"}


def test_the_newest_stands_whatever_comes_last() -> None:
    assert noted(moved(2, "DC1"), counted()) == {"stock:DC1": "e-2"}


def test_a_count_that_finds_what_was_known_is_not_written() -> None:
    assert writes(counted(drift=0)) == []
    assert len(writes(counted(drift=0, unsellable=4, classes={"damaged": 4}))) == 1


def test_rules_are_noted_apart() -> None:
    rules = inventory.set_stock_rules(sku=SKU, version=1)
    record = inventory.stock_rules_set(sku=SKU, seq=1, at=1_772_438_400_000, rules=rules)
    assert noted(message("inventory.rules.set", record, key=SKU, offset=1)) == {"rules": "e-1"}


def test_a_reservation_costs_one_write_for_each_row_and_none_for_the_reasons() -> None:
    shelf = Shelf(DC1=10)
    effects = shelf.reserve("O-1", {"1": 2, "2": 3})
    [fact] = [each for each in effects.facts if each.type == "inventory.reserved"]
    assert [write.key for write in writes(message(fact.type, fact.record, key=SKU))] == [f"held:acme:{SKU}"] * 2


@given(days)
def test_what_is_shown_explains_itself_whatever_happened(day: list[Command]) -> None:
    shelf = Shelf()
    for kind, record in day:
        shelf.send(kind, record)
    if "sku" in shelf.rows:
        offer = availability(SKU, shelf.rows["sku"])
        stock = Stock({"version": offer["version"], **shown(offer, 3)}, None)
        for channel in (*CHANNELS, ""):
            told = explanation(stock, {}, Holders(), channel, 0)
            assert told is not None
            assert sum(int(term["amount"]) for term in told["terms"]) == int(told["quantity"])
