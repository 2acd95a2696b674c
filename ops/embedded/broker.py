"""The embedded broker: librdkafka's mock cluster as a process of its own (`python -m ops.embedded.broker`).

It keeps everything in memory, some 5 MiB a partition, and nothing across a restart; four partitions a topic, topics
by the first question about them. It prints its bootstrap address and lives until it is told to end.
"""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

from confluent_kafka import Producer

from ops.embedded.child import Child

PARTITIONS = 4  # of every topic; librdkafka's own number
READY_S = 20.0
ADDRESS = re.compile(r"^127\.0\.0\.1:\d+$", re.MULTILINE)


class Broker:
    """The embedded broker as a child process; its address is known after `start`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bootstrap = folder, ""
        self.child: Child | None = None

    @property
    def pid(self) -> int:
        """Its process id; 0 while it is stopped."""
        return self.child.pid if self.child and self.child.running else 0

    def start(self) -> None:
        """Start it and learn its address; raises NotReady."""
        log = self.folder / "broker.log"
        log.unlink(missing_ok=True)
        self.child = Child([sys.executable, "-m", "ops.embedded.broker"], log)
        self.child.wait_until(self._printed, READY_S)

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self.child:
            self.child.stop()

    def _printed(self) -> bool:
        found = ADDRESS.search((self.folder / "broker.log").read_text(encoding="utf-8"))
        self.bootstrap = found[0] if found else ""
        return bool(found)


def serve() -> None:
    """Hold a mock cluster until SIGTERM or SIGINT; the cluster lives as long as the client that asked for it."""
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)  # before librdkafka's threads start, which inherit it
    owner = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "ignored", "log_level": 0})
    brokers = owner.list_topics(timeout=READY_S).brokers.values()
    print(",".join(f"{one.host}:{one.port}" for one in brokers), flush=True)
    signal.sigwait(ending)


if __name__ == "__main__":
    serve()
