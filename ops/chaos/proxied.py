"""The proxy as a process of its own, and how it is told what to do."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ops.chaos.proxy import HOST, Route
from ops.chaos.toxics import Toxic
from ops.embedded.child import Child, free_port

READY_S, ASK_S = 20.0, 5.0


class ProxyAway(RuntimeError):
    """The proxy does not answer, or does not take what it was told."""


class Proxied:
    """A running proxy in front of some brokers."""

    def __init__(self, routes: Sequence[Route], folder: Path) -> None:
        self.routes, self.control = list(routes), free_port()
        told = [f"--route={listen}:{target}" for listen, target in self.routes]
        command = [sys.executable, "-m", "ops.chaos.proxy", f"--control={self.control}", *told]
        self.child = Child(command, folder / "proxy.log")

    @property
    def bootstrap(self) -> str:
        """What clients are told instead of the brokers' own addresses."""
        return ",".join(f"{HOST}:{listen}" for listen, _ in self.routes)

    def wait(self) -> None:
        """Return when it answers; raises NotReady."""
        self.child.wait_until(self._answers, READY_S)

    def harm(self, toxic: Toxic) -> None:
        """From now on, for its seconds; raises ProxyAway."""
        self._tell(toxic.told())

    def state(self) -> dict[str, Any]:
        """How often each harm was done, and how many connections there are; raises ProxyAway."""
        return self._tell({"ask": "state"})

    def stop(self) -> None:
        """End it; connections end with it."""
        self.child.kill()

    def _answers(self) -> bool:
        try:
            return bool(self.state())
        except ProxyAway:
            return False

    def _tell(self, what: Mapping[str, Any]) -> dict[str, Any]:
        try:
            with socket.create_connection((HOST, self.control), ASK_S) as wire, wire.makefile("rwb") as lines:
                lines.write(json.dumps(what).encode() + b"\n")
                lines.flush()
                said: dict[str, Any] = json.loads(lines.readline() or b'{"error": "no answer"}')
        except OSError as exc:
            raise ProxyAway(str(exc)) from exc
        if "error" in said:
            raise ProxyAway(str(said["error"]))
        return said
