"""The events that every engine reads, and what must come of them."""

from __future__ import annotations

from collections import Counter

import pytest

from ops.bench.engines import ledger
from ops.bench.engines.filling import body, key_of, record_of, records
from ops.bench.engines.ledger import EVENT, booked
from ops.bench.engines.verdict import Verdict, sku_of, total, wrong
from ops.bench.engines.workload import Load, Shape, Total, events, totals
from schemas import wire
from schemas.envelope import from_headers

SMALL = Load(Shape.UNIFORM, 400, skus=50)
SHAPES = [Load(shape, 600, skus=40) for shape in Shape]


@pytest.mark.parametrize("load", SHAPES, ids=lambda load: load.shape)
def test_the_same_load_is_the_same_events(load: Load) -> None:
    assert list(events(load)) == list(events(load))


@pytest.mark.parametrize("load", SHAPES, ids=lambda load: load.shape)
def test_fewer_events_are_the_first_of_the_same_stream(load: Load) -> None:
    assert list(events(Load(load.shape, 100, load.skus))) == list(events(load))[:100]


@pytest.mark.parametrize("load", SHAPES, ids=lambda load: load.shape)
def test_no_location_ever_holds_less_than_nothing(load: Load) -> None:
    held: Counter[tuple[str, str]] = Counter()
    for event in events(load):
        held[event.sku, event.location] += event.quantity
        assert held[event.sku, event.location] >= 0


def test_a_receipt_adds_and_an_adjustment_takes() -> None:
    found = list(events(SMALL))
    assert {event.kind for event in found} == {"received", "adjusted"}
    assert all((event.quantity > 0) == (event.kind == "received") for event in found)


def test_the_totals_are_the_sums_of_the_movements() -> None:
    found = totals(SMALL)
    assert sum(one.quantity for one in found.values()) == sum(event.quantity for event in events(SMALL))
    assert sum(one.version for one in found.values()) == SMALL.events


def test_few_skus_have_most_of_a_zipf_load() -> None:
    counted = Counter(event.sku for event in events(Load(Shape.ZIPF, 4_000, skus=1_000)))
    assert sum(count for _, count in counted.most_common(100)) > 2_000


def test_a_popular_sku_is_not_told_by_its_number() -> None:
    counted = Counter(event.sku for event in events(Load(Shape.ZIPF, 4_000, skus=1_000)))
    assert counted.most_common(1)[0][0] != "SKU-0000000"


def test_in_turns_each_sku_comes_once_before_any_comes_again() -> None:
    skus = [event.sku for event in events(Load(Shape.TURNS, 90, skus=40))]
    assert len(set(skus[:40])) == 40
    assert skus[40:80] == skus[:40]


def test_loads_of_different_sizes_have_topics_of_their_own() -> None:
    loads = [SMALL, Load(Shape.UNIFORM, 401, 50), Load(Shape.UNIFORM, 400, 51), Load(Shape.ZIPF, 400, 50)]
    assert len({load.name for load in loads}) == 4


# -- the job


def test_the_ledger_over_all_events_comes_to_the_totals() -> None:
    rows: dict[str, ledger.AvailabilityChanged] = {}
    for event in events(SMALL):
        name, movement = wire.decode(body(event, at=7))
        assert name == EVENT
        rows[event.sku] = booked(rows.get(event.sku), movement)
    found = {sku: total(wire.encode(ledger.ROW, row)) for sku, row in rows.items()}
    assert found == totals(SMALL)


def test_an_event_is_a_whole_command_of_its_sku() -> None:
    event = next(events(SMALL))
    record = record_of(event, at=1_772_438_400_123)
    envelope = from_headers(record.headers)
    assert (envelope.type, envelope.tenant, envelope.subject) == ("stock.report", "acme", event.sku)
    assert envelope.time == 1_772_438_400_123
    assert sku_of(record.key or b"") == event.sku
    assert record.key == key_of(event.sku)


def test_no_two_events_share_an_id() -> None:
    ids = [from_headers(record.headers).id for record in records(SMALL, 0)]
    assert len(set(ids)) == SMALL.events


# -- the verdict


def test_the_right_state_is_right() -> None:
    assert wrong({"A": Total(2, 9)}, {"A": Total(2, 9)}, numbered=True) == 0
    assert Verdict(3, 0).word == "right"


@pytest.mark.parametrize("found", [{}, {"A": Total(2, 8)}, {"A": Total(3, 9)}, {"A": Total(2, 9), "B": Total(1, 1)}])
def test_a_missing_wrong_doubled_or_strange_sku_is_wrong(found: dict[str, Total]) -> None:
    assert wrong({"A": Total(2, 9)}, found, numbered=True) == 1
    assert Verdict(3, 1).word.startswith("WRONG")


def test_an_engine_whose_versions_count_something_else_is_judged_by_its_quantities() -> None:
    assert wrong({"A": Total(2, 9)}, {"A": Total(17, 9)}, numbered=False) == 0
    assert wrong({"A": Total(2, 9)}, {"A": Total(2, 8)}, numbered=False) == 1
