"""What runs here: `wharf up` notes its addresses in the state folder, and the other commands find it by them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from schemas.settings import Settings, settings


class Running(BaseModel):
    """One running system, as its ready line tells it."""

    pid: int
    gateway: str
    kafka: str
    redis: str
    erp_url: str
    embedded: bool
    environment: str
    tenant: str
    keys: dict[str, str]

    def ready_line(self) -> dict[str, Any]:
        """What `wharf up --json` prints once everything answers."""
        addresses = {"gateway": self.gateway, "kafka": self.kafka, "redis": self.redis, "erp": self.erp_url}
        return {"ready": True, **addresses, "environment": self.environment, "pid": self.pid, "keys": self.keys}


def _file(folder: Path) -> Path:
    return folder / "up.json"


def write(folder: Path, running: Running) -> None:
    """Note a running system, readable by its owner only: it holds keys."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"up.{running.pid}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(running.model_dump_json().encode())
    fresh.replace(_file(folder))


def forget(folder: Path) -> None:
    """Remove the note."""
    _file(folder).unlink(missing_ok=True)


def find(folder: Path) -> Running | None:
    """The system noted in this folder, if its process still lives; a note left by a killed one counts for nothing."""
    try:
        running = Running.model_validate(orjson.loads(_file(folder).read_bytes()))
        os.kill(running.pid, 0)
    except (OSError, ValueError):
        return None
    return running


def connected(given: Settings | None = None) -> Settings:
    """Settings for a command that talks to a running system: what was said explicitly, else what runs here."""
    own = given or settings()
    here = find(own.state_dir)
    if here is None:
        return own
    noted = here.model_dump(include={"kafka", "redis", "erp_url", "embedded", "environment", "tenant"})
    unsaid = {name: value for name, value in noted.items() if name not in own.model_fields_set}
    return own.model_copy(update=unsaid)
