"""The pure core: records of one partition in, what they lead to out; no I/O, no clock of its own.

Laws, each a property test: same in, same out; it does not matter where a batch is cut; raising changes nothing; rows are
a fold of the decided facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.guard import MAX_MESSAGE
from schemas.topics import TOPICS, key_of
from streams.engine import waiting
from streams.engine.agent import Agent, Batch
from streams.engine.dead import Kind, dead_letters
from streams.engine.effects import Decide, Effects, Message
from streams.engine.reading import message_of
from streams.engine.records import Out, Record
from streams.engine.references import References
from streams.engine.stamping import outs_of, schema_of
from streams.engine.timers import BadTimer, command_of, due_rows, timer_rows
from tables.rows import Rows
from tables.store_layer import Layer, ScopeRows, State, StoreFailed
from tables.table import Table
from tables.write import Write

MAX_EFFECTS = 10_000  # of one command: more would not fit a transaction together with its neighbours
MAX_BYTES = 32 << 20
NOT_ITS_FAULT = (MemoryError, StoreFailed)  # the machine's or the disk's: the record is decided again
LATEST = frozenset(topic.name for topic in TOPICS.values() if topic.latest)


class TooManyEffects(ValueError):
    """One command leads to more than a transaction should hold."""


class BatchForgotten(RuntimeError):
    """An agent's body returned without deciding its batch."""


@dataclass(slots=True)
class Decided:
    """What a batch leads to, as yet unwritten."""

    layer: Layer
    outs: list[Out] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    dead: int = 0
    now: int = 0  # broker time up to which this partition is decided
    sent: int = 0  # how many records it published, once it did

    def published(self) -> list[Out]:
        """The records to publish: of topics declared `latest`, the last per key."""
        said: set[tuple[str, bytes | None]] = set()
        found: list[Out] = []
        for out in reversed(self.outs):
            if out.topic in LATEST:
                which = out.topic, out.key
                if which in said:
                    continue
                said.add(which)
            found.append(out)
        found.reverse()
        self.sent = len(found)
        return found


