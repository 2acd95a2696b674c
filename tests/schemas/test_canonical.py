"""One text per value."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import NotCanonical, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def test_names_are_sorted_and_nothing_is_spaced() -> None:
    assert canonical({"b": [1, True, None], "a": "x"}) == b'{"a":"x","b":[1,true,null]}'


def test_names_are_sorted_by_utf16_code_units() -> None:
    """RFC 8785 §3.2.3: U+1F600 is written with surrogates and so comes before U+FB33."""
    order = list(
        json.loads(canonical({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4, "1": 5, "\u0080": 6, "\u00f6": 7}))
    )
    assert order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_texts_are_escaped_only_where_they_must_be() -> None:
    """The string of RFC 8785 §3.2.2.2."""
    assert canonical('€$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), 2**53, -(2**53), "\ud800", {"\ud800": 1}, {1: 2}, b"x", {1, 2}])
def test_what_readers_could_read_differently_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@given(VALUES)
def test_writing_reading_and_writing_again_gives_the_same_text(value: object) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text and json.loads(text) == value


@given(st.dictionaries(TEXTS, st.integers(0, 9), max_size=6))
def test_the_order_in_which_a_dict_was_filled_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))
