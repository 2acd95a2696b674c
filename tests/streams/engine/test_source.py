"""Offsets that are committed without a transaction: by a member only, and no refusal of the broker is overlooked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from schemas.settings import Settings
from streams.engine import source
from streams.engine.records import TP
from streams.engine.source import Doubt, Source

PLACE = TP("feeds.commands", 0)


class Consumer:
    """librdkafka's, which answers a commit with these errors."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.committed: list[TopicPartition] = []
        self.refusals: list[KafkaError] = []
        self.name, self.generation, self.asked = "m-1", 1, 0

    def memberid(self) -> str:
        self.asked += 1
        return self.name

    def consumer_group_metadata(self) -> str:
        return f"{self.name}, generation {self.generation}"

    def incremental_assign(self, parts: list[TopicPartition]) -> None: ...

    def incremental_unassign(self, parts: list[TopicPartition]) -> None: ...

    def pause(self, parts: list[TopicPartition]) -> None: ...

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> list[Any]:
        assert not asynchronous
        self.committed += offsets
        return [Answer(error) for error in self.refusals] or [Answer(None) for _ in offsets]


class Answer:
    """What became of one partition's offset."""

    def __init__(self, error: KafkaError | None) -> None:
        self.error = error


class Owner:
    """Hears nothing here."""

    def gained(self) -> None: ...

    def dropped(self, tps: set[TP]) -> None: ...


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Source:
    monkeypatch.setattr(source, "Consumer", Consumer)
    made = Source(Settings(state_dir=tmp_path), "group", ("feeds.commands",), Owner())
    made.owned.add(PLACE)
    made.position[PLACE] = 7
    return made


def consumer(of: Source) -> Consumer:
    found: Any = of._consumer
    return found  # type: ignore[no-any-return]


def test_a_member_commits_what_it_has_decided(member: Source) -> None:
    member.commit(member.offsets({PLACE}))
    assert [(part.partition, part.offset) for part in consumer(member).committed] == [(0, 7)]


def test_what_was_decided_once_is_not_committed_back(member: Source) -> None:
    member.decided[PLACE] = 9
    member.commit(member.offsets({PLACE}))
    assert [part.offset for part in consumer(member).committed] == [9]


def test_who_owns_nothing_commits_nothing(member: Source) -> None:
    offsets = member.offsets({PLACE})
    member.owned.clear()
    with pytest.raises(Doubt, match="no longer a member"):
        member.commit(offsets)
    assert consumer(member).committed == []


@pytest.mark.parametrize("code", [KafkaError.UNKNOWN_MEMBER_ID, KafkaError.STALE_MEMBER_EPOCH])
def test_a_refusal_of_one_partition_is_heard(member: Source, code: int) -> None:
    consumer(member).refusals = [KafkaError(code)]
    with pytest.raises(KafkaException):
        member.commit(member.offsets({PLACE}))


def assigned(member: Source) -> None:
    """The group gives us the place; librdkafka tells it from inside poll()."""
    told: Any = consumer(member)
    member._assigned(told, [TopicPartition(member._settings.topic(PLACE.topic), PLACE.partition)])


def test_a_commit_is_made_in_the_generation_of_its_moment(member: Source) -> None:
    assigned(member)
    assert member.membership() == "m-1, generation 1"
    consumer(member).generation = 2  # a rebalance that took nothing from us
    assert member.membership() == "m-1, generation 2"


def test_who_we_are_is_asked_when_we_are_given_something_and_not_at_each_commit(member: Source) -> None:
    assigned(member)
    for _ in range(3):
        member.membership()
    assert consumer(member).asked == 1


def test_nobody_is_a_member_before_the_group_gave_him_something(member: Source) -> None:
    with pytest.raises(Doubt, match="no longer a member"):
        member.membership()


def test_an_assignment_without_a_member_id_makes_no_member(member: Source) -> None:
    consumer(member).name = ""
    assigned(member)
    with pytest.raises(Doubt, match="no longer a member"):
        member.membership()


def test_who_lost_everything_is_no_member(member: Source) -> None:
    assigned(member)
    told: Any = consumer(member)
    member._dropped(told, [TopicPartition(member._settings.topic(PLACE.topic), PLACE.partition)])
    with pytest.raises(Doubt, match="no longer a member"):
        member.membership()
