"""Runs agents in this process, each as its own Faust app with its own group and transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import NoReturn

from ops import catalog
from ops.health import Health
from streams.engine import health, run

ALL, TOGETHER = "all", "+"


def names_of(agent: str) -> tuple[str, ...]:
    """The agents that a worker of this name runs, several joined by "+"; raises UnknownAgent."""
    names = catalog.AGENTS if agent == ALL else tuple(agent.split(TOGETHER))
    for name in names:
        if name not in catalog.AGENTS:
            raise catalog.UnknownAgent(f"no agent is called {name!r}; there are {ALL}, {', '.join(catalog.AGENTS)}")
    return names


def probe(names: Sequence[str]) -> Health:
    """How the engines of these agents are: healthy while nothing is stuck, ready once each of them decides.

    It says why those that do not decide began anew, and names partitions that stand still, since when, and restores.
    """
    engines = {name: health.HEALTH.get(name) for name in names}
    begun = {name: one for name, one in engines.items() if one}
    problems = health.problems()
    details = {
        "agents": {name: str(one.stage) if one else "not begun" for name, one in engines.items()},
        "problems": problems,
        "reasons": {name: one.failure for name, one in begun.items() if one.failure and not one.ready()},
        "standing_still": [asdict(found) for one in begun.values() for found in one.standing_still()],
        "restoring": {name: asdict(one.restoring) for name, one in begun.items() if one.restoring},
    }
    return Health(not problems, all(one and one.ready() for one in engines.values()), details)


def work(names: Sequence[str], log_level: str) -> NoReturn:
    """Run these agents until SIGTERM; leaves by SystemExit."""
    run.run([catalog.app_of(name) for name in names], loglevel=log_level)
