"""The same story gives the same events, id for id: in the driver, on the embedded default and on real Kafka."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.envelope import millis
from schemas.topics import TOPICS
from tests.stories import quiet_day
from tests.stories.conftest import ROUGH
from tests.stories.given import T
from tests.stories.places.driven import driven
from tests.stories.places.place import Place
from tests.stories.sameness import OWN, Log, Told, dead_of, ids_of, log_of

BUSINESS = frozenset(millis(text) for text in (T, *quiet_day.EARLIER))
UNUSED = frozenset({"feeds.attempts", "reference.units"})  # a day without webhooks and odd units
TOPICS_USED = sorted(TOPICS.keys() - UNUSED - OWN)


def played(place: Place) -> Log:
    quiet_day.play(place)
    assert dead_of(place.records()) == []
    return log_of(place.records(), BUSINESS)


@pytest.fixture(scope="module")
def expected(driver: Place) -> Log:
    """What the driver makes of the day."""
    return played(driver)


@pytest.fixture(scope="module")
def found(real: Place) -> Log:
    """What a running system makes of it."""
    return played(real)


def of(log: Log, topic: str) -> dict[str, list[Told]]:
    return {key: told for (name, key), told in log.items() if name == topic}


def test_the_day_touches_every_topic(expected: Log) -> None:
    assert {topic for topic, _ in expected} == set(TOPICS_USED)


@pytest.mark.parametrize("topic", TOPICS_USED)
def test_every_event_has_the_same_id_everywhere(expected: Log, found: Log, topic: str) -> None:
    assert ids_of(of(found, topic)) == ids_of(of(expected, topic))


@pytest.mark.parametrize("topic", TOPICS_USED)
def test_every_event_says_the_same_everywhere(expected: Log, found: Log, topic: str) -> None:
    assert of(found, topic) == of(expected, topic)


def test_nothing_else_stands_in_the_log(expected: Log, found: Log) -> None:
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("seed", range(3))
def test_batches_partitions_and_dying_workers_make_no_difference(expected: Log, tmp_path: Path, seed: int) -> None:
    with driven(tmp_path, partitions=12, seed=seed, faults=ROUGH) as place:
        assert played(place) == expected
        assert place.topology.schedule.done.total() > 100
