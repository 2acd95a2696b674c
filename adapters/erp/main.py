"""`wharf erp`: the ERP door as a process."""

from __future__ import annotations

import asyncio
import signal
import time

from adapters.erp.door import Door
from adapters.erp.http_erp import HttpErp
from schemas.settings import Settings
from streams.engine.client import Inbox, Outbox

CONCURRENCY = 64  # attempts at a time, of all ERPs together; post's window bounds each


def run(settings: Settings) -> None:
    """Carry out attempts until SIGTERM or SIGINT."""
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Read attempts, carry them out side by side, in order per order."""
    inbox, outbox = Inbox(settings, "erp", ["erp.attempts"]), Outbox(settings, "erp")
    erp = HttpErp(settings.erp_url)
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, inbox.stop)
    door = Door(erp, outbox.send, lambda: time.time_ns() // 1_000_000)
    try:
        await inbox.run(
            door.handle, concurrency=CONCURRENCY, ordered_by=lambda message: (message.envelope.tenant, message.key)
        )
    finally:
        await erp.close()
        await outbox.close()
