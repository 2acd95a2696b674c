"""The supervisor restarts what ends, ends all together, and leaves nothing behind however it ends itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ops.embedded.child import Child
from ops.supervisor import EssentialLost, Program, Supervisor, begun

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
PARENT = """
import sys, os
from pathlib import Path
from ops.supervisor import Program, Supervisor
sleeper = (sys.executable, "-c", "import time; time.sleep(600)")
supervisor = Supervisor(Path(sys.argv[1]))
with supervisor.until_signalled():
    supervisor.start([Program(name, sleeper, dict(os.environ)) for name in ("a", "b")])
    print(*(one.child.pid for one in supervisor.running), flush=True)
    supervisor.watch()
"""


def program(name: str = "p", command: tuple[str, ...] = SLEEPER, essential: bool = False) -> Program:
    return Program(name, command, dict(os.environ), essential=essential)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def tended(supervisor: Supervisor) -> bool:
    supervisor.tend()
    return True


def test_a_program_that_was_killed_is_started_again(tmp_path: Path) -> None:
    one = begun(program(), tmp_path / "log")
    first = one.child.pid
    one.child.kill()
    now = time.monotonic()
    one.tend(now)  # notices
    one.tend(now + 60)  # its pause is over
    assert one.child.running
    assert one.child.pid != first
    one.child.kill()


def test_a_restart_waits_for_its_pause(tmp_path: Path) -> None:
    one = begun(program(), tmp_path / "log")
    first = one.child.pid
    one.child.kill()
    now = time.monotonic()
    one.tend(now)
    one.tend(now + 0.01)
    assert one.child.pid == first


def test_the_end_of_the_broker_is_the_end_of_all(tmp_path: Path) -> None:
    one = begun(program("broker", essential=True), tmp_path / "log")
    one.child.kill()
    with pytest.raises(EssentialLost, match="broker"):
        one.tend(time.monotonic())


def test_start_returns_when_every_program_is_ready(tmp_path: Path) -> None:
    flag = tmp_path / "ready"
    touches = (sys.executable, "-c", f"open({str(flag)!r}, 'w'); import time; time.sleep(600)")
    supervisor = Supervisor(tmp_path)
    with supervisor.until_signalled():
        supervisor.start([Program("p", touches, dict(os.environ), ready=flag.exists)])
        assert flag.exists()


def test_stop_leaves_nothing_running_not_even_what_ignores_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.supervisor.STOP_S", 0.3)
    deaf = (sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)")
    supervisor = Supervisor(tmp_path)
    with supervisor.until_signalled():
        supervisor.start([program("a"), program("b", deaf)])
        children = [one.child for one in supervisor.running]
    assert [child.running for child in children] == [False, False]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_a_supervisor_that_is_told_to_end_or_killed(tmp_path: Path, number: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.send_signal(number)
    parent.communicate(timeout=30)
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert parent.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 0)


def test_what_others_need_ends_after_them(tmp_path: Path) -> None:
    order = tmp_path / "order"
    tells = "import signal, sys, time\ndef end(*_):\n    time.sleep({0}); open({1!r}, 'a').write('{2}'); sys.exit(0)\n"
    tells += "signal.signal(15, end)\nprint('up', flush=True)\ntime.sleep(600)"
    supervisor = Supervisor(tmp_path)
    with supervisor.until_signalled():
        for name, slow in (("server", 0.0), ("client", 0.3)):
            code = tells.format(slow, str(order), name[0])
            log = tmp_path / f"{name}.log"
            command = (sys.executable, "-c", code)
            supervisor.start([Program(name, command, dict(os.environ), ready=lambda: "up" in log.read_text())])  # noqa: B023
    assert order.read_text() == "cs"


def test_a_server_that_was_started_before_is_tended_too(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    with supervisor.until_signalled():
        supervisor.adopt("redis", Child(SLEEPER, tmp_path / "redis.log"), essential=False)
        (one,) = supervisor.running
        one.child.kill()
        first = one.child.pid
        until(lambda: tended(supervisor) and one.child.running)
        assert one.child.pid != first


def test_what_a_child_started_itself_ends_with_it(tmp_path: Path) -> None:
    forks = (sys.executable, "-c", "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', "
             "'import time; time.sleep(600)']); print(p.pid, flush=True); time.sleep(600)")  # fmt: skip
    supervisor = Supervisor(tmp_path)
    log = tmp_path / "p.log"
    with supervisor.until_signalled():
        supervisor.start([Program("p", forks, dict(os.environ), ready=lambda: log.stat().st_size > 0)])
        grandchild = psutil.Process(int(log.read_text()))
    assert psutil.wait_procs([grandchild], timeout=10)[1] == []
