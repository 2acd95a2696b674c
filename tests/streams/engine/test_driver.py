"""The topology driver: agents over a log in memory, with time that moves when told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.envelope import derived_id
from schemas.generated.reference_v1 import location
from streams.engine.agent import Agent, Batch
from streams.engine.driver import START, Restless, Topology
from streams.engine.effects import Ask, Effects, Fact, Message
from streams.engine.fold import FoldBroken
from tables.rows import Changes, Rows
from tables.table import Table
from tables.write import Write
from tests.streams.engine.toy import append, toy
from tests.streams.engine.toy import apply as toy_apply
from tests.streams.engine.toy import decide as toy_decide


def numbers(topology: Topology, key: str = "a") -> list[int]:
    return [entry.record["seq"] for entry in topology.log("channels.feed") if entry.key == key]


def kinds(topology: Topology) -> list[str]:
    return [entry.record["type"] for entry in topology.log("channels.feed")]


def test_what_is_sent_is_decided_and_published() -> None:
    topology = Topology([toy])
    for _ in range(3):
        topology.send("feed.append", "a", append())
    topology.run()
    assert numbers(topology) == [1, 2, 3]


def test_a_command_asked_of_a_mailbox_is_decided_there() -> None:
    topology = Topology([toy])
    topology.send("feed.append", "a", append("pass-on", b"b"))
    topology.run()
    (letter,) = topology.dead("feeds.commands")
    assert letter.key == b"acme|b"
    assert [message.type for message in topology.log("feeds.commands")] == [
        "feed.append",
        "feed.append",
        "command.died",
    ]


def test_ids_are_those_that_the_cause_gives() -> None:
    topology = Topology([toy])
    cause = topology.send("feed.append", "a", append())
    topology.run()
    assert topology.log("channels.feed")[0].envelope.id == derived_id(cause, "toy", "feed.entry", 0)


def test_rows_are_seen_by_agent_tenant_and_key() -> None:
    topology = Topology([toy])
    topology.send("feed.append", "a", append("remind", b"5"))
    topology.run()
    assert sorted(topology.rows("toy", "acme", "a")) == ["entry|00001", "entry|last"]
    assert topology.rows("toy", "other", "a") == {}


def test_a_timer_is_a_command_when_it_is_due_and_not_before() -> None:
    topology = Topology([toy])
    topology.send("feed.append", "a", append("remind", b"5000"))
    topology.advance(4999)
    assert kinds(topology) == ["remind"]
    topology.advance(1)
    assert kinds(topology) == ["remind", "reminded"]
    assert topology.log("channels.feed")[-1].record["at"] == START + 5000


def test_a_timers_command_has_an_id_from_its_setter_and_carries_the_request_on() -> None:
    topology = Topology([toy])
    cause = topology.send("feed.append", "a", append("remind", b"1"), channel="portal", correlation="q")
    topology.advance(1)
    fired = topology.log("feeds.commands")[-1].envelope
    assert fired.id == derived_id(cause, "toy", "timer/reminder", 0)
    assert (fired.channel, fired.correlation, fired.causation, fired.time) == ("portal", "q", cause, START + 1)


def test_a_timer_set_again_replaces_the_first() -> None:
    topology = Topology([toy])
    topology.send("feed.append", "a", append("remind", b"10"))
    topology.send("feed.append", "a", append("remind", b"20"))
    topology.advance(19)
    assert "reminded" not in kinds(topology)
    topology.advance(100)
    assert kinds(topology).count("reminded") == 1


def test_a_cancelled_timer_never_comes() -> None:
    topology = Topology([toy])
    topology.send("feed.append", "a", append("remind", b"10"))
    topology.send("feed.append", "a", append("forget"))
    topology.advance(1000)
    assert kinds(topology) == ["remind", "forget"]


def test_timers_come_in_the_order_of_their_due_times() -> None:
    topology = Topology([toy])
    for key, due in (("a", b"30"), ("b", b"10"), ("c", b"20")):
        topology.send("feed.append", key, append("remind", due))
    topology.advance(100)
    assert [entry.key for entry in topology.log("channels.feed")][3:] == ["b", "c", "a"]


def test_a_door_carries_out_and_answers() -> None:
    topology, heard = Topology([toy]), []

    def door(message: Message) -> None:
        heard.append(message.record["seq"])
        if len(heard) < 3:
            topology.send("feed.append", message.key, append())

    topology.door("channels.feed", door)
    topology.send("feed.append", "a", append())
    topology.run()
    assert heard == [1, 2, 3]


def test_bytes_that_are_no_record_are_dead_and_delay_nobody() -> None:
    topology = Topology([toy])
    topology.put("feeds.commands", b"acme|a", b"junk")
    topology.send("feed.append", "a", append())
    topology.run()
    assert len(topology.dead("feeds.commands")) == 1
    assert numbers(topology) == [1]


@given(st.lists(st.sampled_from(["count", "remind", "forget", "boom"]), max_size=15), st.integers(0, 1000))
def test_no_schedule_and_no_lost_worker_changes_what_is_decided(found: list[str], seed: int) -> None:
    calm, shaken = Topology([toy], partitions=3), Topology([toy], partitions=3, seed=seed)
    for topology in (calm, shaken):
        for index, kind in enumerate(found):
            topology.send("feed.append", "abc"[index % 3], append(kind, b"7"))
        topology.advance(10)
    assert sorted(entry.envelope.id for entry in shaken.log("channels.feed")) == sorted(
        entry.envelope.id for entry in calm.log("channels.feed")
    )
    assert all(calm.rows("toy", "acme", key) == shaken.rows("toy", "acme", key) for key in "abc")


class Shelf:
    """A sink in memory."""

    def __init__(self) -> None:
        self.taken: list[Write] = []

    def write(self, writes: Sequence[Write]) -> None:
        self.taken += writes

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Nothing to show."""


