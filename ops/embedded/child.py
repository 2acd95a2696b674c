"""A server of our own as a child process: started on a leash, waited for by asking it, ended by its process id."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ops.embedded.leash import leashed

POLL_S = 0.05
STOP_S = 20.0
KERNELS_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST_PORT, PORTS_TRIED = 10_240, 50


class Unavailable(RuntimeError):
    """Something that this machine lacks and that cannot be had here; says what, and what would help."""


class NotReady(RuntimeError):
    """A server ended or stayed silent when it should have answered; carries the end of its log."""


def free_port() -> int:
    """A port of the loopback that nobody listens on now, below those that the kernel gives to outgoing connections.

    A server that was killed wants its port again when it comes back: of the kernel's own, any client may have it by then.
    """
    below = max(_kernels_first(), LOWEST_PORT + PORTS_TRIED)
    candidates = random.SystemRandom().sample(range(LOWEST_PORT, below), PORTS_TRIED)
    found = next(filter(_is_free, candidates), 0)
    if not found:
        raise Unavailable(f"no free port: {PORTS_TRIED} between {LOWEST_PORT} and {below} are all taken")
    return found


def _kernels_first() -> int:
    try:
        return int(KERNELS_PORTS.read_text().split()[0])
    except (OSError, ValueError):
        return 32_768  # Linux' own default


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Child:
    """One child process, leader of a process group of its own, whose output goes to a file."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.command, self.log = list(command), log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                leashed(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def wait_until(self, answers: Callable[[], bool], within_s: float) -> None:
        """Return when `answers` does so; raises NotReady when the child ends or the time is over."""
        deadline = time.monotonic() + within_s
        while not answers():
            if not self.running:
                raise NotReady(f"{self.command[0]} ended with {self.process.returncode}\n{self.tail()}")
            if time.monotonic() > deadline:
                raise NotReady(f"{self.command[0]} did not answer within {within_s:.0f} s\n{self.tail()}")
            time.sleep(POLL_S)

    def tail(self, lines: int = 20) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def stop(self, within_s: float = STOP_S) -> None:
        """SIGTERM, and SIGKILL to what has not ended in time."""
        self.process.terminate()
        if not self.wait(within_s):
            self.kill()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def wait(self, within_s: float) -> bool:
        """Whether it ends in time."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(within_s)
        return not self.running

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to it and to whatever it started in its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
