"""Concurrent handling with order per key: records of one lane wait for each other, lanes do not."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

import structlog

from streams.engine.effects import Message
from streams.engine.reading import message_of
from streams.engine.records import Record

Handle = Callable[[Message], Awaitable[None]]
OrderedBy = Callable[[Message], Hashable]
Bury = Callable[[Record, Exception], Awaitable[None]]
log = structlog.get_logger("wharf.inbox")
RETRY_S, RETRY_MAX_S = 0.2, 30.0


class Lanes:
    """Runs handlers on the event loop, at most `concurrency` at a time; knows nothing of Kafka."""

    def __init__(
        self,
        handle: Handle,
        bury: Bury,
        done: Callable[[Record], None],
        *,
        concurrency: int,
        ordered_by: OrderedBy | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        self._handle, self._bury, self._done, self._ordered_by, self._retry_s = handle, bury, done, ordered_by, retry_s
        self._slots = asyncio.Semaphore(concurrency)
        self._waiting: dict[Hashable, deque[tuple[Record, Message]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    def accept(self, record: Record) -> None:
        """Take a record in; called on the loop, in the order of the log."""
        try:
            message = message_of(record, record.timestamp)
        except Exception as exc:  # noqa: BLE001  whatever is wrong with its bytes, it is dead for this reader
            self._run(self._end(record, exc))
            return
        lane: Hashable = self._ordered_by(message) if self._ordered_by else record.position
        if lane in self._waiting:
            self._waiting[lane].append((record, message))
        else:
            self._waiting[lane] = deque([(record, message)])
            self._run(self._serve(lane))

    async def settled(self) -> None:
        """Begin nothing new, give up retrying, and wait for the handlers that run."""
        self._stopping.set()
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, lane: Hashable) -> None:
        queue = self._waiting[lane]
        while queue and not self._stopping.is_set():
            record, message = queue[0]
            async with self._slots:
                handled = not self._stopping.is_set() and await self._attempt(message)
            if handled:
                queue.popleft()
                self._done(record)
        del self._waiting[lane]

    async def _attempt(self, message: Message) -> bool:
        """Handle it until that works or we stop."""
        pause = self._retry_s
        while True:
            try:
                await self._handle(message)
            except Exception as exc:  # noqa: BLE001  a door's bug or outage must not lose the record, nor the others
                log.warning(
                    "inbox.retry", id=message.envelope.id, correlation=message.envelope.correlation, error=repr(exc)
                )
                if await self._stopped_within(pause):
                    return False
                pause = min(2 * pause, RETRY_MAX_S)
            else:
                return True

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _end(self, record: Record, why: Exception) -> None:
        """Bury it, however long that takes: until then nothing behind it is committed."""
        pause = self._retry_s
        while not await self._buried(record, why):
            if await self._stopped_within(pause):
                return
            pause = min(2 * pause, RETRY_MAX_S)
        self._done(record)

    async def _buried(self, record: Record, why: Exception) -> bool:
        try:
            await self._bury(record, why)
        except Exception as exc:  # noqa: BLE001  whatever it is, the record is not lost: it is tried again
            log.error("inbox.dead-letter", position=record.position, error=repr(exc))
            return False
        return True
