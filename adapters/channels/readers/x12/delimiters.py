"""The delimiters of an interchange, from its own ISA.

Never by position: about one real file in nine breaks the fixed width (unpadded ids, line breaks inside the ISA, a
missing ISA16). Source: X12.5 interchange control structures; the rules of reference/domain/orders.md §3.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ISA_LIMIT = 1000  # nominally 106 characters; no sane ISA is longer than this
TERMINATOR_LIMIT = 4
SAMPLE = 20_000  # characters that show what ends the lines
LAYOUT = "\r\n\t \x85\xa0"
REPETITION_SINCE = 402  # ISA11 is a separator from version 00402 on; before, it names a standards body


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What separates what in one interchange."""

    element: str
    component: str  # "" where ISA16 is missing
    terminator: str
    repetition: str = ""

    @property
    def by_line(self) -> bool:
        """Whether each line is a segment."""
        return self.terminator == "\n"


class BadInterchange(ValueError):
    """The delimiters of an interchange cannot be told; says what was expected and what came."""


def detect(text: str, start: int) -> tuple[Delimiters, list[str], int]:
    """The delimiters of the ISA at `start`, its sixteen elements, and where the first segment after it begins.

    raises BadInterchange where there are fewer than sixteen separators, nothing that ends a segment, or two that are equal
    """
    element = text[start + 3 : start + 4]
    if not element or element.isalnum() or element in LAYOUT:
        raise BadInterchange(f"expected an element separator after ISA, came {element!r}")
    last = _sixteenth(text, start, element)
    values = text[start + 4 : last].split(element)
    following = re.compile(rf"(?:GS|TA1|ST|IEA){re.escape(element)}").search(text, last + 1, last + 1 + ISA_LIMIT)
    end = following.start() if following else min(len(text), last + 3)
    between = text[last + 1 : end]
    component, rest = between[:1], between[1:].strip(LAYOUT)
    missing = component in LAYOUT if between else True
    if missing:
        raise BadInterchange("expected ISA16 and a segment terminator after the sixteenth separator; there is nothing")
    terminator, component = (
        (rest, component) if rest else _from_layout(text[start : start + SAMPLE], between, component)
    )
    found = Delimiters(element, component, terminator, _repetition(values, (element, component, terminator)))
    _check(found)
    return found, [_clean(value) for value in values] + [component], end


def _sixteenth(text: str, start: int, element: str) -> int:
    position, limit = start + 3, start + ISA_LIMIT
    for count in range(1, 16):
        position = text.find(element, position + 1, limit)
        if position < 0:
            raise BadInterchange(f"expected 16 elements in ISA, came {count}")
    return position


def _from_layout(sample: str, between: str, component: str) -> tuple[str, str]:
    """Terminator and component separator where nothing but layout follows the character in ISA16's place.

    If that character ends most lines, ISA16 was left out and it is the terminator; else the line break is.
    """
    lines = [line.rstrip(LAYOUT) for line in sample.split("\n") if line.strip(LAYOUT)]
    ending = sum(line.endswith(component) for line in lines)
    if len(lines) > 1 and ending * 2 > len(lines):
        return component, ""
    if "\n" in between or "\r" in between:
        return "\n", component
    raise BadInterchange("expected a segment terminator before the first segment after ISA; there is none")


def _repetition(values: list[str], others: tuple[str, ...]) -> str:
    mark, version = values[10].strip(LAYOUT), values[11].strip(LAYOUT)
    known = version.isascii() and version.isdigit() and int(version) >= REPETITION_SINCE
    return mark if known and len(mark) == 1 and not mark.isalnum() and mark not in others else ""


def _check(found: Delimiters) -> None:
    if len(found.terminator) > TERMINATOR_LIMIT or any(char.isalnum() for char in found.terminator):
        raise BadInterchange(f"expected a segment terminator, came {found.terminator[:20]!r}")
    if found.terminator in (found.element, found.component) or found.component == found.element:
        raise BadInterchange("expected three different separators in ISA; two of them are the same")


def _clean(value: str) -> str:
    return value.replace("\r", "").replace("\n", "").strip(LAYOUT)
