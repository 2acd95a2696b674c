"""Every way that a small world can go: breadth first over canonical states, on the production decide and apply.

A state is what each SKU remembers, which commands have come, and the hour. From a state leads every command that is on
its way, every one that has come already (again), every timer that is due, and the next hour. SKUs do not meet, so what
one SKU makes of a command is decided once per state of that SKU, by the production functions, and looked up after that.
Cost: decisions grow with the states of one SKU, steps through the graph with those of all SKUs together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.envelope import Envelope
from schemas.generated import inventory_v1 as inventory
from streams.engine.effects import Effects, Message, Timer
from streams.inventory.decide import decide
from tables.inventory.apply import apply
from tables.rows import DictRows
from tests.model import canon, laws
from tests.model.script import HOUR, START, Step, World

Timers = Mapping[str, Timer]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a SKU remembers, and the timers that it has set."""

    rows: Mapping[str, Any]
    timers: Timers


@dataclass(slots=True)
class Found:
    """How far an exploration came."""

    states: int = 0
    transitions: int = 0
    decided: int = 0
    endings: set[Any] = field(default_factory=set)

    def __str__(self) -> str:
        return (
            f"{self.states:>9,} states {self.transitions:>11,} transitions "
            f"{self.decided:>8,} decided {len(self.endings):>4} endings"
        )


class Sku:
    """The states of one SKU, by number, and what leads from one to another."""

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.steps = {index: step for index, step in enumerate(world.steps) if step.sku == name}
        self.mask = sum(1 << index for index in self.steps)
        self.shelves: list[Shelf] = []
        self._numbers: dict[Any, int] = {}
        self._moves: dict[tuple[int, Any, int, bool], int] = {}
        self._checked: set[tuple[int, int]] = set()
        self.decided = 0
        self.first = self._opened(world)

    def deliver(self, number: int, index: int, hour: int, *, again: bool) -> int:
        """The state after a command; one that comes again must change no quantity."""
        key = (number, index, hour, again)
        if key not in self._moves:
            step, shelf = self.steps[index], self.shelves[number]
            self._moves[key] = self._number(self._after(shelf, step.name, step.kind, step.record, hour, step))
            if again and step.kind != "stock.expire":  # it may be due by now
                laws.same_quantities(shelf.rows, self.shelves[self._moves[key]].rows, step.name)
        return self._moves[key]

    def fire(self, number: int, name: str, hour: int) -> int:
        """The state after a timer's command, which must change nothing when it comes again."""
        key = (number, name, hour, False)
        if key not in self._moves:
            shelf = self.shelves[number]
            timer = shelf.timers[name]
            rest = Shelf(shelf.rows, {other: each for other, each in shelf.timers.items() if other != name})
            once = self._after(rest, f"timer {name}", timer.type, timer.record or {}, hour, None)
            twice = self._after(once, f"timer {name}", timer.type, timer.record or {}, hour, None)
            laws.same_quantities(once.rows, twice.rows, f"timer {name}")
            self._moves[key] = self._number(once)
        return self._moves[key]

    def due(self, number: int, hour: int) -> list[str]:
        """Timers whose time has come."""
        now = START + hour * HOUR
        return [
            name for name, timer in self.shelves[number].timers.items() if timer.due is not None and timer.due <= now
        ]

    def check(self, number: int, mask: int) -> None:
        """The laws of a state, once per state and what had come by then."""
        if (number, mask & self.mask) not in self._checked:
            self._checked.add((number, mask & self.mask))
            shelf, came = self.shelves[number], [step for index, step in self.steps.items() if mask >> index & 1]
            laws.of_state(shelf.rows, shelf.timers, came)

    def _after(
        self, shelf: Shelf, id: str, kind: str, record: Mapping[str, Any], hour: int, step: Step | None
    ) -> Shelf:
        self.decided += 1
        message = Message(Envelope(id, kind, "model", "acme", channel="web"), self.name, record, START + hour * HOUR)
        rows = DictRows(shelf.rows)
        effects: Effects = decide(message, rows)
        for fact in effects.facts:
            rows.put(apply(fact.type, fact.record, rows))
        laws.of_step(shelf.rows, step, message.now, effects, rows.rows)
        timers = dict(shelf.timers)
        for timer in effects.timers:
            timers.pop(timer.name, None)
            if timer.due is not None:
                timers[timer.name] = timer
        return Shelf(rows.rows, timers)

    def _number(self, shelf: Shelf) -> int:
        timers = tuple(sorted((name, timer.due) for name, timer in shelf.timers.items()))
        key = (canon.of_sku(shelf.rows), timers)
        if key not in self._numbers:
            self._numbers[key] = len(self.shelves)
            self.shelves.append(shelf)
        return self._numbers[key]

    def _opened(self, world: World) -> int:
        empty = Shelf({}, {})
        rules = world.rules.get(self.name)
        if rules is None:
            return self._number(empty)
        record = inventory.set_stock_rules(sku=self.name, version=1, **rules)
        return self._number(self._after(empty, "rules", "stock.set-rules", record, 0, None))


