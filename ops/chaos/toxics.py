"""What a proxy does to the connections that go through it, while it lasts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

ALL = -1  # brokers


class Harm(StrEnum):
    """One way to trouble a connection."""

    DELAY = "delay"  # each request is `amount` seconds late
    HOLD = "hold"  # the chosen requests wait until it is over; others overtake them
    DROP = "drop"  # chosen requests vanish; when it is over, a connection that lost one is reset
    CUT = "cut"  # connections are reset, and refused until it is over
    THROTTLE = "throttle"  # `amount` bytes a second in each direction
    DUPLICATE = "duplicate"  # chosen requests are sent twice; the client hears one answer
    UNANSWERED = "unanswered"  # chosen requests arrive and are carried out; instead of the answer comes a reset
    FULL = "full"  # every other connection is reset, and no new one is taken until it is over; the rest go on
    SILENT = "silent"  # connections are reset; new ones are taken and nobody answers until it is over


@dataclass(frozen=True, slots=True)
class Toxic:
    """One harm at one broker or all, to some APIs or all, for a while."""

    harm: Harm
    seconds: float
    broker: int = ALL  # its place among the proxy's routes
    apis: tuple[int, ...] = ()  # none = all
    amount: float = 0.0

    def strikes(self, broker: int, api: int) -> bool:
        """Whether it concerns such a request."""
        return self.broker in (ALL, broker) and (not self.apis or api in self.apis)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def toxic(told: Mapping[str, Any]) -> Toxic:
    """A toxic from its JSON; raises KeyError, TypeError, ValueError."""
    return Toxic(**{**told, "harm": Harm(told["harm"]), "apis": tuple(told.get("apis", ()))})


class Toxics:
    """The toxics in force, and how often each harm was done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._active: list[tuple[float, Toxic]] = []
        self.done: Counter[str] = Counter()

    def add(self, one: Toxic) -> None:
        """From now on, for its seconds."""
        self._active.append((self._clock() + one.seconds, one))

    def on(self, broker: int, api: int) -> Iterator[Toxic]:
        """Those that strike such a request now."""
        if not self._active:
            return
        now = self._clock()
        self._active = [(until, one) for until, one in self._active if until > now]
        for _, one in self._active:
            if one.strikes(broker, api):
                yield one

    def at(self, broker: int, harm: Harm) -> Toxic | None:
        """The harm in force at a broker, whatever the request."""
        now = self._clock()
        found = (one for until, one in self._active if until > now and one.harm is harm and one.broker in (ALL, broker))
        return next(found, None)

    def left(self, one: Toxic) -> float:
        """Seconds until it is over."""
        return max((until - self._clock() for until, other in self._active if other is one), default=0.0)
