"""Sends a snapshot: chunks are decided on one after another, said a few at a time, and noted before and after."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from ops.snapshots.decide import RENEW_MS, Place, Standing, chunks, plan, repeats
from ops.snapshots.hub import Delivered, Hub, deliver
from ops.snapshots.journal import Journal, Totals

WINDOW = 8  # chunks that may be on their way: what the agents have not decided yet stays small, whatever the file
LOOKING = 4  # chunks of which the hub's standing is asked ahead


@dataclass(frozen=True, slots=True)
class How:
    """How a snapshot is sent."""

    source: str
    everything: bool = False  # say what has not changed too
    renew_ms: int = RENEW_MS
    window: int = WINDOW


@dataclass(frozen=True, slots=True)
class _Looked:
    """A chunk with what may be unchanged of it."""

    number: int
    rows: Sequence[StockRow | RefusedRow]
    standing: Future[Mapping[Place, Standing]]


def send(
    rows: Iterable[StockRow | RefusedRow],
    journal: Journal,
    hub: Hub,
    how: How,
    tell: Callable[[Callable[[], Totals]], None],
) -> Totals:
    """Bring all rows of a begun run to the hub, and return what became of them.

    tell  hears after each chunk how the totals are had: to count them costs O(chunks), which whoever shows nothing saves

    Killed anywhere, it does the rest when it is called again with the same rows. raises what the hub raises.
    """
    pool = ThreadPoolExecutor(how.window + LOOKING, thread_name_prefix="snapshot")
    under_way: deque[tuple[int, Future[Delivered]]] = deque()
    try:
        for number, left in journal.pending():
            under_way.append((number, pool.submit(deliver, hub, left)))
        for looked in _looked(rows, journal, hub, how, pool):
            _decide(
                looked, journal, how, lambda number, left: under_way.append((number, pool.submit(deliver, hub, left)))
            )
            _settle(under_way, journal, how.window - 1)
            tell(journal.totals)
        while under_way:
            _settle(under_way, journal, len(under_way) - 1)
            tell(journal.totals)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return journal.totals()


def _looked(
    rows: Iterable[StockRow | RefusedRow], journal: Journal, hub: Hub, how: How, pool: ThreadPoolExecutor
) -> Iterator[_Looked]:
    """The chunks that are not decided on yet, a few of them looked up ahead."""
    done, ahead = journal.planned(), deque[_Looked]()
    for number, chunk in enumerate(chunks(rows), 1):
        if number <= done:
            continue
        skus = [] if how.everything else _repeating(chunk, journal)
        ahead.append(_Looked(number, chunk, pool.submit(_standing, hub, how.source, skus)))
        if len(ahead) > LOOKING:
            yield ahead.popleft()
    yield from ahead


def _standing(hub: Hub, source: str, skus: Sequence[str]) -> Mapping[Place, Standing]:
    return hub.standing(source, skus) if skus else {}


def _repeating(chunk: Sequence[StockRow | RefusedRow], journal: Journal) -> list[str]:
    """The SKUs of which some row says nothing new: only of these the hub has to be asked."""
    told = [row for row in chunk if isinstance(row, StockRow)]
    said = journal.said((row.sku, row.location) for row in told)
    return list(dict.fromkeys(row.sku for row in told if repeats(row, said.get((row.sku, row.location)))))


def _decide(looked: _Looked, journal: Journal, how: How, say: Callable[[int, Sequence[StockRow]], None]) -> None:
    told = [row for row in looked.rows if isinstance(row, StockRow)]
    places = [(row.sku, row.location) for row in told]
    standing = looked.standing.result()
    said = journal.said(place for place in places if place in standing)
    planned = plan(looked.number, looked.rows, said, standing, journal.seen(places), how.renew_ms)
    journal.decided(planned, told)
    if planned.send:
        say(planned.number, planned.send)


def _settle(under_way: deque[tuple[int, Future[Delivered]]], journal: Journal, most: int) -> None:
    """Note what is decided; wait while more than `most` chunks are on their way."""
    while under_way and (len(under_way) > most or under_way[0][1].done()):
        number, future = under_way.popleft()
        delivered = future.result()
        journal.agreed(number, delivered.agreed, delivered.refused)
