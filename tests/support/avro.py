"""Hypothesis strategies from schemas: records that fit, records that nearly do, and bytes that nearly are one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from schemas.codec.plan import Plan

LONGS = st.integers(-(2**63), 2**63 - 1) | st.integers(-200, 20_000) | st.sampled_from([0, 63, 64, -64, -65, 2**63 - 1])
INTS = st.integers(-(2**31), 2**31 - 1) | st.integers(-200, 200)
TEXTS = st.text(max_size=8) | st.sampled_from(["", "DRILL-18V", "ö" * 40, "x" * 63, "x" * 64, "\U0001f4e6", "a\x00b"])
BYTES = st.binary(max_size=8) | st.sampled_from([b"", b"\x00" * 64, b"\xff" * 200])


@cache
def values(plan: Plan) -> st.SearchStrategy[Any]:
    """Values that fit a plan."""
    match plan.kind:
        case "boolean":
            return st.booleans()
        case "int":
            return INTS
        case "long":
            return LONGS
        case "string":
            return TEXTS
        case "bytes":
            return BYTES
        case "decimal":
            return decimals(plan)
        case "enum":
            return st.sampled_from(plan.names)
        case "array":
            return st.lists(values(plan.part), max_size=3)
        case "map":
            return st.dictionaries(TEXTS, values(plan.part), max_size=3)
        case "optional":
            return st.none() | values(plan.part)
    fields = zip(plan.names, plan.parts, strict=True)
    return st.fixed_dictionaries({name: values(part) for name, part in fields})


def decimals(plan: Plan) -> st.SearchStrategy[Decimal]:
    """Decimals of at most the plan's digits and places, some of them with an exponent."""

    def made(unscaled: int, places: int) -> Decimal:
        return Decimal(unscaled).scaleb(-places)

    whole = 10**plan.precision - 1
    return st.builds(made, st.integers(-whole, whole) | st.integers(-999, 999), st.integers(-3, plan.scale))


ODD: list[Any] = [
    None, True, False, 0, 1, -1, 63, 2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 2**80, 1.0, 1.5, float("nan"), "", "1",
    "\ud800", b"", b"1", bytearray(b"1"), memoryview(b"12"), [], {}, (), ("a", "b"), ("long", 1), ["x"], {"a": 1}, {1: "a"},
    {"-type": "no such record"}, object(), Decimal("0.0000001"), Decimal("1E+3"), Decimal("1E+90"), Decimal("NaN"),
    Decimal("Infinity"), Decimal("-0"), Decimal("0E-7"), Decimal(10**18), Decimal("12345678901234567.8"), range(2), {1, 2},
]  # fmt: skip


@st.composite
def nearly(draw: Callable[..., Any], plan: Plan) -> Any:
    """A record of a plan in which one value, somewhere, is left out, added, or something else."""
    return _spoil(draw, draw(values(plan)))


def _spoil(draw: Callable[..., Any], value: Any) -> Any:
    within: list[Any] = []
    if isinstance(value, dict):
        within = list(value)
    elif isinstance(value, list):
        within = list(range(len(value)))
    if within and draw(st.integers(0, 9)):
        at = draw(st.sampled_from(within))
        value[at] = _spoil(draw, value[at])
        return value
    if isinstance(value, dict) and draw(st.booleans()):
        return _other_fields(draw, value)
    if isinstance(value, list) and draw(st.booleans()):
        return tuple(value)
    return draw(st.sampled_from(ODD))


def _other_fields(draw: Callable[..., Any], value: dict[str, Any]) -> dict[str, Any]:
    if value and draw(st.booleans()):
        return {name: item for name, item in value.items() if name != draw(st.sampled_from(list(value)))}
    return {**value, draw(st.sampled_from(["extra", "-type", "another"])): draw(st.sampled_from(ODD))}


@st.composite
def damaged(draw: Callable[..., Any], body: bytes) -> bytes:
    """Bytes with some of them replaced, left out, put in or doubled, mostly by what means something to a decoder."""
    for _ in range(draw(st.integers(1, 3))):
        at, until = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        until = draw(st.sampled_from([at, min(at + 1, len(body)), until]))
        body = body[:at] + draw(NOISE) + body[until:]
    return body


NOISE = st.binary(max_size=4) | st.sampled_from(
    [
        b"", b"\x00", b"\x01", b"\x02", b"\x03", b"\x04", b"\x7f", b"\x80", b"\xff", b"\x80\x00", b"\x82\x00", b"\x81\x00",
        b"\xff" * 9 + b"\x01", b"\xff" * 9 + b"\x02", b"\xff" * 12, b"\x80" * 9 + b"\x00", b"\x80" * 10 + b"\x00",
        b"\x80\x94\xeb\xdc\x03", b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x01\x02", b"\x02\xff", b"\x04\xc3\x28",
        b"\x06\xed\xa0\x80", b"\x80\x02" + b"\x01" * 128, b"\x82\x02" + b"\x01" * 129,
    ]
)  # fmt: skip
