"""Values of X12 elements: decimals, dates and times, as texts that may be wrong."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from adapters.channels.readers.order import RawDate
from adapters.channels.readers.x12 import codes
from adapters.channels.readers.x12.segments import Segment

_DECIMAL = re.compile(r"([-+]?)(\d{0,18})(?:\.(\d{0,9}))?(-?)", re.ASCII)
_CENTURY_WINDOW = 50  # YYMMDD: 00 to 49 is 2000 to 2049, 50 to 99 is 1950 to 1999


def decimal(text: str) -> Decimal | None:
    """A decimal with an explicit point and a sign before or behind; None where the text is none."""
    match = _DECIMAL.fullmatch(text)
    if not match or not (match[2] or match[3]) or (match[1] and match[4]):
        return None
    value = Decimal(f"{match[2] or 0}.{match[3]}" if match[3] else match[2])
    return -value if "-" in (match[1], match[4]) else value


def day(text: str) -> str:
    """CCYYMMDD or YYMMDD as an ISO date; "" where it is no date."""
    if not (text.isascii() and text.isdigit()):
        return ""
    if len(text) == 6:
        text = ("20" if int(text[:2]) < _CENTURY_WINDOW else "19") + text
    if len(text) != 8:
        return ""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return ""


def clock(text: str) -> str:
    """HHMM, HHMMSS or HHMMSSDD as ISO time; "" where it is none."""
    if not (text.isdigit() and text.isascii() and len(text) in (4, 6, 8)):
        return ""
    hour, minute, second = text[:2], text[2:4], text[4:6] or "00"
    return f"{hour}:{minute}:{second}" if hour < "24" and minute < "60" and second < "60" else ""


def date_of(segment: Segment) -> RawDate:
    """A DTM: qualifier, date (in DTM02, or DTM05 and DTM06 in older releases), time, zone code."""
    text = segment.get(2) or segment.get(6)
    century = segment.get(5) if segment.get(5).isdigit() and len(text) == 6 else ""  # DTM05 before release 4010
    found = day(century + text) if century else day(text)
    return RawDate(codes.named("date", segment.get(1)), found, clock(segment.get(3)), segment.get(4), text)
