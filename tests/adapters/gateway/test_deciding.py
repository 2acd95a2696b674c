"""What became of a request about a reservation, asked with as few reads as will do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from adapters.gateway.deciding import Outcome, settled
from adapters.gateway.hub import Hub, Patience
from tables.redis.away import ReadModelsAway


@dataclass
class Models:
    """A receipt and a reservation that come after so many looks, and what was read."""

    receipts: list[str | None]
    reservations: list[str | None]
    read: list[str] = field(default_factory=list)

    async def receipt(self, tenant: str, receipt: str) -> Any:
        self.read.append("receipt")
        state = self.receipts.pop(0)
        if state == "away":
            raise ReadModelsAway
        return state and {"state": state, "receipt": receipt}

    async def reservation(self, tenant: str, reservation: str) -> Any:
        self.read.append("reservation")
        return self.reservations.pop(0)


@dataclass
class Waiting:
    """What a wait needs of a hub."""

    models: Models
    patience: Patience = field(default_factory=lambda: Patience(poll_s=0.0, share_s=0.0, decide_s=5.0))
    waiting: int = 0


def outcome(models: Models, seconds: float = 5.0) -> Outcome:
    hub = Waiting(models)
    hub.patience.decide_s = seconds
    caller: Any = type("Caller", (), {"tenant": "acme"})()
    return asyncio.run(settled(cast(Hub, hub), caller, "r-1", "R-1", lambda found: cast(Any, found) == "held"))


def test_each_look_is_one_read_until_the_receipt_is_accepted_and_from_then_on() -> None:
    models = Models([None, "pending", "accepted"], [None, "asking", "held"])
    assert outcome(models).reservation == cast(Any, "held")
    assert models.read == ["receipt"] * 3 + ["reservation"] * 3


@pytest.mark.parametrize("state", ["rejected", "dead"])
def test_a_refused_request_has_no_reservation_to_look_for(state: str) -> None:
    models = Models([state], [])
    assert outcome(models).wrong
    assert models.read == ["receipt"]


def test_what_is_not_decided_in_time_is_told_as_it_stands() -> None:
    found = outcome(Models(["accepted"], ["asking"]), seconds=0.0)
    assert (found.decided, found.reservation) == (True, "asking")


def test_while_the_read_models_are_away_nothing_is_known() -> None:
    found = outcome(Models(["away"], []), seconds=0.0)
    assert (found.receipt, found.reservation) == (None, None)
