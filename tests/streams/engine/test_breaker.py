"""The crash-loop breaker: a record that ends the process three times is dead, its neighbours are not."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from streams.engine.agent import Agent, Batch
from streams.engine.breaker import MOST, Breaker
from streams.engine.careful import decide_guarded
from streams.engine.deciding import Decided, Deciding
from streams.engine.effects import Effects, Message
from streams.engine.records import Record
from tables.rows import Rows
from tables.store_layer import Layer
from tables.store_memory import MemoryStore
from tests.streams.engine.support import record
from tests.streams.engine.toy import TOY, decide


class Crash(BaseException):
    """Stands for SIGSEGV: nothing below main catches it."""


def crashing_at(poison: str) -> Agent:
    def crash(message: Message, rows: Rows) -> Effects:
        if message.envelope.id == poison:
            raise Crash
        return decide(message, rows)

    def body(batch: Batch) -> None:
        batch.decide(crash)

    return Agent("toy", ("feeds.commands",), body, TOY)


def live(mark: Path, agent: Agent, records: list[Record]) -> Decided | None:
    """One life of a process: None where it died."""
    breaker, decided = Breaker(mark), Decided(Layer(MemoryStore()))
    try:
        decide_guarded(Deciding(agent), breaker, decided, records, monotonous=False)
        breaker.passed({records[-1].tp: records[-1].offset + 1})
    except Crash:
        return None
    finally:
        breaker.close()
    return decided


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "deciding"


def topics(decided: Decided | None) -> list[str]:
    assert decided is not None
    return [out.topic for out in decided.outs if out.topic != "inventory.availability"]


def test_the_third_death_at_one_record_makes_it_a_dead_letter(mark: Path) -> None:
    records = [record(0), record(1), record(2)]
    agent = crashing_at("c-1")
    assert [live(mark, agent, records) for _ in range(3)] == [None, None, None]
    decided = live(mark, agent, records)
    assert topics(decided) == ["channels.feed", "feeds.commands.dead", "channels.feed"]


def test_the_letter_says_that_it_killed_the_worker(mark: Path) -> None:
    agent = crashing_at("c-0")
    for _ in range(3):
        live(mark, agent, [record(0)])
    decided = live(mark, agent, [record(0)])
    assert decided is not None
    headers = dict(decided.outs[0].headers)
    assert (headers["dead_kind"], headers["dead_error"]) == (b"killed the worker", b"WorkerDied")


def test_its_neighbours_are_decided_as_if_it_had_not_been_there(mark: Path) -> None:
    agent = crashing_at("c-1")
    while (decided := live(mark, agent, [record(0), record(1), record(2)])) is None:
        pass
    numbers = [wire.decode(out.value or b"")[1]["seq"] for out in decided.outs if out.topic == "channels.feed"]
    assert numbers == [1, 2]


def test_a_kill_from_outside_makes_nothing_dead(mark: Path) -> None:
    live(mark, crashing_at("c-1"), [record(0), record(1)])
    healthy = crashing_at("none")
    assert topics(live(mark, healthy, [record(0), record(1)])) == ["channels.feed", "channels.feed"]
    assert topics(live(mark, crashing_at("none"), [record(2)])) == ["channels.feed"]


def test_a_clean_start_suspects_nobody(mark: Path) -> None:
    live(mark, crashing_at("none"), [record(0)])
    breaker = Breaker(mark)
    assert not breaker.suspects([record(0), record(1)])


def test_records_of_other_partitions_are_no_suspects(mark: Path) -> None:
    live(mark, crashing_at("c-0"), [record(0)])
    breaker = Breaker(mark)
    assert breaker.suspects([record(0)])
    assert not breaker.suspects([Record("feeds.commands", 3, 0, 0, b"", b"", [])])


def test_a_record_that_recovered_is_no_suspect_any_more(mark: Path) -> None:
    live(mark, crashing_at("c-0"), [record(0)])
    live(mark, crashing_at("c-0"), [record(0)])
    live(mark, crashing_at("none"), [record(0)])
    assert [live(mark, crashing_at("c-0"), [record(0)]) for _ in range(3)] == [None, None, None]
    assert topics(live(mark, crashing_at("c-0"), [record(0)])) == ["feeds.commands.dead"]


def elsewhere(index: int, partition: int) -> Record:
    found = record(index)
    found.partition = partition
    return found


def test_records_that_kill_in_several_partitions_end_the_process_three_times_each(mark: Path) -> None:
    """One life decides what it polled of every partition, and commits all of it or nothing."""
    batches = [[elsewhere(at, at), elsewhere(at + 10, at)] for at in range(4)]
    deadly = {f"c-{at}" for at in range(4)}

    def crash(message: Message, rows: Rows) -> Effects:
        if message.envelope.id in deadly:
            raise Crash
        return decide(message, rows)

    agent = Agent("toy", ("feeds.commands",), lambda batch: batch.decide(crash), TOY)
    deaths = 0
    while (dead := one_turn(mark, agent, batches)) is None:
        deaths += 1
    assert (deaths, dead) == (3 * len(batches), len(batches))
    assert not Breaker(mark).suspects([found for batch in batches for found in batch])


def one_turn(mark: Path, agent: Agent, batches: list[list[Record]]) -> int | None:
    """A life over one poll: how many it buried, None where it died."""
    breaker, decided = Breaker(mark), Decided(Layer(MemoryStore()))
    try:
        for batch in batches:
            decide_guarded(Deciding(agent), breaker, decided, batch, monotonous=False)
        breaker.passed({batch[0].tp: batch[-1].offset + 1 for batch in batches})
    except Crash:
        return None
    finally:
        breaker.close()
    return len([out for out in decided.outs if out.topic.endswith(".dead")])


def test_suspicion_ends_with_the_commit_and_not_before(mark: Path) -> None:
    breaker = Breaker(mark)
    breaker.hold([record(4), record(5)])
    breaker.close()
    for committed, suspected in ((5, True), (6, False)):
        breaker = Breaker(mark)
        breaker.passed({record(4).tp: committed})
        breaker.close()
        assert Breaker(mark).suspects([record(5)]) is suspected


def died(slots: Path, slot: str, *records: Record) -> None:
    """A life in a slot that ends over these."""
    (slots / slot).mkdir(exist_ok=True)
    breaker = Breaker(slots / slot / "deciding", slots)
    breaker.hold(list(records))
    breaker.close()


def started(slots: Path, slot: str) -> Breaker:
    (slots / slot).mkdir(exist_ok=True)
    return Breaker(slots / slot / "deciding", slots)


def test_a_record_that_kills_one_worker_after_the_other_is_found_by_all_of_them_together(tmp_path: Path) -> None:
    for slot in ("0", "1", "2"):
        assert not started(tmp_path, slot).is_dead(record(4))
        died(tmp_path, slot, record(4))
        started(tmp_path, slot).close()  # it comes back, and notes of what it died
    breaker = started(tmp_path, "0")
    assert (breaker.is_dead(record(4)), breaker.is_dead(record(5))) == (True, False)
    assert breaker.suspects([record(4)])


def test_what_was_in_the_batches_of_several_that_died_is_no_culprit_for_that(tmp_path: Path) -> None:
    for slot in ("0", "1", "2", "3"):
        died(tmp_path, slot, record(4), record(5))
        started(tmp_path, slot).close()
    breaker = started(tmp_path, "0")
    assert breaker.suspects([record(5)])
    assert not breaker.is_dead(record(5))


def test_what_others_suspect_is_forgotten_when_it_is_committed_here(tmp_path: Path) -> None:
    died(tmp_path, "1", record(4))
    started(tmp_path, "1").close()
    breaker = started(tmp_path, "0")
    assert breaker.suspects([record(4)])
    breaker.passed({record(4).tp: 5})
    assert not breaker.suspects([record(4)])


def test_a_mark_of_an_older_release_is_taken_for_what_it_holds(tmp_path: Path) -> None:
    died(tmp_path, "0", record(4))
    (tmp_path / "1").mkdir()
    whole = (tmp_path / "0" / "deciding").read_bytes()
    (tmp_path / "1" / "deciding").write_bytes(whole[: len(whole) // (1 + MOST)])
    assert not started(tmp_path, "2").suspects([record(4)])
    assert started(tmp_path, "1").suspects([record(4)])


def test_of_more_suspects_than_it_remembers_the_latest_are_kept(mark: Path) -> None:
    for at in range(MOST + 3):
        breaker = Breaker(mark)
        breaker.hold([elsewhere(0, at)])
        breaker.close()
    breaker = Breaker(mark)
    assert not breaker.suspects([elsewhere(0, 2)])
    assert all(breaker.suspects([elsewhere(0, at)]) for at in range(3, MOST + 3))


@given(st.lists(st.integers(1, 4), min_size=40, max_size=40), st.integers(0, 7))
def test_wherever_batches_are_cut_three_deaths_suffice_and_nothing_else_is_dead(cuts: list[int], poison: int) -> None:
    """Lives of a worker that commits each batch it survives, and reads on from there."""
    records, sizes, committed = [record(at) for at in range(8)], iter(cuts), 0
    deaths, dead, entries = 0, list[bytes](), 0
    with tempfile.TemporaryDirectory() as folder:
        while committed < len(records):
            breaker = Breaker(Path(folder) / "mark")  # a new process
            while committed < len(records):
                batch = records[committed : committed + next(sizes)]
                decided = Decided(Layer(MemoryStore()))
                try:
                    decide_guarded(Deciding(crashing_at(f"c-{poison}")), breaker, decided, batch, monotonous=False)
                except Crash:
                    deaths += 1
                    break
                committed += len(batch)
                breaker.passed({batch[0].tp: committed})
                entries += [out.topic for out in decided.outs].count("channels.feed")
                dead += [dict(out.headers)["ce_id"] for out in decided.outs if out.topic.endswith(".dead")]
            breaker.close()
    assert (deaths, dead, entries) == (3, [f"c-{poison}".encode()], 7)
