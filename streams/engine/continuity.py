"""Nothing is decided twice, out of turn, or skipped in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streams.engine.records import TP, Record
from streams.engine.source import Doubt


class RecordsLost(RuntimeError):
    """The embedded broker has dropped records that were not decided: it keeps a few MiB a partition."""


def check_next(positions: Mapping[TP, int], firsts: Iterable[Record]) -> dict[TP, int]:
    """Nothing is decided twice, or out of turn: raises Doubt.

    firsts   the first record of each partition
    returns  how many offsets are skipped where any are: markers of transactions have offsets too, and compaction skips
    """
    gaps: dict[TP, int] = {}
    for record in firsts:
        position = positions.get(record.tp)
        if position is None or record.offset < position:
            raise Doubt(f"a record at {record.position}, where {position} was to come")
        if record.offset > position:
            gaps[record.tp] = record.offset - position
    return gaps


def check_kept(positions: Mapping[TP, int], gaps: Mapping[TP, int], lows: Mapping[TP, int]) -> None:
    """The embedded broker drops records unread when a partition is full; raises RecordsLost.

    lows  where the partitions with gaps begin, asked for after the gaps were seen
    """
    for tp, low in lows.items():
        if low > positions[tp]:
            raise RecordsLost(f"{tp}: {gaps[tp]} records are gone before they were decided")
