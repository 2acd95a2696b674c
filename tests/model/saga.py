"""Ship-complete orders and the SKUs that they want, with the production decisions of both agents in the loop.

Commands go from one key to another in the order in which they were sent, as a mailbox takes them; everything else may
overtake. A state is what every key remembers and what is on its way. Deadlines come only when nothing else happens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.envelope import Envelope
from streams.engine.effects import Ask, Effects, Message, Timer
from streams.inventory.decide import decide as decide_stock
from streams.orders.decide import decide as decide_order
from tables.inventory.apply import apply as apply_stock
from tables.inventory.position import net
from tables.orders import apply as apply_order
from tables.rows import DictRows
from tests.model import laws
from tests.model.traffic import ORDERS, STOCK, Input, Key, Memory, Sent, State

AGENTS = {STOCK: (decide_stock, apply_stock), ORDERS: (decide_order, apply_order)}
MOST = 2_000_000  # states; a chase without end would pass any bound


@dataclass(slots=True)
class Found:
    """How far an exploration came."""

    states: int = 0
    transitions: int = 0
    decided: int = 0
    rests: int = 0

    def __str__(self) -> str:
        return f"{self.states:>9,} states {self.transitions:>11,} transitions {self.decided:>8,} decided {self.rests:>6,} at rest"


@dataclass
class Saga:
    """Explores all interleavings of some inputs; raises laws.Broken where a law does not hold.

    before  inputs that have come, one after the other, and all that followed from each, when it begins
    """

    inputs: tuple[Input, ...]
    wanted: Mapping[str, Mapping[str, int]]  # order → SKU → units, of ship-complete orders
    before: tuple[Input, ...] = ()
    found: Found = field(default_factory=Found)
    _blank: dict[Key, Memory] = field(default_factory=dict)

    def run(self) -> Found:
        """Every state there is; then, that no way goes round in circles."""
        first = self._begun()
        numbers: dict[Any, int] = {first.form(): 0}
        queue: deque[tuple[int, State]] = deque([(0, first)])
        inner: dict[int, list[int]] = {}
        while queue:
            number, state = queue.popleft()
            for after, outside in self._nexts(state):
                self.found.transitions += 1
                form = after.form()
                if form not in numbers:
                    numbers[form] = len(numbers)
                    queue.append((numbers[form], after))
                if not outside:
                    inner.setdefault(number, []).append(numbers[form])
            laws.check(len(numbers) < MOST, "orders do not chase each other for ever", states=len(numbers))
        self.found.states = len(numbers)
        laws.check(not circles(inner), "orders do not go round in circles")
        return self.found

    def _begun(self) -> State:
        state = State({}, {}, tuple(range(len(self.inputs))))
        for target, sent in self.before:
            state = self._decide(state, target, sent)
            while state.channels:
                (way, sents), *_ = state.channels.items()
                state = self._deliver(state, *way, sents[0])
        return state

    def _nexts(self, state: State) -> Iterator[tuple[State, bool]]:
        for (source, target), sents in state.channels.items():
            yield self._deliver(state, source, target, sents[0]), False
        for index in state.coming:
            target, sent = self.inputs[index]
            rest = replace(state, coming=tuple(each for each in state.coming if each != index))
            yield self._decide(rest, target, sent), True
        if not state.channels:
            yield from self._at_rest(state)

    def _deliver(self, state: State, source: Key, target: Key, sent: Sent) -> State:
        channels = {way: sents for way, sents in state.channels.items() if way != (source, target)}
        if rest := state.channels[source, target][1:]:
            channels[source, target] = rest
        return self._decide(replace(state, channels=channels), target, sent)

    def _decide(self, state: State, target: Key, sent: Sent) -> State:
        memory = state.memories.get(target) or self._blank.setdefault(target, Memory(target[0], {}, {}))
        decided = (sent.id, state.now)
        if decided not in memory.decided:
            memory.decided[decided] = self._decided(memory, target, sent, state.now)
        after, told = memory.decided[decided]
        channels = dict(state.channels)
        for receiver, each in told:
            channels[target, receiver] = (*channels.get((target, receiver), ()), each)
        return State({**state.memories, target: after}, channels, state.coming, state.now)

    def _decided(self, memory: Memory, target: Key, sent: Sent, now: int) -> tuple[Memory, tuple[Input, ...]]:
        """What the production functions make of a command: the memory after it, and what is sent then."""
        self.found.decided += 1
        agent, name = target
        decide, apply = AGENTS[agent]
        rows = DictRows(memory.rows)
        envelope = Envelope(sent.id, sent.kind, "model", "acme", channel="portal")
        effects = decide(Message(envelope, name, sent.record, now), rows)
        for fact in effects.facts:
            rows.put(apply(fact.type, fact.record, rows))
        if agent == STOCK:
            laws.books(rows.rows)
        asks = tuple((to, Sent(ask.type, ask.record)) for ask in effects.asks if (to := _receiver(ask)))
        return Memory(agent, rows.rows, _timers(memory.timers, effects)), asks

    def _at_rest(self, state: State) -> Iterator[tuple[State, bool]]:
        """Nothing is on its way: nobody may be left who could be served; then the next deadline passes."""
        self.found.rests += 1
        self._check(state)
        due = [
            (timer.due or 0, key, timer) for key, memory in state.memories.items() for timer in memory.timers.values()
        ]
        if due:
            when, key, timer = min(due, key=lambda each: (each[0], each[1], each[2].name))
            memory = state.memories[key]
            left = {name: each for name, each in memory.timers.items() if name != timer.name}
            rest = {**state.memories, key: Memory(key[0], memory.rows, left)}
            later = replace(state, memories=rest, now=max(state.now, when))
            yield self._decide(later, key, Sent(timer.type, timer.record or {})), False

    def _check(self, state: State) -> None:
        free = {key: _free(memory.rows) for (agent, key), memory in state.memories.items() if agent == STOCK}
        for order, wants in self.wanted.items():
            held = {sku: _held(state, sku, order) for sku in wants}
            memory = state.memories.get((ORDERS, order))
            header = memory.rows.get("order") if memory else None
            if header is None or not header["step"] or header["outcome"]:
                laws.check(not any(held.values()), "who is not there or gives up holds nothing", order=order, held=held)
                continue
            whole = held == dict(wants)
            laws.check(whole or not any(held.values()), "it holds all or nothing", order=order, held=held)
            fits = all(free.get(sku, 0) >= units for sku, units in wants.items())
            laws.check(whole or not fits, "who could have all of it has it", order=order, free=free)


def _timers(before: Mapping[str, Timer], effects: Effects) -> dict[str, Timer]:
    timers = dict(before)
    for timer in effects.timers:
        timers.pop(timer.name, None)
        if timer.due is not None:
            timers[timer.name] = timer
    return timers


def _receiver(ask: Ask) -> Key | None:
    """Who decides a command; what goes to others than orders and SKUs is not followed."""
    agent = {"stock": STOCK, "order": ORDERS}.get(ask.type.partition(".")[0])
    return (agent, ask.key) if agent else None


def _free(rows: Mapping[str, Any]) -> int:
    return sum(net(position) for position in rows["sku"]["positions"].values()) if "sku" in rows else 0


def _held(state: State, sku: str, order: str) -> int:
    memory = state.memories.get((STOCK, sku))
    rows = memory.rows if memory else {}
    return sum(row["reserved"] + row["allocated"] for name, row in rows.items() if name.startswith(f"hold|{order}|"))


def circles(edges: Mapping[int, Iterable[int]]) -> bool:
    """Whether commands among orders and SKUs alone can lead back to where they were."""
    white, done = set(edges), set[int]()
    for start in list(edges):
        if start not in white:
            continue
        path, stack = set[int](), [(start, iter(edges[start]))]
        path.add(start)
        white.discard(start)
        while stack:
            node, rest = stack[-1]
            after = next(rest, None)
            if after is None:
                stack.pop()
                path.discard(node)
                done.add(node)
            elif after in path:
                return True
            elif after in white:
                white.discard(after)
                path.add(after)
                stack.append((after, iter(edges[after])))
    return False
