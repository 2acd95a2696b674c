"""A tolerant, streaming tokenizer of X12: text in, segments out, one pass, linear time.

It takes line breaks as layout where another terminator is declared, and repairs one fault that real files show: a
terminator that was left out at the end of a line of a file that has one segment per line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.channels.readers.x12.delimiters import ISA_LIMIT, LAYOUT, BadInterchange, Delimiters, detect
from adapters.channels.readers.x12.delimiters import SAMPLE as ISA_SAMPLE

ELEMENT_LIMIT = 1024
SAMPLE = 5_000  # characters of an interchange that show its layout
LOOKAHEAD = ISA_SAMPLE + 2 * ISA_LIMIT  # characters that show the delimiters of an interchange
LONGEST = 16 << 20
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
    return streamed(iter((text,)))


def streamed(blocks: Iterator[str]) -> Iterator[Opening | Segment]:
    """The same of a text that comes in blocks, cut anywhere: no more of it is held than a block and a segment.

    raises BadInterchange as `tokens` does, and where a segment does not end within LONGEST characters
    """
    window, delimiters, reader = _Window(blocks), None, None
    while window.skip_layout():
        if delimiters is None or reader is None or window.opens():
            window.ahead(LOOKAHEAD)
            delimiters, elements, window.position = detect(window.text, window.position)
            reader = _Lines(delimiters, window.ahead(SAMPLE))
            yield Opening(delimiters, tuple(elements))
            continue
        yield from reader.segments(window.until(delimiters.terminator))


class _Window:
    """The part of a text under the reader's eyes; what lies behind is let go."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self.blocks, self.text, self.position = blocks, "", 0

    def more(self) -> bool:
        """Read another block, if there is one."""
        block = next(self.blocks, None)
        if block is None:
            return False
        self.text, self.position = self.text[self.position :] + block, 0
        return True

    def ahead(self, characters: int) -> str:
        """What comes next, so many characters of it as there are."""
        while len(self.text) - self.position < characters and self.more():
            pass
        return self.text[self.position : self.position + characters]

    def skip_layout(self) -> bool:
        """Go to the next character that says something; False where there is none."""
        while True:
            while self.position < len(self.text) and self.text[self.position] in LAYOUT + "\ufeff\x1a\x00":
                self.position += 1
            if self.position < len(self.text):
                return True
            if not self.more():
                return False

    def opens(self) -> bool:
        """Whether an ISA stands here."""
        start = self.ahead(4)
        return start.startswith("ISA") and not start[3:4].isalnum()

    def until(self, terminator: str) -> str:
        """What stands before the next terminator, or all of the rest; goes on behind it."""
        seen = 0
        while (end := self.text.find(terminator, self.position + seen)) < 0:
            seen = max(0, len(self.text) - self.position - len(terminator))
            if seen > LONGEST:
                raise BadInterchange(f"expected a segment terminator {terminator!r} within {LONGEST} characters")
            if not self.more():
                end = len(self.text)
                break
        found, self.position = self.text[self.position : end], end + len(terminator)
        return found


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
