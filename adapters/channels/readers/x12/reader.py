"""An X12 file → its orders: every 850 on its own, every other kind refused by name."""

from __future__ import annotations

from adapters.channels.readers.document import Accepted, Document, Reading, Rejected, rejected
from adapters.channels.readers.order import RawOrder
from adapters.channels.readers.x12.interchange import Transaction
from adapters.channels.readers.x12.order_850 import read_850
from adapters.channels.readers.x12.structure import read_file

KIND = "x12-850"
MAX_BYTES = 16 << 20
ORDER = "850"


def read(document: Document) -> Reading[RawOrder]:
    """Each transaction set accepted or refused for itself; a damaged interchange ends the reading, not what came before."""
    if len(document.body) > MAX_BYTES:
        return Reading(KIND, (rejected("WH1003", f"expected at most {MAX_BYTES} bytes, came {len(document.body)}"),))
    file = read_file(document.body)
    results = [_read(transaction) for transaction in file.transactions]
    if file.broken is not None:
        results.append(Rejected((file.broken,), file.interchanges[-1].control if file.interchanges else ""))
    if not results:
        results.append(rejected("WH1210", "expected a transaction set; the interchange holds none"))
    position = "/".join(interchange.control for interchange in file.interchanges[:10])
    return Reading(KIND, tuple(results), position)


def _read(transaction: Transaction) -> Accepted[RawOrder] | Rejected:
    name = f"ST {transaction.control[:40]} (set {transaction.position})"
    if transaction.stray:
        message = f"segment {transaction.stray!r} stands where an interchange should begin: nobody knows who sent what follows"
        return rejected("WH1203", message, document=name)
    if transaction.kind != ORDER:
        kind = transaction.kind[:20] or "without a kind"
        return rejected("WH1005", f"transaction set {kind} is not read yet; expected {ORDER}", document=name)
    return read_850(transaction)
