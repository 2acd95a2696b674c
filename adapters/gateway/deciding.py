"""What became of a request about a reservation: asked of the read models until it is decided, or patience ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.gateway.hub import Hub
from adapters.gateway.keys import Caller
from adapters.gateway.problems import FieldError, Problem
from adapters.gateway.waiting import until
from tables.redis.away import ReadModelsAway
from tables.redis.receipt_view import ReceiptState, ReceiptView
from tables.redis.reservation_view import Reservation

UNCHANGED = "cart.unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a request and of its reservation; nothing where the read models are away."""

    receipt: ReceiptView | None
    reservation: Reservation | None

    @property
    def decided(self) -> bool:
        """Whether its reservation has taken the request up."""
        return self.receipt is not None and self.receipt["state"] == ReceiptState.ACCEPTED

    @property
    def wrong(self) -> bool:
        """Whether the request itself was refused, or its command died."""
        return self.receipt is not None and self.receipt["state"] in (ReceiptState.REJECTED, ReceiptState.DEAD)

    @property
    def unchanged(self) -> bool:
        """Whether the request changed nothing."""
        return self.receipt is not None and any(part["event"] == UNCHANGED for part in self.receipt["parts"])


async def settled(
    hub: Hub, caller: Caller, reservation: str, receipt: str, good: Callable[[Reservation], bool]
) -> Outcome:
    """The outcome once it is decided, else as it stands when the time is over.

    Each look is one read: of the receipt until it is accepted, which it stays, then of the reservation.
    """
    taken: ReceiptView | None = None

    async def ask() -> Outcome:
        nonlocal taken
        try:
            told = taken or await hub.models.receipt(caller.tenant, receipt)
            if told is None or told["state"] != ReceiptState.ACCEPTED:
                return Outcome(told, None)
            taken = told
            return Outcome(told, await hub.models.reservation(caller.tenant, reservation))
        except ReadModelsAway:  # it is stored all the same, and its status URL tells later
            return Outcome(None, None)

    def enough(outcome: Outcome) -> bool:
        found = outcome.reservation
        return outcome.wrong or (outcome.decided and found is not None and good(found))

    return await until(hub, ask, enough, hub.patience.decide_s)


def told_wrong(outcome: Outcome) -> None:
    """Go on unless the request was refused; raises Problem validation-failed or internal-error."""
    if outcome.receipt is None or not outcome.wrong:
        return
    if outcome.receipt["state"] == ReceiptState.DEAD:
        raise Problem("internal-error", f"receipt {outcome.receipt['receipt']} could not be decided")
    raise Problem("validation-failed", errors=_errors(outcome.receipt["problems"]))


def _errors(problems: Sequence[dict[str, Any]]) -> list[FieldError]:
    return [{name: problem[name] for name in ("pointer", "code", "message")} for problem in problems]  # type: ignore[misc]


def over(found: Reservation) -> Problem:
    """Why a reservation can be changed no more."""
    state, own = found.view["state"], {"reservation": found.view["reservation"]}
    if state == "taken":
        return Problem("reservation-taken", extra={**own, "order_id": found.view["order_id"]})
    if state == "asking":
        return Problem("not-yet-decided", headers={"Retry-After": "1"})
    return Problem("reservation-over", f"it is {'over' if state == 'held' else state}", extra=own)
