"""Makes the broker's topics and groups what they should be, and says what it did; doing it twice changes nothing.

Partition counts are never changed: which partition a key lives in is where its state is.

A cluster that has just come back loses requests (its controller moves, a connection dies with the answer). Each of ours may be
done twice, so each is asked again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import stamina
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic

from ops.topics.wanted import Wanted
from schemas.settings import Settings
from streams.engine.kafka import error_of

ANSWER_S = 30.0  # for a whole question, however often it is asked
REQUEST_S = 8.0  # for one try
POLL_S = 0.05
THERE = KafkaError.TOPIC_ALREADY_EXISTS  # by a try whose answer was lost
GRACE_S = 1.0  # for librdkafka to say itself that a try was in vain
LOST = frozenset(
    {
        KafkaError._TRANSPORT,
        KafkaError._TIMED_OUT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError.NOT_CONTROLLER,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.NOT_COORDINATOR,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done, or refused, at the broker."""

    done: str  # created, configured, refused
    name: str
    why: str = ""


class Broker:
    """An administrator's view of one cluster."""

    def __init__(self, bootstrap: str) -> None:
        self.admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def partitions(self) -> dict[str, int]:
        """Every topic that has leaders, with its number of partitions."""
        found = _patiently(self.admin.list_topics, timeout=REQUEST_S).topics.values()
        return {str(topic.topic): len(topic.partitions) for topic in found if _led(topic)}

    def nodes(self) -> list[str]:
        """The ids of the cluster's brokers."""
        return sorted(str(node) for node in _patiently(self.admin.list_topics, timeout=REQUEST_S).brokers)

    def create(self, topics: Iterable[Wanted], replication: int) -> None:
        """Create topics and wait until each has its leaders."""
        new = [NewTopic(one.name, one.partitions, replication, config=dict(one.config)) for one in topics]
        if new:
            _patiently(lambda: settle(self.admin.create_topics(new, request_timeout=REQUEST_S), THERE))
            self.wait_for({topic.topic for topic in new})

    def wait_for(self, names: set[str]) -> None:
        """Return when metadata shows these topics with leaders; raises TimeoutError."""
        deadline = time.monotonic() + ANSWER_S
        while missing := names - self.partitions().keys():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the broker shows no leaders of {', '.join(sorted(missing))}")
            time.sleep(POLL_S)

    def delete_groups(self, groups: list[str]) -> None:
        """Forget what groups without members have committed, where there are such groups."""
        asked = {"request_timeout": REQUEST_S}
        _patiently(lambda: settle(self.admin.delete_consumer_groups(groups, **asked), KafkaError.GROUP_ID_NOT_FOUND))

    def configs(self, kind: Any, names: Iterable[str]) -> dict[str, dict[str, str]]:
        """The configuration in force of topics or groups, by name."""
        resources = [ConfigResource(kind, name) for name in names]
        if not resources:
            return {}
        found = _patiently(lambda: _results(self.admin.describe_configs(resources, request_timeout=REQUEST_S)))
        return {
            resource.name: {key: str(entry.value) for key, entry in said.items()} for resource, said in found.items()
        }

    def configure(self, kind: Any, name: str, config: Mapping[str, str]) -> None:
        """Set these entries and leave all others, and wait until they are in force: brokers learn of them one by one.

        Raises KafkaException where the broker refuses, TimeoutError where it does not show them.
        """
        entries = [
            ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in config.items()
        ]
        wanted = ConfigResource(kind, name, incremental_configs=entries)
        _patiently(lambda: _results(self.admin.incremental_alter_configs([wanted], request_timeout=REQUEST_S)))
        deadline = time.monotonic() + ANSWER_S
        while late := differs(config, self.configs(kind, [name])[name]):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name}: the broker does not show {', '.join(sorted(late))}")
            time.sleep(POLL_S)


def apply_topics(broker: Broker, topics: list[Wanted], replication: int) -> Iterator[Change]:
    """Create what is missing, set what differs, refuse what would move keys."""
    have = broker.partitions()
    missing = [one for one in topics if one.name not in have]
    broker.create(missing, replication)
    yield from (Change("created", one.name, f"{one.partitions} partitions") for one in missing)
    present = [one for one in topics if one.name in have]
    configs = broker.configs(ConfigResource.Type.TOPIC, [one.name for one in present])
    for one in present:
        if have[one.name] != one.partitions:
            yield Change("refused", one.name, f"has {have[one.name]} partitions, not {one.partitions}; keys would move")
        if differing := differs(one.config, configs[one.name]):
            broker.configure(ConfigResource.Type.TOPIC, one.name, differing)
            yield Change("configured", one.name, ", ".join(f"{key}={value}" for key, value in differing.items()))


def apply_groups(broker: Broker, groups: Iterable[str], settings: Settings) -> Iterator[Change]:
    """Set each group's session time-out: how long a dead member's partitions stay silent."""
    for group in groups:
        asked = group_config(settings)
        try:
            differing = differs(asked, broker.configs(ConfigResource.Type.GROUP, [group])[group])
            if differing:
                broker.configure(ConfigResource.Type.GROUP, group, differing)
                yield Change("configured", group, ", ".join(f"{key}={value}" for key, value in differing.items()))
        except KafkaException as exc:
            yield Change(
                "refused", group, f"{exc.args[0].str()}; see group.consumer.min.session.timeout.ms at the broker"
            )


def apply_embedded(broker: Broker, topics: list[Wanted]) -> Iterator[Change]:
    """The embedded broker makes a topic when it is first asked about it, with its own number of partitions."""
    have = broker.partitions()
    for one in topics:
        if one.name not in have:
            broker.admin.list_topics(one.name, timeout=ANSWER_S)
            yield Change("created", one.name, "by the embedded broker's own rule")
    broker.wait_for({one.name for one in topics})


def group_config(settings: Settings) -> dict[str, str]:
    """Group session time-out and heartbeat; KIP-848 groups take them from the broker.

    Who gives partitions up hears of it in a heartbeat, and who gets them in another: six in a session, not three.
    """
    beat = max(500, settings.session_timeout_ms // 6)
    return {
        "consumer.session.timeout.ms": str(settings.session_timeout_ms),
        "consumer.heartbeat.interval.ms": str(beat),
    }


def differs(asked: Mapping[str, str], have: Mapping[str, str]) -> dict[str, str]:
    """The entries of `asked` that are not in force."""
    return {key: value for key, value in asked.items() if have.get(key) != value}


def _led(topic: Any) -> bool:
    return not topic.error and all(part.leader >= 0 for part in topic.partitions.values())


def settle(asked: Mapping[Any, Future[Any]], forgiven: int) -> None:
    """Wait for answers; raises KafkaException but for the error that says there was nothing to do, TimeoutError."""
    for future in asked.values():
        try:
            future.result(REQUEST_S + GRACE_S)
        except KafkaException as exc:
            error = error_of(exc)
            if error is None or error.code() != forgiven:
                raise


def _results(futures: Mapping[Any, Future[Any]]) -> dict[Any, Any]:
    return {key: future.result(REQUEST_S + GRACE_S) for key, future in futures.items()}


def _was_lost(exc: Exception) -> bool:
    error = error_of(exc)
    return isinstance(exc, TimeoutError) or (error is not None and error.code() in LOST)


_patiently = stamina.RetryingCaller(attempts=None, timeout=ANSWER_S, wait_max=1.0).on(_was_lost)
