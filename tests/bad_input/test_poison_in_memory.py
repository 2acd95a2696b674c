"""Every kind of poison on every topic that an agent reads, between good orders: each is named, and nothing else moves."""

from __future__ import annotations

import pytest

from ops import catalog
from ops.chaos import poison
from schemas.topics import TOPICS
from streams.engine.metrics import SKIPPED
from tests.bad_input.quay import Quay, Story, holds, played
from tests.support.redis import Server

READ = {topic: [name for name in catalog.AGENTS if topic in catalog.agent_of(name).reads] for topic in TOPICS}
AGENTS_READ = [topic for topic, agents in READ.items() if agents]
REFERENCES = [topic for topic in TOPICS if any(topic in catalog.agent_of(n).references for n in catalog.AGENTS)]


def poisoned(server: Server, topic: str) -> Story:
    """Good orders around one of each kind."""

    def bad(at: Quay) -> None:
        for one in poison.of(topic):
            at.topology.put(topic, one.key, one.value, one.headers)

    return played(server, bad)


@pytest.mark.parametrize("topic", AGENTS_READ)
def test_each_reader_buries_each_poison_once_under_its_name_with_its_bytes_and_goes_on(
    redis_server: Server, calm: Story, topic: str
) -> None:
    story = poisoned(redis_server, topic)
    letters = [(dict(letter.headers), letter.value) for letter in story.dead[topic]]
    told = sorted((letter["dead_agent"].decode(), letter["dead_error"].decode()) for letter, _ in letters)
    assert told == sorted((agent, one.error) for agent in READ[topic] for one in poison.of(topic))
    assert {value for _, value in letters} == {one.value for one in poison.of(topic)}
    assert all(letter["dead_message"] and letter["dead_kind"] == b"undecodable" for letter, _ in letters)
    holds(story, calm, buried=(topic,))


@pytest.mark.parametrize("topic", REFERENCES)
def test_reference_data_that_cannot_be_read_is_counted_and_what_stood_stays_in_force(
    redis_server: Server, calm: Story, topic: str
) -> None:
    counted = SKIPPED.labels(topic)
    before = counted._value.get()
    story = poisoned(redis_server, topic)
    readers = [name for name in catalog.AGENTS if topic in catalog.agent_of(name).references]
    bad = [one for one in poison.of(topic) if one.reference]
    assert counted._value.get() - before == len(readers) * len(bad)
    holds(story, calm)


def test_every_topic_is_read_by_an_agent_a_door_or_the_gateway() -> None:
    others = {"erp.attempts", "feeds.attempts", "reference.keys"}
    assert set(TOPICS) - {*AGENTS_READ, *REFERENCES} - others == set()
