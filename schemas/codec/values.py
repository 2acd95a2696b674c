"""What both codecs share: how decimals stand in bytes, and what a refusal is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from functools import cache

from schemas.guard import MAX_DECIMAL


class Refused(ValueError):
    """Not for this codec: bytes that are no such record, or a record that only fastavro can judge."""


@cache
def decimal_from(precision: int, scale: int) -> Callable[[bytes], Decimal]:
    """A reader of unscaled two's complement, big-endian (Avro 1.11 "Decimal"): as fastavro, digits beyond are rounded."""
    context = Context(prec=precision)

    def read(raw: bytes) -> Decimal:
        if len(raw) > MAX_DECIMAL:
            raise Refused
        return context.scaleb(int.from_bytes(raw, "big", signed=True), -scale)

    return read


@cache
def decimal_to(precision: int, scale: int) -> Callable[[object], bytes]:
    """A writer of decimals; raises Refused or ValueError for too many digits, for an exponent and for what is no number.

    An exponent is legal, but rare: fastavro writes it. So what is written here is never longer than MAX_DECIMAL.
    """
    zeros = "0" * scale

    def write(value: object) -> bytes:
        if type(value) is not Decimal:
            raise Refused
        whole, _, fraction = str(value).partition(".")
        if len(whole) + len(fraction) > precision or len(fraction) > scale:
            raise Refused
        unscaled = int(whole + fraction + zeros[len(fraction) :])
        return unscaled.to_bytes((unscaled.bit_length() + 8) // 8, "big", signed=True)

    return write
