"""The references' reader: before a batch is decided, read all that had been written when the batch was polled."""

from __future__ import annotations

from schemas.settings import Settings
from streams.engine.records import TP
from streams.engine.references import References
from streams.engine.tail import Tail, Watermarks

CATCH_UP_S = 30.0
PATIENCE_MS = 500  # two readers that asked every 10 ms took half of what three idle brokers used


class Broadcast:
    """Reads every partition of the reference topics, outside the group, from their beginning."""

    def __init__(self, settings: Settings, topics: tuple[str, ...], marks: Watermarks) -> None:
        self.view, self._marks = References(), marks
        self._tps = {TP(topic, number) for topic in topics for number in range(marks.partitions(topic))}
        self._tail = Tail(settings, dict.fromkeys(self._tps, 0), PATIENCE_MS)

    def catch_up(self) -> None:
        """Read up to the end as it is now; raises TimeoutError, KafkaException."""
        ends = self._marks.highs(self._tps)
        for record in self._tail.read_up_to(ends, CATCH_UP_S):
            self.view.take(record)

    def close(self) -> None:
        """Close the reader."""
        self._tail.close()