@dataclass(frozen=True, slots=True)
class Deciding:
    """Runs one agent's body over batches."""

    agent: Agent
    references: References | None = None

    def batch(self, records: Sequence[Record], state: State, last: int | None = None) -> Decided:
        """Decide records in order, over a state that stays untouched.

        last  the largest `now` of this partition so far, where the broker's times may go back (embedded); None = they do not
        """
        decided = Decided(Layer(state), now=last or 0)
        self.extend(decided, records, monotonous=last is not None)
        return decided

    def extend(self, decided: Decided, records: Iterable[Record], *, monotonous: bool = False) -> None:
        """Decide more records over what is decided already."""

        def run(decide: Decide) -> None:
            one = self._in_order if self.agent.ordered else self._one
            for record in records:
                decided.now = max(record.timestamp, decided.now) if monotonous else record.timestamp
                one(decide, record, decided)

        batch = Batch(run)
        self.agent.body(batch)
        if not batch.decided:
            raise BatchForgotten(f"{self.agent.name} left a batch undecided")

    def fire(self, partition: int, decided: Decided, named: Iterable[tuple[str, str]], now: int) -> int:
        """Publish the commands of timers that are due and delete their rows; returns how many."""
        if self.agent.table is None:
            return 0
        fired = 0
        for scope, name, row in due_rows(decided.layer, list(named), now):
            decided.outs.append(command_of(self.agent.name, self.agent.mailbox, partition, scope, row))
            decided.layer.put(self.agent.table, scope, {name: None})
            fired += 1
        return fired

    def bury(self, record: Record, why: Exception, kind: Kind, decided: Decided) -> None:
        """Make a record a dead letter."""
        decided.outs += dead_letters(self.agent.name, record, why, kind)
        decided.dead += 1
        if self.agent.ordered and self.agent.table:
            waiting.hold(decided.layer, self.agent.table, record, why)

    def _in_order(self, decide: Decide, record: Record, decided: Decided) -> None:
        """One record of an agent whose records wait behind a dead one of their key."""
        scope, table = waiting.scope_of(record), self.agent.table
        if table is None or not scope:
            self._one(decide, record, decided)
        elif waiting.is_resolve(record):
            self._resolve(decide, record, scope, table, decided)
        elif waiting.is_held(decided.layer, scope):
            waiting.park(decided.layer, table, scope, record)
        else:
            self._one(decide, record, decided)

    def _resolve(self, decide: Decide, record: Record, scope: str, table: Table, decided: Decided) -> None:
        """Decide those that waited, up to the first that is dead in its turn."""
        layer = decided.layer
        try:
            found = waiting.freed(layer, table, scope, waiting.resolve_of(record), record)
        except ValueError as exc:
            decided.outs += dead_letters(self.agent.name, record, exc, Kind.UNDECODABLE)
            decided.dead += 1
            return
        for waited in found.records if found else ():
            waiting.unpark(layer, table, scope, waited)
            self._one(decide, waited, decided)
            if waiting.is_held(layer, scope):
                return
        if found and found.more:
            decided.outs.append(waiting.again(layer, table, self.agent.name, scope, found.culprit, record))

    def _one(self, decide: Decide, record: Record, decided: Decided) -> None:
        kind, overlay = Kind.UNDECODABLE, Layer(decided.layer)
        try:
            message = self._message(record, decided.now)
            kind = Kind.UNDECIDABLE
            rows = self._rows(message, overlay)
            effects = _bounded(decide(message, rows))
            self._apply(message, effects, overlay, rows)
            outs = _within(outs_of(self.agent.name, self.agent.mailbox, message, effects))
        except NOT_ITS_FAULT:
            raise
        except Exception as exc:  # noqa: BLE001  whatever else it is concerns this record alone; its overlay is dropped
            self.bury(record, exc, kind, decided)
            return
        decided.layer.merge(overlay)
        decided.outs += outs
        decided.writes += effects.writes

    def _message(self, record: Record, now: int) -> Message:
        """A timer's command is never before the time that it was due at, whatever two machines' clocks say."""
        message = message_of(record, now)
        due = message.envelope.time
        if due <= now or message.envelope.source != f"wharf/{self.agent.name}" or record.topic != self.agent.mailbox:
            return message
        return message._replace(now=due)

    def _rows(self, message: Message, overlay: Layer) -> Rows:
        if self.references is not None:
            return self.references.rows(message.envelope.tenant)
        return ScopeRows(overlay, key_of(message.envelope.tenant, message.key))

    def _apply(self, message: Message, effects: Effects, overlay: Layer, rows: Rows) -> None:
        """Change rows by the facts, in order, each in the scope of its key; then set the timers."""
        table, tenant = self.agent.table, message.envelope.tenant
        if table is None:
            if effects.timers:
                raise BadTimer(f"{self.agent.name} has no table to keep a timer in")
            return
        own = key_of(tenant, message.key)
        for kind, record, key in effects.facts:
            schema_of(kind)
            scope = own if key is None else key_of(tenant, key)
            seen = rows if scope == own else ScopeRows(overlay, scope)
            overlay.put(table, scope, table.apply(kind, record, seen))
        if effects.timers:
            overlay.put(table, own, timer_rows(self.agent.name, self.agent.mailbox, message, effects.timers))


def _bounded(effects: Effects) -> Effects:
    count = len(effects.facts) + len(effects.asks) + len(effects.timers) + len(effects.writes)
    if count > MAX_EFFECTS:
        raise TooManyEffects(f"{count} effects of one command, at most {MAX_EFFECTS}")
    return effects


def _within(outs: list[Out]) -> list[Out]:
    if len(outs) * MAX_MESSAGE > MAX_BYTES:
        size = sum([len(out.value or b"") for out in outs])
        if size > MAX_BYTES:
            raise TooManyEffects(f"{size} bytes of effects of one command, at most {MAX_BYTES}")
    return outs
