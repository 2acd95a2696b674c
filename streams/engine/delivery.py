"""A projection's writes to its read model, before their offsets are committed: the model takes doubles, not gaps."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import TimeoutError as AnswerTimeout

import structlog
from confluent_kafka import KafkaException

from streams.engine.failpoints import reach
from streams.engine.records import TP
from streams.engine.source import Source
from streams.engine.tail import Watermarks
from tables.write import Sink, SinkAway, SinkBehind, SinkEmptied, Write

log = structlog.get_logger("wharf.engine")
PAUSE_S, PAUSE_MAX_S = 0.2, 5.0


class Delivery:
    """While the sink is away its partitions are held: nothing is committed, membership goes on."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._pause_s, self._until = sink, PAUSE_S, 0.0
        self.held = False

    def write(self, writes: list[Write], following: Mapping[TP, int], source: Source, marks: Watermarks) -> bool:
        """Hand over the writes of one poll; False = not taken, the same records will be read again.

        following  the offset behind the last record of each partition
        """
        try:
            if writes:
                reach("sink.before-write")
                self._sink.write(writes)
                reach("sink.after-write")
            self._sink.moved(
                {(tp.topic, tp.partition): (source.position[tp], after) for tp, after in following.items()}
            )
        except SinkAway as exc:
            self._hold(source, exc)
            return False
        except SinkEmptied:
            self._again(source, marks)
            return False
        except SinkBehind as exc:
            self._back(source, exc)
            return False
        self._pause_s = PAUSE_S
        return True

    def resume_when_due(self, source: Source) -> None:
        """Try again after the pause."""
        if self.held and time.monotonic() >= self._until:
            self.held = False
            source.resume(set(source.position))

    def mark(self, source: Source, marks: Watermarks, decided: Mapping[TP, int]) -> None:
        """Tell the sink up to when each partition is projected: up to now, where its end was met and is still its end."""
        if self.held:
            return
        at = time.time_ns() // 1_000_000
        try:
            ends = marks.highs(source.ended.keys() & source.position.keys(), committed=True)
            whole = {tp: at for tp, end in ends.items() if source.ended[tp] >= end}
            known = {tp: now for tp, now in decided.items() if tp in source.position}
            self._sink.moved({(tp.topic, tp.partition): (at, at) for tp, at in source.position.items()})
            self._sink.caught_up({(tp.topic, tp.partition): now for tp, now in (known | whole).items()})
        except SinkEmptied:
            self._again(source, marks)
        except SinkBehind as exc:
            self._back(source, exc)
        except (SinkAway, KafkaException, AnswerTimeout) as exc:
            log.warning("engine.no-marks", error=str(exc))

    def _hold(self, source: Source, why: SinkAway) -> None:
        log.warning("engine.sink-away", error=str(why), pause_s=self._pause_s)
        source.pause(set(source.position))
        source.rewind(set(source.position))
        self.held, self._until = True, time.monotonic() + self._pause_s
        self._pause_s = min(2 * self._pause_s, PAUSE_MAX_S)

    def _back(self, source: Source, why: SinkBehind) -> None:
        log.warning("engine.sink-behind", error=str(why))
        source.start_at({TP(topic, partition): at for (topic, partition), at in why.known.items()})

    def _again(self, source: Source, marks: Watermarks) -> None:
        log.warning("engine.sink-emptied", partitions=len(source.position))
        source.start_at(marks.lows(source.position))
