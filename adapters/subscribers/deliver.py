"""Carries out one attempt, and answers it to the view that granted it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol
from weakref import WeakValueDictionary

from adapters.subscribers import secrets, signing
from adapters.subscribers.outcome import Outcome
from adapters.subscribers.target import Refused, Target, target_of
from adapters.way_back import Send
from schemas.envelope import Envelope, derived_id
from schemas.generated import feeds_v1
from schemas.settings import Settings

PER_ENDPOINT = 16  # attempts at a time: one endpoint that is silent for 15 s each holds up no other
Post = Callable[[Target, Mapping[str, str], bytes], Awaitable[Outcome]]


class Granted(Protocol):
    """An attempt as it comes from the log."""

    @property
    def envelope(self) -> Envelope: ...

    @property
    def record(self) -> feeds_v1.DeliveryAttempt: ...


class Deliverer:
    """The door's work, without the log: attempts in, answers out."""

    def __init__(self, settings: Settings, post: Post, send: Send, now_ms: Callable[[], int]) -> None:
        self._settings, self._post, self._send, self._now_ms = settings, post, send, now_ms
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def handle(self, granted: Granted) -> None:
        """Attempt and answer; the same attempt read again is answered under the same id."""
        attempt, cause = granted.record, granted.envelope
        outcome = await self._attempt(attempt, cause.tenant)
        answer = feeds_v1.delivery_answer(attempt_id=attempt["attempt_id"], seq=attempt["seq"], **outcome._asdict())
        await self._send(
            "feed.delivery-answer",
            f"{attempt['channel']}/{attempt['view']}",
            answer,
            tenant=cause.tenant,
            channel=cause.channel,
            correlation=cause.correlation,
            causation=cause.id,
            id=derived_id(cause.id, "deliver", "feed.delivery-answer", 0),
            disposition=cause.disposition,
        )

    async def _attempt(self, attempt: feeds_v1.DeliveryAttempt, tenant: str) -> Outcome:
        target = target_of(attempt["url"], allow_local=self._settings.allow_local_webhooks)
        if isinstance(target, Refused):
            return Outcome("refused-address", reason=target.reason)
        try:
            keys = secrets.in_use(self._settings, tenant, attempt)
        except secrets.BadSecret as exc:
            return Outcome("failed", reason=str(exc))
        places = self._places.setdefault(target.endpoint, asyncio.Semaphore(PER_ENDPOINT))
        async with places:
            now_ms = self._now_ms()
            if now_ms > attempt["deadline"]:
                return Outcome("expired", reason="the view has granted another attempt since")
            headers = signing.headers(keys, attempt["webhook_id"], now_ms // 1000, attempt["body"])
            return await self._post(target, headers, attempt["body"])
