"""What an order means, apart from how it came: the digest by which a resend is recognised, and the personal part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from adapters.channels.readers.order import RawLine, RawOrder, RawParty, number_text

ADDRESS = ("name", "street", "city", "region", "postal_code", "country")


def fingerprint(order: RawOrder) -> str:
    """Digest of what the sender wants: as sent, so that a change of reference data is no change of the order.

    Left out: control numbers and request keys, when it was written, its purpose (a re-submission says the same again),
    descriptions, and control totals.
    """
    told = {
        "number": [order.number, order.release, order.order_type, order.customer, order.currency],
        "terms": [order.ship_complete, order.backorder, order.reservation, order.test, order.extensions],
        "dates": sorted([date.kind, date.day, date.time, date.text] for date in order.dates if date.kind != "ordered"),
        "parties": sorted(_party(party) for party in order.parties),
        "references": sorted(order.references),
        "lines": sorted(_line(line) for line in order.lines),
    }
    return hashlib.sha256(_stable(told)).hexdigest()


def personal(order: RawOrder) -> bytes:
    """Names and addresses by role, as JSON; empty where the document has none."""
    found = {role: told for role, party in by_role(order.parties) if (told := address_of(party))}
    return _stable(found) if found else b""


def by_role(parties: Iterable[RawParty]) -> list[tuple[str, RawParty]]:
    """Each party under a name of its own: its role, with a number where a role is played twice."""
    seen: dict[str, int] = {}
    named = []
    for party in parties:
        seen[party.role] = count = seen.get(party.role, 0) + 1
        named.append((party.role if count == 1 else f"{party.role}#{count}", party))
    return named


def address_of(party: RawParty) -> dict[str, Any]:
    """What is given of name and address."""
    return {name: value for name in ADDRESS if (value := getattr(party, name))}


def _party(party: RawParty) -> str:
    return _stable([party.role, party.scheme, party.id, address_of(party)]).decode()


def _line(line: RawLine) -> str:
    price = None if line.price is None else number_text(line.price)
    said = [
        line.line,
        sorted(line.product_ids),
        number_text(line.quantity),
        line.unit,
        price,
        line.price_basis,
        line.currency,
    ]
    dates = sorted([date.kind, date.day, date.time, date.text] for date in line.dates)
    split = [[store, number_text(quantity)] for store, quantity in line.destinations]
    return _stable(
        [said, dates, sorted(line.references), split, sorted(_party(party) for party in line.parties)]
    ).decode()


def _stable(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
