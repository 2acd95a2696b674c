"""`wharf up` as a stranger starts it: from any folder, on busy ports, after a crash; and it leaves nothing behind."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import httpx
import psutil
import pytest

from ops import running
from tests.support.up import up

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def test_it_is_ready_tells_where_and_leaves_nothing(tmp_path: Path) -> None:
    with up(tmp_path) as system:
        children = system.children()
        assert httpx.get(f"{system.gateway}/readyz").status_code == 200
        assert system.ready.keys() >= {"ready", "gateway", "kafka", "redis", "keys"}
        noted = running.find(tmp_path / ".wharf")
        assert noted is not None
        assert noted.gateway == system.gateway
        assert system.end() == 0
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert running.find(tmp_path / ".wharf") is None


def test_a_crash_leaves_nothing_running_and_does_not_keep_the_next_from_starting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = f"127.0.0.1:{taken.getsockname()[1]}"
        with up(tmp_path, gateway=busy) as first:
            children, key = first.children(), first.ready["keys"]["admin"]
            assert first.gateway != f"http://{busy}"
            assert first.end(signal.SIGKILL) == -signal.SIGKILL
        assert psutil.wait_procs(children, timeout=10)[1] == []
        with up(tmp_path, gateway=busy) as second:
            assert second.ready["keys"]["admin"] == key
            with second.client() as client:
                assert client.get("/v1/orders/nobody").status_code == 404


def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    with up(tmp_path) as system:
        gateway = next(child for child in system.children() if "gateway" in child.cmdline())
        gateway.kill()
        gateway.wait(10)
        with httpx.Client(transport=httpx.HTTPTransport(retries=12)) as client:
            assert client.get(f"{system.gateway}/healthz", timeout=30).status_code == 200
