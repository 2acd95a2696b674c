"""Names of the rows of shipments: the key is the tenant alone, so a name carries everything."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from schemas.envelope import NAMESPACE
from schemas.generated.shipments_v1 import InvoicePosted, OrderReference, ReportInvoice, ReportMilestone
from tables.row_names import part

MINUTE_MS = 60_000


def row(kind: str, *parts: str) -> str:
    """A row's name; a "|" within a part cannot be taken for a border."""
    return "|".join((kind, *(part(one) for one in parts)))


def below(kind: str, *parts: str) -> str:
    """Prefix of the names that begin with these parts."""
    return row(kind, *parts) + "|"


def reference_row(reference: OrderReference, order_id: str) -> str:
    """`ref|kind|value|party|order`: the value stands before its party, so that it is found without one too."""
    return row("ref", reference["kind"], reference["value"], reference["party"], order_id)


def line_row(order_id: str, place: int) -> str:
    """`line|order|place`, in the order's own sequence."""
    return row("line", order_id, f"{place:05d}")


def number_of(text: str) -> str:
    """A tracking number or SSCC without blanks and hyphens, in capitals."""
    return "".join(text.split()).replace("-", "").upper()


def carrier_of(text: str) -> str:
    """A carrier as part of a key."""
    return "".join(text.split()).upper()


def fact_id(*parts: str) -> str:
    """The id of a thing that may be told more than once, by more than one."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(("shipments", *parts))))


def milestone_key(report: ReportMilestone, parcel: str) -> str:
    """What makes two reports tell the same step: code, minute, place and parcel (shipments.md §8).

    Estimates differ by what they estimate, unmapped codes by the code as sent.
    """
    what = {"unmapped": report["source_code"], "eta_changed": str(report["eta"]), "appointment_set": str(report["eta"])}
    place = f"{report['city'].strip().upper()}/{report['country'].strip().upper()}"
    minute = str(report["at"] // MINUTE_MS)
    return fact_id(report["code"], minute, place, parcel, what.get(report["code"], ""))


def invoice_key(invoice: ReportInvoice | InvoicePosted) -> str:
    """What makes two reports tell the same invoice; payments and credits of one may be several."""
    several = () if invoice["kind"] == "posted" else (str(invoice["at"]), str(invoice["total"]))
    return fact_id(invoice["kind"], invoice["number"], *several)


def order_keys(references: Iterable[OrderReference]) -> list[str]:
    """Under which keys a fact waits for an order: without the party, which the one or the other may not name."""
    return [f"{reference['kind']}:{reference['value']}" for reference in references if reference["value"]]


def parcel_keys(tracking: Iterable[str], packages: Iterable[str]) -> list[str]:
    """The parcels of a shipment, by tracking number and by SSCC."""
    tracks = [f"track:{number_of(number)}" for number in tracking if number_of(number)]
    return tracks + [f"sscc:{number_of(code)}" for code in packages if number_of(code)]
