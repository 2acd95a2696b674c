"""The servers that `wharf up` brings along, and those that it is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.embedded.kafka import broker_count
from ops.embedded.redis import answers
from ops.probing import listens
from ops.supervisor import EssentialLost, Supervisor
from ops.up import servers
from schemas.settings import Settings


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """One that ends what it adopted."""
    made = Supervisor(tmp_path / "log")
    yield made
    made.stop()


def test_a_broker_that_is_given_is_used_as_it_is(supervisor: Supervisor, tmp_path: Path) -> None:
    assert servers.broker(supervisor, tmp_path, "broker:9092") == {"kafka": "broker:9092", "embedded": False}
    assert supervisor.running == []


def test_a_redis_that_is_given_is_used_as_it_is(supervisor: Supervisor, tmp_path: Path) -> None:
    assert servers.redis(supervisor, tmp_path, "redis://cache/0", keep=True) == {"redis": "redis://cache/0"}
    assert supervisor.running == []


def test_a_redis_of_our_own_answers_and_is_tended(supervisor: Supervisor, tmp_path: Path) -> None:
    at = servers.redis(supervisor, tmp_path, "", keep=False)
    assert answers(str(at["redis"]))
    assert [one.program.name for one in supervisor.running] == ["redis"]


def test_an_erp_that_is_named_is_used(supervisor: Supervisor, tmp_path: Path) -> None:
    given = Settings(erp_url="http://erp:8090")
    assert servers.erp(supervisor, tmp_path, given) == {"erp_url": "http://erp:8090"}


def test_otherwise_there_is_one_to_practise_with(supervisor: Supervisor, tmp_path: Path) -> None:
    at = servers.erp(supervisor, tmp_path, Settings())
    assert listens(str(at["erp_url"]))


@pytest.mark.broker
def test_the_embedded_broker_answers_and_all_ends_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    at = servers.broker(supervisor, tmp_path, "")
    assert at["embedded"] is True
    assert broker_count(str(at["kafka"])) == 1
    supervisor.running[0].child.kill()
    with pytest.raises(EssentialLost, match="broker"):
        supervisor.tend()


@pytest.mark.broker
def test_what_an_earlier_embedded_broker_left_behind_is_thrown_away(supervisor: Supervisor, tmp_path: Path) -> None:
    left = tmp_path / "embedded" / "state" / "orders"
    left.mkdir(parents=True)
    servers.broker(supervisor, tmp_path, "")
    assert not left.exists()


@pytest.mark.kafka
def test_real_kafka_is_started_from_its_jars_and_keeps_its_folder(supervisor: Supervisor, tmp_path: Path) -> None:
    at = servers.broker(supervisor, tmp_path, "local")
    assert at["embedded"] is False
    assert broker_count(str(at["kafka"])) == 1
    assert (tmp_path / "kafka" / "data" / "meta.properties").exists()
