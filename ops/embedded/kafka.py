"""Real Apache Kafka in KRaft mode on this machine, for tests and for `--broker kafka`: one node, broker and controller.

Its settings are those that wharf asks of any broker (README of the engine's prototype: session, transaction time-outs),
made small where only size differs.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from ops.embedded.child import Child, NotReady, free_port
from ops.embedded.java import jars, java

READY_S = 90.0
CLUSTER_ID = "d2hhcmYtZW1iZWRkZWQtMQ"  # base64 of 16 bytes, as Kafka wants it
HEAP_MB = 512
JVM = ("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true")
BRIEF = ("-XX:TieredStopAtLevel=1",)  # of a broker that lives for minutes: compiling well costs more than it brings
LOG4J = """status=error
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
"""
SETTINGS: Mapping[str, str | int] = {
    "auto.create.topics.enable": "false",
    "broker.session.timeout.ms": 2_000,  # how long a killed broker's successor waits for its own registration to end
    "broker.heartbeat.interval.ms": 500,
    "group.consumer.session.timeout.ms": 6_000,
    "group.consumer.min.session.timeout.ms": 2_000,
    "group.consumer.heartbeat.interval.ms": 1_000,
    "group.consumer.min.heartbeat.interval.ms": 500,
    "group.min.session.timeout.ms": 2_000,
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 8,
    "offsets.retention.minutes": 30 * 24 * 60,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 8,
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1_000,
    "transactional.id.expiration.ms": 2**31 - 1,  # 24.8 days: the broker takes no more
    "log.cleaner.dedupe.buffer.size": 16 << 20,  # 128 MiB by default, a quarter of the heap
    "log.index.size.max.bytes": 1 << 20,
    "num.network.threads": 2,
    "num.io.threads": 4,
}


class Kafka:
    """One broker in a folder of its own; the same ports and data at every start."""

    def __init__(
        self,
        folder: Path,
        extra: Mapping[str, str | int] | None = None,
        heap_mb: int = HEAP_MB,
        jvm: tuple[str, ...] = (),
    ) -> None:
        self.folder, self.extra, self.heap_mb, self._flags = folder.absolute(), extra or {}, heap_mb, (*JVM, *jvm)
        self.port, self._controller = free_port(), free_port()
        self.child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """What clients are told."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The broker's process id; 0 while it is stopped."""
        return self.child.pid if self.child and self.child.running else 0

    def start(self) -> None:
        """Format the storage where it is new, start the broker, wait until it answers for itself.

        raises Unavailable (no Java, no jars), NotReady
        """
        self.begin(self.prepare())
        self.wait()

    def prepare(self) -> Path:
        """Write its settings and format the storage where it is new; returns the settings' file. Raises NotReady."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self._configure()
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(config)
        return config

    def begin(self, config: Path) -> None:
        """Start the process, without waiting."""
        self.child = Child([*self._jvm(), "kafka.Kafka", str(config)], self.folder / "broker.log")

    def wait(self) -> None:
        """Return when it answers for itself; raises NotReady."""
        if self.child:
            self.child.wait_until(self._answers, READY_S)

    def stop(self) -> None:
        """Stop it in good order."""
        if self.child:
            self.child.stop()

    def kill(self) -> None:
        """SIGKILL."""
        if self.child:
            self.child.kill()

    def restart(self) -> None:
        """Stop in good order and start on the same data."""
        self.stop()
        self.start()

    def _configure(self) -> Path:
        listeners = f"PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{self._controller}"
        wanted = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": listeners,
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": self.folder / "data",
            **SETTINGS,
            **self.extra,
        }
        config = self.folder / "server.properties"
        config.write_text("".join(f"{name}={value}\n" for name, value in wanted.items()), encoding="utf-8")
        (self.folder / "log4j2.properties").write_text(LOG4J, encoding="utf-8")
        return config

    def _jvm(self) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        heap = (f"-Xmx{self.heap_mb}m", f"-Xms{self.heap_mb // 4}m")
        return [java(), *heap, *self._flags, logging, "-cp", f"{jars()}/*"]

    def _format(self, config: Path) -> None:
        command = [*self._jvm(), "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=READY_S, check=False)
        if done.returncode:
            raise NotReady(f"Kafka's storage could not be formatted: {(done.stdout + done.stderr)[-2000:]}")

    def _answers(self) -> bool:
        return broker_count(self.bootstrap) > 0


def broker_count(bootstrap: str, timeout_s: float = 1.0) -> int:
    """How many brokers a cluster's metadata names; 0 where nobody answers."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0, "reconnect.backoff.max.ms": 100})
    try:
        return len(admin.list_topics(timeout=timeout_s).brokers)
    except KafkaException:
        return 0
