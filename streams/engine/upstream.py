"""What the engine leans on in its libraries beyond what they promise: one list, with the reason of each.

tests/streams/engine/test_upstream.py finds every name here and every name that is used and not here; test_kafka.py shows
how those behave that a broker is needed for. `python -m ops.house.upgrade` tries newer releases against both.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

PACKAGES = ("faust-streaming", "mode-streaming", "confluent-kafka", "aiokafka", "rocksdict")


@dataclass(frozen=True, slots=True)
class Leaning:
    """One name, as module:path, and why the engine needs it."""

    name: str
    why: str
    takes: tuple[str, ...] = ()  # parameters that are passed by name, where Python can tell

    def found(self) -> Any:
        """What the name stands for now; raises ImportError, AttributeError."""
        module, _, path = self.name.partition(":")
        return reduce(getattr, path.split("."), importlib.import_module(module))


LEANINGS = (
    # faust-streaming and mode-streaming: the carrier
    Leaning("faust.app.base:BootStrategy", "what an app starts with it; ours starts no Kafka"),
    Leaning("faust.app.base:BootStrategy.enable_kafka", "the switch of its consumer, producer and tables"),
    Leaning("faust:App.BootStrategy", "where an app takes its strategy from"),
    Leaning("faust:App._create_directories", "called at start, makes a data folder that nobody here uses"),
    Leaning("faust:App.service", "adds the engine to the app's services, made when the app starts"),
    Leaning("faust:App.conf", "takes web_enabled after the app is made"),
    Leaning(
        "faust:Worker",
        "runs several apps and services in one process",
        ("app", "services", "quiet", "override_logging", "redirect_stdouts", "loglevel"),
    ),
    Leaning("faust:Worker.execute_from_commandline", "leaves by SystemExit, with a code where something crashed"),
    Leaning("mode:Worker._schedule_shutdown", "what SIGTERM calls: the services are stopped, last first"),
    Leaning("mode:Service.task", "a coroutine that lives as long as its service"),
    Leaning("mode:Service.crash", "brings the worker down from any service"),
    Leaning("mode:Service._default_stop_children", "ends services in the reverse of their order, one after the other"),
    # confluent-kafka: the clients
    Leaning(
        "confluent_kafka:Consumer.incremental_assign", "called inside the callback, so that pause() comes after it"
    ),
    Leaning("confluent_kafka:Consumer.incremental_unassign", "called inside the callback, after the stores are closed"),
    Leaning("confluent_kafka:Consumer.consumer_group_metadata", "a snapshot of member and generation: fences zombies"),
    Leaning("confluent_kafka:Consumer.memberid", "empty where we are no member: the broker would not check such one"),
    Leaning("confluent_kafka:Consumer.committed", "waits for stable offsets under read_committed"),
    Leaning("confluent_kafka:Consumer.get_watermark_offsets", "cached: the last fetch's, without asking"),
    Leaning("confluent_kafka:Producer.send_offsets_to_transaction", "may never come back (#5456, #5511): bounded.py"),
    Leaning("confluent_kafka:Producer.commit_transaction", "hands out the delivery reports before it returns"),
    Leaning("confluent_kafka:Producer.init_transactions", "fences whoever had the id before"),
    Leaning("confluent_kafka:Producer.purge", "lets go of what an aborted session had not sent"),
    Leaning(
        "confluent_kafka.admin:AdminClient.list_offsets", "high watermarks by READ_UNCOMMITTED", ("isolation_level",)
    ),
    Leaning("confluent_kafka.admin:AdminClient.describe_topics", "the topic's id tells a topic made again"),
    Leaning("confluent_kafka:KafkaError._FATAL", "its own fatal() answers False"),
    Leaning("confluent_kafka:KafkaError._MAX_POLL_EXCEEDED", "the group took the partitions back"),
    Leaning("confluent_kafka:KafkaError._PARTITION_EOF", "comes at the last stable offset, and carries it"),
    Leaning("confluent_kafka:KafkaError._TIMED_OUT", "stable offsets are not there yet: asked again"),
    Leaning("confluent_kafka:KafkaError._TIMED_OUT_QUEUE", "the same, before it was sent"),
    Leaning("confluent_kafka:KafkaError._TRANSPORT", "a leader moves: asked again"),
    Leaning("confluent_kafka:KafkaError._NOENT", "nobody leads a partition yet: asked again"),
    Leaning("confluent_kafka:KafkaError.UNSTABLE_OFFSET_COMMIT", "an open transaction holds an offset"),
    Leaning("confluent_kafka:KafkaError.STALE_MEMBER_EPOCH", "the member is being moved: asked again"),
    Leaning("confluent_kafka:KafkaError.FENCED_INSTANCE_ID", "another process runs under our name: the end"),
    Leaning("confluent_kafka:KafkaError.txn_requires_abort", "exists; every error of a transaction ends the session"),
    # aiokafka: the one request that librdkafka has no call for
    Leaning("aiokafka.client:AIOKafkaClient.coordinator_lookup", "who keeps a group"),
    Leaning("aiokafka.client:AIOKafkaClient.send", "takes any request that builds itself for the broker's version"),
    Leaning("aiokafka.protocol.api:Request.prepare", "NotImplementedError where the broker knows no such version"),
    Leaning("aiokafka.protocol.api:RequestStruct.FLEXIBLE_VERSION", "headers with tagged fields, KIP-482"),
    Leaning("aiokafka.protocol.types:CompactArray", "None is a null array"),
    Leaning("aiokafka.errors:for_code", "an exception for a broker's answer"),
    # rocksdict: the store
    Leaning("rocksdict:Rdict.iter", "seek, valid, key, value, next over raw bytes in their order"),
    Leaning("rocksdict:Rdict.close", "releases the lock file at once"),
    Leaning("rocksdict:WriteBatch.put", "all rows and the changelog's position become visible together"),
    Leaning("rocksdict:Options.set_block_based_table_factory", "the default cache is gigabytes per partition"),
    Leaning("rocksdict:Cache", "a small block cache per store"),
)


def missing(leanings: Iterable[Leaning] = LEANINGS) -> list[str]:
    """What is not there any more, or takes other parameters."""
    return [f"{one.name}: {trouble}" for one in leanings if (trouble := _trouble(one))]


def _trouble(leaning: Leaning) -> str:
    try:
        found = leaning.found()
    except (ImportError, AttributeError) as exc:
        return str(exc)
    known = inspect.signature(found).parameters if leaning.takes else {}
    gone = [name for name in leaning.takes if name not in known and "kwargs" not in known]
    return f"takes no {', '.join(gone)}" if gone else ""
