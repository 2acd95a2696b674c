"""The command line for tests: in this process, with settings of the test's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops.cli import run
from schemas.settings import settings


@dataclass(frozen=True, slots=True)
class Said:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Its machine-readable output."""
        return [json.loads(line) for line in self.out.splitlines()]


class Wharf:
    """Runs commands; a setting given once holds for all later ones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], folder: Path) -> None:
        self._patch, self._capfd = monkeypatch, capfd
        for name in ("WHARF_URL", "WHARF_API_KEY"):
            monkeypatch.delenv(name, raising=False)
        self.set(state_dir=folder / ".wharf")

    def set(self, **told: object) -> None:
        """Give settings, or url and api_key of a gateway."""
        for name, value in told.items():
            self._patch.setenv(f"WHARF_{name.upper()}", str(value))
        settings.cache_clear()

    def __call__(self, *arguments: str) -> Said:
        self._capfd.readouterr()
        code = run(arguments)
        said = self._capfd.readouterr()
        return Said(code, said.out, said.err)
