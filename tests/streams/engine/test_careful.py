"""A batch that takes long is cut where it stands; what was begun is finished."""

from __future__ import annotations

from pathlib import Path

from streams.engine.breaker import Breaker
from streams.engine.careful import Portion, decide_guarded
from streams.engine.deciding import Decided, Deciding
from streams.engine.records import Record
from tables.store_layer import Layer
from tables.store_memory import MemoryStore
from tests.streams.engine.support import record
from tests.streams.engine.toy import toy


class Clock:
    """A second passes with each look at it."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


RECORDS = [record(index) for index in range(10)]


def test_records_are_handed_out_until_the_time_is_over() -> None:
    portion = Portion(RECORDS, 4.0, Clock())
    assert [found.offset for found in portion] == [0, 1, 2, 3]
    assert portion.taken == 4


def test_one_record_is_decided_however_late_it_is() -> None:
    portion = Portion(RECORDS, -1.0, Clock())
    assert [found.offset for found in portion] == [0]


def test_while_there_is_time_all_are_decided() -> None:
    portion = Portion(RECORDS, 100.0, Clock())
    assert (len(list(portion)), portion.taken) == (10, 10)


def decided(records: list[Record], mark: Path, until: float) -> tuple[int, list[str]]:
    breaker, made = Breaker(mark), Decided(Layer(MemoryStore()))
    taken = decide_guarded(Deciding(toy), breaker, made, records, monotonous=False, until=until)
    breaker.close()
    return taken, [out.topic for out in made.outs if out.topic == "channels.feed"]


def test_whoever_decides_hears_how_many_were(tmp_path: Path) -> None:
    taken, entries = decided(RECORDS, tmp_path / "mark", 0.0)
    assert (taken, len(entries)) == (1, 1)


def test_a_batch_under_suspicion_is_cut_as_well(tmp_path: Path) -> None:
    breaker = Breaker(tmp_path / "mark")
    breaker.hold(RECORDS)
    breaker.close()
    taken, entries = decided(RECORDS, tmp_path / "mark", 0.0)
    assert (taken, len(entries)) == (1, 1)
    again = Breaker(tmp_path / "mark")
    assert (again.suspects(RECORDS), again.strikes) == (
        True,
        1,
    )  # nothing is committed yet, and nobody died of it again
