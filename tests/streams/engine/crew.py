"""Processes beside the toy, for tests that kill them: a projection into a file, and a door that says what it was told."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from schemas.envelope import derived_id
from schemas.generated.feeds_v1 import feed_entry
from schemas.settings import Settings, settings
from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.engine.client import Inbox, Outbox
from streams.engine.effects import Effects, Message
from streams.engine.run import run
from tables.rows import Rows
from tables.write import Sink, Write

MIRROR = "from tests.streams.engine.crew import mirror; mirror()"
DOOR = "from tests.streams.engine.crew import door; door()"
JOURNAL = "journal"
app = create_app("mirror")


class Journal:
    """A read model that is a file: a line for each value, on disk before it is taken."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, writes: Sequence[Write]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps([write.key, write.version]) + "\n" for write in writes)
            file.flush()
            os.fsync(file.fileno())

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Nobody asks how old it is."""


def journal(given: Settings) -> Sink:
    """The journal in a worker's state folder."""
    return Journal(given.state_dir / JOURNAL)


def taken(state: Path) -> list[tuple[str, int]]:
    """What a journal has taken so far, in its order."""
    path = state / JOURNAL
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(key, version) for key, version in map(json.loads, lines)]


def decide(message: Message, rows: Rows) -> Effects:
    """Each entry of the feed is a value of the read model."""
    return Effects(writes=(Write(message.key, message.record["seq"], b"x"),))


@agent(app, reads=("channels.feed",), sink=journal)
def mirrored(batch: Batch) -> None:
    batch.decide(decide)


def mirror() -> None:
    """The projection as a process."""
    run([app])


def door() -> None:
    """The door as a process: it answers each command of the toy's mailbox with an entry."""
    asyncio.run(_served(settings()))


def answer_id(command: str) -> str:
    """The id of the door's answer, the same however often it is given."""
    return derived_id(command, "door", "feed.entry", 0)


async def _served(given: Settings) -> None:
    inbox, box = Inbox(given, "door", ("feeds.commands",)), Outbox(given, "door")

    async def handle(message: Message) -> None:
        entry = feed_entry(channel="portal", view="v", seq=1, id="", type="told", at=0, hash="", data=b"")
        await box.send("feed.entry", message.key, entry, tenant="acme", id=answer_id(message.envelope.id))

    await inbox.run(handle, concurrency=4, ordered_by=lambda message: message.key)
