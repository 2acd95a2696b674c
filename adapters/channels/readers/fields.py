"""Reads the members of a JSON object by name and form, and notes every problem with its pointer.

A reader asks for each field it knows; whatever it did not ask for is refused by name, except `extensions`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from adapters.channels.readers.document import Place, Problem
from schemas.envelope import millis

MAX_TEXT = 500
MAX_NAME = 128  # of a code or identifier; the gateway takes as much
MAX_WHOLE_DIGITS, MAX_FRACTION_DIGITS = 12, 6  # what the contract's decimal(18, 6) can hold
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Fields:
    """One JSON object under the reader's eyes."""

    def __init__(self, value: Any, problems: list[Problem], pointer: str = "") -> None:
        self.problems, self.pointer, self.asked = problems, pointer, {"extensions"}
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.note("WH1106", "", f"expected an object, came {_named(value)}")

    def note(self, code: str, name: str, message: str) -> None:
        """Note a problem at a member, or at the object itself where the name is empty."""
        pointer = f"{self.pointer}/{_escaped(name)}" if name else self.pointer
        self.problems.append(Problem(code, message, Place(pointer=pointer)))

    def given(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self.values.get(name) is not None

    def raw(self, name: str, *, required: bool = False) -> Any:
        """The member as it is, None where absent or null."""
        self.asked.add(name)
        if required and not self.given(name):
            self.note("WH1105", name, f"expected field {name!r}; it is missing or null")
        return self.values.get(name)

    def text(self, name: str, *, required: bool = False, limit: int = MAX_TEXT) -> str:
        """A string of printable characters, blanks at its ends cut; "" where absent."""
        value = self.raw(name, required=required)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > limit or _CONTROL.search(value):
            self.note(
                "WH1106", name, f"expected a string of at most {limit} printable characters, came {_named(value)}"
            )
            return ""
        if required and not value.strip():
            self.note("WH1105", name, f"expected field {name!r}; it is empty")
        return value.strip()

    def choice(self, name: str, options: Collection[str], *, required: bool = True) -> str:
        """One of the named options."""
        value = self.text(name, required=required)
        if value and value not in options:
            self.note("WH1107", name, f"expected one of {', '.join(options)}; came {value!r}")
        return value

    def decimal(
        self, name: str, *, required: bool = False, minimum: Decimal | None = None, above: Decimal | None = None
    ) -> Decimal | None:
        """A decimal from a string or a literal, at most 12 digits before and 6 after the point.

        minimum  the least value allowed;  above  the value must be greater than this
        """
        value = self.raw(name, required=required)
        if value is None:
            return None
        number = _decimal_of(value)
        if number is None:
            self.note("WH1106", name, f'expected a decimal such as "12.5", came {_named(value)}')
        elif (minimum is not None and number < minimum) or (above is not None and number <= above):
            bound = f"at least {minimum}" if minimum is not None else f"more than {above}"
            self.note("WH1107", name, f"expected {bound}, came {number}")
        elif not fits(number):
            self.note(
                "WH1107",
                name,
                f"expected at most {MAX_WHOLE_DIGITS} digits before the point and {MAX_FRACTION_DIGITS} after it",
            )
        return number

    def whole(self, name: str, *, required: bool = False, limit: int = 10**MAX_WHOLE_DIGITS) -> int | None:
        """An integer up to `limit` either way, from a number or a string of digits."""
        number = self.decimal(name, required=required)
        if number is None:
            return None
        if number == number.to_integral_value() and abs(number) <= limit:
            return int(number)
        self.note("WH1106", name, f"expected a whole number of at most {limit}, came {number}")
        return None

    def instant(self, name: str, *, required: bool = False) -> int | None:
        """An RFC 3339 time with its offset, as milliseconds since the epoch."""
        text = self.text(name, required=required)
        if not text:
            return None
        try:
            if _INSTANT.fullmatch(text):
                return millis(text)
        except (ValueError, OverflowError):
            pass
        self.note("WH1106", name, f"expected a time with offset such as 2026-03-02T08:00:00Z, came {text!r}")
        return None

    def day(self, name: str) -> str:
        """An ISO date such as 2026-03-05."""
        text = self.text(name)
        try:
            return text and date.fromisoformat(text).isoformat()
        except ValueError:
            self.note("WH1106", name, f"expected a date such as 2026-03-05, came {text!r}")
            return ""

    def flag(self, name: str) -> bool | None:
        """true or false; None where absent."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return value
        self.note("WH1106", name, f"expected true or false, came {_named(value)}")
        return None

    def child(self, name: str, *, required: bool = False) -> Fields | None:
        """A member that is an object."""
        value = self.raw(name, required=required)
        return None if value is None else Fields(value, self.problems, f"{self.pointer}/{_escaped(name)}")

    def children(self, name: str, *, required: bool = False, limit: int = 1_000_000) -> list[Fields]:
        """A member that is an array of objects."""
        value = self._array(name, required=required, limit=limit)
        return [Fields(item, self.problems, f"{self.pointer}/{name}/{index}") for index, item in enumerate(value)]

    def texts(self, name: str, *, limit: int = 100) -> tuple[str, ...]:
        """A member that is an array of strings."""
        value = self._array(name, required=False, limit=limit)
        holder = Fields({str(index): item for index, item in enumerate(value)}, self.problems, f"{self.pointer}/{name}")
        return tuple(holder.text(index) for index in holder.values)

    def _array(self, name: str, *, required: bool, limit: int) -> list[Any]:
        value = self.raw(name, required=required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note("WH1106", name, f"expected an array, came {_named(value)}")
            return []
        if (required and not value) or len(value) > limit:
            self.note("WH1109", name, f"expected 1 to {limit} entries, came {len(value)}")
            return []
        return value

    def extensions(self) -> str:
        """The object under `extensions` as JSON text in a stable order; "" where there is none."""
        value = self.values.get("extensions")
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str) if value else ""

    def done(self) -> None:
        """Refuse by name what nobody asked for."""
        for name in self.values:
            if name not in self.asked:
                self.note(
                    "WH1104", name, f'field {name[:80]!r} is not known here; leave it out or put it under "extensions"'
                )


def fits(number: Decimal) -> bool:
    """Whether the contract's decimal(18, 6) holds the number without loss."""
    return abs(number) < 10**MAX_WHOLE_DIGITS and number == round(number, MAX_FRACTION_DIGITS)


def _decimal_of(value: Any) -> Decimal | None:
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _escaped(name: str) -> str:
    return name[:80].replace("~", "~0").replace("/", "~1")


def _named(value: Any) -> str:
    kinds = {dict: "an object", list: "an array", bool: "a truth value", type(None): "null"}
    return kinds.get(type(value)) or f"{str(value)[:60]!r}"
