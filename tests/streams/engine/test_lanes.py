"""Concurrent handling with order per key, without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from streams.engine.effects import Message
from streams.engine.lanes import Lanes
from streams.engine.records import Record
from tests.streams.engine.support import record


class Desk:
    """A door that handles when it is told to, and what came of it."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[int] = []
        self.buried: list[tuple[int, str]] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.failures: dict[str, int] = {}

    async def handle(self, message: Message) -> None:
        name = message.envelope.id
        self.begin(name)
        if name in self.gates:
            await self.gates[name].wait()

    def begin(self, name: str) -> None:
        """It is begun, and fails as often as it was told to."""
        self.begun.append(name)
        if self.failures.get(name, 0):
            self.failures[name] -= 1
            raise ConnectionError("away")

    async def bury(self, dead: Record, why: Exception) -> None:
        self.begin("burial")
        self.buried.append((dead.offset, type(why).__name__))

    def note(self, found: Record) -> None:
        self.done.append(found.offset)


def play(story: Callable[[Desk, Lanes], Awaitable[None]], *, concurrency: int = 4, ordered: bool = True) -> Desk:
    """Run a story on a desk, then let everything settle."""

    async def run() -> Desk:
        desk = Desk()
        order = (lambda message: message.key) if ordered else None
        lanes = Lanes(desk.handle, desk.bury, desk.note, concurrency=concurrency, ordered_by=order, retry_s=0.001)
        await story(desk, lanes)
        await lanes.settled()
        return desk

    return asyncio.run(run())


async def quiet() -> None:
    """Let everything run that can run."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_records_of_one_key_wait_for_each_other_and_those_of_others_do_not() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.gates["c-0"] = asyncio.Event()
        for found in (record(0, "a"), record(1, "a"), record(2, "b")):
            lanes.accept(found)
        await quiet()
        assert (desk.begun, desk.done) == (["c-0", "c-2"], [2])
        desk.gates["c-0"].set()
        await quiet()

    assert play(story).done == [2, 0, 1]


def test_without_an_order_records_of_one_key_run_side_by_side() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.gates["c-0"] = asyncio.Event()
        lanes.accept(record(0, "a"))
        lanes.accept(record(1, "a"))
        await quiet()
        assert desk.done == [1]
        desk.gates["c-0"].set()

    assert sorted(play(story, ordered=False).done) == [0, 1]


def test_no_more_handlers_run_than_were_allowed() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        for number in range(5):
            desk.gates[f"c-{number}"] = asyncio.Event()
            lanes.accept(record(number, str(number)))
        await quiet()
        assert desk.begun == ["c-0", "c-1"]
        for gate in desk.gates.values():
            gate.set()
        await quiet()

    assert sorted(play(story, concurrency=2).done) == [0, 1, 2, 3, 4]


def test_a_handler_that_raises_is_tried_again_and_its_key_waits() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.failures["c-0"] = 2
        lanes.accept(record(0, "a"))
        lanes.accept(record(1, "a"))
        while len(desk.done) < 2:
            await asyncio.sleep(0.001)

    desk = play(story)
    assert (desk.begun, desk.done) == (["c-0", "c-0", "c-0", "c-1"], [0, 1])


def test_what_fails_when_we_stop_is_not_done() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.failures["c-0"] = 10**6
        lanes.accept(record(0, "a"))
        lanes.accept(record(1, "a"))
        await quiet()

    assert play(story).done == []


def test_what_runs_when_we_stop_is_finished() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.gates["c-0"] = asyncio.Event()
        lanes.accept(record(0, "a"))
        await quiet()
        asyncio.get_running_loop().call_soon(desk.gates["c-0"].set)

    assert play(story).done == [0]


def test_a_burial_that_fails_is_tried_again_until_the_letter_stands() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.failures["burial"] = 2
        lanes.accept(Record("feeds.commands", 0, 0, 0, b"acme|a", b"junk", record(0).headers))
        while not desk.done:
            await asyncio.sleep(0.001)

    desk = play(story)
    assert (desk.begun, desk.buried, desk.done) == (["burial"] * 3, [(0, "NotOurs")], [0])


def test_what_is_not_buried_when_we_stop_is_not_done() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        desk.failures["burial"] = 10**6
        lanes.accept(Record("feeds.commands", 0, 0, 0, b"acme|a", b"junk", record(0).headers))
        await quiet()

    assert play(story).done == []


def test_a_record_that_cannot_be_read_is_buried_and_delays_nobody() -> None:
    async def story(desk: Desk, lanes: Lanes) -> None:
        bad = Record("feeds.commands", 0, 0, 0, b"acme|a", b"junk", record(0).headers)
        lanes.accept(bad)
        lanes.accept(record(1, "a"))
        await quiet()

    desk = play(story)
    assert (desk.buried, desk.done) == ([(0, "NotOurs")], [0, 1])


def test_a_record_that_could_not_be_buried_is_not_done() -> None:
    async def fails(dead: Record, why: Exception) -> None:
        raise ConnectionError("away")

    async def run() -> list[int]:
        desk = Desk()
        lanes = Lanes(desk.handle, fails, desk.note, concurrency=1)
        lanes.accept(Record("feeds.commands", 0, 0, 0, None, b"junk", []))
        await lanes.settled()
        return desk.done

    assert asyncio.run(run()) == []
