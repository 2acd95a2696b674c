"""Which partition a key belongs to: murmur2, as Java clients and librdkafka's `murmur2_random` have it.

Source: Apache Kafka, org.apache.kafka.common.utils.Utils.murmur2 and toPositive.
"""

from __future__ import annotations

_MASK, _M, _SEED = 0xFFFFFFFF, 0x5BD1E995, 0x9747B28C


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key among so many."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """The 32 bit hash, unsigned."""
    value = (_SEED ^ len(data)) & _MASK
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        word = int.from_bytes(data[start : start + 4], "little") * _M & _MASK
        word = (word ^ word >> 24) * _M & _MASK
        value = value * _M & _MASK ^ word
    if rest := data[whole:]:
        value = (value ^ int.from_bytes(rest, "little")) * _M & _MASK
    value = (value ^ value >> 13) * _M & _MASK
    return value ^ value >> 15
