"""A small server of the bench as a process of its own, on a free port of the loopback."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.embedded.child import Child, free_port
from ops.probing import listens

READY_S = 30.0


@contextmanager
def served(module: str) -> Iterator[str]:
    """The URL of `python -m MODULE PORT`, once it answers; ended at the end. raises NotReady"""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="wharf-served-") as folder:
        child = Child([sys.executable, "-m", module, str(port)], Path(folder, "log"))
        try:
            child.wait_until(lambda: listens(url), READY_S)
            yield url
        finally:
            child.kill()
