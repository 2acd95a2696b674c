"""What is told to librdkafka and what is known of its ways: each line was measured or paid for by a fault.

Sources: confluent-kafka 2.16 (librdkafka), checked by tests/streams/engine/test_kafka.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, cast

from confluent_kafka import KafkaError, KafkaException, Message

from schemas.envelope import Headers
from schemas.settings import Settings
from streams.engine.records import Record

Config = dict[str, Any]
DEADLY = (KafkaError._FATAL, KafkaError._MAX_POLL_EXCEEDED, KafkaError.TOPIC_AUTHORIZATION_FAILED)
NOT_YET = (  # ask again
    KafkaError._TIMED_OUT,
    KafkaError._TIMED_OUT_QUEUE,
    KafkaError.UNSTABLE_OFFSET_COMMIT,
    KafkaError.STALE_MEMBER_EPOCH,
)
MOVING = (  # a partition's leader is new or not known yet
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError._TRANSPORT,
)
QUIET = 2  # syslog: critical; what matters comes as errors to those who can act on it
EMBEDDED_WAIT_MS = 20  # the mock cluster answers an empty fetch when its time is over, whatever came meanwhile
HURRY_MS = 10  # of who waits for the end of a partition
_VALUE = itemgetter(1)
MAX_RECORD = 2 << 20  # what topics take: a message at its limit of 1 MiB, and a dead letter's provenance


def consumer_config(settings: Settings, group: str) -> Config:
    """A dynamic member of a KIP-848 group that reads only what was committed; offsets are committed by hand."""
    return {
        "bootstrap.servers": settings.kafka,
        "log_level": QUIET,
        "group.id": group,
        "group.protocol": "consumer",
        "isolation.level": "read_committed",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "allow.auto.create.topics": settings.embedded,
        "fetch.wait.max.ms": EMBEDDED_WAIT_MS if settings.embedded else 100,
        "fetch.queue.backoff.ms": 5,  # the default of 1000 stalls a busy consumer for a second at a time
        "queued.max.messages.kbytes": 65_536,
    }


def reader_config(settings: Settings, patience_ms: int = 0) -> Config:
    """A consumer outside any group, which is assigned partitions and hears of their ends.

    patience_ms  how long the broker keeps a question that it has nothing for: new records are sent at once all the same,
                 but of the end of a partition one hears so much later. 0 = for who reads up to an end and is done
    """
    config = consumer_config(settings, f"{settings.environment}.reader")
    del config["group.protocol"]
    wait_ms = HURRY_MS if settings.embedded else max(patience_ms, HURRY_MS)
    return config | {"enable.partition.eof": True, "fetch.wait.max.ms": wait_ms}


def producer_config(settings: Settings) -> Config:
    """Idempotent, acknowledged by all replicas, keyed to partitions as Java clients do."""
    return {
        "bootstrap.servers": settings.kafka,
        "log_level": QUIET,
        "enable.idempotence": True,
        "acks": "all",
        "partitioner": "murmur2_random",
        "message.max.bytes": MAX_RECORD,
    }


def transactional_config(settings: Settings, transactional_id: str) -> Config:
    """The producer of one engine slot."""
    return producer_config(settings) | {
        "transactional.id": transactional_id,
        "transaction.timeout.ms": settings.transaction_timeout_ms,
        "linger.ms": 0,
        "retry.backoff.ms": 1,  # with the default of 100, back-to-back transactions cost 90 ms each
        "retry.backoff.max.ms": 100,
        "queue.buffering.max.messages": 1_000_000,
    }


def error_of(exc: BaseException) -> KafkaError | None:
    """The KafkaError inside an exception."""
    if isinstance(exc, KafkaException) and exc.args and isinstance(exc.args[0], KafkaError):
        return exc.args[0]
    return None


def is_deadly(error: KafkaError) -> bool:
    """Whether the client can never go on; a KafkaError of code _FATAL itself answers fatal() == False."""
    return error.fatal() or error.code() in DEADLY


def record_of(found: Message, names: Mapping[str, str]) -> Record:
    """A plain record; `names` gives the topic without environment prefix by the broker's name."""
    message: Any = found  # no error: it has all of these
    at = message.timestamp()[1]
    return Record(
        names[message.topic()], message.partition(), message.offset(), at if at > 0 else 0, message.key(),
        message.value(), _headers(message),
    )  # fmt: skip


def _headers(found: Message) -> Headers:
    """As they come, without a copy; a header without a value, which others may write, has an empty one."""
    pairs: Any = found.headers() or []
    if None in map(_VALUE, pairs):
        return [(name, value or b"") for name, value in pairs]
    return cast("Headers", pairs)
