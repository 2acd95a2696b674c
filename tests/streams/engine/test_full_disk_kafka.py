"""A worker on real Kafka whose disk is full, a small one of its own: it takes nothing, says why, and goes on with room."""

from __future__ import annotations

import pytest

from streams.engine.room import LEAST
from tests.streams.engine.harbour import Harbour, assert_undisturbed, counts, until
from tests.support.disks import mounted

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
MIB = 3 * LEAST >> 20


def test_a_worker_on_a_full_disk_leaves_its_partitions_to_others_and_takes_them_when_there_is_room(
    harbour: Harbour,
) -> None:
    commands = counts(120)
    with mounted(harbour.state(), MIB) as disk:
        harbour.start()
        harbour.send(commands[:40])
        harbour.wait_for(40)
        disk.fill()
        harbour.kill()
        full = harbour.start()
        harbour.send(commands[40:80])
        until(lambda: "DiskFull" in harbour.log())
        assert len(harbour.entries()) == 40
        harbour.start("two")
        harbour.wait_for(80)
        assert full.running
        harbour.workers["two"].stop()
        disk.heal()
        harbour.send(commands[80:])
        assert_undisturbed(harbour, commands)
        full.stop()
