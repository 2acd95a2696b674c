"""What a decision is given (a Message) and what it gives back (Effects): plain values, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from schemas.envelope import Envelope
from tables.rows import Rows
from tables.write import Write


class Message(NamedTuple):
    """One decoded record of a mailbox."""

    envelope: Envelope
    key: str  # without the tenant
    record: Any  # the TypedDict that envelope.type names
    now: int  # the broker's time of this record, ms since the epoch: the only clock of a decision
    position: tuple[str, int, int] = ("", 0, 0)  # topic, partition, offset: for indexes of the log, never to decide on

    @property
    def type(self) -> str:
        return self.envelope.type


class Fact(NamedTuple):
    """What the agent decided: applied to its rows, and published on its record's topic (where it has one)."""

    type: str
    record: Mapping[str, Any]
    key: str | None = None  # without tenant; None = the command's own key


class Ask(NamedTuple):
    """A command to another mailbox, or a record of a stateless agent."""

    type: str
    key: str  # without tenant
    record: Mapping[str, Any]
    receipt: str = ""  # "R/0", only where a document becomes a command
    channel: str | None = None  # None = the cause's
    wants_answer: bool = False  # its death is answered into this agent's own mailbox, to the cause's key
    disposition: str | None = None  # None = the cause's; "test" for a test document


class Timer(NamedTuple):
    """A command to this agent's own mailbox and key at a later time; the same name again replaces, due None cancels."""

    name: str
    due: int | None  # ms since the epoch
    type: str = ""
    record: Mapping[str, Any] | None = None


@dataclass(slots=True)  # not frozen: one is made for every record, and that would take twice as long
class Effects:
    """All that follows from one command, in order; nobody changes one."""

    facts: tuple[Fact, ...] = ()
    asks: tuple[Ask, ...] = ()
    timers: tuple[Timer, ...] = ()
    writes: tuple[Write, ...] = ()  # read models, for an agent with a sink

    def __add__(self, other: Effects) -> Effects:
        return Effects(
            self.facts + other.facts, self.asks + other.asks, self.timers + other.timers, self.writes + other.writes
        )


NOTHING = Effects()
Decide = Callable[[Message, Rows], Effects]
