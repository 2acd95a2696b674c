"""Outbox and Inbox on the embedded broker."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from ops.embedded.broker import Broker
from ops.embedded.child import free_port
from schemas import wire
from schemas.envelope import from_headers
from schemas.settings import Settings
from streams.engine import outbox as outbox_module
from streams.engine.client import Inbox, LogUnavailable, Outbox
from streams.engine.effects import Message
from streams.engine.partitioner import partition_of
from tests.streams.engine.bay import Bay
from tests.streams.engine.toy import append

pytestmark = [pytest.mark.broker, pytest.mark.timeout(90)]


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Bay:
    return Bay(broker.bootstrap, environment, tmp_path, "feeds.commands", "feeds.commands.dead")


def test_what_is_sent_stands_on_its_types_topic_with_its_envelope(bay: Bay) -> None:
    (own,) = bay.send(("feed.append", "portal/v", append()))
    (record,) = bay.read("feeds.commands")
    envelope = from_headers(record.headers)
    assert (record.key, envelope.id, envelope.type, envelope.subject) == (
        b"acme|portal/v",
        own,
        "feed.append",
        "portal/v",
    )
    assert (envelope.source, envelope.correlation, envelope.disposition) == ("wharf/test", own, "live")
    assert record.partition == partition_of(b"acme|portal/v", 4)


def test_the_sender_may_name_the_id_and_all_that_belongs_to_the_request(bay: Bay) -> None:
    async def say(box: Outbox) -> None:
        said = {"channel": "edi", "correlation": "q", "causation": "c", "receipt": "R/1", "disposition": "test"}
        await box.send("feed.append", "k", append(), tenant="acme", id="my-id", time=5, traceparent="00-t", **said)

    bay.with_outbox(say)
    envelope = from_headers(bay.read("feeds.commands")[0].headers)
    assert (envelope.id, envelope.time, envelope.channel, envelope.receipt) == ("my-id", 5, "edi", "R/1")
    assert (envelope.correlation, envelope.causation, envelope.disposition, envelope.traceparent) == (
        "q",
        "c",
        "test",
        "00-t",
    )


def test_a_record_that_does_not_fit_is_refused_and_nothing_sent(bay: Bay) -> None:
    with pytest.raises(wire.BadRecord):
        bay.send(("feed.append", "k", {"channel": 7}))
    assert bay.read("feeds.commands") == []


def test_sends_side_by_side_are_each_acknowledged(bay: Bay) -> None:
    async def say(box: Outbox) -> set[str]:
        sends = (box.send("feed.append", f"k{number}", append(), tenant="acme") for number in range(100))
        return set(await asyncio.gather(*sends))

    ids = bay.with_outbox(say)
    assert {from_headers(record.headers).id for record in bay.read("feeds.commands")} == ids
    assert len(ids) == 100


def test_a_log_that_does_not_answer_is_said_to_the_sender_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "DELIVERY_MS", 1_000)
    nowhere = Settings(kafka=f"127.0.0.1:{free_port()}", state_dir=tmp_path)

    async def say() -> float:
        box = Outbox(nowhere, "test")
        began = time.monotonic()
        with pytest.raises(LogUnavailable):
            await box.send("feed.append", "k", append(), tenant="acme")
        took = time.monotonic() - began
        await box.close()
        return took

    assert asyncio.run(say()) < 5


def test_an_inbox_hands_over_every_record_in_the_order_of_its_key(bay: Bay) -> None:
    bay.send(*[("feed.append", f"k{number % 5}", append(data=str(number).encode())) for number in range(50)])
    heard: list[tuple[str, int]] = []

    async def handle(message: Message, inbox: Inbox) -> None:
        await asyncio.sleep(0.001 * (len(heard) % 3))
        heard.append((message.key, int(message.record["data"])))
        if len(heard) == 50:
            inbox.stop()

    bay.listen(["feeds.commands"], handle)
    for key in range(5):
        assert [number for name, number in heard if name == f"k{key}"] == list(range(key, 50, 5))


def test_what_was_handled_is_not_handed_over_again(bay: Bay) -> None:
    bay.send(*[("feed.append", f"k{number}", append()) for number in range(10)])
    heard: list[str] = []

    async def handle(message: Message, inbox: Inbox) -> None:
        heard.append(message.key)
        if len(heard) in (10, 11):
            inbox.stop()

    bay.listen(["feeds.commands"], handle)
    bay.send(("feed.append", "new", append()))
    bay.listen(["feeds.commands"], handle)
    assert heard[10:] == ["new"]


def test_what_was_not_handled_is_handed_over_to_the_next(bay: Bay) -> None:
    bay.send(("feed.append", "slow", append()), ("feed.append", "quick", append()))
    heard: list[str] = []

    async def fails(message: Message, inbox: Inbox) -> None:
        if message.key == "slow":
            heard.append("failed")
            inbox.stop()
            raise ConnectionError("away")

    async def works(message: Message, inbox: Inbox) -> None:
        heard.append(message.key)
        if message.key == "slow":
            inbox.stop()

    bay.listen(["feeds.commands"], fails)
    bay.listen(["feeds.commands"], works)
    assert "failed" in heard
    assert heard[-1] == "slow"


def test_bytes_that_are_no_record_go_to_the_dead_letters_and_delay_nobody(bay: Bay) -> None:
    bay.put("feeds.commands", b"acme|k", b"junk", [("ce_id", b"x")])
    bay.send(("feed.append", "k", append()))

    async def handle(message: Message, inbox: Inbox) -> None:
        inbox.stop()

    bay.listen(["feeds.commands"], handle)
    (letter,) = bay.wait_for("feeds.commands.dead", 1)
    headers = dict(letter.headers)
    assert (letter.value, headers["dead_kind"], headers["dead_agent"]) == (b"junk", b"undecodable", b"door")
