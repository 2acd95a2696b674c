"""Saying something to the log: one acknowledged record per send."""

from __future__ import annotations

import asyncio
import threading
import time as clock
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as KafkaMessage

from schemas import wire
from schemas.envelope import LIVE, Envelope, Headers, to_headers
from schemas.loader import by_type
from schemas.settings import Settings
from schemas.topics import key_of
from streams.engine.failpoints import reach
from streams.engine.kafka import is_deadly, producer_config

DELIVERY_MS = 10_000  # after that the sender is told; it may retry with the same id


class LogUnavailable(Exception):
    """The log did not acknowledge in time: it may or may not hold the record. Sending the same id again is safe."""


class Outbox:
    """Publishes records with acks=all; every send is one acknowledged record."""

    def __init__(self, settings: Settings, source: str) -> None:
        self.settings, self.source = settings, f"wharf/{source}"
        self._stop, self._broken = threading.Event(), threading.Event()
        self._producer = self._connect()
        self._thread = threading.Thread(target=self._serve, name="outbox", daemon=True)
        self._thread.start()

    async def send(
        self,
        type: str,
        key: str,
        record: Mapping[str, Any],
        *,
        tenant: str,
        channel: str = "",
        correlation: str = "",
        causation: str = "",
        receipt: str = "",
        id: str | None = None,
        time: int | None = None,
        disposition: str = LIVE,
        traceparent: str = "",
    ) -> str:
        """Publish one record on its type's topic and return its id; raises LogUnavailable, and what wire.encode does."""
        own = id or str(uuid.uuid4())
        at = clock.time_ns() // 1_000_000 if time is None else time
        envelope = Envelope(
            own, type, self.source, tenant, at, key, channel, correlation or own, causation, receipt, disposition,
            traceparent=traceparent,
        )  # fmt: skip
        described = by_type()[type]
        await self.publish(
            described.topic, key_of(tenant, key).encode(), wire.encode(described.name, record), to_headers(envelope)
        )
        return own

    async def publish(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Publish bytes as they are; returns when all replicas have them, raises LogUnavailable."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def delivered(error: KafkaError | None, _: KafkaMessage) -> None:
            with suppress(RuntimeError):  # the sender's loop is gone
                loop.call_soon_threadsafe(_settle, done, error)

        try:
            self._producer.produce(self.settings.topic(topic), value, key, headers=[*headers], on_delivery=delivered)
        except (BufferError, KafkaException) as exc:
            raise LogUnavailable(str(exc)) from exc
        reach("outbox.produced")
        await done
        reach("outbox.acknowledged")

    async def close(self) -> None:
        """Wait for what is on its way, then stop."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._producer.flush(DELIVERY_MS / 1000)
        self._stop.set()
        self._thread.join()

    def _connect(self) -> Producer:
        config = producer_config(self.settings) | {"linger.ms": 2, "delivery.timeout.ms": DELIVERY_MS}
        return Producer(config | {"error_cb": self._troubled})

    def _troubled(self, error: KafkaError) -> None:
        if is_deadly(error):
            self._broken.set()

    def _serve(self) -> None:
        """Hand out delivery reports; replace a producer whose idempotence is broken for good."""
        while not self._stop.is_set():
            self._producer.poll(0.1)
            if self._broken.is_set():
                self._broken.clear()
                broken, self._producer = self._producer, self._connect()
                broken.purge()
                broken.poll(0)


def _settle(done: asyncio.Future[None], error: KafkaError | None) -> None:
    if done.done():
        return  # the sender was cancelled
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(LogUnavailable(error.str()))
