"""Redis is written by compare-and-set only, and a lost Redis is noticed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tables.redis import values
from tables.redis.sink import RedisSink
from tables.write import SinkAway, SinkEmptied, Write
from tests.support.redis import Server, server

AVAILABILITY = ("inventory.availability", 3)


def ready(client: Any) -> RedisSink:
    """A sink that has gone through its first, empty Redis."""
    sink = RedisSink(client, "dev")
    with pytest.raises(SinkEmptied):
        sink.write([])
    sink.write([])
    return sink


def caught_up(sink: RedisSink, marks: dict[tuple[str, int], int]) -> None:
    """What the engine does: a partition that was not noted is begun again, and then noted."""
    with pytest.raises(SinkEmptied):
        sink.caught_up(marks)
    sink.caught_up(marks)


def text(version: int, key: str = "av:acme:W") -> Write:
    return values.text(key, version, {"sku": "W"})


def test_a_newer_version_replaces_an_older_one(store: Any) -> None:
    ready(store).write([text(1), text(2)])
    assert values.version_of(store.get("dev:av:acme:W")) == 2


def test_an_older_version_never_replaces_a_newer_one(store: Any) -> None:
    sink = ready(store)
    sink.write([text(2)])
    sink.write([text(1)])
    assert values.version_of(store.get("dev:av:acme:W")) == 2


def test_fields_of_one_hash_have_versions_of_their_own(store: Any) -> None:
    head, line = values.field("order:acme:1", "head", 9, {}), values.field("order:acme:1", "line:1", 2, {})
    ready(store).write([head, line])
    assert {name: values.version_of(value) for name, value in store.hgetall("dev:order:acme:1").items()} == {
        b"head": 9,
        b"line:1": 2,
    }


def test_a_removed_value_stays_removed_when_an_older_one_comes_late(store: Any) -> None:
    ready(store).write([Write("av:acme:W", 5, None), text(4)])
    assert values.loaded(store.get("dev:av:acme:W")) is None


def test_a_timeline_entry_written_twice_stands_once(store: Any) -> None:
    entry = values.member("timeline:acme:1", 1, {"event": "order.created"})
    ready(store).write([entry, entry])
    assert store.zrange("dev:timeline:acme:1", 0, -1, withscores=True) == [(b'{"event":"order.created"}', 1.0)]


def test_a_value_with_a_time_to_live_goes_by_itself(store: Any) -> None:
    ready(store).write([values.text("idem:acme:1", 1, {}, ttl_s=60)])
    assert 0 < store.ttl("dev:idem:acme:1") <= 60


def test_a_version_written_inside_a_text_is_not_taken_for_the_version(store: Any) -> None:
    sink, name = ready(store), '"version":99'
    sink.write([values.field("order:acme:1", "head", 1, {"a": name})])
    sink.write([values.field("order:acme:1", "head", 2, {"a": name})])
    assert values.version_of(store.hget("dev:order:acme:1", "head")) == 2


writes = st.lists(
    st.builds(
        lambda key, field, version, gone: Write(key, version, None if gone else values.versioned(version, {}), field),
        st.sampled_from(["av:acme:A", "av:acme:B"]), st.just(""), st.integers(0, 2**53 - 1), st.booleans(),
    )
    | st.builds(lambda field, version: values.field("order:acme:1", field, version, {}), st.sampled_from("hl"), st.integers(0, 50)),
    max_size=30,
)  # fmt: skip


@given(batches=st.lists(writes, max_size=5), shuffled=st.randoms())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_of_writes_the_newest_version_stands(
    store: Any, batches: list[list[Write]], shuffled: Any
) -> None:
    store.flushall()
    sink = ready(store)
    newest: dict[tuple[str, str], int] = {}
    every = [write for batch in batches for write in batch]
    shuffled.shuffle(every)
    for write in every:
        sink.write([write])
        place = (write.key, write.field)
        newest[place] = max(newest.get(place, 0), write.version)
        assert values.version_of(standing(store, *place)) == newest[place]


def standing(client: Any, key: str, field: str) -> bytes:
    found: Any = client.hget(f"dev:{key}", field) if field else client.get(f"dev:{key}")
    return bytes(found or b"")


def commands_sent(client: Any, act: Callable[[], None]) -> dict[str, int]:
    client.config_resetstat()
    act()
    stats: Any = client.info("commandstats")
    return {name.removeprefix("cmdstat_"): row["calls"] for name, row in stats.items()}


def test_a_batch_of_five_hundred_keys_is_one_call(store: Any) -> None:
    sink = ready(store)
    sink.write([text(1)])
    batch = [text(1, f"av:acme:{n}") for n in range(500)]
    assert commands_sent(store, lambda: sink.write(batch))["evalsha"] == 1


def test_on_a_cluster_every_call_stays_in_one_slot() -> None:
    with server("--cluster-enabled", "yes") as node, node.client() as client:
        client.execute_command("CLUSTER ADDSLOTS", *range(16_384))
        deadline = time.monotonic() + 10
        while client.execute_command("CLUSTER INFO")["cluster_state"] != "ok":
            assert time.monotonic() < deadline, "the cluster did not form"
        ready(client).write([text(1, f"av:acme:{n}") for n in range(500)])
        assert client.dbsize() == 500 + 2  # and the epoch and the tenants


def test_an_empty_redis_is_told_once_and_then_taken(store: Any) -> None:
    ready(store).write([text(1)])
    assert store.exists("dev:epoch", "dev:av:acme:W") == 2


def test_a_flushed_redis_has_to_be_projected_again(store: Any) -> None:
    sink = ready(store)
    for _ in range(2):
        store.flushall()
        with pytest.raises(SinkEmptied):
            sink.write([text(1)])
        sink.write([text(1)])
    assert store.exists("dev:av:acme:W") == 1


def test_a_restart_over_a_whole_redis_begins_nothing_again(store: Any) -> None:
    caught_up(ready(store), {AVAILABILITY: 7})
    RedisSink(store, "dev").caught_up({AVAILABILITY: 8})
    assert store.hgetall("dev:projected") == {b"inventory.availability/3": store.get("dev:epoch")}


def test_a_projector_that_died_before_it_was_through_begins_again(store: Any) -> None:
    ready(store).write([text(1)])
    after = RedisSink(store, "dev")
    after.write([text(2)])
    caught_up(after, {AVAILABILITY: 7})
    assert store.hexists("dev:projected", "inventory.availability/3")


def test_a_partition_taken_over_from_a_projector_that_died_is_begun_again(store: Any) -> None:
    sink = ready(store)
    caught_up(sink, {AVAILABILITY: 7})
    caught_up(sink, {AVAILABILITY: 8, ("inventory.availability", 4): 8})
    assert sorted(store.hkeys("dev:projected")) == [b"inventory.availability/3", b"inventory.availability/4"]


def test_a_partition_is_begun_again_once_and_not_for_ever(store: Any) -> None:
    sink = ready(store)
    caught_up(sink, {AVAILABILITY: 7})
    sink.write([text(1)])
    sink.caught_up({AVAILABILITY: 8})
    assert store.get("dev:mark:acme:3") == b"8"


def test_another_projector_that_found_the_loss_first_is_followed(store: Any) -> None:
    first, second = ready(store), RedisSink(store, "dev")
    second.write([])
    store.flushall()
    with pytest.raises(SinkEmptied):
        first.write([])
    first.write([])
    with pytest.raises(SinkEmptied):
        second.write([])
    second.write([text(1)])
    assert first._epoch == second._epoch


def test_marks_say_how_far_each_tenants_availability_is_projected(store: Any) -> None:
    sink = ready(store)
    sink.write([text(1), text(1, "av:globex:W")])
    caught_up(sink, {AVAILABILITY: 1_772_438_400_000, ("orders.events", 0): 5})
    assert sorted(store.keys("dev:mark:*")) == [b"dev:mark:acme:3", b"dev:mark:globex:3"]


def test_marks_go_on_after_a_restart_without_a_write(store: Any) -> None:
    ready(store).write([text(1)])
    after = RedisSink(store, "dev")
    caught_up(after, {AVAILABILITY: 7})
    assert store.get("dev:mark:acme:3") == b"7"


def test_a_redis_that_is_away_is_away_and_not_empty() -> None:
    with server() as running:
        sink = ready(running.client())
        running.stop()
        with pytest.raises(SinkAway):
            sink.write([text(1)])
        with pytest.raises(SinkAway):
            sink.caught_up({AVAILABILITY: 7})


def test_a_redis_that_came_back_empty_is_projected_again() -> None:
    with server() as running:
        sink = ready(running.client())
        running.stop()
        with pytest.raises(SinkAway):
            sink.write([text(1)])
        running.start()
        with pytest.raises(SinkEmptied):
            sink.write([text(1)])
        sink.write([text(1)])
        assert running.client().exists("dev:av:acme:W") == 1


def test_two_environments_share_a_redis_and_nothing_else(store: Any, redis_server: Server) -> None:
    ready(store).write([text(1)])
    with pytest.raises(SinkEmptied):
        RedisSink(redis_server.client(), "prod").write([])
    assert store.exists("dev:av:acme:W") == 1
