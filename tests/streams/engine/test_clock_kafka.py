"""A worker whose wall clock is wrong, or whose disk is slow, on real Kafka: what is decided is the same, and when."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ops.chaos.preload import Preload, compiled
from tests.streams.engine.harbour import Harbour, counts, until

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.timeout(120),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler"),
]
WRONG_S = 300.0


@pytest.fixture
def preload(tmp_path: Path) -> Preload:
    return Preload(compiled(tmp_path), tmp_path / "told")


@pytest.mark.parametrize("wrong_s", [WRONG_S, -WRONG_S], ids=["ahead", "behind"])
def test_a_timer_comes_when_it_is_due_whatever_the_machines_clock_says(
    harbour: Harbour, preload: Preload, wrong_s: float
) -> None:
    """Wrong from the start of a process that has heard nothing from the broker yet: the timer is all that it does."""
    harbour.start()
    harbour.send([("k1", "remind", b"9000")])
    harbour.wait_for(1)
    harbour.kill()
    preload.set_clock(wrong_s)
    harbour.start(preload=preload)
    if wrong_s > 0:
        until(lambda: "no timer is due yet" in harbour.log())
    else:
        harbour.send([("k2", "count", b"")])
    first, *_, reminded = sorted(harbour.wait_for(3 if wrong_s < 0 else 2), key=lambda entry: entry.envelope.time)
    assert reminded.record["type"] == "reminded"
    assert reminded.position[2] > first.position[2]
    commands = [record for record in harbour.read("feeds.commands") if dict(record.headers)["ce_type"] == b"feed.due"]
    due = int(first.record["at"]) + 9_000
    assert [due - 500 <= record.timestamp <= due + 20_000 for record in commands] == [True]


def test_a_clock_that_jumps_and_a_disk_that_is_slow_change_no_fact(harbour: Harbour, preload: Preload) -> None:
    commands = [*counts(150), ("k1", "remind", b"600"), ("k2", "remind", b"60000"), *counts(150)]
    harbour.start(preload=preload)
    harbour.send(commands[:100])
    harbour.wait_for(60)
    preload.set_clock(WRONG_S)
    preload.slow_disk(0.02)
    harbour.send(commands[100:200])
    harbour.wait_for(150)
    preload.set_clock(-WRONG_S)
    harbour.send(commands[200:])
    entries = harbour.wait_for(len(commands) + 1)
    assert [entry.key for entry in entries if entry.record["type"] == "reminded"] == ["k1"]
