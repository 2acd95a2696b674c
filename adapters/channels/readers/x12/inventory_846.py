"""The 846 inventory inquiry/advice → rows of a snapshot. Source: X12 846 (4010): BIA, DTM, N1; LIN, QTY, DTM, N1; CTT.

Read twice, segment by segment, so that a file of a million items needs no more memory than one of ten: `survey` finds
the sets that are not whole, `rows` reads the others. Where the counts of a set (SE01, CTT01) do not fit, all of it is
refused: a lost LIN would put its quantity on the item before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow, row_of
from adapters.channels.readers.x12.delimiters import BadInterchange
from adapters.channels.readers.x12.segments import Opening, Segment
from adapters.channels.readers.x12.values import clock, day

KIND = "846"
ON_HAND = "17"  # QTY01, element 673: quantity on hand; 33 is available for sale, which reservations lower, 29 and 63 are not there yet
ITEMS = ("SK", "BP", "IN")  # LIN02 and on, element 235: ours, or the buyer's, which is ours where a supplier tells us
PLACES = ("WH", "SF")  # N101, element 98: warehouse, ship from
AT = frozenset(("007", "405", "514"))  # DTM01, element 374, where it says of when the quantities are
ENVELOPE = frozenset(("GS", "GE", "IEA", "TA1"))


@dataclass(slots=True)
class Survey:
    """What a file holds: items to expect, and why some of its sets are refused, by their number in the file."""

    items: int = 0
    sets: int = 0
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)  # code and message
    broken: str = ""


@dataclass(slots=True)
class _Open:
    """A set of which the end has not come yet."""

    number: int
    kind: str
    control: str
    segments: int = 1
    items: int = 0
    stated: str = ""  # CTT01
    closed: bool = False


def survey(tokens: Iterable[Opening | Segment]) -> Survey:
    """Look at the counts of every set; an interchange that cannot be read on ends the survey, not what came before."""
    found, current = Survey(), None
    try:
        for token in tokens:
            current = _seen(found, current, token)
    except BadInterchange as exc:
        found.broken = str(exc)
    if current is not None:
        _close(found, current, None)
    return found


def _seen(found: Survey, current: _Open | None, token: Opening | Segment) -> _Open | None:
    ends = isinstance(token, Opening) or token.tag == "ST" or token.tag in ENVELOPE
    if current is not None and ends:
        _close(found, current, None)
        current = None
    if isinstance(token, Opening):
        return None
    if token.tag == "ST":
        found.sets += 1
        return _Open(found.sets, token.get(1), token.get(2))
    if current is None:
        return None
    current.segments += 1
    if token.tag == "LIN":
        current.items += 1
    elif token.tag == "CTT":
        current.stated = token.get(1)
    elif token.tag == "SE":
        _close(found, current, token)
        return None
    return current


def _close(found: Survey, current: _Open, trailer: Segment | None) -> None:
    if wrong := _wrong(current, trailer):
        found.refused[current.number] = wrong
    else:
        found.items += current.items


def _wrong(one: _Open, trailer: Segment | None) -> tuple[str, str] | None:
    name = f"set {one.control[:40]!r}"
    if one.kind != KIND:
        return "WH1005", f"{name} is a {one.kind[:20] or 'set without a kind'}; expected {KIND}"
    if trailer is None:
        return "WH1205", f"{name} has no SE: it was cut off; send it again"
    if _differs(trailer.get(1), one.segments):
        return (
            "WH1204",
            f"{name}: SE01 says {trailer.get(1)[:20]} segments, there are {one.segments}; send it again whole",
        )
    if one.stated and _differs(one.stated, one.items):
        return "WH1204", f"{name}: CTT01 says {one.stated[:20]} items, there are {one.items}; send it again whole"
    return None


def _differs(said: str, counted: int) -> bool:
    return not (said.isdigit() and said.isascii() and int(said[:18]) == counted)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a set says before its first item, and an item after it: where, and of when."""

    as_of: str = ""
    location: str = ""


@dataclass(slots=True)
class _Item:
    """A LIN and what belongs to it."""

    line: int
    sku: str
    head: _Head
    quantities: list[tuple[str, str, str]] = field(default_factory=list)  # qualifier, quantity, unit

    def take(self, segment: Segment) -> None:
        if segment.tag == "QTY":
            unit = segment.get(3).split(":")[0].split(">")[0]
            self.quantities.append((segment.get(1), segment.get(2), unit))
        else:
            self.head = _told(self.head, segment)


def rows(
    tokens: Iterable[Opening | Segment], found: Survey, given: Given, *, on_hand: str = ON_HAND
) -> Iterator[StockRow | RefusedRow]:
    """Each item of the whole sets as a row, each refused set as one refusal.

    on_hand  the QTY01 that is the quantity on hand for this partner
    """
    number, head, item, skipped = 0, _Head(), None, True
    try:
        for line, token in enumerate(tokens, 1):
            if isinstance(token, Opening) or token.tag in ("ST", "SE", "CTT", "LIN") or token.tag in ENVELOPE:
                if item is not None:
                    yield _row(item, given, on_hand)
                item = None
            if isinstance(token, Opening):
                continue
            if token.tag == "ST":
                number, head = number + 1, _Head()
                skipped = number in found.refused
                if skipped:
                    yield RefusedRow(line, "", *found.refused[number])
            elif token.tag == "LIN" and not skipped:
                item = _Item(line, _sku(token), head)
            elif item is not None:
                item.take(token)
            elif not skipped:
                head = _told(head, token)
    except BadInterchange as exc:
        yield RefusedRow(0, "", "WH1202", f"{exc}; nothing after it can be read")
    if not found.sets:
        yield RefusedRow(1, "", "WH1210", f"expected a transaction set {KIND}; the file holds none")


def _sku(segment: Segment) -> str:
    """LIN01 is a number of the line; qualifiers and identifiers follow in pairs."""
    named = {kind: value for kind, value in segment.pairs(2) if value}
    return next((named[kind] for kind in ITEMS if kind in named), "")


def _told(head: _Head, segment: Segment) -> _Head:
    if segment.tag == "BIA":
        return replace(head, as_of=_instant(segment.get(4), segment.get(5)))
    if segment.tag == "DTM" and segment.get(1) in AT:
        return replace(head, as_of=_instant(segment.get(2), segment.get(3)) or head.as_of)
    if segment.tag == "N1" and segment.get(1) in PLACES:
        return replace(head, location=segment.get(4) or segment.get(2))
    return head


def _instant(date: str, time: str) -> str:
    """A date and time as ISO; a date without a time is its beginning, so that nothing later is taken for counted."""
    found = day(date)
    return f"{found}T{clock(time) or '00:00:00'}" if found else date and f"{date} {time}".strip()


def _row(item: _Item, given: Given, on_hand: str) -> StockRow | RefusedRow:
    if not item.sku:
        names = ", ".join(ITEMS)
        return RefusedRow(item.line, "LIN", "WH1410", f"expected an identifier {names} in LIN; it has none")
    told = [(quantity, unit) for kind, quantity, unit in item.quantities if kind == on_hand]
    if len(told) != 1:
        came = ", ".join(kind for kind, _, _ in item.quantities) or "none"
        message = f"expected one QTY with QTY01 {on_hand} (on hand), came {came}"
        return RefusedRow(item.line, "QTY01", "WH1411", message, item.sku, item.head.location or given.location)
    (quantity, unit) = told[0]
    texts = {
        "sku": item.sku,
        "location": item.head.location,
        "quantity": quantity,
        "unit": unit,
        "as_of": item.head.as_of,
    }
    return row_of(item.line, texts, given)
