"""A member that was killed leaves its group at once: whoever takes its slot next says the goodbye for it.

The group would keep a dead member's partitions until its session ends. But a slot's lock is free only when its process is
dead, and the slot knows which member that process was. It is a courtesy, and nothing hangs on it: where it fails the session
ends by itself, and one that was taken out while it lives is fenced like any other, as its offsets are refused.

Source: KIP-848, ConsumerGroupHeartbeat (key 68) version 1 with member epoch -1. librdkafka has no call for it; aiokafka,
which Faust brings, speaks the protocol.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

from schemas.settings import Settings
from streams.engine.failpoints import reach

log = structlog.get_logger("wharf.engine")
WITHIN_S = 3.0  # half a session: longer is not worth it
LEAVING = -1  # the member epoch of a goodbye
_HEARTBEAT = 68
_text = CompactString("utf-8")


class Answer(Response):  # type: ignore[misc]  # aiokafka is not typed
    """Its beginning: an assignment follows, which nobody has who left."""

    API_KEY, API_VERSION = _HEARTBEAT, 1
    SCHEMA = Schema(("throttle_time_ms", Int32), ("error_code", Int16), ("error_message", _text))


class Goodbye(RequestStruct):  # type: ignore[misc]
    """A heartbeat with the epoch of leaving."""

    API_KEY, API_VERSION, FLEXIBLE_VERSION, RESPONSE_TYPE = _HEARTBEAT, 1, True, Answer
    SCHEMA = Schema(
        ("group_id", _text),
        ("member_id", _text),
        ("member_epoch", Int32),
        ("instance_id", _text),
        ("rack_id", _text),
        ("rebalance_timeout_ms", Int32),
        ("subscribed_topic_names", CompactArray(_text)),
        ("subscribed_topic_regex", _text),
        ("server_assignor", _text),
        ("topic_partitions", CompactArray(_text)),  # always null here, whatever they would hold
        ("tags", TaggedFields),
    )


class Leaving(Request[Goodbye]):  # type: ignore[misc]
    """What aiokafka builds a goodbye from, where the broker knows it."""

    API_KEY = _HEARTBEAT

    def __init__(self, group: str, member: str) -> None:
        self._group, self._member = group, member

    def build(self, request_struct_class: type[Goodbye]) -> Goodbye:
        """As brokers of Kafka 4.0 and later take it."""
        return request_struct_class(self._group, self._member, LEAVING, None, None, -1, None, None, None, None, {})


class Farewell:
    """The goodbye of one slot's member, kept in a file for as long as it is owed."""

    def __init__(self, settings: Settings, group: str, file: Path) -> None:
        self._settings, self._group, self._file = settings, group, file
        self._noted = ""

    def note(self, member: str) -> None:
        """We are this member now. Without fsync: after a power loss the session is over before anybody is back."""
        if member and member != self._noted:
            with suppress(OSError):  # a full disk costs the courtesy, and no session
                self._file.write_text(member, encoding="utf-8")
            self._noted = member
            reach("farewell.noted")

    def said(self) -> None:
        """We have left in good order."""
        self._file.unlink(missing_ok=True)
        self._noted = ""

    @contextmanager
    def saying(self) -> Iterator[None]:
        """Say it beside something else that takes as long; it is said when the block is left."""
        speaker = threading.Thread(target=self.say, name="farewell", daemon=True)
        speaker.start()
        try:
            yield
        finally:
            speaker.join()

    def say(self) -> None:
        """Say it for the member before us, if that one could not."""
        try:
            member = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        reach("farewell.before-say")
        try:
            asyncio.run(asyncio.wait_for(leave(self._settings, self._group, member), WITHIN_S))
            log.info("engine.goodbye-said", group=self._group, member=member)
        except (KafkaError, OSError, TimeoutError, NotImplementedError) as exc:
            log.info("engine.goodbye-not-said", group=self._group, member=member, error=repr(exc))
        reach("farewell.after-say")
        self.said()


async def leave(settings: Settings, group: str, member: str) -> None:
    """Take a member out of its group; raises aiokafka's KafkaError, NotImplementedError where the broker knows no such request."""
    client = AIOKafkaClient(bootstrap_servers=settings.kafka, request_timeout_ms=int(WITHIN_S * 1000))
    try:
        await client.bootstrap()
        coordinator = await client.coordinator_lookup(CoordinationType.GROUP, group)
        answer = await client.send(coordinator, Leaving(group, member))
        if answer.error_code:
            raise for_code(answer.error_code)(answer.error_message or "")
    finally:
        await client.close()
