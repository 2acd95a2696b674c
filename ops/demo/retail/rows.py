"""Rows of Online Retail data, whatever it is packed in; one file of it is open at a time, never all of it in memory."""

from __future__ import annotations

import csv
import io
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ops.exits import Exit, Failed

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an invoice, as it stands in the file."""

    invoice: str
    code: str
    description: str
    quantity: str
    at: str
    price: str
    customer: str
    country: str


def rows(path: Path) -> Iterator[Row]:
    """All rows in the order of days; raises Failed where this is no such data."""
    for name, text in _texts(path):
        with text:
            reader = csv.DictReader(text)
            missing = set(COLUMNS) - set(reader.fieldnames or ())
            if missing:
                raise Failed(Exit.BAD_DATA, f"{name}: no column {', '.join(sorted(missing))}")
            yield from (Row(*((row[column] or "").strip() for column in COLUMNS)) for row in reader)


def _texts(path: Path) -> Iterator[tuple[str, io.TextIOWrapper]]:
    if path.is_dir():
        yield from ((one.name, _text(one.open("rb"))) for one in sorted(path.glob("*.csv")))
    elif zipfile.is_zipfile(path) and path.suffix != ".xlsx":
        with zipfile.ZipFile(path) as pack:
            for name in sorted(name for name in pack.namelist() if name.endswith(".csv")):
                yield name, _text(pack.open(name))
    elif path.suffix == ".csv":
        yield path.name, _text(path.open("rb"))
    else:
        raise Failed(Exit.BAD_DATA, f"{path}: expected CSV, or a folder, tar or zip of CSV; save a workbook as CSV")


def _text(raw: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")


@contextmanager
def unpacked(path: Path | None, folder: Path) -> Iterator[Path | None]:
    """The path itself, or the folder that a tar was unpacked into: a tar cannot be read in the order of its days."""
    if path is None or path.is_dir() or not tarfile.is_tarfile(path):
        yield path
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(path) as pack:
            for member in pack:
                if member.isfile() and member.name.endswith(".csv"):
                    _copy(pack, member, folder / PurePosixPath(member.name).name)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(pack: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = pack.extractfile(member)
    if source:
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
