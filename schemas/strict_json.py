"""JSON from strangers: size, nesting, names and numbers are checked before anybody looks at the content.

Source: RFC 8259; the limits of reference/reliability.md §8. Linear in the size of the body.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
MAX_INTEGER = 2**53 - 1
MAX_DIGITS = 30  # of a literal with a fraction: no money and no quantity is longer
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)  # possessive: linear on unclosed strings too


class BadJson(ValueError):
    """The body is no JSON, or JSON that is refused; carries the code of the catalogue of errors."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def parse(body: bytes) -> Any:
    """The JSON value of the whole body, numbers with a fraction as Decimal from their literal text; raises BadJson."""
    try:
        _check_outside(body)
        value = json.loads(
            body.decode("utf-8"),
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
        _check_text(value)
    except UnicodeDecodeError as exc:
        raise BadJson("WH1007", f"expected UTF-8, byte {exc.start} is none; send the document as UTF-8") from exc
    except json.JSONDecodeError as exc:
        place = f"line {exc.lineno}, column {exc.colno}"
        raise BadJson("WH1101", f"expected one JSON value; {place}: {exc.msg}") from exc
    return value


def _check_outside(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise BadJson("WH1003", f"expected at most {MAX_BYTES} bytes, came {len(body)}; send smaller documents")
    depth = 0
    for match in _TOKENS.finditer(body):
        first = match[0][:1]
        depth += (first in b"[{") - (first in b"]}")
        if depth > MAX_DEPTH:
            raise BadJson("WH1102", f"expected at most {MAX_DEPTH} levels, byte {match.start()} opens one more")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise BadJson("WH1103", f"field {name[:80]!r} stands twice in one object; send it once")
        seen.add(name)
    return found


def _integer(text: str) -> int:
    if len(text) <= 17 and abs(value := int(text)) <= MAX_INTEGER:
        return value
    raise BadJson("WH1108", f"expected an integer within ±(2^53-1), came {text[:40]}; send it as a string")


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError:  # an exponent beyond what a decimal can hold
        value = Decimal("Infinity")
    if len(text) > MAX_DIGITS or not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        raise BadJson("WH1108", f"expected at most {MAX_DIGITS} digits, came {text[:40]}")
    return value


def _constant(text: str) -> Any:
    raise BadJson("WH1108", f"expected a number, came {text}")


def _check_text(value: Any) -> None:
    """A lone surrogate (`\\ud800`) is legal JSON, but no text that could be written again."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError as exc:
        raise BadJson("WH1007", "a string holds half a surrogate pair; send whole characters") from exc
