"""What was said, what is on its way, what was refused: one SQLite file per gateway, key and source, in the state folder.

Two transactions per chunk carry it over any kill. The first notes what is to be sent before it is sent, so that the
same request goes out again; the second, once the hub has agreed, what is now known to have been said. Write-ahead log,
`synchronous=NORMAL`: a power cut may lose the newest of them, and then rows are said twice, never left out.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from ops.exits import Exit, Failed
from ops.snapshots.decide import Place, Plan, Said, content

PLANNED, AGREED = "planned", "agreed"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS run(id INTEGER PRIMARY KEY, snapshot TEXT NOT NULL, began INTEGER NOT NULL, finished INTEGER);
CREATE TABLE IF NOT EXISTS chunk(number INTEGER PRIMARY KEY, state TEXT NOT NULL, rows BLOB, sent INTEGER NOT NULL,
    unchanged INTEGER NOT NULL, refused INTEGER NOT NULL, agreed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused(line INTEGER, field TEXT, code TEXT, message TEXT, sku TEXT, location TEXT);
CREATE TABLE IF NOT EXISTS said(sku TEXT, location TEXT, content TEXT, as_of INTEGER, sequence INTEGER,
    run INTEGER NOT NULL DEFAULT 0, line INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(sku, location)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """How far a run has come, in rows."""

    chunks: int
    sent: int
    unchanged: int
    refused: int
    agreed: int

    @property
    def rows(self) -> int:
        """All that was decided on."""
        return self.sent + self.unchanged + self.refused


class Journal:
    """The memory of one source. One process at a time has it; raises Failed where another one does."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            self._lock.close()
            raise Failed(Exit.TRY_AGAIN, "another process sends a snapshot of this source; wait for its end") from exc
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self.run, self.began = 0, 0

    def begin(self, snapshot: str, now: int) -> bool:
        """Go on with the unfinished run of this snapshot, or begin a new one; returns whether it goes on.

        A new one forgets what is left of the run before it, of which at most the rest was not said.
        """
        last = self._db.execute("SELECT id, snapshot, began, finished FROM run ORDER BY id DESC LIMIT 1").fetchone()
        if last and last[1] == snapshot and last[3] is None:
            self.run, self.began = last[0], last[2]
            return True
        with self._transaction():
            self._db.execute("DELETE FROM chunk")
            self._db.execute("DELETE FROM refused")
            self._db.execute("DELETE FROM run")
            self.run, self.began = (last[0] if last else 0) + 1, now
            self._db.execute("INSERT INTO run VALUES(?, ?, ?, NULL)", (self.run, snapshot, now))
        return False

    def planned(self) -> int:
        """How many chunks of this run are decided on."""
        found: int = self._db.execute("SELECT coalesce(max(number), 0) FROM chunk").fetchone()[0]
        return found

    def pending(self) -> Iterator[tuple[int, tuple[StockRow, ...]]]:
        """What was about to be said when the last process ended. There are only as many as may be on their way."""
        found = self._db.execute(
            "SELECT number, rows FROM chunk WHERE state = ? ORDER BY number", (PLANNED,)
        ).fetchall()
        for number, rows in found:
            yield number, tuple(_row(values) for values in orjson.loads(rows))

    def said(self, places: Iterable[Place]) -> dict[Place, Said]:
        """What was last agreed of these positions."""
        ask = "SELECT content, as_of, sequence FROM said WHERE sku = ? AND location = ? AND content IS NOT NULL"
        found = {place: self._db.execute(ask, place).fetchone() for place in places}
        return {place: Said(*values) for place, values in found.items() if values is not None}

    def seen(self, places: Iterable[Place]) -> dict[Place, int]:
        """On which line these positions stood before in this run."""
        ask = "SELECT line FROM said WHERE sku = ? AND location = ? AND run = ?"
        found = {place: self._db.execute(ask, (*place, self.run)).fetchone() for place in places}
        return {place: values[0] for place, values in found.items() if values is not None}

    def decided(self, plan: Plan, rows: Iterable[StockRow]) -> None:
        """Note a chunk before it is sent; `rows` are those of it that stand for themselves, sent or not."""
        told = orjson.dumps([_values(row) for row in plan.send])
        state = PLANNED if plan.send else AGREED
        refused = {row.line for row in plan.refused}
        marks = [(row.sku, row.location, self.run, row.line) for row in rows if row.line not in refused]
        with self._transaction():
            self._db.execute(
                "INSERT INTO chunk(number, state, rows, sent, unchanged, refused) VALUES(?, ?, ?, ?, ?, ?)",
                (plan.number, state, told if plan.send else None, len(plan.send), plan.unchanged, len(plan.refused)),
            )
            self._refuse(plan.refused)
            self._db.executemany(
                "INSERT INTO said(sku, location, run, line) VALUES(?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET run = excluded.run, line = excluded.line",
                marks,
            )

    def agreed(self, number: int, rows: Iterable[StockRow], refused: Sequence[RefusedRow]) -> None:
        """Note what the hub has decided: these rows are said, those are not and move from sent to refused.

        A time that had not come when the run began is not remembered: the hub cut it too, and what moved since is newer.
        """
        told = [(content(row), min(row.as_of, self.began), row.sequence, row.sku, row.location) for row in rows]
        with self._transaction():
            self._db.execute(
                "UPDATE chunk SET state = ?, rows = NULL, agreed = ?, sent = sent - ?, refused = refused + ? WHERE number = ?",
                (AGREED, len(told), len(refused), len(refused), number),
            )
            self._refuse(refused)
            self._db.executemany(
                "UPDATE said SET content = ?, as_of = ?, sequence = ? WHERE sku = ? AND location = ?", told
            )

    def finish(self, now: int) -> None:
        """All of the run is agreed or refused: the same file sent again is a new snapshot."""
        self._db.execute("UPDATE run SET finished = ? WHERE id = ?", (now, self.run))

    def totals(self) -> Totals:
        """The run so far."""
        ask = "SELECT count(*), total(sent), total(unchanged), total(refused), total(agreed) FROM chunk"
        return Totals(*(int(value) for value in self._db.execute(ask).fetchone()))

    def refusals(self) -> Iterator[RefusedRow]:
        """The rows that this run left out, by line."""
        ask = "SELECT line, field, code, message, sku, location FROM refused ORDER BY line, rowid"
        for values in self._db.execute(ask):
            yield RefusedRow(*values)

    def reasons(self) -> Mapping[str, int]:
        """How many rows were refused for which reason, the most frequent first."""
        ask = "SELECT code, count(*) FROM refused GROUP BY code ORDER BY count(*) DESC, code"
        return dict(self._db.execute(ask).fetchall())

    def _refuse(self, rows: Sequence[RefusedRow]) -> None:
        told = [(row.line, row.field, row.code, row.message, row.sku, row.location) for row in rows]
        self._db.executemany("INSERT INTO refused VALUES(?, ?, ?, ?, ?, ?)", told)

    def _transaction(self) -> sqlite3.Connection:
        self._db.execute("BEGIN IMMEDIATE")
        return self._db

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._lock.close()


def _values(row: StockRow) -> list[object]:
    return [
        row.line,
        row.sku,
        row.location,
        row.quantity,
        row.as_of,
        row.unit,
        row.sequence,
        row.unsellable,
        row.classes,
    ]


def _row(values: Sequence[Any]) -> StockRow:
    line, sku, location, quantity, as_of, unit, sequence, unsellable, classes = values
    told = tuple((name, units) for name, units in classes)
    return StockRow(line, sku, location, quantity, as_of, unit, sequence, unsellable, told)
