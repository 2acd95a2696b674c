"""Takes the projection's writes: compare-and-set into Redis, marks each second, and the epoch that tells a lost Redis."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from schemas.settings import Settings
from tables.redis import keys
from tables.redis.away import ReadModelsAway, away
from tables.redis.script import LUA, SlotOf, calls, cluster_slot, one_slot
from tables.write import SinkAway, SinkBehind, SinkEmptied, Write

MARKED = "inventory.availability"  # the topic whose marks are public
TIMEOUT_S = 5.0


class RedisSink:
    """A tables.write.Sink. One Redis holds several environments under their prefixes.

    Lost data is told by two keys: the epoch, made once per data set, and per (topic, partition) the epoch in which it was
    projected from its beginning. A missing epoch, or one that this process does not know, raises SinkEmptied once; the new
    epoch is written by the call after it, when the engine has gone back to the beginning. A partition without a note raises
    it too: whoever projected it before may have died on the way.

    A Redis that came back with less than it had acknowledged, from an old snapshot or without its last second, is told by
    the offset that each partition had reached: it is noted before every commit, so it is never behind what is committed.
    """

    def __init__(self, client: redis.Redis, environment: str) -> None:
        self.client, self.prefix = client, f"{environment}:"
        self._script = client.register_script(LUA)
        self._slot_of: SlotOf | None = None
        self._epoch = ""  # the data set that this process has projected into
        self._pending = False  # SinkEmptied was raised for this data set, and the call after it is still to come
        self._begun: set[str] = set()  # partitions that were begun again in this epoch, because they were missing
        self._covered: set[str] = set()  # partitions known to be whole in this epoch
        self._tenants: set[str] = set()
        self._noted: set[tuple[str, int]] = set()  # partitions whose offset this process has noted

    def write(self, writes: Sequence[Write]) -> None:
        """Take all writes, each by compare-and-set; raises SinkAway or SinkEmptied."""
        with _away_as_sink_away():
            self._check_epoch()
            for names, arguments in calls(writes, self.prefix, self._slots()):
                self._script(keys=names, args=arguments)
            self._note_tenants(writes)

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """Note how far each partition is projected; raises SinkAway, SinkEmptied, and SinkBehind where Redis knows of less."""
        if not spans:
            return
        with _away_as_sink_away():
            self._check_epoch()
            self._check_reached({part: begin for part, (begin, _) in spans.items()})
            reached = {part: end for part, (_, end) in spans.items()}
            self.client.hset(self.prefix + keys.REACHED, mapping={_field(part): at for part, at in reached.items()})
            self._noted.update(reached)

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Say up to which broker time each partition is projected."""
        with _away_as_sink_away():
            self._check_epoch()
            self._cover(marks)
            tenants = self._known_tenants()
            for (topic, partition), at in marks.items():
                if topic == MARKED:
                    for tenant in tenants:
                        self.client.set(self.prefix + keys.mark(tenant, partition), at)

    def _slots(self) -> SlotOf:
        if self._slot_of is None:
            info: Any = self.client.info("cluster")
            self._slot_of = cluster_slot if info.get("cluster_enabled") else one_slot
        return self._slot_of

    def _check_epoch(self) -> None:
        stands: Any = self.client.get(self.prefix + keys.EPOCH)
        found = stands.decode() if stands else ""
        if found and found == self._epoch:
            return
        if self._pending or (found and not self._epoch):
            self._join_epoch(found)
            return
        self._pending, self._epoch, self._begun, self._covered, self._tenants = True, "", set(), set(), set()
        self._noted = set()
        raise SinkEmptied("Redis lost its data" if not found else f"Redis holds another data set, {found}")

    def _check_reached(self, due: Mapping[tuple[str, int], int]) -> None:
        """A partition that nobody has noted is for the epoch to tell, unless this process has noted it."""
        stands: Any = self.client.hmget(self.prefix + keys.REACHED, [_field(part) for part in due])
        known = {part: int(found) for part, found in zip(due, stands, strict=True) if found is not None}
        if lost := [part for part in due if part in self._noted and part not in known]:
            self._noted = set()
            raise SinkEmptied(f"Redis knows nothing of {', '.join(map(_field, lost))}")
        if behind := {part: known[part] for part, wanted in due.items() if known.get(part, wanted) < wanted}:
            raise SinkBehind(behind)

    def _join_epoch(self, found: str) -> None:
        """Take part in the epoch that stands; make one where there is none. The first of several projectors wins."""
        if not found:
            self.client.set(self.prefix + keys.EPOCH, uuid.uuid4().hex, nx=True)
            stands: Any = self.client.get(self.prefix + keys.EPOCH)
            found = stands.decode() if stands else ""
        self._epoch, self._pending = found, False

    def _cover(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Note what is projected whole; a partition that is not, and was not just begun anew, has to be."""
        names = [_field(part) for part in marks]
        new = [name for name in names if name not in self._covered]
        if not new:
            return
        stands: Any = self.client.hmget(self.prefix + keys.PROJECTED, new)
        missing = [name for name, epoch in zip(new, stands, strict=True) if (epoch or b"").decode() != self._epoch]
        if not self._begun.issuperset(missing):
            self._begun.update(missing)
            raise SinkEmptied(f"not projected from the beginning: {', '.join(missing)}")
        if missing:
            self.client.hset(self.prefix + keys.PROJECTED, mapping=dict.fromkeys(missing, self._epoch))
        self._covered.update(new)

    def _note_tenants(self, writes: Sequence[Write]) -> None:
        """Marks are per tenant, and only writes tell which tenants there are."""
        new = {write.key.split(":", 2)[1] for write in writes if write.key.startswith("av:")} - self._tenants
        if new:
            self.client.sadd(self.prefix + keys.TENANTS, *sorted(new))
            self._tenants |= new

    def _known_tenants(self) -> list[str]:
        if not self._tenants:
            stands: Any = self.client.smembers(self.prefix + keys.TENANTS)
            self._tenants = {tenant.decode() for tenant in stands}
        return sorted(self._tenants)


def _field(part: tuple[str, int]) -> str:
    return f"{part[0]}/{part[1]}"


@contextmanager
def _away_as_sink_away() -> Iterator[None]:
    try:
        with away():
            yield
    except ReadModelsAway as error:
        raise SinkAway(str(error)) from error


def redis_sink(settings: Settings) -> RedisSink:
    """The sink of this deployment; connects at its first use."""
    client = redis.Redis.from_url(
        settings.redis, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
    return RedisSink(client, settings.environment)
