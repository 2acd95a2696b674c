"""The commands that look into stock, on the embedded broker: what the agent decided is explained and proved."""

from __future__ import annotations

import shlex

import pytest
import redis
from confluent_kafka import Producer

from ops.embedded.broker import Broker
from ops.embedded.redis import Redis
from ops.exits import Exit
from ops.reading import partitions
from schemas.envelope import millis
from schemas.settings import settings
from streams.engine.partitioner import partition_of
from streams.project.decide import decide
from tables.redis.sink import RedisSink
from tables.rows import DictRows
from tables.write import SinkEmptied
from tests.ops.stock.log import FACTS, OFFERS, Stock
from tests.support.wharf import Wharf

pytestmark = pytest.mark.broker


@pytest.fixture
def stock() -> Stock:
    stock = Stock()
    for sku, units in (("WIDGET-A", 120), ("A/B 1", 7), ("WIDGET-C", 5)):
        stock.count(sku, units)
    stock.reserve("WIDGET-A", "O-1", 24)
    stock.rules("WIDGET-D", authorities={"DC1": "wms1"})
    stock.count("WIDGET-D", 9)
    stock.count("WIDGET-D", 8, source="erp")
    return stock


@pytest.fixture
def at(wharf: Wharf, broker: Broker, redis_server: Redis, environment: str, stock: Stock) -> Wharf:
    """The command line where this stock stands in the log and in Redis."""
    wharf.set(kafka=broker.bootstrap, embedded=True, environment=environment, redis=redis_server.url)
    assert wharf("topics", "apply").code == Exit.OK
    producer, count = Producer({"bootstrap.servers": broker.bootstrap}), partitions(settings(), FACTS)
    for topic in (FACTS, OFFERS):
        for record in stock.records(topic):
            producer.produce(
                settings().topic(topic), record.value, record.key, partition_of(record.key or b"", count),
                timestamp=record.timestamp, headers=record.headers,
            )  # fmt: skip
    assert producer.flush(10) == 0
    project(redis_server.url, environment, stock, count)
    return wharf


def project(url: str, environment: str, stock: Stock, count: int) -> None:
    """Redis as the projection fills it."""
    sink = RedisSink(redis.Redis.from_url(url), environment)
    for message in stock.topology.log(OFFERS):
        number = partition_of(f"acme|{message.key}".encode(), count)
        placed = message._replace(position=(OFFERS, number, message.position[2]))
        writes = decide(placed, DictRows()).writes
        try:
            sink.write(writes)
        except SinkEmptied:
            sink.write(writes)


def test_a_number_is_explained_from_the_log(at: Wharf) -> None:
    said = at("availability", "explain", "WIDGET-A", "--channel", "portal")
    [told] = said.lines
    assert (said.code, told["quantity"], told["ledger"][0]["holder"]) == (Exit.OK, "96", "O-1")
    assert sum(int(term["amount"]) for term in told["terms"]) == 96


def test_a_past_moment_is_explained_too(at: Wharf, stock: Stock) -> None:
    first = at("availability", "explain", "WIDGET-A").lines[0]["terms"][0]["events"][0]["time"]
    [told] = at("availability", "explain", "WIDGET-A", "--at", first).lines
    assert (told["quantity"], told["ledger"]) == ("120", [])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("NOBODY",), Exit.BAD_DATA, "nothing was ever reported of NOBODY"),
        (("WIDGET-A", "--channel", "web"), Exit.BAD_DATA, "knows no channel web"),
        (("WIDGET-A", "--at", "2020-01-01T00:00:00Z"), Exit.BAD_DATA, "nothing was known of WIDGET-A then"),
        (("WIDGET-A", "--at", "yesterday"), Exit.USAGE, "not a time"),
    ],
)
def test_what_cannot_be_explained_says_why(at: Wharf, words: tuple[str, ...], code: Exit, said: str) -> None:
    answer = at("availability", "explain", *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_sound_table_is_proved(at: Wharf) -> None:
    said = at("tables", "verify", "inventory")
    [verdict] = said.lines
    digests = verdict["digests"]
    assert (said.code, verdict["skus"], verdict["facts"], verdict["different"]) == (Exit.OK, 4, 7, 0)
    assert digests["log"] == digests["availability"] != digests["redis"] == digests["availability_as_shown"]
    assert "partition" in said.err


def test_a_wrong_value_and_a_stranger_in_redis_are_found(
    at: Wharf, redis_server: Redis, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = redis.Redis.from_url(redis_server.url)
    name = f"{environment}:av:acme:WIDGET-A"
    client.set(name, bytes(client.get(name) or b"").replace(b'"96"', b'"97"'))  # type: ignore[arg-type]
    client.set(f"{environment}:av:acme:GHOST", b'{"version":1}')
    said = at("tables", "verify", "inventory")
    assert said.code == 1
    assert [(line["sku"], line["where"]) for line in said.lines[:-1]] == [("WIDGET-A", "redis"), ("GHOST", "redis")]
    assert at("tables", "verify", "inventory", "--no-redis").code == Exit.OK


def test_only_tables_that_readers_see_are_proved(at: Wharf) -> None:
    assert at("tables", "verify", "orders").code == Exit.USAGE


def test_leaks_are_looked_for_in_the_log_and_the_order_is_asked(at: Wharf) -> None:
    assert at("inventory", "leaks").lines == []
    [leak] = at("inventory", "leaks", "--older-than", "1s").lines
    assert (leak["holder"], leak["reserved"], leak["order"]) == ("O-1", "24", "unknown")


def test_what_leaked_is_given_back_by_a_command(at: Wharf) -> None:
    assert at("inventory", "release", "WIDGET-A", "O-1", "--attempt", "1").code == Exit.OK
    [told] = at("tail", "inventory.commands", "--from-beginning", "--once").lines
    assert (told["type"], told["key"], told["data"]["holder"]) == ("stock.release", "WIDGET-A", "O-1")


def test_drifts_are_shown_and_settled_by_the_command_that_they_name(at: Wharf) -> None:
    said = at("inventory", "drift", "--source", "erp")
    [drift] = said.lines
    assert (drift["sku"], drift["figures"][0]["difference"], said.err.count("1 drifts, 0 of them")) == (
        "WIDGET-D",
        "-1",
        1,
    )
    assert at("inventory", "drift", "--location", "YARD").lines == []
    words = shlex.split(drift["settle"][0])[1:]
    [told] = at(*words).lines
    [command] = at("tail", "inventory.commands", "--from-beginning", "--once").lines
    assert (command["id"], command["type"], command["data"]["accept"]) == (
        told["command"],
        "stock.correct-drift",
        "observed",
    )
    assert (command["data"]["by"], millis(drift["as_of"])) == ("NAME", command["data"]["as_of"])


@pytest.mark.parametrize(("as_of", "by"), [("yesterday", "ann"), ("", "ann"), ("2026-03-02T08:00:00Z", " ")])
def test_a_decision_without_time_or_name_is_not_sent(at: Wharf, as_of: str, by: str) -> None:
    answer = at(
        "inventory", "correct", "WIDGET-D", "--location", "DC1", "--source", "erp", "--accept", "observed",
        "--as-of", as_of, "--by", by, "--reason", "why",
    )  # fmt: skip
    assert answer.code == Exit.USAGE
    assert "--as-of" in answer.err
