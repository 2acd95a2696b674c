"""Codecs made from the schemas: compiled where set-up found a compiler, plain Python elsewhere, the same bytes from both.

A codec takes over what is usual. Records of unusual types, and what other releases wrote, stay with fastavro.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

from schemas.codec import compiled
from schemas.codec.plain import PlainCodec
from schemas.codec.plan import NotPlanned, plan_of
from schemas.loader import Json
from schemas.settings import CodecKind, Settings


class CodecMissing(RuntimeError):
    """WHARF_CODEC asks for the compiled codecs, and they are not built."""


class Codec(Protocol):
    """Reads and writes one record of this release."""

    def decode(self, data: bytes, start: int) -> Any:
        """The record from `start` to the end; raises ValueError, IndexError or ArithmeticError, and does not say why."""

    def encode(self, header: bytes, record: Any) -> bytes:
        """Header and record; raises ValueError, TypeError, KeyError, … for a record that fastavro must judge."""


@cache
def kind() -> CodecKind:
    """What this process uses: what WHARF_CODEC says, else the compiled codecs where they are; raises CodecMissing."""
    asked = Settings().codec
    built = compiled.node_class() is not None
    if asked is CodecKind.COMPILED and not built:
        raise CodecMissing("WHARF_CODEC is compiled: run ops/house/setup where a C compiler and Python's headers are")
    if asked is not CodecKind.AUTO:
        return asked
    return CodecKind.COMPILED if built else CodecKind.PYTHON


def codec_of(schema: Json, wanted: CodecKind | None = None) -> Codec | None:
    """The codec of a full resolved schema; None where fastavro is wanted, or the schema holds what codecs do not know."""
    wanted = wanted or kind()
    node = compiled.node_class() if wanted is CodecKind.COMPILED else None
    if wanted is CodecKind.FASTAVRO:
        return None
    try:
        plan = plan_of(schema)
    except NotPlanned:
        return None
    made: Codec = PlainCodec(plan) if node is None else compiled.root(plan, node)
    return made
