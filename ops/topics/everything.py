"""All topics and groups of an environment, at whichever broker the settings name."""

from __future__ import annotations

from collections.abc import Iterator

from ops import catalog
from ops.topics.apply import Broker, Change, apply_embedded, apply_groups, apply_topics
from ops.topics.wanted import wanted
from schemas.settings import Settings


def apply_all(settings: Settings) -> Iterator[Change]:
    """Make the broker as the catalogue wants it; raises KafkaException where it cannot be reached."""
    broker, topics = Broker(settings.kafka), wanted(settings, catalog.stateful())
    if settings.embedded:
        yield from apply_embedded(broker, topics)
        return
    yield from apply_topics(broker, topics, settings.replication)
    yield from apply_groups(broker, catalog.groups(settings.environment), settings)
