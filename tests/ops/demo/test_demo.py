"""`wharf demo` as a stranger starts it: from any folder, after a crash, on both brokers; and it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

pytestmark = [pytest.mark.broker, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(600)]
PATIENCE_S = 300
COME_IN = "orders come in"


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A running demo, its words in demo.err; ended with the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHARF_")}
    with (folder / "demo.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.cli", "demo", "--json", *options],
            cwd=folder, env={**kept, "PYTHONPATH": str(Path(__file__).parents[3])},
            stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=PATIENCE_S)


def until_said(folder: Path, process: subprocess.Popen[str], words: str) -> str:
    """All that was said once these words are among it."""
    deadline = time.monotonic() + PATIENCE_S
    while words not in (said := (folder / "demo.err").read_text()):
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        threading.Event().wait(0.05)
    return said


def finished(folder: Path, *options: str) -> dict[str, Any]:
    """What a whole run tells at its end."""
    with demo(folder, "--once", *options) as process:
        out, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, (folder / "demo.err").read_text()
    told: dict[str, Any] = json.loads(out)
    return told


def test_the_main_job_holds_on_what_a_killed_run_left_behind(tmp_path: Path) -> None:
    with demo(tmp_path, "--once", "--orders", "60") as killed:
        until_said(tmp_path, killed, COME_IN)
        children = psutil.Process(killed.pid).children(recursive=True)
        killed.kill()
    assert psutil.wait_procs(children, timeout=10)[1] == []
    told = finished(tmp_path, "--orders", "60")
    assert (told["holds"], told["orders"]) == (True, 60)
    assert {one["what"] for one in told["broken"]} == {"ERP down", "gateway killed", "deliver killed"}
    assert len(told["findings"]) == 8
    assert told["post_to_feed_ms"]["p99"] > 0


def test_it_stays_up_to_be_looked_at_until_ctrl_c(tmp_path: Path) -> None:
    with demo(tmp_path, "--orders", "12") as process:
        said = until_said(tmp_path, process, "wharf stays up")
        children = psutil.Process(process.pid).children(recursive=True)
        url, key = said.partition("export URL=")[2].split()[:2]
        headers = {"Authorization": "Bearer " + key.removeprefix("KEY=")}
        feed = httpx.get(f"{url}/v1/channels/crm/feed?view=all", headers=headers, trust_env=False).json()
        assert feed["head"] >= 12
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert json.loads(out)["holds"] is True
    assert psutil.wait_procs(children, timeout=10)[1] == []


@pytest.mark.kafka
def test_on_real_kafka_a_worker_is_killed_too_and_all_holds(tmp_path: Path) -> None:
    told = finished(tmp_path, "--broker", "kafka", "--orders", "60", "--seed", "3")
    assert (told["holds"], told["orders"]) == (True, 60)
    assert any(one["what"].startswith("worker-") for one in told["broken"])
