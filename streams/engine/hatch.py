"""A door in a topology: it reads at least once, and its process dies and comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from schemas import wire
from schemas.envelope import from_headers
from schemas.topics import split_key
from streams.engine.effects import Message
from streams.engine.memory_log import MemoryLog
from streams.engine.records import TP, Record
from streams.engine.schedule import Schedule

Door = Callable[[Message], None]


class DoorDied(Exception):
    """Raised by a door where its process ends in the middle of its work; the record comes to it again."""


class Hatch:
    """Hands a topic's records to a door, each until it is noted as done."""

    def __init__(self, topic: str, handle: Door, restart: Callable[[], None], log: MemoryLog, schedule: Schedule):
        self.topic, self.handle, self.restart, self.log, self.schedule = topic, handle, restart, log, schedule
        self.positions: defaultdict[TP, int] = defaultdict(int)
        self.idle = 0  # turns that it stands still
        self._done_at = -1  # the log's changes when it was seen to the end

    def turn(self) -> bool:
        """Carry out what lies there; says whether there was something."""
        waiting = [] if self._done_at == self.log.changes else self.log.behind((self.topic,), self.positions)
        self._done_at = -1 if waiting else self.log.changes
        if not waiting:
            return False
        if self.idle or self.schedule.happens("idle"):
            self.idle = self.idle - 1 if self.idle else self.schedule.pause()
            return True
        for tp in self.schedule.shuffled(waiting):
            if not self._carry_out(tp):
                self.idle = self.schedule.pause()
                self.restart()
                break
        return True

    def _carry_out(self, tp: TP) -> bool:
        """False where the door died."""
        records, following = self.log.read(tp, self.positions[tp], self.schedule.batch(self.log.end(tp)))
        for record in records:
            try:
                self.handle(decoded(record))
            except DoorDied:
                return False
            if self.schedule.happens("again"):
                return False
            self.positions[tp] = record.offset + 1
        self.positions[tp] = following
        return True


def decoded(record: Record) -> Message:
    """A record of a topic as a door hears it."""
    envelope = from_headers(record.headers)
    key = split_key((record.key or b"").decode())[1]
    return Message(envelope, key, wire.decode(record.value or b"")[1], record.timestamp, record.position)
