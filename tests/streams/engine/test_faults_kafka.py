"""Workers killed, frozen and robbed of their disks on real Kafka: the log ends as if nothing had happened, id for id."""

from __future__ import annotations

import random
import shutil
import threading

import pytest

from ops.embedded.kafka import Kafka
from schemas.envelope import derived_id
from tests.streams.engine.harbour import Command, Harbour, assert_undisturbed, changelog, counts, until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


def in_background(harbour: Harbour, commands: list[Command], pause_s: float) -> threading.Thread:
    sender = threading.Thread(target=harbour.send, args=(commands, pause_s))
    sender.start()
    return sender


def test_the_engine_publishes_what_the_driver_does_id_for_id(harbour: Harbour) -> None:
    commands = [*counts(200), ("k1", "pass-on", b"k2"), ("k3", "boom", b"")]
    harbour.start()
    harbour.send(commands)
    assert_undisturbed(harbour, commands)
    assert len(until(lambda: len(found := harbour.read("feeds.commands.dead")) == 2 and found)) == 2


def test_three_kills_at_any_moment_change_no_fact(harbour: Harbour) -> None:
    commands, chance = counts(1200), random.Random(7)
    harbour.start()
    sender = in_background(harbour, commands, 0.005)
    for _ in range(3):
        harbour.wait_for(len(harbour.entries()) + chance.randint(1, 60))
        harbour.kill()
        harbour.start()
    sender.join()
    assert_undisturbed(harbour, commands)


def test_a_lost_disk_is_restored_from_the_changelog(harbour: Harbour) -> None:
    commands = counts(400)
    harbour.start()
    harbour.send(commands[:200])
    harbour.wait_for(200)
    harbour.kill()
    shutil.rmtree(harbour.state())
    harbour.start()
    harbour.send(commands[200:])
    assert_undisturbed(harbour, commands)


def test_the_last_batch_of_a_worker_that_is_stopped_in_good_order_is_logged_like_any_other(harbour: Harbour) -> None:
    commands = counts(300)
    sender = in_background(harbour, commands, 0.02)
    for _ in range(2):
        harbour.start(failpoints="engine.after-decide=sleep:0.3")  # so that a batch is in flight when the end comes
        harbour.wait_for(len(harbour.entries()) + 20)
        harbour.workers["one"].stop()
        shutil.rmtree(harbour.state())
    harbour.start()
    sender.join()
    assert_undisturbed(harbour, commands)


def test_a_timer_that_comes_due_while_nobody_lives_comes_once_and_with_its_id(harbour: Harbour) -> None:
    harbour.start()
    harbour.send([("k1", "remind", b"1500")])
    harbour.wait_for(1)
    harbour.kill()
    harbour.start("two")
    reminded = harbour.wait_for(2)[-1]
    fired = derived_id("c-0", "toy", "timer/reminder", 0)
    assert (reminded.record["type"], reminded.envelope.causation) == ("reminded", fired)
    assert reminded.envelope.time >= harbour.entries()[0].envelope.time + 1500
    timers = [key for key in changelog(harbour.read("toy-changelog")) if b"timer|" in key]
    assert (len(harbour.entries()), timers) == (2, [])


def two_workers(harbour: Harbour, failpoint: str) -> None:
    """Both own partitions when this returns."""
    for name in ("one", "two"):
        harbour.start(name, failpoint)
        until(lambda: "engine.taken-over" in harbour.log(name))  # noqa: B023  waited for here


@pytest.mark.slow
def test_a_zombie_commits_nothing_when_it_wakes_up(harbour: Harbour) -> None:
    commands = counts(900)
    two_workers(harbour, "engine.after-produce=sleep:0.02")
    sender = in_background(harbour, commands, 0.02)
    harbour.wait_for(20)
    harbour.freeze("one", 9.0)  # the session is 6 s
    harbour.freeze("two", 9.0)
    sender.join()
    assert_undisturbed(harbour, commands)
    assert "engine.session-ended" in harbour.log("one")


@pytest.mark.slow
def test_a_commit_that_comes_after_the_takeover_has_begun_is_not_lost(harbour: Harbour) -> None:
    """The end of a transaction is not checked against the group: a restore that is too quick would miss it."""
    commands = counts(600)
    two_workers(harbour, "engine.before-end=sleep:0.4")
    sender = in_background(harbour, commands, 0.02)
    harbour.wait_for(20)
    harbour.freeze("one", 8.0)  # above the session, below the transaction's time-out
    sender.join()
    assert_undisturbed(harbour, commands)
    assert "engine.session-ended" in harbour.log("one")


@pytest.mark.slow
def test_a_transaction_that_timed_out_is_aborted_and_done_again(harbour: Harbour) -> None:
    commands = counts(500)
    harbour.start("one", failpoints="engine.after-produce=sleep:0.3", transaction_ms=2_000)
    sender = in_background(harbour, commands, 0.02)
    harbour.wait_for(30)
    for _ in range(2):
        harbour.freeze("one", 4.0)  # above the transaction's time-out, below the session's
        harbour.wait_for(len(harbour.entries()) + 1)
    sender.join()
    assert_undisturbed(harbour, commands)
    assert "engine.session-ended" in harbour.log("one")


@pytest.mark.slow
def test_a_broker_that_was_killed_and_came_back_has_cost_nothing(own_harbour: Harbour, own_kafka: Kafka) -> None:
    commands = counts(300)
    own_harbour.start()
    own_harbour.send(commands[:150])
    own_harbour.wait_for(20)
    own_kafka.kill()
    own_kafka.start()
    own_harbour.send(commands[150:])
    assert_undisturbed(own_harbour, commands)
