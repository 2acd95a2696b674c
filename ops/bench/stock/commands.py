"""What the inventory agent is asked, as `normalize` asks it, without a broker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas import wire
from schemas.envelope import Envelope, derived_id, to_headers
from schemas.generated.inventory_v1 import report_stock
from schemas.loader import by_type
from streams.engine.records import Record

TENANT, MAILBOX = "acme", "inventory.commands"
BEGAN = 1_772_438_400_000
LOCATIONS = ("ATL", "DFW", "ORD", "RNO")


def sku_of(number: int) -> str:
    """Names of one length, so that one SKU's rows serve as a pattern for all."""
    return f"SKU-{number:08}"


def counted(sku: str, sequence: int, quantity: int = 100) -> Record:
    """A warehouse's count of a SKU at one of its locations."""
    report = report_stock(
        sku=sku, kind="counted", source="wms", as_of=BEGAN + sequence, location=LOCATIONS[sequence % 4],
        quantity=quantity, sequence=sequence, event_id=f"wms-{sku}-{sequence}",
    )  # fmt: skip
    return command("stock.report", sku, report, sequence)


def command(kind: str, sku: str, body: Mapping[str, Any], number: int) -> Record:
    """A command in its SKU's mailbox."""
    own = derived_id(f"{sku}-{number}", "bench", kind, 0)
    envelope = Envelope(own, kind, "wharf/normalize", TENANT, BEGAN, sku, correlation=own, causation=own)
    value = wire.encode(by_type()[kind].name, body)
    return Record(MAILBOX, 0, number, BEGAN + number, f"{TENANT}|{sku}".encode(), value, to_headers(envelope))
