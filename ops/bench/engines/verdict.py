"""Whether an engine came to the right state: the last record of each SKU against what must have come of the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ops.bench.engines.course import PARTITIONS, Course
from ops.bench.engines.workload import Total
from schemas import wire
from schemas.topics import split_key
from streams.engine.records import TP
from streams.engine.tail import Tail, Watermarks

READ_S = 120.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands in the output."""

    outputs: int  # committed records
    wrong: int  # SKUs whose last record is not what it must be, or is missing

    @property
    def word(self) -> str:
        """For the table."""
        return f"WRONG: {self.wrong:,} SKUs" if self.wrong else "right"


def judged(course: Course, expected: Mapping[str, Total], *, numbered: bool = True) -> Verdict:
    """Read what is committed and compare; an engine whose versions count something else is not `numbered`."""
    output = course.output.removeprefix(f"{course.settings.environment}.")
    tps = [TP(output, number) for number in range(PARTITIONS)]
    tail = Tail(course.settings, dict.fromkeys(tps, 0))
    ends = Watermarks(course.settings).highs(tps, committed=True)
    last, outputs = dict[bytes, bytes](), 0
    for record in tail.read_up_to(ends, READ_S):
        outputs += 1
        last[record.key or b""] = record.value or b""
    tail.close()
    return Verdict(outputs, wrong(expected, {sku_of(key): total(value) for key, value in last.items()}, numbered))


def wrong(expected: Mapping[str, Total], found: Mapping[str, Total], numbered: bool) -> int:
    """How many SKUs differ, are missing or were never heard of."""
    if not numbered:
        expected = {sku: one._replace(version=0) for sku, one in expected.items()}
        found = {sku: one._replace(version=0) for sku, one in found.items()}
    return sum(expected.get(sku) != found.get(sku) for sku in expected.keys() | found.keys())


def sku_of(key: bytes) -> str:
    """The SKU of a record key."""
    return split_key(key.decode())[1]


def total(value: bytes) -> Total:
    """What a published record says."""
    record = wire.decode(value)[1]
    return Total(record["version"], record["default_quantity"])