def stateless(decide: Any, reads: tuple[str, ...] = ("channels.feed",), **options: Any) -> Agent:
    def body(batch: Batch) -> None:
        batch.decide(decide)

    return Agent("reader", reads, body, **options)


def test_a_projection_writes_to_its_sink() -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        return Effects(writes=(Write(f"seq:{message.key}", message.record["seq"], b"x"),))

    shelf = Shelf()
    topology = Topology([toy, stateless(decide)], sinks={"reader": shelf})
    topology.send("feed.append", "a", append())
    topology.send("feed.append", "a", append())
    topology.run()
    assert [(write.key, write.version) for write in shelf.taken] == [("seq:a", 1), ("seq:a", 2)]


def test_references_are_read_before_what_was_sent_after_them_is_decided() -> None:
    seen = []

    def decide(message: Message, rows: Rows) -> Effects:
        seen.append([name for name, _ in rows.scan("locations|")])
        return Effects()

    reader = stateless(decide, ("feeds.commands",), references=("reference.locations",))
    topology = Topology([reader])
    topology.send("reference.location", "W1", location(code="W1", name="Hall 1"))
    topology.send("reference.location", "W2", location(code="W2", name="Hall 2"), tenant="other")
    topology.send("feed.append", "a", append())
    topology.run()
    topology.send("reference.location", "W3", location(code="W3", name="Hall 3"))
    topology.send("feed.append", "a", append())
    topology.run()
    assert seen == [["locations|W1"], ["locations|W1", "locations|W3"]]


def agent_with(decide: Any, apply: Any) -> Agent:
    def body(batch: Batch) -> None:
        batch.decide(decide)

    return Agent("toy", ("feeds.commands",), body, Table("toy", {"entry": "wharf.feeds.v1.FeedEntry"}, apply))


def test_a_fact_that_a_replay_would_apply_otherwise_is_noticed() -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        (entry, _) = toy_decide(message, rows).facts
        return Effects(facts=(Fact(entry.type, {**entry.record, "secret": "not in the schema"}),))

    def apply(kind: str, record: Any, rows: Rows) -> Changes:
        return {"entry|1": {**record, "hash": record.get("secret", "")}}

    topology = Topology([agent_with(decide, apply)])
    topology.send("feed.append", "a", append())
    with pytest.raises(FoldBroken):
        topology.run()


def test_agents_that_keep_each_other_busy_for_ever_are_stopped() -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        return Effects(asks=(Ask("feed.append", "a", append()),))

    topology = Topology([agent_with(decide, toy_apply)], most=50)
    topology.send("feed.append", "a", append())
    with pytest.raises(Restless):
        topology.run()
