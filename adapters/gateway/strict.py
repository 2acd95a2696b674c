"""JSON from strangers: one value, strict UTF-8, no doubled names, no NaN, no huge integers, no deep nesting.

Source: RFC 8259 with the limits of reference/reliability.md §8. Linear in the size of the body, which is bounded before.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from adapters.gateway.problems import Problem

MAX_DEPTH = 20
MAX_INTEGER = 2**53 - 1
_OPEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)  # possessive: linear on unclosed strings too


def parse(body: bytes) -> Any:
    """The body's one JSON value, fractions as Decimal; raises Problem malformed-body."""
    try:
        _check_depth(body)
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=Decimal,
        )
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")  # half a surrogate pair is no text
    except UnicodeError as error:
        raise Problem("malformed-body", "expected UTF-8 text without half surrogate pairs") from error
    except json.JSONDecodeError as error:
        raise Problem("malformed-body", f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except _Refused as error:
        raise Problem("malformed-body", str(error)) from error
    return value


class _Refused(ValueError):
    """Grammar that is JSON's, and refused."""


def _check_depth(body: bytes) -> None:
    depth = 0
    for match in _OPEN.finditer(body):
        first = match[0][:1]
        depth += (first in b"[{") - (first in b"]}")
        if depth > MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} levels at byte {match.start()}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Refused(f"the name {name[:80]!r} stands twice in one object")
        found[name] = value
    return found


def _constant(text: str) -> Any:
    raise _Refused(f"{text} is no JSON number")


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise _Refused(f"the integer {text[:40]} is beyond ±(2^53-1); send it as text")
    return int(text)
