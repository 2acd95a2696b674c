"""Canonical JSON: one text per value, so that everybody who hashes it hashes the same bytes.

Source: RFC 8785 (JSON Canonicalization Scheme), without its numbers with a fraction: decimals are texts here.
"""

from __future__ import annotations

import json
from typing import Any

SAFE_INTEGER = 2**53 - 1  # RFC 8785 §3.2.2.3, I-JSON: beyond it readers in other languages round


class NotCanonical(ValueError):
    """A value that has no canonical JSON; says which."""


def canonical(value: Any) -> bytes:
    """The value as canonical JSON in UTF-8; takes dicts with text keys, lists, texts, integers, booleans and None.

    raises NotCanonical for a float or Decimal, an integer beyond 2**53 - 1, a lone surrogate, or any other type
    """
    try:
        return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as exc:
        raise NotCanonical(f"a text holds half a character: {exc}") from exc


def _ordered(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            return _safe(value)
        case dict():
            return {key: _ordered(value[key]) for key in sorted(value, key=_sort_key)}
        case list() | tuple():
            return [_ordered(item) for item in value]
    raise NotCanonical(f"{value!r} ({type(value).__name__}): write decimals and times as texts")


def _safe(value: int) -> int:
    if abs(value) > SAFE_INTEGER:
        raise NotCanonical(f"{value} is beyond 2**53 - 1: write it as a text")
    return value


def _sort_key(key: Any) -> bytes:
    """RFC 8785 §3.2.3 sorts property names by their UTF-16 code units."""
    if not isinstance(key, str):
        raise NotCanonical(f"key {key!r} is not a text")
    return key.encode("utf-16-be", "surrogatepass")
