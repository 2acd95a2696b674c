"""How quickly a changelog becomes a store: the engine's own takeover, without a group.

    python -m ops.bench.engines.restoring FOLDER [AGENT]

takes all partitions of an agent's changelog, the bare one's where none is named, over into an empty folder and prints one
JSON line: events, seconds, cpu_s.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from prometheus_client import REGISTRY

from ops.bench.engines.bare import bare
from ops.bench.engines.course import PARTITIONS
from ops.bench.raw import used_s
from ops.catalog import agent_of
from schemas.settings import settings
from streams.engine import memory
from streams.engine.agent import Agent
from streams.engine.health import Health
from streams.engine.records import TP
from streams.engine.tail import Watermarks
from streams.engine.takeover import Takeover


class NoGroup:
    """Owns everything and has decided everything: what a takeover asks of its source."""

    def __init__(self, topic: str) -> None:
        self.owned = {TP(topic, number) for number in range(PARTITIONS)}
        self.position: dict[TP, int] = {}
        self.decided: dict[TP, int] = {}
        self.said: dict[TP, str] = {}  # which changelog its commits spoke of: none
        self.changelog = ""

    def stable_offsets(self, tps: set[TP], within_s: float) -> dict[TP, int]:
        """Somewhere."""
        return dict.fromkeys(tps, 1)

    def start_at(self, offsets: Mapping[TP, int]) -> None:
        """Taken over."""
        self.position |= offsets


def main(folder: Path, agent: Agent = bare) -> None:
    """Restore, and tell."""
    told = settings()
    source = NoGroup(agent.mailbox)
    takeover = Takeover(agent, told, folder, cast(Any, source), Watermarks(told), Health(agent.name))
    memory.settle()
    begun, used = time.perf_counter(), used_s()
    takeover.begin()
    while takeover.running:
        takeover.step()
    spent = {"seconds": time.perf_counter() - begun, "cpu_s": used_s() - used}
    takeover.drop(set(range(PARTITIONS)))
    print(json.dumps({"events": _restored(agent.name), **spent}), flush=True)


def _restored(name: str) -> int:
    """By the engine's own count, which takes a key that comes twice in one read for one row."""
    told = [{"agent": name, "partition": str(number)} for number in range(PARTITIONS)]
    return sum(int(REGISTRY.get_sample_value("wharf_rows_restored_total", labels) or 0) for labels in told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(agent_of, sys.argv[2:]))
