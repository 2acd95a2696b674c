"""Plain consumption of the inventory's mailbox: what any reader of this broker costs, in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import chain, repeat

from ops.bench.figures import Cost
from ops.bench.lane import Ground
from ops.bench.pouring import make_topics, pour
from schemas.settings import Settings
from streams.engine.records import Record

TOPIC = "inventory.commands"
READ_S, ANSWER_S = 2.0, 120.0


class Yardstick:
    """A topic with so many records, and a process that reads them."""

    def __init__(self, ground: Ground, records: Sequence[Record], passes: int) -> None:
        self._settings = Settings(kafka=ground.kafka, environment="bench-raw", partitions=ground.partitions)
        make_topics(self._settings, "raw", [TOPIC])
        pour(self._settings, chain.from_iterable(repeat(records, passes)))

    def read(self) -> Cost:
        """Read all of it again and again for about READ_S."""
        command = [
            sys.executable,
            "-m",
            "ops.bench.raw",
            self._settings.kafka,
            str(READ_S),
            self._settings.topic(TOPIC),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_S, check=True)
        return Cost(**json.loads(done.stdout))
