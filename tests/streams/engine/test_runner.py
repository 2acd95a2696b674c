"""A worker in the driver dies as one on Kafka does, and its successor knows what disk and changelog say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.driver import Topology
from streams.engine.effects import Ask, Effects, Message
from streams.engine.hatch import DoorDied
from streams.engine.records import TP
from streams.engine.runner import RestoreBroken
from streams.engine.schedule import ROUGH, Faults
from tables.rows import Rows
from tables.store_memory import MemoryStore
from tables.write import Write
from tests.streams.engine.test_driver import Shelf, numbers, stateless
from tests.streams.engine.toy import append, toy

HARSH = Faults(lost=0.3, died=0.3, robbed=0.5, torn=0.4, idle=0.3, again=0.3, slow=0.5, hurried=0.3)


def played(commands: list[tuple[str, str]], seed: int | None, faults: Faults = HARSH) -> Topology:
    topology = Topology([toy], partitions=3, seed=seed, faults=faults)
    for key, kind in commands:
        topology.send("feed.append", key, append(kind, b"7"))
    topology.advance(10)
    return topology


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["count", "boom"])), max_size=15), st.integers(0, 9999)
)
def test_whatever_dies_is_torn_or_stands_still_the_same_is_decided(commands: list[tuple[str, str]], seed: int) -> None:
    calm, shaken = played(commands, None), played(commands, seed)
    assert sorted(entry.envelope.id for entry in shaken.log("channels.feed")) == sorted(
        entry.envelope.id for entry in calm.log("channels.feed")
    )
    assert all(calm.rows("toy", "acme", key) == shaken.rows("toy", "acme", key) for key in "abc")


def test_every_fault_does_happen() -> None:
    done = sum(
        (played([("abc"[n % 3], "count") for n in range(30)], seed).schedule.done for seed in range(5)),
        start=Topology([]).schedule.done,
    )
    assert set(done) >= {"lost", "died", "robbed", "torn", "idle", "slow"}


def test_a_disk_that_is_lost_is_rebuilt_from_the_changelog_and_the_timers_with_it() -> None:
    topology = Topology([toy], seed=3, faults=Faults(lost=0.0, died=1.0, robbed=1.0))
    topology.send("feed.append", "a", append("remind", b"5000"))
    topology.run()
    assert sorted(topology.rows("toy", "acme", "a")) == ["entry|00001", "entry|last"]
    topology.advance(5_000)
    assert [entry.record["type"] for entry in topology.log("channels.feed")] == ["remind", "reminded"]


def test_a_row_that_the_changelog_does_not_have_is_noticed() -> None:
    topology = played([("a", "count")], 1, Faults(lost=0.0))
    runner = topology.runners["toy"]
    store = next(store for store in runner.stores.values() if store.scopes)
    ((scope, rows),) = store.filled().items()
    rows["entry|00009"] = rows["entry|00001"]
    topology.schedule.faults = Faults(lost=1.0)
    topology.send("feed.append", scope.partition("|")[2], append())
    with pytest.raises(RestoreBroken):
        topology.run()


def test_an_aborted_transaction_leaves_a_gap_and_nothing_else() -> None:
    topology = Topology([toy], seed=1, faults=Faults(lost=1.0))
    topology.send("feed.append", "a", append())
    assert topology.step()
    topology.schedule.heal()
    topology.run()
    (entry,) = topology.log("channels.feed")
    assert (numbers(topology), entry.position[2] > 0) == ([1], True)


def test_read_models_are_written_before_the_transaction_and_take_doubles() -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        return Effects(writes=(Write(message.key, 1, b"x"),))

    shelf = Shelf()
    topology = Topology([stateless(decide)], seed=1, faults=Faults(lost=1.0), sinks={"reader": shelf})
    topology.send("feed.entry", "a", _entry())
    topology.step()
    topology.schedule.heal()
    topology.run()
    assert len(shelf.taken) == 2


def test_a_store_without_a_changelog_is_one_that_nobody_throws_away() -> None:
    topology = played([("a", "count")], None)
    assert not [topic for topic in topology.memory.topics if topic.endswith("changelog")]


def test_a_torn_transaction_is_seen_in_one_partition_and_not_yet_in_another() -> None:
    topology = Topology([toy], seed=1, faults=Faults(lost=0.0, torn=1.0))
    topology.send("feed.append", "a", append("pass-on", b"a"))
    topology.step()
    assert topology.memory.held.keys() >= {TP("channels.feed", 0), TP("feeds.commands", 0)}
    topology.run()
    assert topology.memory.held == {}


def test_a_door_that_died_hears_the_record_again_and_its_process_began_anew() -> None:
    heard: list[int] = []
    begun: list[int] = []

    def door(message: Message) -> None:
        heard.append(message.record["seq"])
        if len(heard) == 1:
            raise DoorDied

    topology = Topology([toy])
    topology.door("channels.feed", door, lambda: begun.append(len(heard)))
    topology.send("feed.append", "a", append())
    topology.run()
    assert (heard, begun) == ([1, 1], [1])


@pytest.mark.parametrize("seed", range(10))
def test_a_door_hears_everything_at_least_once_and_in_order_per_partition(seed: int) -> None:
    heard: list[int] = []
    topology = Topology([toy], seed=seed, faults=HARSH)
    topology.door("channels.feed", lambda message: heard.append(message.record["seq"]))
    for _ in range(12):
        topology.send("feed.append", "a", append())
    topology.run()
    assert list(dict.fromkeys(heard)) == list(range(1, 13))


def test_time_may_pass_a_timer_while_its_agent_has_work() -> None:
    late = []
    for seed in range(40):
        topology = Topology([toy], seed=seed, faults=ROUGH)
        topology.send("feed.append", "a", append("remind", b"50"))
        for _ in range(6):
            topology.send("feed.append", "b", append())
        topology.advance(60_000)
        fired = [message for message in topology.log("feeds.commands") if message.type == "feed.due"]
        late += [message.now - message.envelope.time for message in fired]
    assert len(late) == 40
    assert max(late) > 0


def test_an_agent_that_asks_itself_goes_on_after_any_death() -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        left = int(message.record["data"] or b"0")
        return Effects(asks=(Ask("feed.append", message.key, append("count", str(left - 1).encode())),) if left else ())

    topology = Topology([stateless(decide, ("feeds.commands",))], seed=5, faults=HARSH)
    topology.send("feed.append", "a", append("count", b"20"))
    topology.run()
    assert len(topology.log("feeds.commands")) == 21


def test_two_stores_are_equal_where_they_hold_the_same() -> None:
    one, other = MemoryStore(), MemoryStore()
    one.write({b"acme|a\x1fx|1": b"1", b"acme|b\x1fx|1": b"2"})
    one.write({b"acme|b\x1fx|1": None})
    other.write({b"acme|a\x1fx|1": b"1"})
    assert one.filled() == other.filled()


def _entry() -> Any:
    topology = played([("a", "count")], None)
    return topology.log("channels.feed")[0].record
