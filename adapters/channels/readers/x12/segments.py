"""A tolerant, streaming tokenizer of X12: text in, segments out, one pass, linear time.

It takes line breaks as layout where another terminator is declared, and repairs one fault that real files show: a
terminator that was left out at the end of a line of a file that has one segment per line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.channels.readers.x12.delimiters import LAYOUT, Delimiters, detect

ELEMENT_LIMIT = 1024
SAMPLE = 5_000  # characters of an interchange that show its layout
_BREAKS = str.maketrans("", "", "\r\n")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag and its elements as sent (element 1 is the first after the tag)."""

    tag: str
    elements: tuple[str, ...]
    repaired: bool = False  # its beginning was found although the terminator before it is missing

    def get(self, number: int) -> str:
        """Element `number`, counted from 1, without blanks around it; "" where it was left out."""
        return self.elements[number - 1].strip(LAYOUT) if number <= len(self.elements) else ""

    def pairs(self, first: int) -> Iterator[tuple[str, str]]:
        """Elements from `first` on, two by two: qualifier and value."""
        for number in range(first, len(self.elements) + 1, 2):
            yield self.get(number), self.get(number + 1)


@dataclass(frozen=True, slots=True)
class Opening:
    """An ISA: the delimiters that hold until the next one, and its sixteen elements."""

    delimiters: Delimiters
    elements: tuple[str, ...]


def text_of(body: bytes) -> str:
    """The characters of a body: EBCDIC by its first letters, UTF-8 where it is, else Latin-1, so that nothing is lost."""
    if body[:3] == b"\xc9\xe2\xc1":
        return body.decode("cp037").replace("\x85", "\n")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def tokens(text: str) -> Iterator[Opening | Segment]:
    """The openings and segments of a text that begins with ISA.

    raises BadInterchange (of `delimiters`) at an ISA whose delimiters cannot be told
    """
    position, delimiters, reader = 0, None, None
    while (position := _skip_layout(text, position)) < len(text):
        if delimiters is None or reader is None or _opens(text, position):
            delimiters, elements, position = detect(text, position)
            reader = _Lines(delimiters, text[position : position + SAMPLE])
            yield Opening(delimiters, tuple(elements))
            continue
        end = text.find(delimiters.terminator, position)
        end = len(text) if end < 0 else end
        yield from reader.segments(text[position:end])
        position = end + len(delimiters.terminator)


def _opens(text: str, position: int) -> bool:
    return text.startswith("ISA", position) and not text[position + 3 : position + 4].isalnum()


def _skip_layout(text: str, position: int) -> int:
    while position < len(text) and text[position] in LAYOUT + "\ufeff\x1a\x00":
        position += 1
    return position


class _Lines:
    """Splits what stands between two terminators; mostly that is one segment."""

    def __init__(self, delimiters: Delimiters, sample: str) -> None:
        self.delimiters = delimiters
        # begins where a run of breaks begins, and never gives back: linear, whatever the runs
        tag = rf"(?<![\r\n])[\r\n]++[ \t]*+(?=[A-Z][A-Z0-9]{{1,2}}{re.escape(delimiters.element)})"
        self.lost = re.compile(tag) if not delimiters.by_line and _one_per_line(delimiters, sample) else None

    def segments(self, raw: str) -> Iterator[Segment]:
        if self.lost is None or "\n" not in raw:
            yield self._segment(raw, repaired=False)
            return
        for index, part in enumerate(self.lost.split(raw)):
            yield self._segment(part, repaired=index > 0)

    def _segment(self, raw: str, *, repaired: bool) -> Segment:
        tag, *elements = raw.translate(_BREAKS).split(self.delimiters.element)
        return Segment(tag.strip(LAYOUT), tuple(elements), repaired)


def _one_per_line(delimiters: Delimiters, sample: str) -> bool:
    """Whether nearly every terminator ends a line: then a line without one lost it. Wrapped files are not like that."""
    ends = sample.count(delimiters.terminator)
    breaks = len(re.findall(rf"{re.escape(delimiters.terminator)}[ \t]*\r?\n", sample))
    return ends > 2 and breaks >= 0.9 * (ends - 1)
