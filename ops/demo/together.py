"""The play with all that goes on beside it: whatever fails first ends all of it, and says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from time import monotonic
from typing import Any, TypeVar

from ops.demo.cast import NotStocked
from ops.demo.chaos import NotMended
from ops.demo.client import Refused
from ops.demo.follower import BrokenChain
from ops.supervisor import EssentialLost, Supervisor

TEND_S, LOOK_S = 0.1, 1.0
STALLED_S = 180.0  # twice what the reconciliation grants to a system that stands still
T = TypeVar("T")


class Interrupted(Exception):
    """Ctrl-C or SIGTERM while the demo was going on."""


class Stalled(Exception):
    """Nothing happens any more, though it should."""


# What ends a play as a verdict does: wharf, or what the demo makes of it, did not do what it says.
SPOILT = (NotStocked, NotMended, Refused, BrokenChain, Stalled, EssentialLost, TimeoutError)


async def beside(main: Coroutine[Any, Any, T], *others: Coroutine[Any, Any, None]) -> T:
    """The main work with others beside it, which end with it; whatever fails first ends all of it."""
    try:
        async with asyncio.TaskGroup() as tasks:
            going = [tasks.create_task(other) for other in others]
            done = await main
            for one in going:
                one.cancel()
    except BaseExceptionGroup as group:
        raise _first(group) from group
    return done


async def tended(supervisor: Supervisor) -> None:
    """Start again what ends, for ever; raises Interrupted when the supervisor is told to stop, EssentialLost."""
    while not supervisor.stopping.is_set():
        supervisor.tend()
        await asyncio.sleep(TEND_S)
    raise Interrupted


async def moving(state: Callable[[], Hashable], waiting: Callable[[], str]) -> None:
    """Look on for ever; raises Stalled when the state has stood still for long, with what is waited for."""
    seen, since = state(), monotonic()
    while monotonic() - since < STALLED_S:
        await asyncio.sleep(LOOK_S)
        if state() != seen:
            seen, since = state(), monotonic()
    raise Stalled(f"nothing has changed for {STALLED_S:.0f} s; {waiting()}")


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
