"""A process is killed at every failpoint that there is, one life after the other: the log ends as if it had not been."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence

import pytest

from ops.embedded.child import Child
from streams.engine.failpoints import BATCH, DOOR, LIFE, NAMES, REVOKE, SINK, TAKEOVER
from tests.streams.engine import crew
from tests.streams.engine.harbour import Command, Harbour, assert_undisturbed, counts, until

REMIND = "remind"
kafka = pytest.mark.kafka
within = pytest.mark.timeout(240)


def killed(harbour: Harbour, moment: str, name: str = "one", code: str = "") -> None:
    """One life, which ends at the failpoint."""
    worker = harbour.start(name, failpoints=f"{moment}=kill", code=code)
    until(lambda: not worker.running)
    assert worker.process.returncode == -9, harbour.log(name)


def serving(harbour: Harbour, moment: str, name: str) -> Child:
    """One life that has decided what it was sent, and is to end at the failpoint."""
    worker = harbour.start(name, failpoints=f"{moment}=kill")
    before = len(harbour.entries())
    harbour.send(counts(4))
    harbour.wait_for(before + 4)
    return worker


def some(number: int) -> list[Command]:
    """Work for one life: some keys are counted on, and one has a timer that comes due at once."""
    return [*counts(8), (f"timer-{number}", REMIND, b"0")]


def test_each_failpoint_has_its_test() -> None:
    assert Counter(NAMES) == Counter([*BATCH, *LIFE, *TAKEOVER, *REVOKE, *SINK, *DOOR])
    assert len(set(NAMES)) >= 25


@kafka
@within
def test_a_kill_at_each_named_moment_of_a_batch_changes_no_fact(harbour: Harbour) -> None:
    commands: list[Command] = []
    for number, moment in enumerate(BATCH):
        harbour.send(some(number))
        commands += some(number)
        killed(harbour, moment)
    harbour.start()
    assert_undisturbed(harbour, commands, later_ms=1_000)


@kafka
@within
def test_a_kill_at_each_moment_of_a_takeover_changes_no_fact(harbour: Harbour) -> None:
    commands = counts(100)
    harbour.start()
    harbour.send(commands[:50])
    harbour.wait_for(50)
    harbour.kill()
    for moment in TAKEOVER:
        for stores in harbour.state().glob("slots/*/*/stores"):
            shutil.rmtree(stores)  # so that there is something to restore
        killed(harbour, moment)
    harbour.start()
    harbour.send(commands[50:])
    assert_undisturbed(harbour, commands)


BEGINNING, END = LIFE[:5], LIFE[5:]


@kafka
@within
def test_a_kill_while_a_session_begins_or_ends_changes_no_fact(harbour: Harbour) -> None:
    harbour.start()
    harbour.send(counts(12))
    harbour.wait_for(12)
    harbour.kill()
    for moment in BEGINNING:
        killed(harbour, moment)
    for moment in END:
        worker = serving(harbour, moment, "one")
        worker.process.terminate()
        until(lambda: not worker.running)  # noqa: B023  waited for here
        assert worker.process.returncode == -9
    harbour.start()
    assert_undisturbed(harbour, [*counts(12), *counts(4), *counts(4)])


@kafka
@within
def test_a_kill_while_partitions_are_handed_over_changes_no_fact(harbour: Harbour) -> None:
    commands: list[Command] = []
    for moment in REVOKE:
        giving = serving(harbour, moment, "one")
        commands += counts(4)
        harbour.start("two")
        until(lambda: not giving.running)  # noqa: B023  waited for here
        assert giving.process.returncode == -9
        harbour.workers["two"].stop()
    harbour.start()
    assert_undisturbed(harbour, commands)


@kafka
@within
def test_a_kill_around_a_write_of_a_read_model_leaves_no_gap_in_it(harbour: Harbour) -> None:
    harbour.start()
    for moment in SINK:
        harbour.send(counts(12))
        killed(harbour, moment, "mirror", crew.MIRROR)
    harbour.start("mirror", code=crew.MIRROR)
    wanted = {(entry.key, entry.record["seq"]) for entry in harbour.wait_for(12 * len(SINK))}
    until(lambda: len(crew.taken(harbour.state("mirror"))) > len(wanted))  # what was not committed comes again
    until(lambda: set(crew.taken(harbour.state("mirror"))) == wanted)
    assert len(wanted) == 12 * len(SINK)


@kafka
@within
def test_a_door_that_is_killed_at_each_of_its_moments_loses_nothing_and_buries_once(harbour: Harbour) -> None:
    for number, moment in enumerate(DOOR):
        harbour.send(counts(4))
        harbour.poison(f"k{number}")
        killed(harbour, moment, "door", crew.DOOR)
    door = harbour.start("door", code=crew.DOOR)
    wanted = {crew.answer_id(f"c-{number}") for number in range(harbour.sent)}
    until(lambda: {entry.envelope.id for entry in harbour.entries()} == wanted)
    until(lambda: len(harbour.read("feeds.commands.dead")) >= len(DOOR))
    door.stop()
    assert positions(harbour, "feeds.commands.dead") == Counter(poisoned(harbour))


def positions(harbour: Harbour, topic: str) -> Counter[tuple[int, int]]:
    """Where the originals of dead letters stood, and how often each was buried."""
    headers = [dict(letter.headers) for letter in harbour.read(topic)]
    return Counter((int(told["dead_partition"]), int(told["dead_offset"])) for told in headers)


def poisoned(harbour: Harbour) -> Sequence[tuple[int, int]]:
    return [(found.partition, found.offset) for found in harbour.read("feeds.commands") if found.value == b"junk"]
