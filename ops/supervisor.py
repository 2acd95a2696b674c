"""Runs several programs as child processes: restarts what ends, ends all together, leaves nothing behind.

Each child leads a process group of its own, so that a terminal's Ctrl-C reaches the supervisor alone; the kernel kills
it when the supervisor is killed (ops/embedded/leash.py). Start it from the main thread.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from ops.backoff import Backoff
from ops.embedded.child import Child, NotReady

log = structlog.get_logger("wharf.supervisor")
POLL_S = 0.1
READY_S = 120.0
STOP_S = 20.0


@dataclass(frozen=True, slots=True)
class Program:
    """One program that should run all the time."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True
    essential: bool = False  # what it held is lost with it: its end is the end of all


class EssentialLost(RuntimeError):
    """A program without which nothing can go on has ended."""


def begun(program: Program, log: Path) -> Running:
    """Start a program."""
    return Running(program, log, Child(program.command, log, program.env))


@dataclass(slots=True)
class Running:
    """A program with its present child process."""

    program: Program
    log: Path
    child: Child
    started: float = field(default_factory=time.monotonic)
    backoff: Backoff = field(default_factory=Backoff)
    due: float | None = None  # when it is to be started again

    def start(self) -> None:
        """Start the child."""
        self.started, self.due = time.monotonic(), None
        self.child = Child(self.program.command, self.log, self.program.env)

    def tend(self, now: float) -> None:
        """Start it again when its pause is over; raises EssentialLost."""
        if self.child.running:
            return
        if self.due is None:
            if self.program.essential:
                raise EssentialLost(f"{self.program.name} has ended; what it held is gone\n{self.child.tail()}")
            self.due = now + self.backoff.pause(now - self.started)
            code = self.child.process.returncode
            log.warning("supervisor.ended", program=self.program.name, code=code, again_in_s=round(self.due - now, 1))
        elif now >= self.due:
            self.start()
            log.info("supervisor.started", program=self.program.name, pid=self.child.pid)


class Supervisor:
    """The programs of one machine, in stages: what starts later may need what started before, and ends first."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.stages: list[list[Running]] = []
        self.stopping = threading.Event()

    @property
    def running(self) -> list[Running]:
        """All programs, in the order of their start."""
        return [one for stage in self.stages for one in stage]

    def adopt(self, name: str, child: Child, *, essential: bool) -> None:
        """Take over a server that has been started and answers; it is a stage of its own."""
        program = Program(name, tuple(child.command), dict(os.environ), essential=essential)
        self.stages.append([Running(program, child.log, child)])

    def start(self, programs: Sequence[Program]) -> None:
        """Start programs together and return when each is ready; raises NotReady, EssentialLost."""
        stage = [begun(program, self.logs / f"{program.name}.log") for program in programs]
        self.stages.append(stage)
        deadline = time.monotonic() + READY_S
        for one in stage:
            while not self.stopping.is_set() and not one.program.ready():
                self._not_too_late(one, deadline)
                self.tend()
                self.stopping.wait(POLL_S)

    def tend(self) -> None:
        """Start again what has ended."""
        for one in self.running:
            one.tend(time.monotonic())

    def watch(self) -> None:
        """Tend the programs until told to stop; raises EssentialLost."""
        while not self.stopping.wait(POLL_S):
            self.tend()

    def stop(self) -> None:
        """End the stages, last first: SIGTERM to all of one, SIGKILL to what has not ended in time."""
        self.stopping.set()
        while self.stages:
            _end(self.stages.pop())

    @contextmanager
    def until_signalled(self) -> Iterator[None]:
        """SIGTERM, SIGINT and SIGHUP ask the supervisor to stop; whatever happens inside, nothing is left behind."""
        before = {
            number: signal.signal(number, self._asked) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        try:
            yield
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked(self, number: int, _: FrameType | None) -> None:
        self.stopping.set()

    def _not_too_late(self, one: Running, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise NotReady(f"{one.program.name} was not ready within {READY_S:.0f} s\n{one.child.tail()}")


def _end(stage: Sequence[Running]) -> None:
    for one in stage:
        one.child.signal_group(signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    for one in stage:
        one.child.wait(max(0.0, deadline - time.monotonic()))
        one.child.signal_group(signal.SIGKILL)
        one.child.wait(STOP_S)
