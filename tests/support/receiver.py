"""The demo's receiver as a process of its own, for tests that want a real endpoint."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Receiver:
    """A running receiver."""

    def __init__(self, url: str, ledger: Path, process: subprocess.Popen[str]) -> None:
        self.url, self.ledger, self.process = url, ledger, process

    def hook(self, name: str) -> str:
        """URL of a subscription's endpoint."""
        return f"{self.url}/hooks/{name}"

    def answers(self, name: str, mode: str, seconds: float = 0) -> None:
        """From now on the endpoint answers so."""
        self._call("POST", "/control", json.dumps({"name": name, "mode": mode, "seconds": seconds}).encode())

    def told(self, name: str, secret: str) -> None:
        """Its owner was told the secret."""
        self._call("PUT", f"/secrets/{name}", secret.encode())

    def taken(self, name: str) -> list[dict[str, Any]]:
        """Its ledger of what it believed."""
        return self._lines(f"{name}.jsonl")

    def refused(self, name: str) -> list[dict[str, Any]]:
        """Its ledger of what it answered with an error."""
        return self._lines(f"{name}.refused.jsonl")

    def _lines(self, name: str) -> list[dict[str, Any]]:
        path = self.ledger / name
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def _call(self, method: str, path: str, body: bytes) -> None:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body, method=method), timeout=10):
            pass


@contextmanager
def receiver(folder: Path, secrets: Mapping[str, str]) -> Iterator[Receiver]:
    """Start one on a free port; it is stopped at the end."""
    told = [f"--secret={name}={secret}" for name, secret in secrets.items()]
    command = [sys.executable, "-m", "ops.demo.receiver", "--ledger", str(folder), *told]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            yield Receiver(ready["url"], Path(ready["ledger"]), process)
        finally:
            process.terminate()
            process.wait(timeout=10)
