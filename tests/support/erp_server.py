"""The demo ERP as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


class ErpServer:
    """Starts it on a free port; stops it by its pid."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> ErpServer:
        command = [sys.executable, "-m", "ops.demo.erp", "--data", str(self._data)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.ready = json.loads(self._process.stdout.readline())
        self.url: str = self.ready["url"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.terminate()
        self.code = self._process.wait(timeout=20)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait(timeout=20)

    def faults(self, **on: Any) -> None:
        """Exactly these faults from now on."""
        httpx.post(f"{self.url}/faults", json=on).raise_for_status()

    def journal(self) -> list[dict[str, Any]]:
        """What it committed."""
        entries: list[dict[str, Any]] = httpx.get(f"{self.url}/ledger").json()["entries"]
        return entries
