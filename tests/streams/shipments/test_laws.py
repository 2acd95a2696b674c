"""Laws of shipments: the order of arrival does not matter, every decision is told, the rows are a fold of the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import wire
from schemas.loader import by_type
from tables.rows import DictRows
from tables.shipments import SHIPMENTS
from tests.streams.shipments.dock import Dock

Tale = Callable[[Dock], Any]

# two orders of one customer, three shipments (one shared), parcels, freight, and bills: told in any order
STORY: list[Tale] = [
    lambda dock: dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5", number="P-1@portal", po="4711"),
    lambda dock: dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5", erp_number="SO-1"),
    lambda dock: dock.claim("O-2", "1 BOLT 7", number="P-2@portal"),
    lambda dock: dock.dispatch("S-1", "- WIDGET 20", tracking=("1Z 1",), number="P-1@portal", event="d1"),
    lambda dock: dock.dispatch("S-2", "1 - 4", "2 BOLT 5", tracking=("1Z2", "1Z3"), erp_number="SO-1", event="d2"),
    lambda dock: dock.dispatch("S-3", "1 BOLT 7", packages=("00345",), order_id="O-2", event="d3"),
    lambda dock: dock.dispatch("S-3", "1 BOLT 7", packages=("00345",), order_id="O-2", event="d3", source="tms"),
    lambda dock: dock.milestone("in_transit", "2T20:00", tracking="1Z1", event="m1"),
    lambda dock: dock.milestone("attempted", "3T08:00", tracking="1Z1", event="m2"),
    lambda dock: dock.milestone("out_for_delivery", "4T07:00", tracking="1Z-1", event="m3"),
    lambda dock: dock.milestone("delivered", "4T09:00", shipment="S-1", event="m4"),
    lambda dock: dock.milestone("delivered", "4T09:00", tracking="1Z1", event="m4", source="aggregator"),
    lambda dock: dock.milestone("delivered", "5T09:00", tracking="1Z2", event="m5"),
    lambda dock: dock.milestone("delivered", "6T09:00", tracking="1Z3", event="m6"),
    lambda dock: dock.milestone("delayed", "3T09:00", sscc="00 345", event="m7"),
    lambda dock: dock.milestone("delivered", "7T09:00", number="P-2@portal", event="m8"),
    lambda dock: dock.invoice("INV-1", "- WIDGET 24 228.00", po="4711", event="i1"),
    lambda dock: dock.invoice("INV-2", "1 - 7 70.00", number="P-2@portal", event="i2"),
]
arrivals = st.permutations(STORY)


def joined(dock: Dock) -> Counter[tuple[Any, ...]]:
    """What the orders and the shelves were told, without what tells when it was."""
    told: Counter[tuple[Any, ...]] = Counter()
    for fact in dock.told("order.shipment-fact"):
        lines = tuple((line["line"], line["sku"], line["quantity"]) for line in fact["lines"])
        told[("shipped", fact["order_id"], fact["shipment"], fact["event_id"], lines)] += 1
    for fact in dock.told("order.milestone-fact"):
        told[("step", fact["order_id"], fact["shipment"], fact["event_id"], fact["code"], fact["at"])] += 1
    for fact in dock.told("order.invoice-fact"):
        told[("billed", fact["order_id"], fact["event_id"], fact["lines"][0]["line"])] += 1
    for fact in dock.told("stock.ship"):
        told[("left", fact["sku"], fact["holder"], fact["line"], fact["quantity"], fact["event_id"])] += 1
    return told


def play(tales: list[Tale]) -> Dock:
    dock = Dock()
    for tale in tales:
        tale(dock)
    return dock


CALM = joined(play(STORY))


@settings(max_examples=150, deadline=None)
@given(arrivals)
def test_any_order_of_arrival_ends_in_the_same_joined_facts(tales: list[Tale]) -> None:
    assert joined(play(tales)) == CALM


@settings(max_examples=40, deadline=None)
@given(arrivals)
def test_any_order_of_arrival_ends_in_the_same_headlines_and_counts(tales: list[Tale]) -> None:
    dock = play(tales)
    assert [dock.headline(*names) for names in (("S-1", "O-1"), ("S-2", "O-1"), ("S-3", "O-2"))] == ["delivered"] * 3
    assert [dock.rows[f"line|O-1|0000{place}"]["shipped"] for place in (0, 1)] == [24, 5]


@settings(max_examples=40, deadline=None)
@given(arrivals, st.lists(st.integers(0, len(STORY) - 1), max_size=6))
def test_telling_anything_again_changes_no_joined_fact(tales: list[Tale], again: list[int]) -> None:
    assert joined(play(tales + [tales[index] for index in again])) == CALM


@settings(max_examples=40, deadline=None)
@given(arrivals)
def test_when_all_has_come_nothing_waits(tales: list[Tale]) -> None:
    dock = play(tales)
    assert not [name for name in dock.rows if name.startswith(("parked|", "waiting|"))]
    assert dock.timers == {}


@settings(max_examples=40, deadline=None)
@given(arrivals)
def test_every_command_is_answered_by_a_fact(tales: list[Tale]) -> None:
    assert all(effects.facts for effects in play(tales).heard)


@settings(max_examples=25, deadline=None)
@given(arrivals)
def test_the_rows_are_a_fold_of_the_published_facts(tales: list[Tale]) -> None:
    dock, rows = play(tales), DictRows()
    for effects in dock.heard:
        for fact in effects.facts:
            name = by_type()[fact.type].name
            assert by_type()[fact.type].topic == "shipments.events"
            rows.put(SHIPMENTS.apply(fact.type, wire.decode(wire.encode(name, fact.record))[1], rows))
    assert rows.rows == dock.rows


@settings(max_examples=25, deadline=None)
@given(arrivals)
def test_every_row_fits_the_tables_declaration(tales: list[Tale]) -> None:
    for name, row in play(tales[:9]).rows.items():
        assert wire.encode(SHIPMENTS.kinds[name.partition("|")[0]], row)


def test_a_decision_given_twice_is_the_same_twice() -> None:
    assert [effects.facts for effects in play(STORY).heard] == [effects.facts for effects in play(STORY).heard]
