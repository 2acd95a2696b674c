"""JSON from outside: what is refused before anybody looks at the content."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.readers.document import Rejected
from adapters.channels.readers.strict_json import MAX_BYTES, MAX_DEPTH, MAX_INTEGER, parse


def code_of(body: bytes) -> str:
    """The code of the refusal, or nothing."""
    found = parse(body)
    return found.code if isinstance(found, Rejected) else ""


def test_a_plain_object_is_read() -> None:
    assert parse(b'{"a":[1,"x",true,null]}') == {"a": [1, "x", True, None]}


def test_a_decimal_keeps_its_literal_digits() -> None:
    assert parse(b"0.1000000000000000055") == Decimal("0.1000000000000000055")


def test_a_body_over_the_limit_is_refused_before_it_is_parsed() -> None:
    assert code_of(b'"' + b"x" * MAX_BYTES + b'"') == "WH1003"


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert code_of(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) == ""


def test_one_level_more_is_refused() -> None:
    assert code_of(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)) == "WH1102"


def test_half_a_million_brackets_are_refused_and_not_recursed_into() -> None:
    assert code_of(b"[" * 500_000) == "WH1102"


def test_brackets_in_strings_are_no_nesting() -> None:
    assert parse(b'"[[[[[[[[[[[[[[[[[[[[[[[[[[ \\" [[[["') == '[[[[[[[[[[[[[[[[[[[[[[[[[[ " [[[['


def test_a_field_that_stands_twice_is_refused_by_name() -> None:
    found = parse(b'{"number":"P-1","number":"P-2"}')
    assert isinstance(found, Rejected) and found.code == "WH1103" and "'number'" in found.message


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_no_number_is_not_a_number(literal: str) -> None:
    assert code_of(f'{{"price":{literal}}}'.encode()) == "WH1108"


@pytest.mark.parametrize("value", [MAX_INTEGER, -MAX_INTEGER])
def test_integers_up_to_two_to_the_53_are_exact_everywhere(value: int) -> None:
    assert parse(str(value).encode()) == value


@pytest.mark.parametrize("text", [str(MAX_INTEGER + 1), str(-MAX_INTEGER - 1), "9" * 5000])
def test_larger_integers_are_refused(text: str) -> None:
    assert code_of(text.encode()) == "WH1108"


@pytest.mark.parametrize("text", ["1e400", "1e-400", "1e9999999999999999999", "0." + "1" * 40])
def test_absurd_decimals_are_refused(text: str) -> None:
    assert code_of(text.encode()) == "WH1108"


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":}', b"{} {}", b"{'a':1}", b'{"a":1,}', b'"\x01"', b"01"])
def test_malformed_json_is_refused_with_its_position(body: bytes) -> None:
    found = parse(body)
    assert isinstance(found, Rejected) and found.code == "WH1101" and "line 1" in found.message


def test_bytes_that_are_not_utf8_are_refused_with_their_offset() -> None:
    found = parse(b'{"name":"M\xfcller"}')
    assert isinstance(found, Rejected) and found.code == "WH1007" and "byte 10" in found.message


def test_half_a_surrogate_pair_is_refused_for_it_could_never_be_written_again() -> None:
    assert code_of(b'{"name":"\\ud83d"}') == "WH1007"


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_an_unclosed_string_of_quotes_takes_linear_time() -> None:
    assert code_of(b'"' + b'\\"' * 400_000) == "WH1101"


values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(values)
def test_what_a_strict_writer_writes_is_read_as_it_was(value: Any) -> None:
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    found = parse(body)
    assert not isinstance(found, Rejected) or found.code in {"WH1007", "WH1101", "WH1102", "WH1103", "WH1108"}
