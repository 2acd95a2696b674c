"""`wharf deliver`: the webhook door as a process."""

from __future__ import annotations

import asyncio
import signal
import time

from adapters.subscribers.deliver import Deliverer
from adapters.subscribers.post import Poster
from adapters.subscribers.secrets import master_key
from schemas.settings import Settings
from streams.engine.client import Inbox, Outbox

CONCURRENCY = 512  # attempts at a time, of all endpoints: 32 silent ones before anybody else waits


def run(settings: Settings) -> None:
    """Deliver until SIGTERM or SIGINT; raises secrets.NoMasterKey at once where nothing could be signed."""
    master_key(settings)
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Read attempts, carry them out side by side, in order per view and order key."""
    inbox, outbox = Inbox(settings, "deliver", ["feeds.attempts"]), Outbox(settings, "deliver")
    poster = Poster(lambda: int(time.time()))
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, inbox.stop)
    door = Deliverer(settings, poster.post, outbox.send, lambda: time.time_ns() // 1_000_000)
    try:
        await inbox.run(
            door.handle, concurrency=CONCURRENCY, ordered_by=lambda message: (message.envelope.tenant, message.key)
        )
    finally:
        await poster.close()
        await outbox.close()
