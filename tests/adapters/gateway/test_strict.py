"""Strict JSON: what it takes, it takes as it is; what it refuses, it refuses at once and in linear time."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateway.problems import Problem
from adapters.gateway.strict import MAX_DEPTH, MAX_INTEGER, parse

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def refused(body: bytes) -> str:
    with pytest.raises(Problem) as caught:
        parse(body)
    assert caught.value.code == "malformed-body"
    return caught.value.detail


@given(values, st.booleans())
def test_what_is_strict_is_taken_as_it_is(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_one_named_problem(body: bytes) -> None:
    try:
        parse(body)
    except Problem as problem:
        assert problem.code == "malformed-body"


@given(values, st.integers(0, 60))
def test_a_body_that_was_cut_is_never_taken_for_a_container(value: Any, cut: int) -> None:
    whole = json.dumps([value]).encode()
    if cut < len(whole):
        assert refused(whole[:cut])


@pytest.mark.parametrize("depth", [1, MAX_DEPTH])
def test_nesting_up_to_the_limit_is_taken(depth: int) -> None:
    assert parse(b"[" * depth + b"]" * depth) is not None


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_one_level_more_is_refused(opening: bytes) -> None:
    assert "deeper" in refused(opening * (MAX_DEPTH + 1))


@pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0])
def test_integers_at_the_limit_are_taken(number: int) -> None:
    assert parse(str(number).encode()) == number


def test_a_fraction_keeps_its_digits_and_is_no_text() -> None:
    found = parse(b"0.10")
    assert (found, str(found)) == (Decimal("0.10"), "0.10") and not isinstance(found, str)


@pytest.mark.parametrize("body", [b'{"a":1,"b":2,"a":1}', b'[{"x":{"a":1,"a":1}}]', b'{"\\u0061":1,"a":2}'])
def test_a_name_that_stands_twice_is_named(body: bytes) -> None:
    assert "'a'" in refused(body)


def test_a_long_name_is_not_repeated_whole() -> None:
    name = "n" * 10_000
    assert len(refused(f'{{"{name}":1,"{name}":2}}'.encode())) < 200


@pytest.mark.parametrize("unit", [b'"', b'\\"', b"[", b'"a":', b'{"', b"\\", b"1"])
def test_ten_times_the_input_takes_some_ten_times_as_long(unit: bytes) -> None:
    def cost(times: int) -> float:
        body = unit * (times // len(unit))
        begun = time.perf_counter()
        with pytest.raises(Problem):
            parse(body)
        return time.perf_counter() - begun

    cost(1_000)
    assert cost(300_000) < 0.5  # quadratic would be minutes
