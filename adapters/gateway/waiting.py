"""Waiting for what was accepted to be decided and projected: asking again until it is there, or patience ends.

The more wait, the more seldom each looks: or a rush of a thousand would keep the gateway busy with looking alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.gateway.hub import Hub
from adapters.gateway.problems import Problem, retry_after
from tables.redis.away import ReadModelsAway

T = TypeVar("T")
SELDOM_S = 0.25  # between two looks of one who waits alone


async def until(hub: Hub, ask: Callable[[], Awaitable[T]], good: Callable[[T], bool], seconds: float) -> T:
    """The first good answer, else the last one when the time is over."""
    hub.waiting += 1
    try:
        return await _until(hub, ask, good, seconds)
    finally:
        hub.waiting -= 1


async def _until(hub: Hub, ask: Callable[[], Awaitable[T]], good: Callable[[T], bool], seconds: float) -> T:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    pause = hub.patience.poll_s
    while True:
        found = await ask()
        if good(found) or loop.time() >= deadline:
            return found
        shared = max(pause, hub.waiting * hub.patience.share_s)
        await asyncio.sleep(min(shared, max(0.0, deadline - loop.time())))
        pause = min(pause * 1.5, SELDOM_S)


async def reading(answer: Awaitable[T]) -> T:
    """A read model's answer; raises Problem dependency-unavailable where Redis is away."""
    try:
        return await answer
    except ReadModelsAway as error:
        raise away() from error


def away() -> Problem:
    """Nothing can be said now, and nothing is made up."""
    return retry_after("dependency-unavailable", 1, "the read models cannot be reached")
