"""`wharf up` as a stranger starts it: a process, its ready line, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

PATIENCE_S = 150


@dataclass(slots=True)
class Up:
    """A running system."""

    process: subprocess.Popen[str]
    folder: Path
    ready: dict[str, Any]

    @property
    def gateway(self) -> str:
        """Its gateway's address."""
        return str(self.ready["gateway"])

    def client(self) -> httpx.Client:
        """An HTTP client that may do all."""
        headers = {"Authorization": f"Bearer {self.ready['keys']['admin']}"}
        return httpx.Client(base_url=self.gateway, headers=headers, timeout=30)

    def ask(self, *words: str) -> list[Any]:
        """What a command says that is called in its folder; it has to end well."""
        said = subprocess.run(
            [sys.executable, "-m", "ops.cli", *words], cwd=self.folder, env=_environment(), capture_output=True,
            text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said.stdout + said.stderr
        return [json.loads(line) for line in said.stdout.splitlines()]

    def children(self) -> list[psutil.Process]:
        """Its processes, with theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def log(self, name: str) -> str:
        """The log of one of its programs."""
        return (self.folder / ".wharf" / "log" / f"{name}.log").read_text(encoding="utf-8")

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode


@contextmanager
def up(folder: Path, *options: str, **settings: object) -> Iterator[Up]:
    """Start `wharf up --json` in a folder and wait for its ready line."""
    told = {f"WHARF_{name.upper()}": str(value) for name, value in settings.items()}
    errors = (folder / "up.err").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.cli", "up", "--json", *options],
        cwd=folder, env={**_environment(), **told},
        stdout=subprocess.PIPE, stderr=errors, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"wharf up ended: {(folder / 'up.err').read_text()}"
        yield Up(process, folder, json.loads(line))
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE_S)
        errors.close()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHARF_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2])}
