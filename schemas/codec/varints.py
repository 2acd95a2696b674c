"""Longs as Avro writes them (Avro 1.11 "Binary Encoding"): zigzag, seven bits a byte, at most ten bytes and 64 bits.

The plain codecs read one byte themselves, which most are, and call these for the rest. A length, a count or the branch
of a union comes back as it stands in the bytes, twice as large as it is: whoever asked for it compares and halves.
"""

from __future__ import annotations

from schemas.codec.values import Refused

ZIGZAG = tuple((n >> 1) ^ -(n & 1) for n in range(128))
MOST = 1 << 64


def unsigned(data: bytes, at: int) -> tuple[int, int]:
    """The bits of a long, and where it ends; raises Refused, and IndexError where the message ends first."""
    value = shift = 0
    while shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            if value >= MOST:
                break
            return value, at
        shift += 7
    raise Refused


def long(data: bytes, at: int) -> tuple[int, int]:
    """A long, and where it ends."""
    bits, at = unsigned(data, at)
    return (bits >> 1) ^ -(bits & 1), at


def length(data: bytes, at: int) -> tuple[int, int]:
    """Twice a length, and where it ends; raises Refused for a negative one."""
    bits, at = unsigned(data, at)
    if bits & 1:
        raise Refused
    return bits, at


def branch(data: bytes, at: int) -> tuple[int, int]:
    """Twice the branch of a union of two, and where it ends; raises Refused for another."""
    bits, at = unsigned(data, at)
    if bits not in (0, 2):
        raise Refused
    return bits, at


def block(data: bytes, at: int) -> tuple[int, int]:
    """Twice the count of a block, and where its values begin; a negative count is followed by the block's size."""
    bits, at = unsigned(data, at)
    if bits & 1:
        bits += 1
        size, at = length(data, at)
        if size >> 1 > len(data) - at:
            raise Refused
    if bits >> 1 > len(data) - at:
        raise Refused
    return bits, at


def put(out: bytearray, value: int) -> None:
    """Append a long; raises Refused for what is none."""
    if not isinstance(value, int) or not -(MOST >> 1) <= value < MOST >> 1:
        raise Refused
    bits = value << 1 if value >= 0 else ~(value << 1)
    while bits > 127:
        out.append(bits & 127 | 128)
        bits >>= 7
    out.append(bits)
