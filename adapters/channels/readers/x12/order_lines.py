"""The lines of an 850: each PO1 with the segments of its loop, up to the next PO1 or CTT."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from adapters.channels.readers.document import Place, Problem
from adapters.channels.readers.fields import fits
from adapters.channels.readers.order import RawLine, RawPack
from adapters.channels.readers.x12 import codes, values
from adapters.channels.readers.x12.parties import Parties
from adapters.channels.readers.x12.segments import Segment

ID_LIMIT = 64


@dataclass(slots=True)
class LineLoop:
    """What is gathered of one line while its segments come."""

    line: RawLine
    place: Place
    parties: Parties = field(default_factory=Parties)

    def take(self, segment: Segment) -> None:
        """Add a segment of the loop; what is not known is left aside."""
        line = self.line
        match segment.tag:
            case "CUR":
                self.line = replace(line, currency=segment.get(2))
            case "PID" if not line.description:
                self.line = replace(line, description=segment.get(5))
            case "PO4" if line.pack is None:
                packs, size = values.decimal(segment.get(1)), values.decimal(segment.get(2))
                self.line = replace(line, pack=RawPack(packs, size, segment.get(3)))
            case "REF":
                self.line = replace(line, references=(*line.references, (segment.get(1), segment.get(2))))
            case "DTM":
                self.line = replace(line, dates=(*line.dates, values.date_of(segment)))
            case "SDQ":
                self.line = replace(line, destinations=(*line.destinations, *_destinations(segment)))
            case _:
                self.parties.take(segment)

    def finished(self) -> RawLine:
        return replace(self.line, parties=self.parties.finished())


def line_of(segment: Segment, place: Place, problems: list[Problem]) -> LineLoop:
    """A PO1; its identifiers in any order, what cannot be ordered noted as a problem."""
    quantity = _quantity(segment, place, problems)
    price = values.decimal(segment.get(4))
    if segment.get(4) and (price is None or price < 0 or not fits(price)):
        problems.append(_at("WH1209", place, 4, f"expected a price, came {segment.get(4)[:40]!r}"))
    if len(segment.get(1)) > ID_LIMIT:
        problems.append(_at("WH1209", place, 1, f"expected a line id of at most {ID_LIMIT} characters"))
    line = RawLine(
        line="",
        channel_line=segment.get(1),
        product_ids=tuple(_product_id(qualifier, value) for qualifier, value in segment.pairs(6) if value),
        quantity=quantity,
        unit=segment.get(3),
        price=price,
        price_basis=segment.get(5),
    )
    return LineLoop(line, place)


def _quantity(segment: Segment, place: Place, problems: list[Problem]) -> Decimal:
    quantity = values.decimal(segment.get(2))
    if quantity is not None and quantity > 0 and fits(quantity):
        return quantity
    problems.append(
        _at("WH1209", place, 2, f"expected a quantity above 0, came {segment.get(2)[:40]!r}; correct the line")
    )
    return Decimal(0)


def _product_id(qualifier: str, value: str) -> tuple[str, str]:
    if not qualifier:
        return "unqualified", value
    return codes.named("product", qualifier), value


def _destinations(segment: Segment) -> tuple[tuple[str, Decimal], ...]:
    """SDQ: unit, id scheme, then pairs of store and quantity."""
    found = ((store, values.decimal(quantity)) for store, quantity in segment.pairs(3) if store)
    return tuple((store, quantity) for store, quantity in found if quantity is not None)


def _at(code: str, place: Place, element: int, message: str) -> Problem:
    return Problem(code, message, replace(place, element=element))


def numbered(lines: list[RawLine], doubts: list[Problem]) -> tuple[RawLine, ...]:
    """Give each line our own id: the sender's where it has one and it is the only one, else its position."""
    taken = {line.channel_line for line in lines}
    used: set[str] = set()
    named: list[RawLine] = []
    for position, line in enumerate(lines, 1):
        ours = line.channel_line
        if not ours or ours in used:
            doubts.append(
                Problem("WH1218", f"line {position} has no id of its own ({ours[:40]!r}); its position stands for it")
            )
            ours = next(name for name in (str(position), f"#{position}") if name not in taken and name not in used)
        used.add(ours)
        named.append(replace(line, line=ours))
    return tuple(named)
