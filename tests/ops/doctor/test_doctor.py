"""The doctor says what is wrong and what helps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.doctor import broker as broker_room
from ops.doctor import others
from ops.doctor.broker import judge_broker, judge_topics
from ops.doctor.finding import Finding, State, good, judged
from ops.doctor.visit import visit
from ops.embedded.broker import Broker
from ops.embedded.kafka import Kafka
from ops.embedded.redis import Redis
from ops.topics.everything import apply_all
from ops.topics.wanted import Wanted
from schemas.settings import Settings
from tests.support.fake_gateway import fake_gateway

SOUND = {
    "group.consumer.session.timeout.ms": "6000",
    "auto.create.topics.enable": "false",
    "offsets.retention.minutes": "43200",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
}
NOBODY = "127.0.0.1:9"


def wrong(found: Iterator[Finding]) -> list[str]:
    return [one.subject for one in found if one.state is State.BAD]


def test_a_sound_broker_has_nothing_wrong() -> None:
    assert wrong(judge_broker("1", SOUND)) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("auto.create.topics.enable", "true"),
        ("offsets.retention.minutes", "10080"),
        ("transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000"),
    ],
)
def test_a_wrong_setting_of_the_broker_is_found_with_its_remedy(setting: str, value: str) -> None:
    (found,) = [one for one in judge_broker("1", SOUND | {setting: value}) if one.state is State.BAD]
    assert setting in found.subject
    assert found.remedy


def test_a_broker_without_the_consumer_protocol_is_too_old() -> None:
    (found,) = judge_broker("1", {})
    assert "4.0" in found.remedy


def test_a_topic_with_other_partitions_or_configuration_is_found() -> None:
    topic = Wanted("dev.t", 12, {"retention.ms": "-1"})
    assert wrong(judge_topics([topic], {"dev.t": 12}, {"dev.t": {"retention.ms": "-1"}})) == []
    found = wrong(judge_topics([topic], {"dev.t": 4}, {"dev.t": {"retention.ms": "1"}}))
    assert found == ["topic dev.t", "topic dev.t retention.ms"]


def test_what_differs_from_what_is_wanted_is_bad() -> None:
    assert judged("x", "1", wanted="1", remedy="").state is State.GOOD
    assert judged("x", "2", wanted="1", remedy="set it").remedy == "set it"


def test_an_examination_that_fails_itself_is_a_finding_and_not_the_end() -> None:
    def broken(_: Settings) -> Iterator[Finding]:
        raise ZeroDivisionError("inside")

    found = list(visit(Settings(), (("first", broken), ("second", lambda _: [good("x", "y")]))))
    assert [one.state for one in found] == [State.BAD, State.GOOD]
    assert "inside" in found[0].saw


def test_a_redis_that_is_away_is_found() -> None:
    (found,) = others.examine_redis(Settings(redis=f"redis://{NOBODY}/0"))
    assert found.state is State.BAD


def test_a_sound_redis_is_good(redis_server: Redis) -> None:
    (found,) = others.examine_redis(Settings(redis=redis_server.url))
    assert found.state is State.GOOD


def test_a_gateway_that_is_not_ready_is_found(tmp_path: Path) -> None:
    with fake_gateway() as fake:
        settings = Settings(state_dir=tmp_path, gateway=fake.url.removeprefix("http://"), erp_url=fake.url)
        fake.tell("GET /readyz", (503, {"keys": False}))
        states = {one.subject: one.state for one in others.examine_http(settings)}
    assert states == {"gateway": State.BAD, "erp": State.GOOD}


def test_this_machine_can_run_it(tmp_path: Path) -> None:
    assert wrong(iter(others.examine_machine(Settings(state_dir=tmp_path)))) == []


@pytest.mark.broker
def test_the_embedded_broker_answers_and_has_no_configuration(broker: Broker) -> None:
    found = list(broker_room.examine(Settings(kafka=broker.bootstrap, embedded=True)))
    assert [one.state for one in found] == [State.GOOD, State.UNKNOWN]


@pytest.mark.kafka
def test_a_new_broker_lacks_its_topics_until_they_are_applied(kafka: Kafka, environment: str) -> None:
    settings = Settings(kafka=kafka.bootstrap, environment=environment, partitions=1, session_timeout_ms=5_000)
    before = wrong(iter(broker_room.examine(settings)))
    assert "topics" in before
    assert f"group {environment}.orders consumer.session.timeout.ms" in before
    list(apply_all(settings))
    assert wrong(iter(broker_room.examine(settings))) == []
