"""What an agent is: a plain function declared on its app, with what it reads, remembers and is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemas.settings import Settings
from streams.engine.app import App
from streams.engine.effects import Decide
from tables.store_layer import ENGINE_KINDS
from tables.table import Table
from tables.write import Sink

SinkOf = Callable[[Settings], Sink]


class Batch:
    """All records of one partition that one transaction covers."""

    __slots__ = ("_run", "decided")

    def __init__(self, run: Callable[[Decide], None]) -> None:
        self._run = run
        self.decided = False

    def decide(self, decide: Decide) -> None:
        """Decide record by record, in order; a record that cannot be decided becomes a dead letter."""
        self._run(decide)
        self.decided = True


Body = Callable[[Batch], None]


@dataclass(frozen=True, slots=True)
class Agent:
    """The declaration of one agent: nothing of it runs before an engine is given it."""

    name: str
    reads: tuple[str, ...]  # topics without environment prefix; with a table exactly one, its mailbox
    body: Body
    table: Table | None = None
    references: tuple[str, ...] = ()  # broadcast topics that its decisions see as rows
    sink: SinkOf | None = None
    ordered: bool = False  # records of a key wait behind a dead one until an operator has seen to it

    def __post_init__(self) -> None:
        if not self.reads:
            raise BadDeclaration(f"agent {self.name} reads no topic")
        if self.table and (len(self.reads) != 1 or self.references):
            raise BadDeclaration(f"agent {self.name} has a table: it reads exactly its mailbox, and no references")
        if self.table and (taken := self.table.kinds.keys() & ENGINE_KINDS.keys()):
            raise BadDeclaration(f"rows of kind {', '.join(sorted(taken))} are the engine's own")
        if self.ordered and not self.table:
            raise BadDeclaration(
                f"agent {self.name} keeps order behind a dead record: it needs a table for those that wait"
            )

    @property
    def mailbox(self) -> str:
        """The topic that its timers and answers come back to."""
        return self.reads[0]


class BadDeclaration(ValueError):
    """An agent is declared in a way that no engine could run."""


def agent(
    app: App,
    *,
    reads: tuple[str, ...],
    table: Table | None = None,
    references: tuple[str, ...] = (),
    sink: SinkOf | None = None,
    ordered: bool = False,
) -> Callable[[Body], Agent]:
    """Declare the app's agent; the decorated name becomes the declaration.

    ordered  records of a key wait as rows behind a dead one, until `key.resolve` says that it was mended or dropped
    """

    def declare(body: Body) -> Agent:
        app.declared = Agent(app.conf.id, reads, body, table, references, sink, ordered)
        return app.declared

    return declare


def decision_of(declared: Agent) -> Decide:
    """The decide that an agent's body hands its batch, for drivers, previews and tests."""
    found: list[Decide] = []
    declared.body(Batch(found.append))
    return found[0]
