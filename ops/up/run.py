"""Starts everything, tells where it is, tends it until SIGTERM, and leaves nothing running."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import running
from ops.exits import Exit, Failed
from ops.running import Running
from ops.supervisor import Program, Supervisor
from ops.topics.everything import apply_all
from ops.up import servers
from ops.up.keys import ADMIN, Development, development, publish
from ops.up.plan import Processes, prepared, programs
from schemas.settings import Settings

Say = Callable[[str], None]
KEY_TRIES = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked of `wharf up`."""

    kafka: str = ""  # host:port, "local" for real Kafka from its jars, "" for the embedded broker
    redis: str = ""
    processes: Processes = Processes.ONE


@contextmanager
def everything(given: Settings, wish: Wish, say: Say) -> Iterator[tuple[Supervisor, Running]]:
    """The whole system, ready; ended when the block is left, however it is left.

    raises Failed where another one runs in the same state folder, Unavailable, NotReady
    """
    folder = given.state_dir.absolute()
    supervisor = Supervisor(folder / "log")
    with _alone(folder), supervisor.until_signalled():
        secrets = development(folder)
        settings = _settings(supervisor, given, wish, secrets, say)
        _prepare(settings, secrets, say)
        say("starting agents, gateway and doors")
        supervisor.start(_logged_afresh(programs(settings, wish.processes), supervisor.logs))
        up = _told(settings, secrets)
        running.write(folder, up)
        try:
            yield supervisor, up
        finally:
            running.forget(folder)


def _settings(supervisor: Supervisor, given: Settings, wish: Wish, secrets: Development, say: Say) -> Settings:
    folder = given.state_dir.absolute()
    kafka, redis = servers.chosen(given, wish.kafka, wish.redis)
    say(f"broker: {kafka or 'embedded, in memory: it keeps nothing across a restart'}")
    at = servers.broker(supervisor, folder, kafka)
    here = Path(str(at.get("state_dir", folder)))
    at |= servers.redis(supervisor, here, redis, keep=not at["embedded"])
    at |= servers.erp(supervisor, here, given)
    at |= {"state_dir": here / "state", "allow_local_webhooks": True}
    return prepared(given, secrets, **at)


def _prepare(settings: Settings, secrets: Development, say: Say) -> None:
    refused = [change for change in apply_all(settings) if change.done == "refused"]
    for change in refused:
        say(f"{change.name}: {change.why}")
    asyncio.run(publish(settings, [secrets.api_key()], settings.tenant, tries=KEY_TRIES))


def _told(settings: Settings, secrets: Development) -> Running:
    return Running(
        pid=os.getpid(), gateway=f"http://{settings.gateway}", kafka=settings.kafka, redis=settings.redis, erp_url=settings.erp_url,
        embedded=settings.embedded, environment=settings.environment, tenant=settings.tenant,
        keys={ADMIN: secrets.token},
    )  # fmt: skip


def _logged_afresh(made: list[Program], logs: Path) -> list[Program]:
    """The same programs; their logs of an earlier run are removed."""
    for program in made:
        (logs / f"{program.name}.log").unlink(missing_ok=True)
    return made


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise Failed(Exit.TRY_AGAIN, f"wharf already runs in {folder}: stop it, or set WHARF_STATE_DIR") from exc
        yield
