"""`wharf tables verify`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from ops.cli.output import emit, say
from ops.exits import Exit, Failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.stock.verify import Result

Table = Annotated[str, typer.Argument(help="table to prove: inventory", metavar="TABLE")]
NoRedis = Annotated[bool, typer.Option("--no-redis", help="compare with the topic only")]
MOST_SHOWN = 20
DIFFERENT = 1


def verify(table: Table, no_redis: NoRedis = False) -> None:
    """Rebuild what readers are told from the log, in the shadow, and compare it with what they are told. Exit 1 if it differs.

    Reads committed records and Redis, writes nothing, joins no group: safe beside production.

    \b
    Examples:  wharf tables verify inventory
               wharf tables verify inventory --no-redis
    """
    if table != "inventory":
        raise Failed(Exit.USAGE, f"no table {table} is told to readers, only inventory")
    from ops import running
    from ops.stock.cache import Cache
    from ops.stock.verify import strangers
    from ops.stock.verify import verify as prove

    settings = running.connected()
    cache = None if no_redis else Cache(settings)
    stood = set(cache.known()) if cache else set()
    result = prove(settings, cache.values if cache else None, progress(), time.sleep)
    result.differences += strangers(stood, result.known)
    for difference in result.differences[:MOST_SHOWN]:
        emit(difference.told())
    emit(summary(result, with_redis=cache is not None))
    if cache:
        cache.close()
    if result.differences:
        raise typer.Exit(DIFFERENT)


def summary(result: Result, *, with_redis: bool) -> dict[str, object]:
    """The verdict as JSON: equal digests where nothing differs."""
    sides = {"log": result.topic.expected, "availability": result.topic.found}
    if with_redis:
        sides |= {"availability_as_shown": result.redis.expected, "redis": result.redis.found}
    return {
        "table": "inventory", "skus": result.skus, "facts": result.facts, "availability_records": result.offers,
        "different": len(result.differences), "still_moving": result.moving,
        "digests": {name: str(digest) for name, digest in sides.items()},
        "seconds": round(result.seconds, 3), "records_per_second": round(result.rate),
    }  # fmt: skip


def progress() -> Callable[[int, int, int], None]:
    """Tells on stderr how far it has come, partition by partition."""
    total, started = 0, time.monotonic()

    def heard(partition: int, of: int, more: int) -> None:
        nonlocal total
        total += more
        rate = total / max(0.001, time.monotonic() - started)
        if more:
            say(f"partition {partition + 1} of {of}: {total:,} facts so far, {rate:,.0f}/s")

    return heard
