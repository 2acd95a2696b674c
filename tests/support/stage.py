"""A stage for decisions: one agent's `decide` and `apply` over plain rows, without engine, broker or codec."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from schemas.envelope import Envelope
from streams.engine.effects import Decide, Effects, Message
from tables.rows import Apply, DictRows

NO_APPLY: Apply = lambda kind, record, rows: {}  # noqa: E731


class Stage:
    """Sends commands one after the other and keeps each key's rows as a fold of the decided facts."""

    def __init__(
        self, decide: Decide, apply: Apply = NO_APPLY, *, tenant: str = "acme", channel: str = "portal"
    ) -> None:
        self.decide, self.apply, self.tenant, self.channel = decide, apply, tenant, channel
        self.keys: defaultdict[str, DictRows] = defaultdict(DictRows)
        self.now = 1_772_438_400_000  # 2026-03-02T08:00:00Z
        self.sent = 0

    def send(
        self, kind: str, record: Mapping[str, Any], *, key: str, now: int | None = None, **envelope: str
    ) -> Effects:
        """Decide one command and apply what was decided."""
        self.sent += 1
        self.now = self.now + 1 if now is None else now
        attributes = {
            "id": f"c-{self.sent}",
            "type": kind,
            "source": "test",
            "tenant": self.tenant,
            "channel": self.channel,
        }
        message = Message(Envelope(**{**attributes, **envelope}), key, record, self.now)  # type: ignore[arg-type]
        effects = self.decide(message, self.keys[key])
        for fact in effects.facts:
            rows = self.keys[key if fact.key is None else fact.key]
            rows.put(self.apply(fact.type, fact.record, rows))
        return effects


def facts(effects: Effects, kind: str) -> list[Any]:
    """The records of the facts of one type."""
    return [fact.record for fact in effects.facts if fact.type == kind]


def asks(effects: Effects, kind: str) -> list[Any]:
    """The records of the commands of one type."""
    return [ask.record for ask in effects.asks if ask.type == kind]
