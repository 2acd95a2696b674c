"""`wharf convert` of snapshots of stock, CSV or X12 846: a count for each position, read row by row and never held."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from pathlib import Path

from adapters.channels.readers.document import Accepted, Place, Rejected, rejected
from adapters.channels.readers.stock_events import COUNTED, RawStock
from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow
from adapters.channels.readers.x12.structure import looks_like_x12
from ops.exits import Failed
from ops.snapshots import files

KIND = "stock-snapshot"
AN_846 = re.compile(rb"ST\W846\W")
HEAD = 1000  # bytes; the envelopes before the first ST are some 200
TABLES = frozenset({".csv", ".tsv"})

Result = Accepted[object] | Rejected


def results(path: Path, kind: str = "") -> Iterator[Result] | None:
    """Each position as a count or why it is none; None where the file is no snapshot.

    kind  `stock-snapshot`, or empty = by content: an 846, or a table by its ending whose columns are known
    """
    if kind not in ("", KIND) or not (kind or _seems(path)):
        return None
    try:
        snapshot = files.look(path)
    except Failed as failed:
        code, _, said = str(failed).partition(": ")
        return iter((rejected(code, said),)) if kind or code != "WH1406" else None
    given = Given(round(time.time() * 1000), zone=None if snapshot.form else UTC)
    return (_result(row, path.name) for row in files.rows(snapshot, given))


def _seems(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(HEAD)
    except OSError:
        return False
    return bool(AN_846.search(start)) if looks_like_x12(start) else path.suffix.lower() in TABLES


def _result(row: StockRow | RefusedRow, name: str) -> Result:
    document = f"{name}/{row.line}"
    if isinstance(row, RefusedRow):
        return rejected(row.code, row.message, Place(row=row.line), document)
    unsellable = None if row.unsellable is None else Decimal(row.unsellable)
    return Accepted(
        RawStock(
            kind=COUNTED, sku=row.sku, source="", location=row.location, quantity=Decimal(row.quantity),
            as_of=row.as_of, sequence=row.sequence, unit=row.unit, unsellable=unsellable,
            classes=tuple((stock_class, Decimal(units)) for stock_class, units in row.classes),
        ),
        document,
    )  # fmt: skip
