"""Strict JSON: what it takes, it takes as it is; what it refuses, it refuses by code, at once and in linear time."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import catalogue
from schemas.strict_json import MAX_BYTES, MAX_DEPTH, MAX_INTEGER, BadJson, parse

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def refusal(body: bytes) -> BadJson:
    """Why it is refused."""
    with pytest.raises(BadJson) as caught:
        parse(body)
    assert caught.value.code in catalogue()
    return caught.value


def code_of(body: bytes) -> str:
    """The code of the refusal, or nothing."""
    try:
        parse(body)
    except BadJson as why:
        return why.code
    return ""


@given(values, st.booleans())
def test_what_a_strict_writer_writes_is_read_as_it_was(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value_or_one_named_reason(body: bytes) -> None:
    assert code_of(body) in {"", "WH1007", "WH1101", "WH1102", "WH1103", "WH1108"}


@given(values, st.integers(0, 60))
def test_a_body_that_was_cut_is_never_taken_for_a_container(value: Any, cut: int) -> None:
    whole = json.dumps([value]).encode()
    assert cut >= len(whole) or code_of(whole[:cut])


def test_a_fraction_keeps_its_digits_and_is_no_text() -> None:
    found = parse(b"0.1000000000000000055")
    assert found == Decimal("0.1000000000000000055") and not isinstance(found, str)


def test_a_body_over_the_limit_is_refused_before_it_is_parsed() -> None:
    assert code_of(b'"' + b"x" * MAX_BYTES + b'"') == "WH1003"


@pytest.mark.parametrize("depth", [1, MAX_DEPTH])
def test_nesting_up_to_the_limit_is_taken(depth: int) -> None:
    assert parse(b"[" * depth + b"]" * depth) is not None


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_one_level_more_is_refused_and_not_recursed_into(opening: bytes) -> None:
    assert code_of(opening * (MAX_DEPTH + 1)) == "WH1102"
    assert code_of(opening * 200_000) == "WH1102"


def test_brackets_in_strings_are_no_nesting() -> None:
    assert parse(b'"[[[[[[[[[[[[[[[[[[[[[[[[[[ \\" [[[["') == '[[[[[[[[[[[[[[[[[[[[[[[[[[ " [[[['


@pytest.mark.parametrize("body", [b'{"a":1,"b":2,"a":1}', b'[{"x":{"a":1,"a":1}}]', b'{"\\u0061":1,"a":2}'])
def test_a_name_that_stands_twice_is_named(body: bytes) -> None:
    found = refusal(body)
    assert found.code == "WH1103" and "'a'" in found.message


def test_a_long_name_is_not_repeated_whole() -> None:
    name = "n" * 10_000
    assert len(refusal(f'{{"{name}":1,"{name}":2}}'.encode()).message) < 200


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_no_number_is_not_a_number(literal: str) -> None:
    assert code_of(f'{{"price":{literal}}}'.encode()) == "WH1108"


@pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0])
def test_integers_up_to_two_to_the_53_are_exact_everywhere(number: int) -> None:
    assert parse(str(number).encode()) == number


@pytest.mark.parametrize("text", [str(MAX_INTEGER + 1), str(-MAX_INTEGER - 1), "9" * 5000])
def test_larger_integers_are_refused(text: str) -> None:
    assert code_of(text.encode()) == "WH1108"


@pytest.mark.parametrize("text", ["1e400", "1e-400", "1e9999999999999999999", "0." + "1" * 40])
def test_absurd_decimals_are_refused(text: str) -> None:
    assert code_of(text.encode()) == "WH1108"


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":}', b"{} {}", b"{'a':1}", b'{"a":1,}', b'"\x01"', b"01"])
def test_malformed_json_is_refused_with_its_position(body: bytes) -> None:
    found = refusal(body)
    assert found.code == "WH1101" and "line 1" in found.message


def test_bytes_that_are_not_utf8_are_refused_with_their_offset() -> None:
    found = refusal(b'{"name":"M\xfcller"}')
    assert found.code == "WH1007" and "byte 10" in found.message


def test_half_a_surrogate_pair_is_refused_for_it_could_never_be_written_again() -> None:
    assert code_of(b'{"name":"\\ud83d"}') == "WH1007"


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("unit", [b'"', b'\\"', b"[", b'"a":', b'{"', b"\\", b"1"])
def test_ten_times_the_input_takes_some_ten_times_as_long(unit: bytes) -> None:
    def cost(times: int) -> float:
        body = unit * (times // len(unit))
        begun = time.process_time()
        assert code_of(body)
        return time.process_time() - begun

    cost(1_000)
    assert cost(300_000) < 0.5  # quadratic would be minutes
