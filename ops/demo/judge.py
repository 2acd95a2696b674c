"""The end: waits until everything is at rest, then reconciles what others hold."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Any

from ops.demo import verdict
from ops.demo.cast import Cast
from ops.demo.verdict import Finding

QUIET_S = 2.0
STILL_S = 90.0  # nothing changes any more, and it is not right: a killed process and an open breaker take half of that
POLL_S = 0.2
OVER = frozenset({"completed", "rejected", "cancelled", "returned"})
UNDER_WAY = ("pending", "reserved", "released")


async def reconciled(cast: Cast) -> list[Finding]:
    """What is found when everything holds, or when nothing has changed for a long time."""
    seen, since = cast.changed(), monotonic()
    while True:
        await asyncio.sleep(POLL_S)
        cast.pushed.turn()
        await asyncio.to_thread(cast.erp.turn)
        if cast.changed() != seen:
            seen, since = cast.changed(), monotonic()
        still = monotonic() - since
        if still > STILL_S or (still > QUIET_S and await at_rest(cast)):
            findings = await asyncio.to_thread(findings_of, cast)
            if still > STILL_S or all(finding.holds for finding in findings):
                return findings


async def at_rest(cast: Cast) -> bool:
    """Whether every order is as far as it goes, and everybody has heard of it."""
    if cast.day.sent.taken - cast.statuses.first_at.keys() or cast.hands.after < cast.hands.head:
        return False
    if len(cast.own.entries) > len(cast.pushed.ids):
        return False
    return not await _any_under_way(cast)


async def _any_under_way(cast: Cast) -> bool:
    """Orders that ended tell so by their status; the others are looked up, for only their quantities may have changed."""
    for status in [one for one in cast.statuses.last.values() if one["status"] not in OVER]:
        order = await cast.buyers.get(f"/v1/orders/{status['order_id']}")
        if any(int(line[place]) for line in order["lines"] for place in UNDER_WAY):
            return True
    return False


def findings_of(cast: Cast) -> list[Finding]:
    """Each sentence of the reconciliation with what contradicts it."""
    heard, counted, shipped = cast.statuses.last, cast.day.counted, cast.hands.shipped
    redis, in_erp = cast.cache.everything(), verdict.erp_effective(cast.erp.turn())
    of_portal = {number: status for number, status in heard.items() if status["channel"] == cast.own.owner}
    return [
        verdict.every_order_met_one_fate(cast.day.sent.taken, heard, in_erp, cast.statuses.recalled()),
        verdict.nothing_was_oversold(counted, heard, shipped),
        verdict.the_shelves_are_right(counted, shipped, redis),
        verdict.quantities_add_up(heard),
        verdict.a_feed_is_gapless(f"{cast.own.key} (webhook)", cast.own.entries, cast.pushed.deliveries),
        verdict.a_feed_is_gapless(f"{cast.crm.key} (pulled)", cast.crm.entries, cast.crm.entries),
        verdict.both_heard_the_same(of_portal, cast.portal.last),
        _topic_is_redis(cast, redis),
    ]


def _topic_is_redis(cast: Cast, redis: dict[str, Any]) -> Finding:
    if not cast.witness.is_at_the_end():
        return Finding("Redis equals the availability topic", "", ("the topic was not read to its end",))
    return verdict.redis_equals_the_topic(redis, cast.witness.records())


def figures(cast: Cast, begun: float, sent: float) -> dict[str, Any]:
    """How fast it went.

    begun, sent  monotonic seconds of the first order's sending and the last one's answer
    """
    first = cast.statuses.first_at
    waits = sorted(first[number] - at for number, at in cast.day.sent.begun.items() if number in first)
    seconds = max(0.001, sent - begun)
    return {
        "orders": len(cast.day.sent.taken),
        "orders_per_s": round(len(cast.day.sent.taken) / seconds, 1),
        "post_to_feed_ms": {"p50": percentile(waits, 50), "p99": percentile(waits, 99)},
        "feed_entries": len(cast.own.entries) + len(cast.crm.entries) + cast.hands.after,
        "parcels": cast.hands.shipments,
        "broken": [incident.told() for incident in cast.chaos.incidents],
        "cancels": dict(cast.statuses.cancels),
        **cast.day.report(),
    }


def percentile(ordered: list[float], per_cent: int) -> float:
    """Milliseconds; 0 where nothing was measured."""
    return round(ordered[min(len(ordered) - 1, len(ordered) * per_cent // 100)] * 1000, 1) if ordered else 0.0


def told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as JSON."""
    return [
        {"sentence": one.sentence, "holds": one.holds, "counted": one.counted, "against": list(one.against[:20])}
        for one in findings
    ]
