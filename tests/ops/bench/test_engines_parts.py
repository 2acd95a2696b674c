"""The comparison's parts that need no broker: schemas for Java, names, cores, cost that grows."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ops.bench.engines import growth, kstreams
from ops.bench.engines.bare import bare, decide
from ops.bench.engines.contenders import BARE, CONTENDERS, INVENTORY
from ops.bench.engines.course import Course
from ops.bench.engines.filling import records
from ops.bench.engines.hop import Seen
from ops.bench.engines.ledger import EVENT, ROW, booked
from ops.bench.engines.run import FULL, QUICK
from ops.bench.engines.verdict import sku_of, total
from ops.bench.engines.watching import CORES, pinned
from ops.bench.engines.workload import Load, Shape, Total, totals
from schemas import ids, wire
from schemas.loader import resolved
from streams.engine.agent import decision_of
from streams.engine.deciding import Deciding
from tables.store_memory import MemoryStore

LOAD = Load(Shape.ZIPF, 500, skus=60)


def course(engine: str = BARE) -> Course:
    """A course that nobody runs."""
    return Course(engine, LOAD, "127.0.0.1:1", Path("folder"))


# -- the bare agent


def test_the_bare_agent_publishes_the_totals() -> None:
    decided = Deciding(bare).batch(list(records(LOAD, began=1_772_438_400_000)), MemoryStore())
    assert decided.dead == 0
    found = {sku_of(out.key or b""): total(out.value or b"") for out in decided.published()}
    assert found == totals(LOAD)


def test_the_bare_agents_row_is_what_it_publishes() -> None:
    decided = Deciding(bare).batch(list(records(LOAD, began=1_772_438_400_000)), MemoryStore())
    assert sorted(decided.layer.encoded().values(), key=repr) == sorted(
        [out.value for out in decided.published()], key=repr
    )


def test_the_bare_agent_only_wires() -> None:
    assert decision_of(bare) is decide


# -- Kafka Streams


@pytest.mark.parametrize("name", [EVENT, ROW])
def test_javas_schema_has_the_same_fields_in_the_same_order(name: str) -> None:
    schema = kstreams.java_schema(resolved(name))
    assert [field["name"] for field in schema["fields"]] == [field["name"] for field in resolved(name)["fields"]]


@pytest.mark.parametrize("name", [EVENT, ROW])
def test_javas_texts_are_strings_and_its_times_numbers(name: str) -> None:
    text = json.dumps(kstreams.java_schema(resolved(name)))
    assert "logicalType" not in text
    assert '"type": "string", "avro.java.string": "String"' in text
    assert '"type": "string"}' not in text


def test_kafka_streams_is_told_the_ids_of_todays_schemas() -> None:
    assert kstreams.schema_ids()["BENCH_ROW_ID"] == str(ids.current_ids()[ROW])


# -- names


def test_wharf_and_the_others_mean_the_same_topics() -> None:
    assert course().told()["BENCH_INPUT"] == course().settings.topic(bare.mailbox)
    assert course().changelog == course().settings.topic(bare.table.changelog if bare.table else "")
    assert course().group == f"{course().settings.environment}.{BARE}"


def test_engines_share_their_input_and_nothing_else() -> None:
    one, other = course(BARE), course(INVENTORY)
    assert one.input == other.input
    assert not {one.group, one.changelog, one.settings.state_dir} & {
        other.group,
        other.changelog,
        other.settings.state_dir,
    }


def test_the_slow_engines_get_fewer_events() -> None:
    shares = {name: one.share for name, one in CONTENDERS.items()}
    assert shares["faust"] < shares["quix"] < shares["bare"] == 1


def test_quick_is_smaller_in_everything() -> None:
    assert QUICK.events < FULL.events
    assert QUICK.seconds < FULL.seconds
    assert max(QUICK.skus) < max(FULL.skus)


# -- watching and growing


def test_a_process_is_pinned_only_for_as_long_as_asked() -> None:
    before = os.sched_getaffinity(0)
    with pinned(0):
        assert os.sched_getaffinity(0) == {min(CORES)}
    assert os.sched_getaffinity(0) == before


def test_a_core_that_is_not_there_pins_nothing() -> None:
    with pinned(4_096):
        assert os.sched_getaffinity(0) == set(CORES)


def test_a_reader_notes_how_long_a_record_took() -> None:
    seen = Seen()
    row = booked(None, wire.decode(next(records(LOAD, 1_000)).value or b"")[1])
    seen.note(wire.encode(ROW, {**row, "as_of": 5_000_000}), 5_020_000)
    assert seen.took == [(5_000_000, pytest.approx(0.02))]


def test_answers_to_what_another_engine_was_asked_are_not_noted() -> None:
    seen = Seen(since=5_000_000)
    row = booked(None, wire.decode(next(records(LOAD, 1_000)).value or b"")[1])
    for asked in (4_999_999, 5_000_000):
        seen.note(wire.encode(ROW, {**row, "as_of": asked}), 5_020_000)
        assert seen.any.is_set() == (asked == 5_000_000)
    assert [produced for produced, _ in seen.took] == [5_000_000]


def test_orders_of_one_sku_are_decided_over_what_is_open(tmp_path: Path) -> None:
    found = growth.lines(tmp_path, open_lines=20, more=10)
    assert (found.of, found.count, found.cost.events) == (growth.LINES, 20, 10)
    assert found.cost.cpu_s > 0


def test_a_total_counts_movements_and_units() -> None:
    row = booked(None, wire.decode(next(records(LOAD, 1_000)).value or b"")[1])
    assert total(wire.encode(ROW, row)) == Total(1, row["default_quantity"])
