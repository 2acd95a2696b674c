"""Brings the servers that tests need, before the tests: says what it fetches, and names what this machine cannot have.

A missing server is no failure here: its tests are skipped with the same reason.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from ops.embedded import java, redis
from ops.embedded.child import Unavailable

SERVERS: Mapping[str, Callable[[], object]] = {
    "Java": java.java,
    f"Apache Kafka {java.kafka_version()}": java.jars,
    "Redis": redis.binary,
}


def prepared(servers: Mapping[str, Callable[[], object]] = SERVERS) -> list[str]:
    """One line for each server: where it is, or why it cannot be had."""
    return [_brought(name, bring) for name, bring in servers.items()]


def _brought(name: str, bring: Callable[[], object]) -> str:
    began = time.monotonic()
    try:
        found = bring()
    except (Unavailable, OSError, subprocess.SubprocessError) as exc:
        return f"{name}: not here, its tests are skipped: {exc}"
    return f"{name}: {found} ({time.monotonic() - began:.1f} s)"


if __name__ == "__main__":
    for line in prepared():
        print(f"prepare: {line}", file=sys.stderr)
