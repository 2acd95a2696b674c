"""A child of ours never outlives its parent, and says why it ended."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ops.embedded import child
from ops.embedded.child import Child, NotReady, Unavailable, free_port

PARENT = """
import sys, time
from pathlib import Path
from ops.embedded.child import Child
print(Child([sys.executable, "-c", "import time; time.sleep(600)"], Path(sys.argv[1])).pid, flush=True)
time.sleep(600)
"""


def test_a_free_port_is_one_of_many() -> None:
    assert len({free_port() for _ in range(5)}) > 1


def test_a_free_port_is_none_that_an_outgoing_connection_may_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "range"
    told.write_text("10400\t60999\n")
    monkeypatch.setattr(child, "KERNELS_PORTS", told)
    assert all(10_240 <= free_port() < 10_400 for _ in range(20))
    monkeypatch.setattr(child, "KERNELS_PORTS", tmp_path / "absent")
    assert all(10_240 <= free_port() < 32_768 for _ in range(20))


def test_a_port_that_somebody_listens_on_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_is_free", lambda _: False)
    with pytest.raises(Unavailable, match="no free port"):
        free_port()


def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    assert psutil.wait_procs([child], timeout=10)[1] == []


def test_waiting_for_a_child_that_ends_tells_the_end_of_its_log(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", "raise SystemExit('no such disk')"], tmp_path / "log")
    with pytest.raises(NotReady, match="no such disk"):
        child.wait_until(lambda: False, 20)


def test_waiting_for_a_silent_child_ends_at_the_deadline(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", "import time; time.sleep(600)"], tmp_path / "log")
    with pytest.raises(NotReady, match="did not answer"):
        child.wait_until(lambda: False, 0.01)
    child.kill()
    assert not child.running


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    child = Child([sys.executable, "-c", deaf], tmp_path / "log")
    child.wait_until(lambda: "deaf" in child.tail(), 20)
    child.stop(within_s=0.1)
    assert child.process.returncode == -signal.SIGKILL
