"""One agent alone: an ordinary worker process over poured topics, warmed up, then measured until it has caught up.

It is held still (SIGSTOP) while the rest of its input is poured, so that the figures begin and end at rest: neither its
start nor the pouring is in them.
"""

from __future__ import annotations

import time

import redis

from ops.bench import meter
from ops.bench.figures import AgentFigures, Cost
from ops.bench.lane import Ground, Lane
from ops.bench.played import Played, wrong
from ops.bench.pouring import pour
from ops.embedded.child import Child
from schemas import wire
from schemas.topics import split_key
from tables.redis import keys
from tables.redis.sink import MARKED
from tables.redis.values import version_of

PATIENCE_S = 300.0
SETTLED_S, SETTLED_SINK_S = 0.5, 2.5  # a projection begins again when its first marks find no note, a second later


def measure(ground: Ground, played: Played) -> AgentFigures:
    """Measure one agent; raises NotReady, NotPoured."""
    lane = Lane(ground, played)
    lane.prepare()
    with lane.worker() as child:
        _settle(lane, child)
        with meter.held(child.pid):
            published, rows = len(lane.published()), lane.rows()
            events = pour(lane.settings, played.rest)
            ends = lane.ends()
            used, at = meter.cpu_s(child.pid), time.perf_counter()
        meter.until(lambda: not lane.behind(ends), child, PATIENCE_S)
        cost = Cost(events, time.perf_counter() - at, meter.cpu_s(child.pid) - used)
        peak_mb = meter.peak_mb(child.pid)
    made = lane.published()
    return AgentFigures(
        agent=lane.name, cost=cost, published=len(made) - published, rows=lane.rows() - rows,
        peak_mb=peak_mb, wrong=wrong(played.made, made) + _stale(lane),
    )  # fmt: skip


def _settle(lane: Lane, child: Child) -> None:
    """Until the first records are decided and nothing more happens."""
    ends = lane.ends()
    meter.until(lambda: not lane.behind(ends), child, PATIENCE_S, meter.LOOK_S)
    idle = meter.Idle(child.pid, SETTLED_SINK_S if lane.played.agent.sink else SETTLED_S)
    meter.until(idle, child, PATIENCE_S, meter.LOOK_S)


def _stale(lane: Lane) -> int:
    """How many SKUs Redis does not hold in their last version, for the agent that writes them there."""
    if not lane.played.agent.sink:
        return 0
    read = [*lane.played.first, *lane.played.rest]
    last = {split_key((one.key or b"").decode()): one.value or b"" for one in read if one.topic == MARKED}
    prefix = lane.settings.environment
    with redis.Redis.from_url(lane.settings.redis) as client:
        held = [client.get(f"{prefix}:{keys.availability(tenant, sku)}") for tenant, sku in last]
    wanted = [wire.decode(value)[1]["version"] for value in last.values()]
    return sum(version_of(value or b"") != version for value, version in zip(held, wanted, strict=True))
