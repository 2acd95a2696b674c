"""What can run: the agents and the doors by name. An agent is found as streams.<name>, its group is <environment>.<name>."""

from __future__ import annotations

import importlib
from functools import cache

from streams.engine.agent import Agent
from streams.engine.app import App

AGENTS = ("normalize", "orders", "inventory", "bundles", "shipments", "post", "notify", "feeds", "project")
DOORS = ("erp", "deliver")
# Agents that share another one's process where the others have their own: each process costs memory, and these wait a lot
GUESTS = {"bundles": "shipments"}


class UnknownAgent(LookupError):
    """No agent has this name; lists those that there are."""


def app_of(name: str) -> App:
    """The Faust app of one agent; raises UnknownAgent."""
    if name not in AGENTS:
        raise UnknownAgent(f"no agent is called {name!r}; there are {', '.join(AGENTS)}")
    app = importlib.import_module(f"streams.{name}").app
    if not isinstance(app, App):
        raise UnknownAgent(f"streams.{name} declares no app")
    return app


def agent_of(name: str) -> Agent:
    """The declaration of one agent; raises UnknownAgent."""
    declared = app_of(name).declared
    if declared is None:
        raise UnknownAgent(f"streams.{name} declares no agent")
    return declared


def processes() -> dict[str, tuple[str, ...]]:
    """What runs together where the agents are spread over processes: by the agent that names the process."""
    hosts = [name for name in AGENTS if name not in GUESTS]
    return {host: (host, *(guest for guest, at in GUESTS.items() if at == host)) for host in hosts}


@cache
def stateful() -> tuple[str, ...]:
    """The agents that have a table, and so a changelog."""
    return tuple(name for name in AGENTS if agent_of(name).table)


def groups(environment: str) -> tuple[str, ...]:
    """The consumer groups of one environment."""
    return tuple(f"{environment}.{name}" for name in (*AGENTS, *DOORS))
