"""Bytes that end the process: after three restarts they are a dead letter, and their neighbours were decided in order."""

from __future__ import annotations

import pytest

from tests.streams.engine.harbour import Harbour, until

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(180)]
DEADLY = """
import ctypes, os, signal
from streams.engine.run import run
from tests.streams.engine import toy
decide = toy.decide
def deadly(message, rows):
    if message.record["type"] == "segfault":
        ctypes.string_at(0)  # a real one, in this thread
    if message.record["type"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does where memory ends
    return decide(message, rows)
toy.decide = deadly
run([toy.app])
"""


@pytest.mark.parametrize(("marked", "end"), [("segfault", -11), ("kill", -9)])
def test_a_record_that_ends_its_worker_three_times_is_dead_and_the_rest_goes_on(
    harbour: Harbour, marked: str, end: int
) -> None:
    harbour.send([("k", "count", b""), ("k", marked, b""), ("k", "count", b"")])
    ends = []
    for _ in range(3):
        worker = harbour.start(code=DEADLY)
        until(lambda: not worker.running)  # noqa: B023  waited for here
        ends.append(worker.process.returncode)
    harbour.start(code=DEADLY)
    assert [entry.record["seq"] for entry in harbour.wait_for(2)] == [1, 2]
    (letter,) = harbour.read("feeds.commands.dead")
    assert (ends, dict(letter.headers)["dead_kind"]) == ([end] * 3, b"killed the worker")
