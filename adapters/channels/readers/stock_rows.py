"""Rows of a snapshot of stock, whatever file they stand in: texts by field → a count, or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from adapters.channels.readers.fields import MAX_FRACTION_DIGITS, MAX_NAME, MAX_WHOLE_DIGITS
from schemas.envelope import rfc3339

FIELDS = ("sku", "location", "quantity", "unit", "class", "unsellable", "as_of", "sequence")
SELLABLE = frozenset(("", "sellable", "good", "available", "unrestricted", "ok"))
CLASSES: Mapping[str, str] = {  # as senders say it → inventory.md's classes
    "damaged": "damaged", "damage": "damaged", "defective": "damaged",
    "quarantined": "quarantined", "quarantine": "quarantined", "blocked": "quarantined", "hold": "quarantined",
    "inspection": "inspection", "quality": "inspection", "qa": "inspection",
    "display": "display", "demo": "display", "other": "other", "unsellable": "other",
}  # fmt: skip
DAY_MS = 86_400_000
AHEAD_MS, BEHIND_MS = (
    DAY_MS,
    2 * 365 * DAY_MS,
)  # further off, a clock or a format is wrong; two minutes ahead the hub clamps
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_UNIT = re.compile(r"[A-Za-z0-9]{1,8}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LOST = re.compile("[\ud800-\udfff]")  # a byte that was no character


@dataclass(frozen=True, slots=True)
class StockRow:
    """One position as its source counted it. Quantities are plain decimals as text, without needless zeros."""

    line: int  # of the file; in X12 the number of the segment
    sku: str
    location: str
    quantity: str
    as_of: int
    unit: str = ""
    sequence: int | None = None
    unsellable: str | None = None  # None: the row says nothing of it
    classes: tuple[tuple[str, str], ...] = ()
    stock_class: str | None = None  # of a row that is one class of its position; None: the file has no classes


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is left out, and what is to be done so that it is not."""

    line: int
    field: str
    code: str
    message: str
    sku: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the sender says about a whole file: it stands where a row says nothing."""

    now: int
    location: str = ""
    as_of: int | None = None
    sequence: int | None = None
    zone: tzinfo | None = None  # of times without an offset; None: such times are refused
    decimal: str = "."


class Bad(ValueError):
    """A field of a row cannot be used."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code = field, code


def row_of(line: int, texts: Mapping[str, str], given: Given) -> StockRow | RefusedRow:
    """One row from its texts. Cost: some 5 µs."""
    try:
        return _row(line, texts, given)
    except Bad as bad:
        sku, location = (_safe(texts.get(name, "")) for name in ("sku", "location"))
        return RefusedRow(line, bad.field, bad.code, str(bad), sku, location or given.location)


def _row(line: int, texts: Mapping[str, str], given: Given) -> StockRow:
    sku = _name(texts, "sku", "")
    location = _name(texts, "location", given.location)
    stock_class = None if "class" not in texts else _class(texts["class"])
    quantity = amount("quantity", texts.get("quantity", ""), given.decimal)
    unsellable = texts.get("unsellable", "").strip()
    return StockRow(
        line=line,
        sku=sku,
        location=location,
        quantity=quantity,
        as_of=_as_of(texts.get("as_of", "").strip(), given),
        unit=_unit(texts.get("unit", "").strip()),
        sequence=_sequence(texts.get("sequence", "").strip(), given.sequence),
        unsellable=amount("unsellable", unsellable, given.decimal) if unsellable else None,
        stock_class=stock_class,
    )


def _name(texts: Mapping[str, str], field: str, default: str) -> str:
    text = texts.get(field, "").strip() or default
    if not text:
        raise Bad(field, "WH1105", f"expected a {field}; there is none")
    if len(text) > MAX_NAME or _CONTROL.search(text):
        raise Bad(
            field, "WH1106", f"expected a {field} of at most {MAX_NAME} printable characters, came {_safe(text)!r}"
        )
    if _LOST.search(text):
        raise Bad(
            field, "WH1007", f"{field} {_safe(text)!r} has bytes that are no characters; send UTF-8, or say --encoding"
        )
    return text


