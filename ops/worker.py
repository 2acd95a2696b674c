"""Runs agents in this process, each as its own Faust app with its own group and transactions."""

from __future__ import annotations

from collections.abc import Sequence

import mode

from ops import catalog

ALL = "all"


def names_of(agent: str) -> tuple[str, ...]:
    """The agents that a worker of this name runs; raises UnknownAgent."""
    if agent != ALL and agent not in catalog.AGENTS:
        raise catalog.UnknownAgent(f"no agent is called {agent!r}; there are {ALL}, {', '.join(catalog.AGENTS)}")
    return catalog.AGENTS if agent == ALL else (agent,)


def run(names: Sequence[str], log_level: str) -> None:
    """Run these agents until SIGTERM; ends the process, with 70 where one of them cannot go on."""
    apps = [catalog.app_of(name) for name in names]
    for app in apps:
        app.conf.web_enabled = False  # health and metrics have a thread of their own
    mode.Worker(*apps, loglevel=log_level, override_logging=False, redirect_stdouts=False).execute_from_commandline()
