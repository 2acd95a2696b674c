"""Looks at Redis all the time, as a site would: no availability may go back to an older version than was shown before."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import redis

LOOK_S = 0.25


class Glances:
    """A reader of its own thread. `losses` counts when Redis itself lost data: then older versions are no lie of ours."""

    def __init__(self, url: str, prefix: str, losses: Callable[[], int]) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._pattern, self._losses = f"{prefix}*", losses
        self._shown: dict[str, tuple[int, int]] = {}  # version, and losses at that time
        self.looks = self.away = 0
        self.back: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="glances", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join()
        self._client.close()

    def look(self) -> None:
        """One glance at all SKUs; raises RedisError."""
        before = self._losses()
        names = sorted(self._client.scan_iter(match=self._pattern, count=1_000))
        values = self._client.mget(names) if names else []
        if before == self._losses():
            for name, value in zip(names, values, strict=True):
                if value is not None:
                    self._compare(name.decode(), int(json.loads(value)["version"]), before)
        self.looks += 1

    def _compare(self, name: str, version: int, losses: int) -> None:
        shown, then = self._shown.get(name, (0, losses))
        if version < shown and then == losses:
            self.back.append(f"{name} showed version {shown}, then {version}")
        self._shown[name] = (version, losses)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            try:
                self.look()
            except redis.RedisError:
                self.away += 1