State = tuple[tuple[int, ...], int, int]  # each SKU's state, which commands have come, the hour


class Explorer:
    """Explores a world to its end; raises laws.Broken with the way that led there."""

    def __init__(self, world: World) -> None:
        self.world, self.found = world, Found()
        self.skus = [Sku(name, world) for name in sorted({step.sku for step in world.steps})]
        self._place = {sku.name: place for place, sku in enumerate(self.skus)}
        bits = {step.name: 1 << index for index, step in enumerate(world.steps)}
        self._steps = [
            (index, 1 << index, sum(bits[name] for name in step.after), self._place[step.sku])
            for index, step in enumerate(world.steps)
        ]
        self._all = (1 << len(world.steps)) - 1
        self._came: dict[State, tuple[State, str] | None] = {}

    def run(self) -> Found:
        """Every state there is."""
        first: State = (tuple(sku.first for sku in self.skus), 0, 0)
        self._came[first] = None
        queue = deque([first])
        while queue:
            state = queue.popleft()
            try:
                nexts = list(self._nexts(state))
                self._check(state)
            except laws.Broken as broken:
                raise laws.Broken(f"{self.world.name}: {broken}\n  after: {' → '.join(self._way(state))}") from broken
            for label, after in nexts:
                self.found.transitions += 1
                if after not in self._came:
                    self._came[after] = (state, label)
                    queue.append(after)
        self.found.states = len(self._came)
        self.found.decided = sum(sku.decided for sku in self.skus)
        return self.found

    def _nexts(self, state: State) -> Iterable[tuple[str, State]]:
        numbers, mask, hour = state
        for index, bit, after, place in self._steps:
            if after & mask == after:
                number = self.skus[place].deliver(numbers[place], index, hour, again=bool(mask & bit))
                yield self.world.steps[index].name, (_with(numbers, place, number), mask | bit, hour)
        for place, sku in enumerate(self.skus):
            for name in sku.due(numbers[place], hour):
                number = sku.fire(numbers[place], name, hour)
                yield f"{sku.name} timer {name}", (_with(numbers, place, number), mask, hour)
        if hour < self.world.ticks:
            yield "an hour later", (numbers, mask, hour + 1)

    def _check(self, state: State) -> None:
        numbers, mask, hour = state
        for number, sku in zip(numbers, self.skus, strict=True):
            sku.check(number, mask)
        waiting = any(after & mask == after and not bit & mask for _, bit, after, _ in self._steps)
        laws.check(waiting or mask == self._all, "every way can go on to its end")
        due = any(sku.due(number, hour) for number, sku in zip(numbers, self.skus, strict=True))
        if mask == self._all and hour == self.world.ticks and not due:
            self._ended(numbers)

    def _ended(self, numbers: tuple[int, ...]) -> None:
        shelves = [sku.shelves[number].rows for number, sku in zip(numbers, self.skus, strict=True)]
        for rows in shelves if not self.world.independent else ():
            laws.balanced(rows)
        self.found.endings.add(tuple(canon.frozen(laws.quantities(rows)) for rows in shelves))
        laws.check(len(self.found.endings) == 1, "whatever the order, it ends the same", endings=self.found.endings)

    def _way(self, state: State) -> list[str]:
        """How the exploration came to a state."""
        way, came = list[str](), self._came[state]
        while came is not None:
            way.insert(0, came[1])
            came = self._came[came[0]]
        return way


def _with(numbers: tuple[int, ...], place: int, number: int) -> tuple[int, ...]:
    return numbers if numbers[place] == number else (*numbers[:place], number, *numbers[place + 1 :])
