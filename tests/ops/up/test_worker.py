"""One agent in one process: by wharf's own command, and by Faust's, for it is a Faust app."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from ops.embedded.broker import Broker
from ops.embedded.child import Child, free_port
from ops.topics.everything import apply_all
from schemas.settings import Settings

pytestmark = [pytest.mark.broker, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
OWNS = "engine.taken-over"


def started(command: Sequence[str], folder: Path, broker: Broker, environment: str, port: int = 0) -> Child:
    """A process of an agent that has topics to read."""
    list(apply_all(Settings(kafka=broker.bootstrap, embedded=True, environment=environment)))
    told = {"kafka": broker.bootstrap, "embedded": True, "environment": environment, "state_dir": folder}
    env = {**os.environ, "PYTHONPATH": str(ROOT), "WHARF_METRICS_PORT": str(port)}
    env |= {f"WHARF_{name.upper()}": str(value) for name, value in told.items()}
    return Child([sys.executable, "-m", *command], folder / "worker.log", env)


def answer(port: int, path: str) -> httpx.Response | None:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=1)
    except httpx.TransportError:
        return None


def is_ready(port: int) -> bool:
    said = answer(port, "/readyz")
    return said is not None and said.status_code == 200


def test_a_worker_runs_one_agent_and_tells_its_health_and_metrics(
    tmp_path: Path, broker: Broker, environment: str
) -> None:
    port = free_port()
    worker = started(["ops.cli", "worker", "inventory"], tmp_path, broker, environment, port)
    try:
        worker.wait_until(lambda: is_ready(port), 60)
        metrics = answer(port, "/metrics")
        assert metrics is not None
        assert "wharf_commit_seconds" in metrics.text
        assert OWNS in worker.log.read_text()
    finally:
        worker.stop()
    assert worker.process.returncode == 0


def test_an_agent_is_an_ordinary_faust_app(tmp_path: Path, broker: Broker, environment: str) -> None:
    command = ["faust", "-A", "streams.inventory", "worker", "--without-web", "-l", "info"]
    worker = started(command, tmp_path, broker, environment)
    try:
        worker.wait_until(lambda: OWNS in worker.log.read_text(), 60)
        assert worker.running
    finally:
        worker.signal_group(signal.SIGTERM)
        assert worker.wait(30), "it did not stop"
