"""X12 written for tests: any delimiters, any segments. Writing is the other half of the law `read(write(x)) == x`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from adapters.channels.readers.document import Document
from adapters.channels.readers.x12.delimiters import Delimiters

USUAL = Delimiters(element="*", component=">", terminator="~")
Segments = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Envelope:
    """What stands around transaction sets."""

    sender: tuple[str, str] = ("ZZ", "RETX")
    control: str = "000000101"
    version: str = "00401"
    repetition: str = "U"
    usage: str = "P"
    trailer: bool = True


ENVELOPE = Envelope()


def isa(envelope: Envelope, delimiters: Delimiters) -> list[str]:
    """The sixteen elements of an ISA after its tag."""
    qualifier, sender = envelope.sender
    return [
        "00", " " * 10, "00", " " * 10, qualifier, f"{sender:<15}", "ZZ", f"{'WHARF':<15}", "260302", "0800",
        envelope.repetition, envelope.version, envelope.control, "0", envelope.usage, delimiters.component,
    ]  # fmt: skip


def joined(segments: Iterable[Sequence[str]], delimiters: Delimiters = USUAL, after: str = "") -> str:
    """Segments as text; `after` is layout that follows each terminator."""
    return "".join(delimiters.element.join(segment) + delimiters.terminator + after for segment in segments)


def interchange(
    *sets: Segments, delimiters: Delimiters = USUAL, envelope: Envelope = ENVELOPE, after: str = "\n"
) -> str:
    """A whole interchange: one group with these transaction sets (their own ST and SE included)."""
    body: list[Sequence[str]] = [("ISA", *isa(envelope, delimiters))]
    body.append(("GS", "PO", envelope.sender[1], "WHARF", "20260302", "0800", "7", "X", "004010"))
    for one in sets:
        body.extend(one)
    body.append(("GE", str(len(sets)), "7"))
    if envelope.trailer:
        body.append(("IEA", "1", envelope.control))
    return joined(body, delimiters, after)


def order_850(
    number: str = "4500017", *middle: Sequence[str], control: str = "0001", beg: Sequence[str] | None = None
) -> list[Sequence[str]]:
    """An 850: BEG, then these segments, with right counts."""
    begin = beg or ("BEG", "00", "SA", number, "", "20260302")
    lines = [segment for segment in middle if segment[0] == "PO1"]
    tail = [] if any(segment[0] == "CTT" for segment in middle) else [("CTT", str(len(lines)))]
    inner = [begin, *middle, *tail]
    return [("ST", "850", control), *inner, ("SE", str(len(inner) + 2), control)]


def po1(
    line: str = "1", quantity: str = "24", unit: str = "EA", price: str = "9.50", *ids: str, basis: str = ""
) -> Sequence[str]:
    """A PO1 with a vendor part where no identifiers are given."""
    return ("PO1", line, quantity, unit, price, basis, *(ids or ("VN", "WIDGET-A")))


def x12(text: str) -> Document:
    """The text as a document that somebody sent."""
    return Document(text.encode(), media_type="application/edi-x12", channel="edi")


def one_order(*middle: Sequence[str], usage: str = "P", beg: Sequence[str] | None = None) -> Document:
    """A file with one 850."""
    return x12(interchange(order_850("4500017", *middle, beg=beg), envelope=replace(Envelope(), usage=usage)))
