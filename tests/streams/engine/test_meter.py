"""What the engine counts, per agent and partition."""

from __future__ import annotations

from prometheus_client import REGISTRY

from streams.engine.deciding import Decided, Deciding
from streams.engine.meter import Meter, Silent, Work
from streams.engine.records import TP
from tables.store_memory import MemoryStore
from tests.streams.engine.support import record
from tests.streams.engine.toy import toy

T = TP("feeds.commands", 3)


def value(name: str, agent: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"agent": agent, **labels}) or 0.0


def work(*kinds: str, fired: int = 0) -> Work:
    made: Decided = Deciding(toy).batch([record(at, kind=kind) for at, kind in enumerate(kinds)], MemoryStore())
    made.published()
    return Work(T, len(kinds), len(kinds), made, fired, seconds=0.25)


def test_a_transaction_is_counted_by_partition() -> None:
    Meter("m1").committed([work("count", "boom", fired=2)], 0.5)
    names = ("records_decided_total", "records_published_total", "dead_letters_total", "timers_fired_total")
    found = [value(f"wharf_{name}", "m1", partition="3") for name in names]
    assert found == [2, 3, 1, 2]


def test_what_a_later_version_in_the_batch_replaced_was_not_published() -> None:
    one = work("count", "count", "count")
    Meter("m0").committed([one], 0.5)
    assert value("wharf_records_published_total", "m0", partition="3") == len(one.decided.published())
    assert len(one.decided.published()) < len(one.decided.outs)


def test_how_long_deciding_committing_and_applying_took_is_told() -> None:
    meter = Meter("m2")
    meter.committed([work("count")], 0.5)
    meter.applied(3, 0.125)
    assert value("wharf_decide_seconds_sum", "m2", partition="3") == 0.25
    assert value("wharf_commit_seconds_sum", "m2") == 0.5
    assert value("wharf_apply_seconds_sum", "m2", partition="3") == 0.125


def test_the_size_of_batches_is_told() -> None:
    Meter("m3").committed([work("count", "count", "count")], 0.1)
    assert value("wharf_batch_records_sum", "m3", partition="3") == 3


def test_lag_and_waiting_keys_go_up_and_down() -> None:
    meter = Meter("m4")
    meter.lag(T, 7, 2)
    assert value("wharf_lag_records", "m4", topic=T.topic, partition="3") == 7
    assert value("wharf_waiting_keys", "m4", partition="3") == 2
    meter.lag(T, 0, 0)
    assert value("wharf_waiting_keys", "m4", partition="3") == 0


def test_a_silent_one_counts_nothing() -> None:
    silent = Silent()
    silent.committed([work("count")], 1.0)
    silent.applied(0, 1.0)
    silent.lag(T, 1, 1)
    assert value("wharf_commit_seconds_count", "silent") == 0
