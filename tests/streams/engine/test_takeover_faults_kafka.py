"""Workers that die or freeze around a takeover, as processes on real Kafka: no timer twice, nothing of a zombie."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from ops.embedded.kafka import Kafka
from tests.streams.engine.harbour import Harbour, assert_undisturbed, counts, until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
SESSION_S = 6.0


def test_a_takeover_while_the_dead_owners_transaction_is_open_counts_on_from_what_was_committed(
    harbour: Harbour,
) -> None:
    """The heir has another slot: it cannot fence the dead one, whose transaction the broker ends when its time is over."""
    commands = counts(120)
    dying = harbour.start("one", failpoints="engine.before-end=kill@4", transaction_ms=9_000)
    harbour.send(commands[:10])
    harbour.wait_for(10)
    harbour.send(commands[10:60], 0.02)
    until(lambda: not dying.running)
    heir = harbour.start("two")
    harbour.send(commands[60:])
    assert_undisturbed(harbour, commands)
    assert heir.running


def test_an_idle_worker_that_was_frozen_while_its_timers_came_due_fires_none_of_them_again(harbour: Harbour) -> None:
    for name in ("one", "two"):
        harbour.start(name)
        until(lambda: "engine.taken-over" in harbour.log(name))  # noqa: B023  waited for here
    harbour.send([(f"k{number}", "remind", b"4000") for number in range(24)])
    harbour.wait_for(24)
    harbour.freeze("one", SESSION_S + 5.0)  # its timers come due, its partitions are taken over, and it wakes up
    reminded = harbour.wait_for(48)
    assert Counter(entry.record["type"] for entry in reminded) == {"remind": 24, "reminded": 24}
    until(lambda: "engine.session-ended" in harbour.log("one"))
    harbour.send(counts(24, keys=24))  # whoever owns a partition now counts on
    entries = harbour.wait_for(72)
    assert Counter(entry.key for entry in entries) == {f"k{number}": 3 for number in range(24)}
    commands = [found for found in harbour.read("feeds.commands") if dict(found.headers)["ce_type"] == b"feed.due"]
    assert (len(commands), len(harbour.entries())) == (24, 72)


def test_a_worker_under_load_ends_well_within_ten_seconds(harbour: Harbour) -> None:
    worker = harbour.start()
    harbour.send(counts(3_000))
    harbour.wait_for(1)
    began = time.monotonic()
    worker.process.terminate()
    assert worker.wait(10.0)
    assert (worker.process.returncode, time.monotonic() - began < 10.0) == (0, True)


def test_a_worker_whose_broker_does_not_answer_ends_within_ten_seconds_all_the_same(
    own_harbour: Harbour, own_kafka: Kafka
) -> None:
    worker = own_harbour.start()
    own_harbour.send(counts(30))
    own_harbour.wait_for(30)
    own_harbour.send(counts(30))
    with own_harbour.frozen(own_kafka.pid):
        worker.process.terminate()
        assert worker.wait(10.0)
    own_harbour.start()
    own_harbour.wait_for(60)
    assert len(own_harbour.entries()) == 60
