"""An operator finds the keys that wait, and has them go on; shown on the toy with its order declared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ops.embedded.broker import Broker
from ops.waiting import Held, NoSuchLetter, held, letter_of, resolve
from schemas import wire
from streams.engine.records import Record
from tests.streams.engine.bay import Bay
from tests.streams.engine.harbour import until
from tests.streams.engine.toy import append, toy

TOPICS = ("feeds.commands", "feeds.commands.dead", "channels.feed", "inventory.availability", "toy-changelog")
ORDERLY = replace(toy, ordered=True)


def letter(offset: int, attempt: int = 1) -> Record:
    told = {"topic": "feeds.commands", "partition": "2", "offset": str(offset), "attempt": str(attempt)}
    headers = [(f"dead_{name}", value.encode()) for name, value in told.items()]
    return Record("feeds.commands.dead", 0, attempt, 0, b"acme|a", b"", headers)


def test_the_newest_letter_of_a_position_is_meant() -> None:
    letters = [letter(7), letter(8), letter(7, attempt=2)]
    assert letter_of(letters, "feeds.commands", 2, 7) is letters[2]


@pytest.mark.parametrize(("topic", "partition", "offset"), [("feeds.commands", 2, 9), ("orders.commands", 2, 7)])
def test_a_position_without_a_letter_is_refused(topic: str, partition: int, offset: int) -> None:
    with pytest.raises(NoSuchLetter):
        letter_of([letter(7)], topic, partition, offset)


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Iterator[Bay]:
    yield Bay(broker.bootstrap, environment, tmp_path, *TOPICS)


def waiting(bay: Bay) -> list[Held]:
    return held(bay.settings, "toy", "feeds.commands")


@pytest.mark.broker
def test_a_key_waits_through_a_restart_and_goes_on_in_order_when_the_dead_one_was_mended(bay: Bay) -> None:
    kinds = ["count", "boom", "count", "count"]
    with bay.running(ORDERLY):
        bay.send(*[("feed.append", "a", append(kind)) for kind in kinds], ("feed.append", "b", append()))
        bay.wait_for("channels.feed", 2)
        until(lambda: [one.waiting for one in waiting(bay)] == [2])
    with bay.running(ORDERLY) as engine:
        until(lambda: engine.health.ready())
        (found,) = waiting(bay)
        dead = letter_of(bay.read("feeds.commands.dead"), found.topic, found.partition, found.offset)
        mended = wire.encode("wharf.feeds.v1.AppendEntry", append("mended"))
        for _ in range(2):  # twice is once
            asyncio.run(resolve(bay.settings, dead, redrive=True, value=mended))
        bay.wait_for("channels.feed", 5)
        bay.send(("feed.append", "a", append("last")))
        entries = [
            wire.decode(one.value or b"")[1] for one in bay.wait_for("channels.feed", 6) if b"|a" in (one.key or b"")
        ]
    told = [(entry["seq"], entry["type"]) for entry in entries]
    assert told == [(1, "count"), (2, "mended"), (3, "count"), (4, "count"), (5, "last")]
    assert waiting(bay) == []
