"""Development's secrets: made once, kept in the state folder for its owner only, put into the log at every start."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
from collections.abc import Collection
from pathlib import Path

import orjson
import stamina
from pydantic import BaseModel

from adapters.gateway.keys import issue
from schemas.generated import reference_v1
from schemas.generated.reference_v1 import ApiKey
from schemas.settings import Settings
from streams.engine.client import LogUnavailable, Outbox

ADMIN = "admin"


class Development(BaseModel):
    """What a development system needs and nobody configured."""

    master_key: str  # base64 of 32 bytes
    token: str  # of the key that may do all; shown when the system is up
    record: dict[str, object]  # its record, as it goes into reference.keys

    def api_key(self) -> ApiKey:
        """The key's record."""
        return reference_v1.api_key(**self.record)  # type: ignore[arg-type]


def development(folder: Path) -> Development:
    """The secrets of this folder, made at the first call."""
    file = folder / "development.json"
    try:
        return Development.model_validate(orjson.loads(file.read_bytes()))
    except (FileNotFoundError, ValueError):
        made = _made()
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(made.model_dump_json().encode())
    return made


async def publish(settings: Settings, records: Collection[ApiKey], tenant: str, *, tries: int = 1) -> None:
    """Put keys into reference.keys; raises LogUnavailable.

    tries  how often, some ten seconds each: a broker that has just made hundreds of partitions may not lead them yet
    """
    outbox = Outbox(settings, "ops")
    try:
        async for attempt in stamina.retry_context(on=LogUnavailable, attempts=tries, timeout=None):
            with attempt:
                sent = (outbox.send("reference.key", one["key_id"], one, tenant=tenant) for one in records)
                await asyncio.gather(*sent)
    finally:
        await outbox.close()


def _made() -> Development:
    issued = issue([ADMIN], name="development")
    master = base64.b64encode(secrets.token_bytes(32)).decode()
    return Development(master_key=master, token=issued.token, record=dict(issued.record))
