"""What the kernel says of a process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ops.bench import meter
from ops.embedded.child import Child, NotReady

BUSY = "import sys\nwhile True: pass"
IDLE = "import time\ntime.sleep(600)"


@pytest.fixture
def child(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Child]:
    """A process that does as its test says."""
    started = Child([sys.executable, "-c", request.param], tmp_path / "log")
    yield started
    started.kill()


def test_the_cpu_of_a_process_only_grows() -> None:
    before = meter.cpu_s(os.getpid())
    sum(range(200_000))
    assert meter.cpu_s(os.getpid()) >= before


def test_the_peak_is_at_least_what_is_resident_now() -> None:
    assert meter.peak_mb(os.getpid()) >= psutil.Process().memory_info().rss >> 21


@pytest.mark.parametrize("child", [BUSY], indirect=True)
def test_a_held_process_uses_nothing_and_goes_on_afterwards(child: Child) -> None:
    meter.until(lambda: meter.cpu_s(child.pid) > 0.05, child, 30)
    with meter.held(child.pid):
        meter.until(lambda: psutil.Process(child.pid).status() == psutil.STATUS_STOPPED, child, 30)
        used, deadline = meter.cpu_s(child.pid), time.monotonic() + 0.1
        meter.until(lambda: time.monotonic() > deadline, child, 30)
        assert meter.cpu_s(child.pid) == used
    meter.until(lambda: meter.cpu_s(child.pid) > used, child, 30)


@pytest.mark.parametrize("child", [IDLE], indirect=True)
def test_a_process_that_does_nothing_is_idle(child: Child) -> None:
    meter.until(meter.Idle(child.pid, 0.1), child, 30)
    assert child.running


@pytest.mark.parametrize("child", [BUSY], indirect=True)
def test_a_busy_process_is_not_idle(child: Child) -> None:
    with pytest.raises(NotReady):
        meter.until(meter.Idle(child.pid, 0.5), child, 0.4)


@pytest.mark.parametrize("child", ["raise SystemExit(3)"], indirect=True)
def test_nobody_waits_for_a_process_that_has_ended(child: Child) -> None:
    with pytest.raises(NotReady):
        meter.until(lambda: False, child, 30)
