"""What can happen to a Redis: it loses everything, or comes back with what it knew some time ago."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from ops.embedded.redis import answers

TRIES = 20


class NoPicture(RuntimeError):
    """Redis rewrote its files each time that they were copied, or has none."""


class FaultyRedis:
    """The Redis of a campaign, seen from its data folder: an append-only file, or (from Redis 7) a folder of them."""

    AGE_S = 6.0  # how old a snapshot is when it comes back

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self._folder, self._old = url, folder, folder / "snapshot"
        self.busy = False  # a snapshot waits to be restored
        self.losses = 0  # times at which versions may have gone back

    def answers(self) -> bool:
        """Whether it can be asked."""
        return answers(self.url)

    def flush(self) -> None:
        """Everything is gone."""
        with self.losing(), redis.Redis.from_url(self.url) as client:
            client.flushall()

    def photograph(self) -> None:
        """Keep what it has on disk; copied again where it rewrote its files meanwhile. Raises NoPicture."""
        for _ in range(TRIES):
            before = self._files()
            shutil.rmtree(self._old, ignore_errors=True)
            for path in before:
                (self._old / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self._folder / path, self._old / path)
            if before and self._files() == before:
                self.busy = True
                return
        raise NoPicture(f"of {self._folder}")

    def restore(self) -> None:
        """It is down: what it had then is what it has."""
        with self.losing():
            for path in self._files():
                (self._folder / path).unlink()
            for path in sorted(found for found in self._old.rglob("*") if found.is_file()):
                path.rename(self._folder / path.relative_to(self._old))
        self.busy = False

    @contextmanager
    def losing(self) -> Iterator[None]:
        """Something is done by which Redis may lose what it had acknowledged: before and after are two worlds."""
        self.losses += 1
        yield
        self.losses += 1

    def _files(self) -> list[Path]:
        """The files that hold its data, from its folder; a rewrite gives them other names, or makes them shorter."""
        found = [*self._folder.glob("appendonly.aof"), *self._folder.glob("appendonlydir/*")]
        return sorted(path.relative_to(self._folder) for path in found)
