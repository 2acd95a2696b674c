"""Who reads a topic, which poison there is for it, and the worker that dies of a record."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from ops.chaos import deadly
from ops.chaos.deadly import HEADER, dying
from ops.chaos.poisoner import DEADLY, LARGE, choice, readers
from schemas.guard import WireError
from schemas.topics import TOPICS
from streams.engine.records import Record
from tests.ops.chaos.test_oracle import log


def test_readers_are_agents_and_doors() -> None:
    assert readers("orders.commands") == ("orders",)
    assert set(readers("channel.documents")) == {"normalize", "project"}
    assert readers("erp.attempts") == ("erp",)
    assert readers("reference.units") == ()


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if readers(topic)])
def test_there_is_small_poison_for_every_topic_and_few_are_large(topic: str) -> None:
    small, large = choice(topic)
    assert len(small) > 10 > len(large)
    assert all(len(one.value or b"") < LARGE for one in small)


def test_deadly_records_go_where_one_agent_reads() -> None:
    assert {topic: readers(topic) for topic in DEADLY} == {topic: (agent,) for topic, agent in DEADLY.items()}


def test_a_deadly_record_ends_whoever_decodes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    crashes: list[bool] = []
    monkeypatch.setattr(deadly, "crash", lambda: crashes.append(True))
    with pytest.raises((WireError, ValueError)):
        dying(Record("orders.commands", 0, 1, 1, b"acme|x", b"", [(HEADER, b"1")]), 1)
    assert crashes == [True]


def test_a_crash_is_a_crash() -> None:
    done = subprocess.run([sys.executable, "-c", "from ops.chaos.deadly import crash; crash()"], check=False)
    assert done.returncode == -signal.SIGSEGV


def test_any_other_record_is_decoded_as_ever() -> None:
    record = next(record for record in log() if record.topic == "orders.commands")
    assert dying(record, 5).now == 5
