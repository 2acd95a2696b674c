"""Carries out one attempt and answers it, whatever happens.

Attempts are read at least once. One that may have been begun before (by a process that died, say) must not create
blindly: it looks first, and looks again afterwards, since the first request may still be under way in the ERP. Where
two documents come of it, the younger one is cancelled. Source: DESIGN.md §5, one effective document.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import structlog

from adapters.erp.port import (
    Absent,
    Ambiguous,
    Cancelled,
    Erp,
    Found,
    Outcome,
    Posted,
    Refused,
    Throttled,
    Unavailable,
)
from adapters.way_back import Send
from schemas.envelope import LIVE, Envelope, derived_id
from schemas.generated.erp_v1 import AttemptAnswer, PostAttempt, attempt_answer

FRESH_MS = 1000  # an attempt that was written longer ago may have been begun by somebody else
MARGIN_MS = 15_000  # what an attempt may need at most: the port's time-outs and a reserve
REMEMBERED = 10_000
log = structlog.get_logger("wharf.erp")


class Granted(Protocol):
    """An attempt as it comes from the log."""

    @property
    def envelope(self) -> Envelope: ...

    @property
    def record(self) -> PostAttempt: ...

    @property
    def now(self) -> int: ...


class Door:
    """The door's work, without the log: attempts in, answers out."""

    def __init__(self, erp: Erp, send: Send, now_ms: Callable[[], int]) -> None:
        self._erp, self._send, self._now_ms = erp, send, now_ms
        self._opened = now_ms()
        self._answers: OrderedDict[str, AttemptAnswer] = OrderedDict()
        self._begun: set[str] = set()

    async def handle(self, granted: Granted) -> None:
        """Carry out and answer; an answer that the log did not take is said again, not done again."""
        attempt, cause = granted.record, granted.envelope
        known = self._answers.get(cause.id)
        if known is None:
            known = _answer(attempt, await self._carry_out(granted))
            self._remember(cause.id, known)
        await self._send(
            "post.attempt-answer",
            attempt["erp"],
            known,
            tenant=cause.tenant,
            channel=cause.channel,
            correlation=cause.correlation,
            causation=cause.id,
            id=derived_id(cause.id, "erp", "post.attempt-answer", 0),
            disposition=cause.disposition,
        )

    async def _carry_out(self, granted: Granted) -> Outcome:
        attempt = granted.record
        if granted.envelope.disposition != LIVE:
            return _pretended(attempt)
        if self._now_ms() + MARGIN_MS > attempt["deadline"]:
            return Ambiguous("the attempt's deadline has passed")
        begun_before = granted.envelope.id in self._begun or not self._is_fresh(granted.now)
        self._begun.add(granted.envelope.id)
        outcome = await self._do(attempt, begun_before)
        log.info(
            "erp.attempt",
            attempt=attempt["attempt_id"],
            action=attempt["action"],
            outcome=type(outcome).__name__,
            correlation=granted.envelope.correlation,
        )
        return outcome

    async def _do(self, attempt: PostAttempt, begun_before: bool) -> Outcome:
        match attempt["action"]:
            case "create" if begun_before or attempt["attempt"] > 1:
                return await self._create_carefully(attempt)
            case "create":
                return await self._erp.create(attempt)
            case "lookup":
                return await self._only_one(attempt)
            case "cancel":
                return await self._cancel(attempt)
            case other:
                return Refused(f"no such action: {other}")

    async def _create_carefully(self, attempt: PostAttempt) -> Outcome:
        before = await self._only_one(attempt)
        if isinstance(before, Found):
            return Posted(before.numbers[0])
        if not isinstance(before, Absent):
            return Ambiguous("it may have been created before, and the ERP does not say")
        made = await self._erp.create(attempt)
        if not isinstance(made, Posted):
            return made
        after = await self._only_one(attempt)
        return Posted(after.numbers[0]) if isinstance(after, Found) else Ambiguous("created, but not found again")

    async def _only_one(self, attempt: PostAttempt) -> Outcome:
        """Look up; where there are twins, the oldest stays and the others are cancelled."""
        found = await self._erp.lookup(attempt)
        for twin in found.numbers[1:] if isinstance(found, Found) else ():
            undone = await self._erp.cancel(attempt, twin)
            if not isinstance(undone, Cancelled | Absent):
                return Ambiguous(f"two documents, and {twin} could not be cancelled")
            log.warning("erp.twin-cancelled", order=attempt["order_id"], document=twin)
        return found

    async def _cancel(self, attempt: PostAttempt) -> Outcome:
        """Cancel by number; where none is known, all that the order's key finds."""
        if attempt["erp_number"]:
            return await self._erp.cancel(attempt, attempt["erp_number"])
        found = await self._only_one(attempt)
        return await self._erp.cancel(attempt, found.numbers[0]) if isinstance(found, Found) else found

    def _is_fresh(self, written: int) -> bool:
        return written >= self._opened and abs(self._now_ms() - written) <= FRESH_MS

    def _remember(self, cause: str, known: AttemptAnswer) -> None:
        self._answers[cause] = known
        self._begun.discard(cause)
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)


def _pretended(attempt: PostAttempt) -> Outcome:
    """A test order goes the whole way and leaves nothing in the ERP."""
    made: dict[str, Outcome] = {"create": Posted("TEST"), "lookup": Absent(), "cancel": Cancelled()}
    return made.get(attempt["action"]) or Refused(f"no such action: {attempt['action']}")


def _answer(attempt: PostAttempt, outcome: Outcome) -> AttemptAnswer:
    answer = attempt_answer(
        attempt_id=attempt["attempt_id"], order_id=attempt["order_id"], outcome=type(outcome).__name__.lower()
    )
    match outcome:
        case Posted(number):
            answer["erp_number"] = number
        case Found(numbers):
            answer["erp_number"] = numbers[0]
        case Refused(reason) | Unavailable(reason) | Ambiguous(reason):
            answer["reason"] = reason
        case Throttled(retry_after_s):
            answer["retry_after_s"] = retry_after_s
    return answer
