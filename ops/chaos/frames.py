"""Kafka's frames as a proxy sees them: their size, and of a request which API it calls and its correlation id.

Source: Kafka protocol guide, "Protocol Primitive Types" and "Request header": INT32 size, then INT16 api_key, INT16
api_version, INT32 correlation_id; a response has INT32 size and INT32 correlation_id.
"""

from __future__ import annotations

import asyncio
import struct
from typing import NamedTuple

APIS = {
    "Produce": 0, "Fetch": 1, "ListOffsets": 2, "Metadata": 3, "OffsetCommit": 8, "OffsetFetch": 9, "FindCoordinator": 10,
    "JoinGroup": 11, "Heartbeat": 12, "ApiVersions": 18, "InitProducerId": 22, "AddPartitionsToTxn": 24,
    "AddOffsetsToTxn": 25, "EndTxn": 26, "TxnOffsetCommit": 28, "ConsumerGroupHeartbeat": 68,
}  # fmt: skip
LARGEST = 128 << 20  # of a frame: above it is no Kafka
_SIZE, _REQUEST, _RESPONSE = struct.Struct(">i"), struct.Struct(">hhi"), struct.Struct(">i")


class NotKafka(ValueError):
    """What came is no frame of Kafka's protocol."""


class Request(NamedTuple):
    """The head of a request."""

    api: int
    version: int
    correlation: int


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """The next frame without its size; raises IncompleteReadError at the end, NotKafka."""
    (size,) = _SIZE.unpack(await reader.readexactly(_SIZE.size))
    if not _RESPONSE.size <= size <= LARGEST:
        raise NotKafka(f"a frame of {size} bytes")
    return await reader.readexactly(size)


def framed(body: bytes) -> bytes:
    """A frame as it goes over the wire."""
    return _SIZE.pack(len(body)) + body


def request_of(frame: bytes) -> Request:
    """The head of a request; raises NotKafka."""
    if len(frame) < _REQUEST.size:
        raise NotKafka(f"a request of {len(frame)} bytes")
    return Request(*_REQUEST.unpack_from(frame))


def correlation_of(response: bytes) -> int:
    """Which request a response answers."""
    (correlation,) = _RESPONSE.unpack_from(response)
    return int(correlation)
