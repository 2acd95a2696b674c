"""What others use of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

from ops.bench import elsewhere
from ops.bench.elsewhere import Elsewhere

BURN = "import time\nwhile time.process_time() < {seconds}: pass"


def machine_of(monkeypatch: pytest.MonkeyPatch, *busy: float) -> None:
    """A machine that says at each question how long its cores were busy, of which we had nothing."""
    times = iter(busy)
    kinds = dict.fromkeys(("nice", "system", "irq", "softirq"), 0.0)
    monkeypatch.setattr(psutil, "cpu_times", lambda: type("Times", (), {**kinds, "user": next(times)}))
    monkeypatch.setattr(elsewhere, "_ours_s", lambda process: 0.0)


def test_cores_are_busy_time_over_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((100.0, 110.0))
    machine_of(monkeypatch, 50.0, 65.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert Elsewhere().cores() == 1.5


def test_it_is_never_less_than_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_of(monkeypatch, 50.0, 49.0)
    assert Elsewhere().cores() == 0.0


def test_what_our_ended_children_used_is_ours() -> None:
    us = psutil.Process()
    before = elsewhere._ours_s(us)
    subprocess.run([sys.executable, "-c", BURN.format(seconds=0.3)], check=True)
    assert elsewhere._ours_s(us) - before >= 0.25  # the kernel counts in hundredths


def test_what_our_living_children_use_is_ours() -> None:
    before = elsewhere._ours_s(psutil.Process())
    burning = BURN.format(seconds=0.3) + "\nprint(1, flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", burning], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert elsewhere._ours_s(psutil.Process()) - before >= 0.25  # the kernel counts in hundredths
        child.communicate(b"\n")


def test_a_process_that_is_gone_uses_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    process = psutil.Process(gone.pid)
    gone.wait()
    assert elsewhere._ours_s(process) == 0.0
    assert os.getpid() != gone.pid
