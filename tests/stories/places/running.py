"""A story against `wharf up`: a process that was started from the command line, reached by HTTP and by other commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from ops.tail import decoded
from streams.engine.records import Record
from tests.stories.places.noise import Echo, killing_a_worker
from tests.stories.places.outside import OutsideLog
from tests.stories.places.place import Json
from tests.support.harbour import AGENTS
from tests.support.receiver import Receiver, receiver
from tests.support.up import Up, up

T = TypeVar("T")
ROOT = Path(__file__).parents[3]
ATTEMPTS = ("erp.attempts", "erp.commands", "feeds.attempts", "feeds.commands")
GRANTS, ANSWERS = ("post.attempt", "feed.attempt"), ("post.attempt-answer", "feed.delivery-answer")
PATIENCE_S, POLL_S, COMMAND_S = 90.0, 0.05, 60.0


class PracticeErp:
    """The ERP that `wharf up` brings along."""

    def __init__(self, url: str) -> None:
        self._url = url

    def faults(self, **on: Any) -> None:
        """Exactly these faults from now on."""
        httpx.post(f"{self._url}/faults", json=on).raise_for_status()

    def journal(self) -> list[Json]:
        """What it committed."""
        return list(httpx.get(f"{self._url}/ledger").json()["entries"])


class Running:
    """A place that runs."""

    def __init__(self, system: Up, client: httpx.Client, subscriber: Receiver, outside: OutsideLog, echo: Echo) -> None:
        self._client, self._folder, self.echo = client, system.folder, echo
        self.erp, self.subscriber, self._outside = PracticeErp(system.ready["erp"]), subscriber, outside

    def ask(self, method: str, path: str, *, key: str = "", **rest: Any) -> httpx.Response:
        """One HTTP request."""
        headers = {**({"Idempotency-Key": key} if key else {}), **rest.pop("headers", {})}
        answer = self._client.request(method, path, headers=headers, **rest)
        if key and self.echo.sounds():
            self._client.request(method, path, headers=headers, **rest)
        return answer

    def send(self, name: str, body: bytes, channel: str) -> Json:
        """`wharf send`."""
        (self._folder / name).write_bytes(body)
        return self._wharf("send", name, "--channel", channel)[0]

    def order(self, order_id: str) -> Json:
        """`wharf order show`."""
        return self._wharf("order", "show", order_id)[0]

    def timeline(self, order_id: str) -> list[Json]:
        """`wharf order show --timeline`."""
        return self._wharf("order", "show", order_id, "--timeline")

    def availability(self, sku: str, channel: str) -> Json:
        """`wharf availability show`."""
        return self._wharf("availability", "show", sku, "--channel", channel)[0]

    def tail(self, topic: str, key: str = "") -> list[Json]:
        """`wharf tail`."""
        return self._wharf("tail", topic, "--from-beginning", "--once", *(("--key", key) if key else ()))

    def now(self) -> int:
        """Today's time."""
        return time.time_ns() // 1_000_000

    def records(self) -> list[Record]:
        """What a client of the broker reads."""
        self._outside.read()
        return self._outside.records

    def settle(self) -> None:
        """Wait until every agent has committed all there is, every attempt is answered, and nothing new has come."""
        settled = self.until(lambda: self._is_quiet() and not self._outside.read(), bool)
        assert settled, "it never came to rest"

    def _is_quiet(self) -> bool:
        self._outside.read()
        return all(self._outside.is_done(agent.name, agent.reads) for agent in AGENTS) and not self._open_attempts()

    def _open_attempts(self) -> set[str]:
        """Attempts of doors that are not answered: a door's offsets say nothing of the moment."""
        told = [decoded(record) for record in self._outside.records if record.topic in ATTEMPTS]
        answered = {one["causation"] for one in told if one["type"] in ANSWERS}
        return {one["id"] for one in told if one["type"] in GRANTS} - answered

    def at(self, minute: float) -> None:
        """Time is real here: the story does not wait."""

    def until(self, ask: Callable[[], T], holds: Callable[[T], bool]) -> T:
        """Ask again and again, for a while."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds(answer := ask()) and time.monotonic() < deadline:
            threading.Event().wait(POLL_S)
        return answer

    def _wharf(self, *arguments: str) -> list[Json]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WHARF_")}
        done = subprocess.run(
            [sys.executable, "-m", "ops.cli", *arguments], cwd=self._folder, env={**kept, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, timeout=COMMAND_S,
        )  # fmt: skip
        assert done.returncode == 0, f"wharf {' '.join(arguments)}: {done.returncode} {done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def running(
    folder: Path, *options: str, noise: int | None = None, kill: int | None = None, **settings: object
) -> Iterator[Running]:
    """`wharf up` with these options, ended at the end.

    noise, kill  seeds: some requests come twice; a worker is killed
    """
    with ExitStack() as held:
        system = held.enter_context(up(folder, *options, **settings))
        client = held.enter_context(system.client())
        subscriber = held.enter_context(receiver(folder / "receiver", {}))
        outside = held.enter_context(closing(OutsideLog(system.ready["kafka"], system.ready["environment"])))
        if kill is not None:
            held.enter_context(killing_a_worker(system, kill))
        yield Running(system, client, subscriber, outside, Echo(noise))
