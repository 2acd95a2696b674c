"""The rows that were left out, as a file for a person's spreadsheet or for a program."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import orjson

from adapters.channels.readers.stock_rows import RefusedRow
from schemas.errors import remedy

COLUMNS = ("line", "field", "code", "reason", "remedy", "sku", "location")
FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would compute it


def told(row: RefusedRow) -> dict[str, str | int]:
    """A row of the report."""
    return {
        "line": row.line, "field": row.field, "code": row.code, "reason": row.message, "remedy": remedy(row.code),
        "sku": row.sku, "location": row.location,
    }  # fmt: skip


def write(path: Path, rows: Iterable[RefusedRow]) -> None:
    """Write the report, as JSON lines where its name says so, else as CSV; whole or not at all."""
    fresh = path.with_name(f"{path.name}.part")
    if path.suffix in (".json", ".jsonl"):
        with fresh.open("wb") as file:
            file.writelines(orjson.dumps(told(row)) + b"\n" for row in rows)
    else:
        with fresh.open("w", encoding="utf-8", newline="") as text:
            table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows({name: _plain(value) for name, value in told(row).items()} for row in rows)
    fresh.replace(path)


def _plain(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