def amount(field: str, text: str, decimal: str = ".") -> str:
    """A count as plain decimal text; raises Bad where it is none, negative, or beyond decimal(18, 6).

    decimal  the sign of the fraction; the other sign, and so any thousands separator, is refused: "1,234" may be two numbers
    """
    text = text.strip()
    if text.isdigit() and text.isascii() and len(text) <= MAX_WHOLE_DIGITS:
        return str(int(text))
    if not text:
        raise Bad(field, "WH1105", f"expected a {field}; there is none")
    plain = text.replace(",", ".") if decimal == "," and "." not in text else text
    if not _NUMBER.fullmatch(plain):
        raise Bad(
            field,
            "WH1106",
            f"expected a number such as 12{decimal}5 without thousands separators, came {_safe(text)!r}",
        )
    number = Decimal(plain)
    if number < 0:
        raise Bad(field, "WH1107", f"expected at least 0, came {_safe(text)}: a count is what is there")
    if number >= 10**MAX_WHOLE_DIGITS or number != round(number, MAX_FRACTION_DIGITS):
        raise Bad(
            field,
            "WH1107",
            f"expected at most {MAX_WHOLE_DIGITS} digits before the point and {MAX_FRACTION_DIGITS} after it, came {_safe(text)}",
        )
    return plainly(number)


def plainly(number: Decimal) -> str:
    """A decimal as text that is the same for equal numbers."""
    return format(number.normalize(), "f") if number else "0"


def _unit(text: str) -> str:
    if text and not _UNIT.fullmatch(text):
        raise Bad("unit", "WH1106", f"expected a UN/ECE Rec 20 code such as EA, came {_safe(text)!r}")
    return text


def _class(text: str) -> str:
    said = text.strip().lower()
    if said in SELLABLE:
        return ""
    if said not in CLASSES:
        raise Bad(
            "class",
            "WH1107",
            f"expected good, or one of {', '.join(sorted(set(CLASSES.values())))}; came {_safe(text)!r}",
        )
    return CLASSES[said]


def _sequence(text: str, default: int | None) -> int | None:
    if not text:
        return default
    if not (text.isdigit() and text.isascii() and len(text) <= MAX_WHOLE_DIGITS):
        raise Bad(
            "sequence", "WH1106", f"expected a whole number of at most {MAX_WHOLE_DIGITS} digits, came {_safe(text)!r}"
        )
    return int(text)


def _as_of(text: str, given: Given) -> int:
    found = instant(text, given.zone) if text else given.as_of
    if found is None:
        raise Bad(
            "as_of",
            "WH1105",
            "expected the time of the count; the row has none and none was given for the file (--as-of)",
        )
    if not given.now - BEHIND_MS <= found <= given.now + AHEAD_MS:
        raise Bad(
            "as_of",
            "WH1405",
            f"expected a time within two years before and a day after {rfc3339(given.now)}, came {text or rfc3339(found)}",
        )
    return found


@lru_cache(maxsize=4096)  # nearly all rows of a snapshot have few times
def instant(text: str, zone: tzinfo | None) -> int:
    """A time as ms since the epoch; raises Bad where it is none, or has no offset and none is assumed."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None and zone is None:
            raise Bad(
                "as_of", "WH1106", f"{_safe(text)} has no offset from UTC; send 2026-03-02T08:00:00Z, or say --timezone"
            )
        moment = found if found.tzinfo else found.replace(tzinfo=zone)
        return round(moment.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError) as exc:
        if isinstance(exc, Bad):
            raise
        raise Bad("as_of", "WH1106", f"expected a time such as 2026-03-02T08:00:00Z, came {_safe(text)!r}") from exc


def _safe(text: str) -> str:
    """A text as it may be shown: short, without controls and lost bytes."""
    return _LOST.sub("\ufffd", _CONTROL.sub("\ufffd", text.strip()[:60]))
