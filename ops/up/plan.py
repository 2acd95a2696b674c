"""What `wharf up` runs, decided before anything is started: the settings of its processes, and the processes."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr

from ops import catalog
from ops.embedded.child import free_port
from ops.probing import is_ready
from ops.supervisor import Program
from ops.up.keys import Development
from schemas.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost")


class Processes(StrEnum):
    """How the agents are spread over processes."""

    ONE = "one"
    AGENTS = "agents"


def prepared(given: Settings, secrets: Development, **addresses: object) -> Settings:
    """The settings of the processes: what was given, the servers' addresses, and development's secrets where none are set."""
    master = given.master_key if given.master_key.get_secret_value() else SecretStr(secrets.master_key)
    gateway = given.gateway if is_free(given.gateway) else f"{given.gateway.rpartition(':')[0]}:{free_port()}"
    return given.model_copy(update={"master_key": master, "gateway": gateway, **addresses})


def programs(settings: Settings, processes: Processes = Processes.ONE) -> list[Program]:
    """All processes of one machine: agents, gateway, doors."""
    workers = {"all": ("all",)} if processes is Processes.ONE else catalog.processes()
    made = [_program(settings, f"worker-{name}", ("worker", "+".join(agents))) for name, agents in workers.items()]
    url = f"http://{settings.gateway}/readyz"
    made.append(Program("gateway", wharf("gateway"), environment(settings), lambda: is_ready(url)))
    return [*made, *(_program(settings, door, (door,)) for door in catalog.DOORS)]


def wharf(*arguments: str) -> tuple[str, ...]:
    """The command line of this installation."""
    return (sys.executable, "-m", "ops.cli", *arguments)


def environment(settings: Settings, **more: object) -> dict[str, str]:
    """A process's environment: ours, with every setting spelt out."""
    told = {**dict(_spelt(settings)), **{name: str(value) for name, value in more.items()}}
    ours = {f"WHARF_{name.upper()}": value for name, value in told.items()}
    return {**os.environ, **ours, "NO_PROXY": without_proxy(os.environ), "no_proxy": without_proxy(os.environ)}


def without_proxy(env: Mapping[str, str]) -> str:
    """NO_PROXY for processes that talk to each other on the loopback, where a proxy may be set for the world."""
    given = env.get("NO_PROXY") or env.get("no_proxy") or ""
    return ",".join(filter(None, (given, *LOOPBACK)))


def is_free(address: str) -> bool:
    """Whether nobody listens at host:port."""
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            return False
    return True


def _program(settings: Settings, name: str, arguments: tuple[str, ...]) -> Program:
    port = free_port()
    url = f"http://127.0.0.1:{port}/readyz"
    env = environment(settings, metrics_host="127.0.0.1", metrics_port=port)
    return Program(name, wharf(*arguments), env, lambda: is_ready(url))


def _spelt(settings: Settings) -> Iterator[tuple[str, str]]:
    fields: Mapping[str, object] = settings.model_dump()
    for name, value in fields.items():
        match value:
            case SecretStr():
                yield name, value.get_secret_value()
            case Path():
                yield name, str(value.absolute())
            case _:
                yield name, str(value)
