"""What one engine is made of: the declaration, the settings, and who it is to the broker."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.settings import Settings
from streams.engine.agent import Agent
from streams.engine.clock import BrokerClock
from streams.engine.health import Health
from streams.engine.slots import Slot


@dataclass(frozen=True, slots=True)
class Setup:
    """The same over all sessions of an engine."""

    agent: Agent
    settings: Settings
    slot: Slot
    health: Health
    clock: BrokerClock = field(default_factory=BrokerClock)

    @property
    def group(self) -> str:
        """Its consumer group."""
        return f"{self.settings.environment}.{self.agent.name}"

    @property
    def transactional_id(self) -> str:
        """Its name in transactions, stable over restarts: a second process of the slot fences the first."""
        return f"{self.group}.{self.slot.name}"
