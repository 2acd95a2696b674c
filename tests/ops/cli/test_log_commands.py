"""Commands that read and write the log itself, on the embedded broker."""

from __future__ import annotations

import pytest
from confluent_kafka import Producer

from adapters.gateway.keys import KeyRing
from ops import catalog
from ops.embedded.broker import Broker
from ops.exits import Exit
from schemas.generated import reference_v1
from tests.support.wharf import Wharf

pytestmark = pytest.mark.broker


@pytest.fixture
def at(wharf: Wharf, broker: Broker, environment: str) -> Wharf:
    """The command line at the embedded broker, in an environment of its own."""
    wharf.set(kafka=broker.bootstrap, embedded=True, environment=environment)
    return wharf


def test_topics_are_made_once(at: Wharf, environment: str) -> None:
    made = at("topics", "apply")
    names = {line["name"] for line in made.lines}
    assert made.code == Exit.OK
    assert {
        f"{environment}.orders.commands",
        f"{environment}.orders.commands.dead",
        f"{environment}.orders-changelog",
    } <= names
    assert at("topics", "apply").lines == []


def test_every_agent_with_a_table_has_its_changelog(at: Wharf, environment: str) -> None:
    names = {line["name"] for line in at("topics", "apply").lines}
    assert {f"{environment}.{agent}-changelog" for agent in catalog.stateful()} == {
        n for n in names if n.endswith("log")
    }


def test_a_record_is_shown_decoded(at: Wharf) -> None:
    at("order", "release", "O-1.2")
    (line,) = at("tail", "orders.commands", "--from-beginning", "--once").lines
    assert (line["type"], line["key"], line["tenant"], line["source"]) == ("order.release", "O-1", "acme", "wharf/cli")
    assert line["data"]["order_id"] == "O-1.2"


def test_only_what_is_asked_for_is_shown(at: Wharf) -> None:
    for order in ("O-1", "O-2", "O-3"):
        at("order", "release", order)
    tail = ("tail", "orders.commands", "--from-beginning")
    assert [line["key"] for line in at(*tail, "--once", "--key", "O-2").lines] == ["O-2"]
    assert at(*tail, "--once", "--type", "order.place").lines == []
    assert len(at(*tail, "-n", "2").lines) == 2


def test_what_cannot_be_decoded_is_shown_with_its_reason(at: Wharf, broker: Broker, environment: str) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    producer.produce(f"{environment}.orders.commands", b"\x00garbage", b"acme|O-1", headers=[("ce_id", b"1")])
    assert producer.flush(10) == 0
    (line,) = at("tail", "orders.commands", "--from-beginning", "--once").lines
    assert "BadEnvelope" in line["error"]
    assert line["raw"]


def test_an_orders_facts_are_read_from_the_log(at: Wharf) -> None:
    at("topics", "apply")
    assert at("order", "show", "O-1", "--log").lines == []


def test_a_key_that_was_issued_opens_what_it_may(at: Wharf) -> None:
    issued = at("keys", "issue", "orders:write@portal", "--name", "shop").lines[0]
    (told,) = at("tail", "reference.keys", "--from-beginning", "--once").lines
    ring = KeyRing()
    ring.put(told["tenant"], reference_v1.api_key(**told["data"]))
    caller = ring.caller(issued["key"], now=0)
    assert caller is not None
    assert caller.may("orders:write", "portal")
    assert not caller.may("orders:write", "web")


def test_the_secret_of_a_key_is_not_in_the_log(at: Wharf) -> None:
    issued = at("keys", "issue", "admin").lines[0]
    assert issued["key"].split("_")[2] not in at("tail", "reference.keys", "--from-beginning", "--once").out
