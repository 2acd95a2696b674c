"""Timers: rows of the agent's own table that become commands in its own mailbox when they are due."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping

from schemas import wire
from schemas.envelope import Envelope, derived_id, to_headers
from schemas.generated.state_engine_v1 import Timer as TimerRow
from schemas.generated.state_engine_v1 import timer
from schemas.topics import split_key
from streams.engine.effects import Message, Timer
from streams.engine.records import Out
from streams.engine.stamping import schema_of
from tables.store_layer import TIMER, State

Named = tuple[str, str]  # scope and name of a timer's row


class BadTimer(ValueError):
    """A timer's command does not belong into its agent's own mailbox, or the agent has no table to keep it."""


def timer_rows(agent: str, mailbox: str, message: Message, timers: tuple[Timer, ...]) -> Mapping[str, TimerRow | None]:
    """The rows that set, replace and cancel timers; raises BadTimer, and what wire.encode does."""
    return {f"{TIMER}|{asked.name}": _row(agent, mailbox, message, asked) for asked in timers}


def _row(agent: str, mailbox: str, message: Message, asked: Timer) -> TimerRow | None:
    if asked.due is None:
        return None
    schema, cause = schema_of(asked.type), message.envelope
    if schema.topic != mailbox:
        raise BadTimer(
            f"timer {asked.name}: {asked.type} belongs into {schema.topic or 'no topic'}, not into {mailbox}"
        )
    return timer(
        id=derived_id(cause.id, agent, f"timer/{asked.name}", 0),
        due=asked.due,
        type=asked.type,
        body=wire.encode(schema.name, asked.record or {}),
        channel=cause.channel,
        correlation=cause.correlation or cause.id,
        causation=cause.id,
        disposition=cause.disposition,
        traceparent=cause.traceparent,
    )


def command_of(agent: str, mailbox: str, partition: int, scope: str, row: TimerRow) -> Out:
    """The command that a due timer becomes, in the partition that its key's commands are in."""
    tenant, key = split_key(scope)
    envelope = Envelope(
        id=row["id"],
        type=row["type"],
        source=f"wharf/{agent}",
        tenant=tenant,
        time=row["due"],
        subject=key,
        channel=row["channel"],
        correlation=row["correlation"],
        causation=row["causation"],
        disposition=row["disposition"],
        traceparent=row["traceparent"],
    )
    return Out(mailbox, scope.encode(), row["body"], to_headers(envelope), row["due"], partition)


class Alarms:
    """When the next timers of a partition are due: an index in memory over rows that say what is true."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str, str]] = []
        self._due: dict[Named, int] = {}

    def note(self, scope: str, name: str, row: TimerRow | None) -> None:
        """A timer's row was written, or deleted (None)."""
        if row is None:
            self._due.pop((scope, name), None)
        elif self._due.get((scope, name)) != row["due"]:
            self._due[scope, name] = row["due"]
            heapq.heappush(self._heap, (row["due"], scope, name))

    def next(self) -> int | None:
        """When the earliest is due."""
        while self._heap and not self._holds(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: int, limit: int) -> list[Named]:
        """The earliest that are due, at most so many; they stay until note() says that their rows are gone."""
        found: dict[Named, None] = {}
        kept: list[tuple[int, str, str]] = []
        while len(found) < limit and (earliest := self.next()) is not None and earliest <= now:
            entry = heapq.heappop(self._heap)
            kept.append(entry)
            found[entry[1], entry[2]] = None
        for entry in kept:
            heapq.heappush(self._heap, entry)
        return list(found)

    def _holds(self, entry: tuple[int, str, str]) -> bool:
        return self._due.get((entry[1], entry[2])) == entry[0]


def due_rows(state: State, named: list[Named], now: int) -> Iterator[tuple[str, str, TimerRow]]:
    """Those timers that the rows still say are due: a batch may have moved or cancelled some just now."""
    for scope, name in named:
        row: TimerRow | None = state.get(scope, name)
        if row is not None and row["due"] <= now:
            yield scope, name, row
