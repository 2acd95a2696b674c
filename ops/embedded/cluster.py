"""Three brokers of real Kafka on this machine, each broker and controller: replication 3, two replicas in sync at least.

Each has two listeners. Who comes directly stays there; clients of the second are told the port that `announced` names for
that broker, such as a proxy's, which carries them to the second listener.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ClusterMetadata

from ops.embedded.child import free_port
from ops.embedded.java import jars
from ops.embedded.kafka import BRIEF, READY_S, Kafka, broker_count

NODES = 3
HEAP_MB = 256
ASK_S = 3.0
QUORUM = Path("data", "__cluster_metadata-0", "quorum-state")
NOBODY_SAYS = 1 << 30
SAFE: dict[str, str | int] = {
    "default.replication.factor": NODES,
    "min.insync.replicas": 2,
    "offsets.topic.replication.factor": NODES,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": NODES,
    "transaction.state.log.min.isr": 2,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": NODES,
    "share.coordinator.state.topic.min.isr": 2,
    "replica.lag.time.max.ms": 5_000,
    "unclean.leader.election.enable": "false",
    "leader.imbalance.check.interval.seconds": 5,  # a broker that is back leads again, and can be missed again
    "leader.imbalance.per.broker.percentage": 1,
}


class Cluster:
    """The brokers, by their place from 0; the same ports and data at every start."""

    def __init__(self, folder: Path, heap_mb: int = HEAP_MB) -> None:
        self.announced, self.behind = _ports(), _ports()  # what clients are told; where that has to lead
        own, controllers = _ports(), _ports()
        voters = ",".join(f"{place + 1}@127.0.0.1:{port}" for place, port in enumerate(controllers))
        self.nodes = [Kafka(folder / f"broker-{place + 1}", {}, heap_mb, BRIEF) for place in range(NODES)]
        for place, node in enumerate(self.nodes):
            node.port = own[place]
            node.extra = {**SAFE, **self._listeners(place, own[place], controllers[place]), "node.id": place + 1}
            node.extra |= {"controller.quorum.voters": voters}
        self._admin: AdminClient | None = None

    @property
    def bootstrap(self) -> str:
        """The brokers' own addresses."""
        return ",".join(node.bootstrap for node in self.nodes)

    @property
    def routes(self) -> list[tuple[int, int]]:
        """Of each broker the announced port, and the one that it has to lead to."""
        return list(zip(self.announced, self.behind, strict=True))

    def start(self) -> None:
        """Format what is new, start all, wait until each knows the others; raises Unavailable, NotReady."""
        jars()
        with ThreadPoolExecutor(NODES) as side_by_side:
            configs = list(side_by_side.map(Kafka.prepare, self.nodes))
        for node, config in zip(self.nodes, configs, strict=True):
            node.begin(config)
        for node in self.nodes:
            if node.child:
                node.child.wait_until(_knows_all(node.bootstrap), READY_S)

    def kill(self) -> None:
        """SIGKILL of all: nobody needs what they hold any more."""
        for node in self.nodes:
            node.kill()

    def missing(self) -> int:
        """Brokers that are away and replicas that are not in sync."""
        told = self._metadata()
        if told is None:
            return NOBODY_SAYS
        parts = [part for topic in told.topics.values() for part in topic.partitions.values()]
        return NODES - len(told.brokers) + sum(len(part.replicas) - len(part.isrs) for part in parts)

    def is_back(self, place: int) -> bool:
        """Whether this broker itself says that all are there; the others call a dead one alive until its session ends."""
        return broker_count(self.nodes[place].bootstrap) == NODES

    def controller(self) -> int:
        """The place of the active controller, as the newest vote among the brokers says."""
        votes = [json.loads((node.folder / QUORUM).read_text(encoding="utf-8")) for node in self.nodes]
        newest = max(votes, key=lambda vote: int(vote["leaderEpoch"]))
        return max(0, int(newest["leaderId"]) - 1)

    def coordinator(self, group: str) -> int:
        """The place of a group's coordinator: the leader of its partition of the offsets' topic."""
        told = self._metadata()
        topic = told.topics.get("__consumer_offsets") if told else None
        if topic is None or not topic.partitions:
            return 0
        return max(0, int(topic.partitions[java_hash(group) % len(topic.partitions)].leader) - 1)

    def _metadata(self) -> ClusterMetadata | None:
        self._admin = self._admin or AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        with suppress(KafkaException):
            return self._admin.list_topics(timeout=ASK_S)
        return None

    def _listeners(self, place: int, own: int, controller: int) -> dict[str, str | int]:
        """`behind` announces another port than it has."""
        here = "127.0.0.1"
        return {
            "listeners": f"PLAINTEXT://{here}:{own},ANNOUNCED://{here}:{self.behind[place]},CONTROLLER://{here}:{controller}",
            "advertised.listeners": f"PLAINTEXT://{here}:{own},ANNOUNCED://{here}:{self.announced[place]}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,ANNOUNCED:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
        }


def java_hash(text: str) -> int:
    """String.hashCode() without its sign, as Kafka spreads groups over the partitions of its own topics."""
    found = 0
    for letter in text:
        found = (31 * found + ord(letter)) & 0xFFFFFFFF
    signed = found - (1 << 32) if found >> 31 else found
    return 0 if signed == -(1 << 31) else abs(signed)


def _ports() -> list[int]:
    return [free_port() for _ in range(NODES)]


def _knows_all(bootstrap: str) -> Callable[[], bool]:
    return lambda: broker_count(bootstrap) == NODES
