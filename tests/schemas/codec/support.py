"""Each codec of each record, and what fastavro and its guards say of the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from schemas import codec as codecs_of_schemas
from schemas import wire
from schemas.codec import Codec, codec_of, compiled, fast
from schemas.codec.plan import Plan, plan_of
from schemas.diagnose import problem
from schemas.loader import Json, records, resolved
from schemas.settings import CodecKind

HEADER = b"\x00head"
START = len(HEADER)
NAMES = sorted(records())
REFUSALS = (EOFError, ValueError, IndexError, KeyError, TypeError, OverflowError, ArithmeticError, AttributeError)
BUILT = pytest.mark.skipif(compiled.node_class() is None, reason="no compiled codecs: no C compiler at set-up")
KINDS = [pytest.param(CodecKind.PYTHON, id="python"), pytest.param(CodecKind.COMPILED, id="compiled", marks=BUILT)]


def record(*fields: Any, name: str = "R") -> Json:
    """A schema with these types in its fields f0, f1, …"""
    numbered = [{"name": f"f{index}", "type": field} for index, field in enumerate(fields)]
    return {"type": "record", "namespace": "n", "name": name, "fields": numbered}


@cache
def plan(name: str) -> Plan:
    return plan_of(resolved(name))


@contextmanager
def using(kind: str) -> Iterator[None]:
    """The wire as a process with this WHARF_CODEC has it."""

    def forget() -> None:
        for cached in (codecs_of_schemas.kind, wire._writing, wire._readings):
            cached.cache_clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WHARF_CODEC", kind)
        forget()
        yield
    forget()


@cache
def codec_for(name: str, kind: CodecKind) -> Codec:
    return made(resolved(name), kind)


def codecs(name: str) -> list[Codec]:
    """Every codec of a record that there is here."""
    return [codec_for(name, kind) for kind in here()]


def all_made(schema: Json) -> list[Codec]:
    """Every codec of any schema that there is here."""
    return [made(schema, kind) for kind in here()]


def here() -> list[CodecKind]:
    return [CodecKind.PYTHON, *([CodecKind.COMPILED] if compiled.node_class() else [])]


def made(schema: Json, kind: CodecKind) -> Codec:
    """A codec of any schema."""
    found = codec_of(schema, kind)
    assert found is not None
    return found


def read_by_fastavro(name: str, body: bytes) -> Any:
    """What this body is, or the class of the error that names what is wrong with it.

    Where fastavro takes what the walk finds a problem in (a branch -1, eleven bytes of a number), the walk is right.
    """
    found = problem(body, resolved(name))
    try:
        record = fast.FastReader(name, resolved(name), own=True).decode(HEADER + body, START)
    except REFUSALS:
        return type(found) if found else ValueError
    return type(found) if found else record


def read_by(codec: Codec, name: str, body: bytes) -> Any:
    """The same of a codec."""
    try:
        return codec.decode(HEADER + body, START)
    except REFUSALS:
        found = problem(body, resolved(name))
        return type(found) if found else ValueError


def written_by_fastavro(name: str, record: Any) -> bytes | None:
    """The bytes of a record, or None where it is refused."""
    try:
        return fast.encode(name, HEADER, record)
    except fast.BadRecord:
        return None


def written_by(codec: Codec, record: Any) -> bytes | None:
    try:
        return codec.encode(HEADER, record)
    except REFUSALS:
        return None
