"""A snapshot of stock as CSV: one line per position, columns found by their names.

Each physical line is a row of its own (RFC 4180 but for line breaks inside quotes), so that a quote left open spoils
one line and not the rest of the file. The last line has to end: one that does not may have been cut in its number.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adapters.channels.readers.document import Problem
from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow, row_of

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
NEEDED = ("sku", "quantity")
_POINT = re.compile(r"\d+\.(\d{1,2}|\d{4,})", re.ASCII)  # three digits behind a sign may be thousands
_COMMA = re.compile(r"\d+,(\d{1,2}|\d{4,})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written: its separator, which column is which field, the sign of its fractions."""

    separator: str
    columns: tuple[str, ...]  # field per column; "" where a column is not used
    unused: tuple[str, ...] = ()
    decimal: str = "."


@cache
def aliases() -> Mapping[str, Sequence[str]]:
    """The names of columns by the field that they are."""
    return tomllib.loads((Path(__file__).parent / "stock_columns.toml").read_text(encoding="utf-8"))


@cache
def _columns() -> Mapping[str, str]:
    return {alias: field for field, names in aliases().items() for alias in names}


def form_of(header: str, sample: Iterable[str] = (), *, located: bool = False) -> Form | Problem:
    """The form that a header line tells, and the sign of fractions that some rows show beyond doubt.

    located  whether a location was given for the whole file, so that no column has to name it
    """
    names, separator = max(((_split(header, mark), mark) for mark in SEPARATORS), key=lambda one: _known(one[0]))
    if not _known(names):
        return Problem(
            "WH1406",
            f"expected a first line that names columns such as sku,location,quantity, came {header.strip()[:80]!r}",
        )
    fields = tuple(_columns().get(name, "") for name in names)
    used = [field for field in fields if field]
    if double := [field for field in dict.fromkeys(used) if used.count(field) > 1]:
        both = [name for name, field in zip(names, fields, strict=True) if field == double[0]]
        return Problem("WH1402", f"columns {' and '.join(both)} both mean {double[0]}; leave one out")
    needed = NEEDED if located else (*NEEDED, "location")
    if missing := [field for field in needed if field not in used]:
        known = "; ".join(f"{field}: {', '.join(aliases()[field])}" for field in missing)
        return Problem("WH1401", f"expected a column for {' and '.join(missing)} ({known}), came {', '.join(names)}")
    found = Form(
        separator, fields, tuple(name for name, field in zip(names, fields, strict=True) if name and not field)
    )
    return Form(found.separator, found.columns, found.unused, _sign(found, sample))


def _split(line: str, separator: str) -> list[str]:
    cells = _cells(line.rstrip("\r\n"), separator) or []
    return [re.sub(r"[^a-z0-9]+", "_", cell.strip().lower()).strip("_") for cell in cells]


def _known(names: list[str]) -> int:
    return sum(name in _columns() for name in names)


def _sign(form: Form, sample: Iterable[str]) -> str:
    """A comma only where some quantity cannot be read otherwise and none has a point."""
    if form.separator == ",":
        return "."
    column = form.columns.index("quantity")
    cells = [_cells(line.rstrip("\r\n"), form.separator) or [] for line in sample]
    told = [row[column].strip() for row in cells if len(row) > column]
    comma, point = any(map(_COMMA.fullmatch, told)), any(map(_POINT.fullmatch, told))
    return "," if comma and not point else "."


def rows(lines: Iterable[str], form: Form, given: Given) -> Iterator[StockRow | RefusedRow]:
    """Each line below the header as a row or the reason why not; blank lines say nothing.

    lines  of the file after its header, each with its line break; the first has number 2
    """
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        cells = _cells(line.rstrip("\r\n"), form.separator)
        if not line.endswith(("\n", "\r")):
            yield RefusedRow(
                number,
                "",
                "WH1403",
                "expected a line break at the end; without one the line may be cut off in its number",
            )
        elif cells is None:
            yield RefusedRow(number, "", "WH1403", "expected quotes that are closed on the same line")
        elif len(cells) != len(form.columns):
            yield RefusedRow(number, "", "WH1403", f"expected {len(form.columns)} columns, came {len(cells)}")
        else:
            yield row_of(number, {name: cell for name, cell in zip(form.columns, cells, strict=True) if name}, given)


def _cells(line: str, separator: str) -> list[str] | None:
    """The cells of a line; None where its quotes do not fit."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return None
