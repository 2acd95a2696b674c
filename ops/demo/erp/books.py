"""The ERP's books: documents, and an append-only journal of what was committed."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]
_TABLES = """
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, order_id TEXT NOT NULL, number TEXT NOT NULL,
    state TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_key ON documents (key);
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, action TEXT NOT NULL, document TEXT NOT NULL,
    order_id TEXT NOT NULL, number TEXT NOT NULL, channel TEXT NOT NULL, key TEXT NOT NULL);
"""


class Document(NamedTuple):
    """One order as the ERP has it."""

    document: str
    order_id: str
    state: str
    number: str = ""
    key: str = ""
    channel: str = ""


class Books:
    """SQLite on disk; a commit is on the disk when the call returns (WAL, synchronous FULL)."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)

    def create(self, key: str, order: Mapping[str, Any], *, honour_key: bool = True) -> tuple[Document, bool]:
        """The document of a key, and whether it is new; a forgetful ERP makes another one each time."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            known = self._select("key = ? ORDER BY id LIMIT 1", key) if honour_key else []
            if known:
                return known[0], False
            cursor = self._db.execute(
                "INSERT INTO documents (key, order_id, number, state, body) VALUES (?, ?, ?, 'open', ?)",
                (key, order["order_id"], order["number"], json.dumps(order)),
            )
            [made] = self._select("id = ?", cursor.lastrowid)
            self._write("create", made)
        return made, True

    def find(self, key: str) -> list[Document]:
        """All documents under a key, the oldest first."""
        with self._lock:
            return self._select("key = ? ORDER BY id", key)

    def cancel(self, document: str) -> Document | None:
        """The cancelled document, or None where there is none; cancelling twice is cancelling once."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            found = self._select("id = ?", _id(document))
            if not found:
                return None
            if found[0].state != "cancelled":
                self._db.execute("UPDATE documents SET state = 'cancelled' WHERE id = ?", (_id(document),))
                self._write("cancel", found[0])
        return found[0]._replace(state="cancelled")

    def journal(self, after: int = 0) -> list[Json]:
        """Every create and cancel that was committed behind this number, in order."""
        columns = ("seq", "at", "action", "document", "order_id", "number", "channel", "key")
        with self._lock:
            read = f"SELECT {', '.join(columns)} FROM journal WHERE seq > ? ORDER BY seq"
            rows = self._db.execute(read, (after,)).fetchall()
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _select(self, where: str, value: Any) -> list[Document]:
        rows = self._db.execute(
            "SELECT id, order_id, state, number, key, json_extract(body, '$.channel') FROM documents WHERE " + where,
            (value,),
        )
        return [
            Document(f"SO-{id:06d}", order, state, number, key, channel or "")
            for id, order, state, number, key, channel in rows
        ]

    def _write(self, action: str, document: Document) -> None:
        self._db.execute(
            "INSERT INTO journal (at, action, document, order_id, number, channel, key) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                datetime.now(UTC).isoformat(),
                action,
                document.document,
                document.order_id,
                document.number,
                document.channel,
                document.key,
            ),
        )


def _id(document: str) -> int:
    digits = document.removeprefix("SO-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else 0
