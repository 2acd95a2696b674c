"""How doors and the gateway meet the log: an Outbox to say something, an Inbox to carry out what was decided."""

from __future__ import annotations

from streams.engine.inbox import Inbox
from streams.engine.outbox import LogUnavailable, Outbox

__all__ = ["Inbox", "LogUnavailable", "Outbox"]
