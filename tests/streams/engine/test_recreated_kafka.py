"""Topics deleted and made again under a worker, on real Kafka: it goes on where nothing is lost by that, else it says what is."""

from __future__ import annotations

import shutil

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from ops.topics.apply import Broker, apply_topics
from ops.topics.wanted import wanted
from tests.streams.engine.harbour import Harbour, assert_undisturbed, by_key, counts, expected, until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]


def make_again(harbour: Harbour, topic: str) -> None:
    """Delete a topic and make it again, as it was and empty."""
    settings, name = harbour.settings, harbour.settings.topic(topic)
    admin = AdminClient({"bootstrap.servers": settings.kafka})
    admin.delete_topics([name])[name].result(20)
    until(lambda: name not in admin.list_topics(timeout=10).topics)

    def made() -> bool:
        try:
            wanted_one = [one for one in wanted(settings, ["toy"]) if one.name == name]
            return bool(list(apply_topics(Broker(settings.kafka), wanted_one, 1)))
        except KafkaException:
            return False  # the old one is still being marked for deletion

    until(made)


def counted(harbour: Harbour, number: int = 60) -> None:
    """A worker has counted so much, and is stopped."""
    harbour.start()
    harbour.send(counts(number))
    harbour.wait_for(number)
    harbour.workers["one"].stop()


@pytest.mark.parametrize("disk", ["kept", "lost"])
def test_a_changelog_that_was_made_again_is_not_taken_for_the_state(harbour: Harbour, disk: str) -> None:
    counted(harbour)
    make_again(harbour, "toy-changelog")
    if disk == "lost":
        shutil.rmtree(harbour.state())
    worker = harbour.start()
    harbour.send(counts(12))
    until(lambda: not worker.running)
    assert "ChangelogReplaced" in harbour.log()
    assert len(harbour.entries()) == 60


def test_a_changelog_that_is_made_again_under_a_worker_stops_it_before_a_number_comes_twice(harbour: Harbour) -> None:
    worker = harbour.start()
    harbour.send(counts(60))
    harbour.wait_for(60)
    make_again(harbour, "toy-changelog")
    harbour.send(counts(60))
    until(lambda: not worker.running)
    assert "ChangelogReplaced" in harbour.log()
    numbers = [(entry.key, entry.record["seq"]) for entry in harbour.entries()]
    assert len(numbers) == len(set(numbers))


def test_a_mailbox_that_was_made_again_has_no_offsets_for_the_state(harbour: Harbour) -> None:
    counted(harbour)
    make_again(harbour, "feeds.commands")
    worker = harbour.start()
    until(lambda: not worker.running)
    assert "OffsetsLost" in harbour.log()


def test_what_is_published_goes_on_in_a_compacted_topic_that_was_made_again(harbour: Harbour) -> None:
    """What stood in it is the reader's to know: each version is above those that it had, so none is taken twice."""
    commands = counts(120)
    harbour.start()
    harbour.send(commands[:60])
    harbour.wait_for(60)
    make_again(harbour, "inventory.availability")
    harbour.send(commands[60:])
    assert_undisturbed(harbour, commands)
    levels = {record.key: record for record in until(lambda: harbour.read("inventory.availability"))}
    assert len(levels) == len(by_key(expected(commands).log("channels.feed")))
