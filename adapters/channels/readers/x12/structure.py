"""Follows the envelopes of a file, segment by segment."""

from __future__ import annotations

from adapters.channels.readers.document import Place, Problem
from adapters.channels.readers.x12.delimiters import LAYOUT, BadInterchange
from adapters.channels.readers.x12.interchange import (
    COUNT,
    REPAIRED,
    TRAILER,
    Doubts,
    File,
    Group,
    Interchange,
    Transaction,
)
from adapters.channels.readers.x12.segments import ELEMENT_LIMIT, Opening, Segment, text_of, tokens


def looks_like_x12(body: bytes) -> bool:
    """Whether a body begins as an interchange does: ISA and a separator, after a byte order mark or layout."""
    if body[:3] == b"\xc9\xe2\xc1":
        return True
    start = body[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"ISA") and not start[3:4].isalnum()


def read_file(body: bytes) -> File:
    """All transactions of a body; never raises for what stands in it."""
    structure = _Structure()
    text = text_of(body)
    if not text.lstrip(LAYOUT).startswith("ISA"):
        structure.file.broken = Problem("WH1201", "expected an interchange that begins with ISA; send X12 as it is")
        return structure.file
    try:
        for token in tokens(text):
            structure.take(token)
    except BadInterchange as exc:
        structure.file.broken = Problem("WH1202", f"{exc}; repair the ISA", Place(tag="ISA", segment=1))
    structure.close_interchange(missing=True)
    return structure.file


class _Structure:
    """Follows the envelopes as segments come."""

    def __init__(self) -> None:
        self.file = File()
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.open: Transaction | None = None

    def take(self, token: Opening | Segment) -> None:
        self.file.segments += 1
        if isinstance(token, Opening):
            self.close_interchange(missing=True)
            self.interchange = Interchange(token.elements)
            self.file.interchanges.append(self.interchange)
            return
        enter = {"GS": self._group, "ST": self._set, "SE": self._end_set, "GE": self._end_group, "IEA": self._end}
        enter.get(token.tag, self._inside)(token)

    def _inside(self, segment: Segment) -> None:
        if self.open is not None:
            self.open.segments.append(segment)
            self._note_faults(self.open, segment)
        elif segment.tag != "TA1" and segment.tag and self.interchange is not None:
            message = f"segment {segment.tag[:20]!r} stands outside any transaction set"
            self.interchange.doubts.note(TRAILER, message)
            if self.group is None:
                self.interchange.stray = segment.tag[:20]

    def _note_faults(self, transaction: Transaction, segment: Segment) -> None:
        number = len(transaction.segments)
        if segment.repaired:
            message = f"the segment before {segment.tag} has no terminator; a line break was taken for one"
            transaction.doubts.note(REPAIRED, message, Place(tag=segment.tag, segment=number))
        for index, element in enumerate(segment.elements, 1):
            if len(element) > ELEMENT_LIMIT and transaction.too_long is None:
                transaction.too_long = Place(tag=segment.tag[:20], segment=number, element=index)

    def _group(self, segment: Segment) -> None:
        self._close_group(missing=True)
        self.group = Group(segment)
        if self.interchange is not None:
            self.interchange.groups += 1

    def _set(self, segment: Segment) -> None:
        self._close_set(missing=True)
        if self.interchange is None:
            message = "a transaction set stands outside any interchange; send it with its own ISA"
            self.file.broken = self.file.broken or Problem("WH1203", message, Place(tag="ST", segment=1))
            return
        if self.group is None:
            self.group = Group(Segment("GS", ()))
            self.interchange.doubts.note(TRAILER, "a transaction set stands outside any group")
        self.group.sets += 1
        position = len(self.file.transactions) + 1
        self.open = Transaction(self.interchange, self.group, position, [segment], stray=self.interchange.stray)
        self.file.transactions.append(self.open)

    def _end_set(self, segment: Segment) -> None:
        if self.open is None:
            return self._inside(segment)
        self.open.segments.append(segment)
        self.open.closed = True
        count, place = len(self.open.segments), Place(tag="SE", segment=len(self.open.segments))
        self._expect(self.open.doubts, "SE01", segment.get(1), str(count), place)
        self._expect(self.open.doubts, "SE02", segment.get(2), self.open.control, place)
        return self._close_set(missing=False)

    def _end_group(self, segment: Segment) -> None:
        self._close_set(missing=True)
        if self.group is not None:
            self._expect(self.group.doubts, "GE01", segment.get(1), str(self.group.sets), Place(tag="GE", segment=1))
            self._expect(self.group.doubts, "GE02", segment.get(2), self.group.control, Place(tag="GE", segment=1))
        self._close_group(missing=False)

    def _end(self, segment: Segment) -> None:
        self._close_group(missing=True)
        if self.interchange is not None:
            doubts, place = self.interchange.doubts, Place(tag="IEA", segment=1)
            self._expect(doubts, "IEA01", segment.get(1), str(self.interchange.groups), place)
            self._expect(doubts, "IEA02", segment.get(2), self.interchange.control, place)
        self.close_interchange(missing=False)

    @staticmethod
    def _expect(doubts: Doubts, name: str, came: str, expected: str, place: Place) -> None:
        same = came.lstrip("0") == expected.lstrip("0") if came.isdigit() and expected.isdigit() else came == expected
        if not same:
            doubts.note(COUNT, f"{name}: expected {expected[:40]!r}, came {came[:40]!r}", place)

    def _close_set(self, *, missing: bool) -> None:
        if self.open is not None and missing:
            self.open.doubts.note(TRAILER, f"transaction set {self.open.control[:40]!r} has no SE")
        self.open = None

    def _close_group(self, *, missing: bool) -> None:
        self._close_set(missing=True)
        if self.group is not None and missing:
            self.group.doubts.note(TRAILER, f"group {self.group.control[:40]!r} has no GE")
        self.group = None

    def close_interchange(self, *, missing: bool) -> None:
        """End what is open; `missing` says that no trailer closed it."""
        self._close_group(missing=True)
        if self.interchange is not None and missing:
            self.interchange.doubts.note(TRAILER, f"interchange {self.interchange.control[:40]!r} has no IEA")
        self.interchange = None
