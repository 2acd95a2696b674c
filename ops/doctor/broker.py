"""Examines the broker: reachable, new enough, topics and groups configured as the catalogue wants them."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka import KafkaException
from confluent_kafka.admin import ConfigResource

from ops import catalog
from ops.doctor.finding import Finding, bad, good, judged, unknown
from ops.embedded.kafka import broker_count
from ops.topics.apply import Broker, differs, group_config
from ops.topics.wanted import Wanted, wanted
from schemas.settings import Settings

APPLY = "run `wharf topics apply`"
DAY_MIN = 24 * 60
CONSUMER_PROTOCOL = "group.consumer.session.timeout.ms"  # a broker that has it knows KIP-848, so it is Kafka 4
REACH_S = 5.0


def examine(settings: Settings) -> Iterator[Finding]:
    """All that can be seen of a broker from outside."""
    if not broker_count(settings.kafka, REACH_S):
        yield bad("kafka", f"nobody answers at {settings.kafka}", "start it, or set WHARF_KAFKA")
        return
    yield good("kafka", f"answers at {settings.kafka}")
    if settings.embedded:
        yield unknown("kafka configuration", "the embedded broker has none")
        return
    broker = Broker(settings.kafka)
    yield from _configuration(broker)
    yield from _topics(broker, wanted(settings, catalog.stateful()))
    yield from _groups(broker, settings)


def _configuration(broker: Broker) -> Iterator[Finding]:
    for node in broker.nodes():
        config = broker.configs(ConfigResource.Type.BROKER, [node])[node]
        yield from judge_broker(node, config)


def judge_broker(node: str, config: dict[str, str]) -> Iterator[Finding]:
    """What a broker's configuration means for wharf."""
    subject = f"broker {node}"
    if CONSUMER_PROTOCOL not in config:
        yield bad(f"{subject} version", "knows no consumer protocol (KIP-848)", "use Apache Kafka 4.0 or later")
        return
    yield good(f"{subject} version", "knows the consumer protocol (KIP-848)")
    yield judged(
        f"{subject} auto.create.topics.enable",
        config.get("auto.create.topics.enable"),
        wanted="false",
        remedy="set it to false: a topic made by accident has the wrong partitions",
    )
    days = int(config.get("offsets.retention.minutes", "0")) / DAY_MIN
    if days < 30:
        yield bad(
            f"{subject} offsets.retention.minutes", f"{days:.0f} days", "set it to 43200: offsets are kept 30 days"
        )
    scan = int(config.get("transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000"))
    if scan > 2_000:
        yield bad(f"{subject} transaction.abort.timed.out.transaction.cleanup.interval.ms", f"{scan} ms",
                  "set it to 1000: that long a killed worker's partitions stay silent")  # fmt: skip


def _topics(broker: Broker, topics: list[Wanted]) -> Iterator[Finding]:
    have = broker.partitions()
    missing = [one.name for one in topics if one.name not in have]
    if missing:
        yield bad("topics", f"{len(missing)} of {len(topics)} are missing: {', '.join(missing[:5])}", APPLY)
    present = [one for one in topics if one.name in have]
    configs = broker.configs(ConfigResource.Type.TOPIC, [one.name for one in present])
    wrong = list(judge_topics(present, have, configs))
    yield from wrong
    if not missing and not wrong:
        yield good("topics", f"{len(topics)} as the catalogue wants them")


def judge_topics(topics: list[Wanted], have: dict[str, int], configs: dict[str, dict[str, str]]) -> Iterator[Finding]:
    """The topics that are not as the catalogue wants them."""
    for one in topics:
        if have[one.name] != one.partitions:
            why = "set WHARF_PARTITIONS to what there is: keys cannot move"
            yield bad(f"topic {one.name}", f"{have[one.name]} partitions, not {one.partitions}", why)
        for key in differs(one.config, configs[one.name]):
            saw = configs[one.name].get(key)
            yield bad(f"topic {one.name} {key}", f"{saw}, not {one.config[key]}", APPLY)


def _groups(broker: Broker, settings: Settings) -> Iterator[Finding]:
    asked = group_config(settings)
    for group in catalog.groups(settings.environment):
        try:
            found = broker.configs(ConfigResource.Type.GROUP, [group])[group]
        except KafkaException as exc:
            yield unknown(f"group {group}", exc.args[0].str())
            continue
        for key in differs(asked, found):
            yield bad(f"group {group} {key}", f"{found.get(key)}, not {asked[key]}", APPLY)
    yield good("groups", f"{len(catalog.groups(settings.environment))} looked at")
