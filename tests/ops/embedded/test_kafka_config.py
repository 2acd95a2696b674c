"""How a broker of our own is told what it is, without starting one."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops.embedded import kafka as room
from ops.embedded.child import NotReady, Unavailable
from ops.embedded.kafka import BRIEF, Kafka, broker_count


def told(broker: Kafka) -> dict[str, str]:
    lines = broker._configure().read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_it_listens_on_the_loopback_only(tmp_path: Path) -> None:
    config = told(Kafka(tmp_path))
    addresses = config["listeners"].split(",") + config["advertised.listeners"].split(",")
    assert all("//127.0.0.1:" in address for address in addresses)


def test_what_a_test_asks_for_overrides_the_rest(tmp_path: Path) -> None:
    config = told(Kafka(tmp_path, {"group.consumer.session.timeout.ms": 3_000}))
    assert config["group.consumer.session.timeout.ms"] == "3000"


def test_a_broker_that_lives_for_minutes_compiles_less_and_others_do_not(tmp_path: Path) -> None:
    brief, lasting = Kafka(tmp_path, jvm=BRIEF), Kafka(tmp_path)
    assert set(BRIEF) <= set(brief._flags)
    assert not set(BRIEF) & set(lasting._flags)


def test_its_address_is_the_same_at_every_start(tmp_path: Path) -> None:
    broker = Kafka(tmp_path)
    assert (
        told(broker)["advertised.listeners"]
        == told(broker)["advertised.listeners"]
        == f"PLAINTEXT://{broker.bootstrap}"
    )


def test_two_brokers_do_not_meet(tmp_path: Path) -> None:
    first, second = Kafka(tmp_path / "a"), Kafka(tmp_path / "b")
    assert first.bootstrap != second.bootstrap
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert told(first)["log.dirs"] != told(second)["log.dirs"]


def test_a_broker_that_is_not_started_has_no_process_and_can_be_stopped(tmp_path: Path) -> None:
    broker = Kafka(tmp_path)
    broker.stop()
    broker.kill()
    assert broker.pid == 0


def test_nobody_answers_where_there_is_no_broker() -> None:
    assert broker_count("127.0.0.1:9", timeout_s=0.2) == 0


def test_a_machine_without_java_cannot_have_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise Unavailable("no Java 17 or later")

    monkeypatch.setattr(room, "java", none)
    with pytest.raises(Unavailable, match="Java 17"):
        Kafka(tmp_path).start()


def test_storage_that_cannot_be_formatted_tells_kafkas_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = SimpleNamespace(returncode=1, stdout="", stderr="Invalid value for transactional.id.expiration.ms")
    monkeypatch.setattr(room, "java", lambda: "java")
    monkeypatch.setattr(room, "jars", lambda: tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    with pytest.raises(NotReady, match=r"transactional\.id\.expiration\.ms"):
        Kafka(tmp_path).start()
