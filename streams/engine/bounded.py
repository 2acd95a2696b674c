"""Calls into librdkafka that may never come back, bounded from outside.

Its own time-outs are not kept everywhere: `send_offsets_to_transaction` waits for ever where the group's coordinator was
away (librdkafka #5456 and #5511, seen with 2.16 and a broker that was killed). A call that is overdue is left behind with
its client; the successor under the same transactional id fences whatever it may still do.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_LEFT = 64  # calls left behind in one process, each with its client's threads, before the process should start anew


class Overdue(Exception):
    """The call did not come back in time; its outcome is open."""


class TooManyLeft(RuntimeError):
    """So many calls never came back that this process is no place to go on."""


@dataclass(slots=True)
class _Call:
    call: Callable[[], Any]
    done: threading.Event = field(default_factory=threading.Event)
    failure: BaseException | None = None


class Bounded:
    """A thread that makes calls one after the other; after an overdue one it must not be used again."""

    left = 0  # of this process

    def __init__(self, name: str) -> None:
        self.overdue = False
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def run(self, call: Callable[[], Any], within_s: float) -> None:
        """Make the call; raises what it raises, and Overdue."""
        asked = _Call(call)
        self._calls.put(asked)
        if not asked.done.wait(within_s):
            self.overdue = True
            Bounded.left += 1
            raise Overdue(f"no answer within {within_s:.0f} s")
        if asked.failure is not None:
            raise asked.failure

    def close(self) -> None:
        """End the thread, unless it is stuck."""
        self._calls.put(None)
        if not self.overdue:
            self._thread.join()

    def _run(self) -> None:
        while (asked := self._calls.get()) is not None:
            try:
                asked.call()
            except BaseException as exc:  # noqa: BLE001  raised again where it was asked for
                asked.failure = exc
            asked.done.set()
            del asked


def refuse_too_many() -> None:
    """Raises TooManyLeft."""
    if Bounded.left >= MOST_LEFT:
        raise TooManyLeft(f"{Bounded.left} calls never came back")
