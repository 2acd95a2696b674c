"""The file of a snapshot: looked through once for what it is, then read row by row, never held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from adapters.channels.readers import stock_csv
from adapters.channels.readers.document import Problem
from adapters.channels.readers.stock_csv import Form
from adapters.channels.readers.stock_positions import positions
from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow
from adapters.channels.readers.x12 import inventory_846
from adapters.channels.readers.x12.segments import streamed
from adapters.channels.readers.x12.structure import looks_like_x12
from ops.exits import Exit, Failed

BLOCK = 1 << 20
LINE_LIMIT = 1 << 16  # characters; a file without line breaks is not read into memory
SAMPLE_LINES = 1_000  # that show the sign of fractions
EBCDIC = b"\xc9\xe2\xc1"  # "ISA"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file that can be read: what it is, and how many rows to expect."""

    path: Path
    digest: str  # SHA-256 of its bytes
    rows: int
    encoding: str
    form: Form | None = None  # CSV
    survey: inventory_846.Survey = field(default_factory=inventory_846.Survey)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that say nothing here."""
        return self.form.unused if self.form else ()


def look(path: Path, *, located: bool = False, encoding: str = "", decimal: str = "") -> Snapshot:
    """Look a file through; raises Failed where it is no snapshot.

    located   whether a location was given for the whole file
    encoding  of the text; by its byte order mark, else UTF-8, where not given
    decimal   sign of fractions; as the rows show it where not given
    """
    try:
        with path.open("rb") as file:
            start = file.read(1000)
        digest, breaks = _bytes(path)
    except OSError as exc:
        raise Failed(Exit.BAD_DATA, f"WH1008: {path.name} cannot be read: {exc.strerror}") from exc
    found = encoding or _encoding(start)
    if looks_like_x12(start):
        survey = inventory_846.survey(streamed(_blocks(path, found)))
        return Snapshot(path, digest, survey.items, found, survey=survey)
    with _opened(path, found) as text:
        header = text.readline(LINE_LIMIT)
        form = stock_csv.form_of(header, islice(_lines(text), SAMPLE_LINES), located=located)
    if isinstance(form, Problem):
        raise Failed(Exit.BAD_DATA, f"{form.code}: {path.name}, line 1: {form.message}")
    if decimal:
        form = Form(form.separator, form.columns, form.unused, decimal)
    return Snapshot(path, digest, max(0, breaks - 1), found, form)


def rows(snapshot: Snapshot, given: Given, on_hand: str = inventory_846.ON_HAND) -> Iterator[StockRow | RefusedRow]:
    """Every position of the file in its order, or why it is none."""
    return positions(_rows(snapshot, given, on_hand))


def _rows(snapshot: Snapshot, given: Given, on_hand: str) -> Iterator[StockRow | RefusedRow]:
    if snapshot.form is None:
        blocks = _blocks(snapshot.path, snapshot.encoding)
        yield from inventory_846.rows(streamed(blocks), snapshot.survey, given, on_hand=on_hand)
        return
    with _opened(snapshot.path, snapshot.encoding) as text:
        text.readline(LINE_LIMIT)
        yield from stock_csv.rows(_lines(text), snapshot.form, given)


def _bytes(path: Path) -> tuple[str, int]:
    digest, breaks = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            breaks += block.count(b"\n")
    return digest.hexdigest(), breaks


def _encoding(start: bytes) -> str:
    if start.startswith(EBCDIC):
        return "cp037"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig"  # UTF-8 with or without its mark


def _opened(path: Path, encoding: str) -> TextIO:
    """A byte that is no character spoils its row only."""
    try:
        lost = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        return path.open(encoding=encoding, errors=lost, newline="")
    except LookupError as exc:
        raise Failed(Exit.USAGE, f"no encoding is called {encoding!r}") from exc


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(LINE_LIMIT):
        yield line


def _blocks(path: Path, encoding: str) -> Iterator[str]:
    with _opened(path, encoding) as text:
        while block := text.read(BLOCK):
            yield block.replace("\x85", "\n") if encoding == "cp037" else block
