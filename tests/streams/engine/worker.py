"""The toy agent as a process of its own: `python -m tests.streams.engine.worker`."""

from __future__ import annotations

from streams.engine.run import run
from tests.streams.engine.toy import app

if __name__ == "__main__":
    run([app])
