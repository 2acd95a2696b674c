"""Starts servers for tests; what this machine cannot have becomes a skip that says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from ops.embedded.child import Unavailable


class Server(Protocol):
    """What all embedded servers have in common."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


S = TypeVar("S", bound=Server)


def running(server: S) -> Iterator[S]:
    """A started server, stopped afterwards; skips the test where the server cannot be had."""
    try:
        server.start()
    except Unavailable as exc:
        pytest.skip(str(exc))
    try:
        yield server
    finally:
        server.stop()


def folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A fresh folder for a server's files."""
    return factory.mktemp(name)
