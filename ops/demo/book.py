"""The receiver's own evidence: ledgers that are only appended to, and synced before anybody gets an answer."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple


class Mode(NamedTuple):
    """How a subscription's endpoint answers."""

    kind: str
    seconds: float


class Book:
    """Secrets, modes and ledgers of the subscriptions that one receiver plays, by name."""

    def __init__(self, folder: Path, secrets: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.secrets = folder, dict(secrets)
        self.modes: dict[str, Mode] = {}
        self.stopping = threading.Event()
        self._lock, self._ledgers = threading.Lock(), dict[str, Ledger]()
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        for ledger in self._ledgers.values():
            ledger.close()

    def take(self, name: str, delivery: Mapping[str, Any]) -> None:
        """A webhook that was believed, in NAME.jsonl: its body's fields and when it came."""
        self._write(f"{name}.jsonl", delivery)
        self._counts[f"{name}.taken"] += 1

    def refuse(self, name: str, reason: str, headers: Mapping[str, str]) -> None:
        """A webhook that got an error, in NAME.refused.jsonl."""
        self._write(f"{name}.refused.jsonl", {"reason": reason, "headers": dict(headers)})
        self._counts[f"{name}.refused"] += 1

    def state(self) -> dict[str, int]:
        """How many were taken and refused, by name."""
        return dict(sorted(self._counts.items()))

    def _write(self, file_name: str, entry: Mapping[str, Any]) -> None:
        line = json.dumps({**entry, "received_ms": time.time_ns() // 1_000_000}, ensure_ascii=False) + "\n"
        with self._lock:
            if file_name not in self._ledgers:
                self._ledgers[file_name] = Ledger(self.folder / Path(file_name).name)
        self._ledgers[file_name].write(line.encode())


class Ledger:
    """One file of lines; those that are written side by side share one sync, some 5 ms on a common disk."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("ab")
        self._lines, self._syncing = threading.Lock(), threading.Lock()
        self._written = self._synced = 0

    def write(self, line: bytes) -> None:
        """Append a line; it is on the disk when this returns."""
        with self._lines:
            self._file.write(line)
            self._file.flush()
            self._written += 1
            own = self._written
        with self._syncing:
            if self._synced < own:
                covered = self._written
                os.fsync(self._file.fileno())
                self._synced = covered

    def close(self) -> None:
        """Close the file."""
        self._file.close()
