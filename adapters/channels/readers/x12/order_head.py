"""What stands before the lines of an 850, and after them: BEG, CUR, REF, CSH, DTM, parties, totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from adapters.channels.readers.document import Place, Problem
from adapters.channels.readers.order import RawDate, RawLine, RawOrder, Transport
from adapters.channels.readers.x12 import codes, values
from adapters.channels.readers.x12.parties import Parties
from adapters.channels.readers.x12.segments import Segment

NUMBER_LIMIT = 64
SERIES_WITH_RELEASE = ("blanket_firm", "release")
TOTAL_AMOUNTS = ("1", "TT")  # AMT01: line item total, total transaction amount


@dataclass(slots=True)
class Head:
    """What is gathered of the order itself."""

    begun: bool = False
    number: str = ""
    release: str = ""
    purpose: str = ""
    order_type: str = ""
    currency: str = ""
    terms: str = ""
    dates: list[RawDate] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    totals: list[tuple[str, Decimal]] = field(default_factory=list)
    parties: Parties = field(default_factory=Parties)
    doubts: list[Problem] = field(default_factory=list)

    def take(self, segment: Segment, number: int) -> None:
        """Add a segment that stands outside the lines; what is not known is left aside."""
        match segment.tag:
            case "BEG" if not self.begun:
                self._begin(segment, number)
            case "CUR":
                self.currency = segment.get(2)
            case "REF":
                self.references.append((segment.get(1), segment.get(2)))
            case "CSH":
                self.terms = self._known("terms", segment, 1, number)
            case "DTM":
                self._date(values.date_of(segment), number)
            case "CTT":
                self._total("lines", segment.get(1))
                self._total("hash", segment.get(2))
            case "AMT" if segment.get(1) in TOTAL_AMOUNTS:
                self._total("amount", segment.get(2))
        self.parties.take(segment)

    def order(self, lines: tuple[RawLine, ...], *, test: bool, transport: Transport) -> RawOrder:
        """The raw order of all that was gathered."""
        return RawOrder(
            number=self.number,
            release=self.release,
            purpose=self.purpose,
            order_type=self.order_type,
            currency=self._currency(lines),
            test=test,
            ship_complete=True if self.terms == "ship_complete" else None,
            backorder={"no_backorder": False, "backorder": True}.get(self.terms),
            units="x12",
            dates=tuple(self.dates),
            parties=self.parties.finished(),
            references=tuple(self.references),
            lines=lines,
            totals=tuple(self.totals),
            transport=transport,
        )

    def _begin(self, segment: Segment, number: int) -> None:
        self.begun = True
        self.purpose = self._known("purpose", segment, 1, number)
        self.order_type = self._known("order_type", segment, 2, number)
        if len(segment.get(3)) <= NUMBER_LIMIT:
            self.number = segment.get(3)
        # only firm blankets and their releases are numbered by release; elsewhere BEG04 holds the sender's notes
        self.release = segment.get(4)[:NUMBER_LIMIT] if self.order_type in SERIES_WITH_RELEASE else ""
        if segment.get(4) and not self.release:
            self.references.append(("BEG04", segment.get(4)))
        if segment.get(5):
            self._date(RawDate("ordered", day=values.day(segment.get(5)), text=segment.get(5)), number)

    def _known(self, code_list: str, segment: Segment, element: int, number: int) -> str:
        code = segment.get(element)
        if code and codes.meaning(code_list, code) is None:
            place = Place(tag=segment.tag, segment=number, element=element)
            self.doubts.append(Problem("WH1215", f"{code_list} {code[:20]!r} is not known; it is kept as sent", place))
        return codes.named(code_list, code) if code else ""

    def _date(self, found: RawDate, number: int) -> None:
        self.dates.append(found)
        if not found.day:
            message = f"date {found.text[:40]!r} of {found.kind} cannot be read; it is left aside"
            self.doubts.append(Problem("WH1211", message, Place(tag="DTM", segment=number)))

    def _total(self, kind: str, text: str) -> None:
        value = values.decimal(text)
        if value is not None:
            self.totals.append((kind, value))

    def _currency(self, lines: tuple[RawLine, ...]) -> str:
        """Header currency; where there is none, the one on which all lines agree."""
        named = {line.currency for line in lines}
        return self.currency or (named.pop() if len(named) == 1 else "")
