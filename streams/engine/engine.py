"""Runs sessions on a thread of its own, one after the other, until told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing

import structlog
from confluent_kafka import KafkaError

from schemas.settings import Settings
from streams.engine import metrics
from streams.engine.agent import Agent
from streams.engine.bounded import TooManyLeft, refuse_too_many
from streams.engine.breaker import Breaker
from streams.engine.broadcast import Broadcast
from streams.engine.continuity import RecordsLost
from streams.engine.dead import location
from streams.engine.deciding import BatchForgotten
from streams.engine.delivery import Delivery
from streams.engine.flood import TooManyDead
from streams.engine.health import Health, Stage, register
from streams.engine.kafka import error_of
from streams.engine.memory import TIDYING
from streams.engine.room import check_room
from streams.engine.session import Session
from streams.engine.setup import Setup
from streams.engine.slots import SlotTaken, take_slot
from streams.engine.tail import Watermarks
from streams.engine.takeover import ChangelogReplaced, OffsetsLost
from tables.write import Sink

log = structlog.get_logger("wharf.engine")
AGAIN_S, AGAIN_MAX_S = 0.5, 5.0  # between two sessions
DRAIN_S = 8.0  # of the ten seconds that a process has between SIGTERM and SIGKILL
HOPELESS = (
    OffsetsLost, ChangelogReplaced, RecordsLost, SlotTaken, BatchForgotten, TooManyLeft, TooManyDead, MemoryError,
)  # fmt: skip


class Engine:
    """Runs one agent; `on_fatal` hears, on the engine's thread, of what no new session can cure."""

    def __init__(self, agent: Agent, settings: Settings, on_fatal: Callable[[BaseException], None]) -> None:
        self.agent, self.settings, self._on_fatal = agent, settings, on_fatal
        self.health = register(Health(agent.name))
        self._sink: Sink | None = None  # one for all sessions: it knows which data set it has filled
        self._stop = threading.Event()
        self._asked: float | None = None  # when it was told to end
        self._thread = threading.Thread(target=self._run, name=f"engine-{agent.name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Begin nothing new; where several engines end, all are asked before one is waited for."""
        if self._asked is None:
            self._asked = time.monotonic()
        self._stop.set()

    def stop(self) -> None:
        """Finish the batch in flight and return when everything is closed, or in time for the process to end by itself.

        What is left behind then is what a SIGKILL would leave: the next life settles it.
        """
        self.ask_to_stop()
        if self._thread.ident is None or self._asked is None:
            return
        self._thread.join(max(0.0, self._asked + DRAIN_S - time.monotonic()))
        if self._thread.is_alive():
            log.error("engine.not-drained", agent=self.agent.name, problems=self.health.problems(), after_s=DRAIN_S)

    def _run(self) -> None:
        try:
            self._in_slot()
        except Exception as exc:  # noqa: BLE001  no disk, no slot: said to whoever runs us
            self._fail(exc)

    def _in_slot(self) -> None:
        root = self.settings.state_dir / "slots" / f"{self.settings.environment}.{self.agent.name}"
        slot = take_slot(root, self.settings.slot)
        try:
            with closing(Breaker(slot.folder / "deciding", root)) as breaker:
                self._lives(Setup(self.agent, self.settings, slot, self.health), breaker)
        finally:
            slot.release()

    def _lives(self, setup: Setup, breaker: Breaker) -> None:
        """Session after session; only what is hopeless ends the engine."""
        pause = AGAIN_S
        while not self._stop.is_set():
            TIDYING.between_sessions()  # here, where no exception holds the last one any more
            began = time.monotonic()
            try:
                self._live(setup, breaker)
            except Exception as exc:  # noqa: BLE001  doubt of any kind has one cure: a new session
                if _is_hopeless(exc):
                    return self._fail(exc)
                metrics.SESSIONS.labels(self.agent.name, type(exc).__name__).inc()
                log.warning("engine.session-ended", agent=self.agent.name, error=repr(exc), where=location(exc))
                # the text alone: an exception would keep its session's producer alive
                self.health.enter(Stage.RECOVERING, repr(exc))
                pause = AGAIN_S if time.monotonic() - began > 10 * AGAIN_MAX_S else min(2 * pause, AGAIN_MAX_S)
                self._stop.wait(pause)
        self.health.enter(Stage.STOPPED)
        return None

    def _live(self, setup: Setup, breaker: Breaker) -> None:
        refuse_too_many()
        if self.agent.table:
            check_room(setup.slot.folder)
        broadcast = self._broadcast()
        if self._sink is None and self.agent.sink:
            self._sink = self.agent.sink(self.settings)
        delivery = Delivery(self._sink) if self._sink else None
        session = Session(setup, breaker, broadcast, delivery)
        try:
            session.open()
            while not self._stop.is_set():
                session.turn()
                self.health.beat = time.monotonic()
                TIDYING.between_batches(self.health.beat)  # here, where nothing holds the batch any more
                if self.health.stage is not Stage.RUNNING:
                    self.health.enter(Stage.RUNNING)
        finally:
            if self.health.transaction is not None:
                metrics.ABORTED.labels(self.agent.name).inc()
            self.health.transaction = self.health.takeover = self.health.restoring = self.health.deciding = None
            self.health.waiting = {}
            session.close()
            if broadcast:
                broadcast.close()

    def _broadcast(self) -> Broadcast | None:
        if not self.agent.references:
            return None
        return Broadcast(self.settings, self.agent.references, Watermarks(self.settings))

    def _fail(self, why: BaseException) -> None:
        self.health.enter(Stage.FAILED, repr(why))
        self._on_fatal(why)
        log.error("engine.failed", agent=self.agent.name, error=repr(why))


def _is_hopeless(exc: BaseException) -> bool:
    """A fenced instance id means that another process runs under our name: coming back would push it out in turn."""
    error = error_of(exc)
    return isinstance(exc, HOPELESS) or (error is not None and error.code() == KafkaError.FENCED_INSTANCE_ID)
