"""What every door has of the log: a way back into the mailbox of the agent whose attempts it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from schemas.envelope import LIVE


class Send(Protocol):
    """Publishes one record and returns its id; raises LogUnavailable (`streams.engine.client.Outbox.send`)."""

    async def __call__(
        self,
        type: str,
        key: str,
        record: Mapping[str, object],
        *,
        tenant: str,
        channel: str = "",
        correlation: str = "",
        causation: str = "",
        id: str | None = None,
        disposition: str = LIVE,
    ) -> str: ...
