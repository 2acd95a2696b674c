"""The partition of a key, as Kafka's own clients have it."""

from __future__ import annotations

import pytest

from streams.engine.partitioner import murmur2, partition_of

# Apache Kafka, clients: UtilsTest.testMurmur2
KNOWN = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize(("key", "signed"), KNOWN.items())
def test_the_hash_is_kafkas(key: bytes, signed: int) -> None:
    assert murmur2(key) == signed & 0xFFFFFFFF


@pytest.mark.parametrize("partitions", [1, 4, 12])
def test_every_key_has_a_partition(partitions: int) -> None:
    assert {partition_of(f"k{number}".encode(), partitions) for number in range(200)} == set(range(partitions))
