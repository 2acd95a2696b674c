"""An ERP in memory, with the faults that real ones have; it passes the contract suite."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.erp.port import (
    Absent,
    Ambiguous,
    Cancelled,
    Created,
    Found,
    LookedUp,
    Posted,
    Refused,
    Throttled,
    Unavailable,
    Undone,
)
from ops.demo.erp.faults import Faults
from schemas.generated.erp_v1 import PostAttempt


@dataclass
class Entry:
    """One document."""

    number: str
    key: str
    order_id: str
    cancelled: bool = False
    lines: tuple[tuple[str, int], ...] = ()  # line and units


@dataclass
class MemoryErp:
    """Documents in a list, faults as data."""

    faults: Faults = field(default_factory=Faults)
    documents: list[Entry] = field(default_factory=list)
    journal: list[tuple[str, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    async def create(self, attempt: PostAttempt) -> Created:
        if hindered := self._hindered("create"):
            return hindered
        if attempt["customer"] in self.faults.refuse_customers:
            return Refused(f"customer {attempt['customer']} is blocked")
        known = [one for one in self.documents if one.key == attempt["idempotency_key"]]
        if not known or self.faults.forgetful:
            number, lines = (
                f"SO-{len(self.documents) + 1:06d}",
                tuple((line["line"], line["quantity"]) for line in attempt["lines"]),
            )
            known = [Entry(number, attempt["idempotency_key"], attempt["order_id"], lines=lines)]
            self.documents += known
            self.journal.append(("create", attempt["order_id"]))
        return self._lost() or Posted(known[0].number)

    async def lookup(self, attempt: PostAttempt) -> LookedUp:
        if hindered := self._hindered("lookup"):
            return hindered
        found = [one for one in self.documents if one.key == attempt["idempotency_key"]]
        if found and self.faults.wrong_echo:
            return Ambiguous("the answer is not about this order")
        live = tuple(one.number for one in found if not one.cancelled)
        return Found(live or (found[0].number,)) if found else Absent()

    async def cancel(self, attempt: PostAttempt, number: str) -> Undone:
        if hindered := self._hindered("cancel"):
            return hindered
        found = [one for one in self.documents if one.number == number]
        if not found:
            return Absent()
        if not found[0].cancelled:
            found[0].cancelled = True
            self.journal.append(("cancel", found[0].order_id))
        return self._lost() or Cancelled()

    async def close(self) -> None:
        """Nothing is held."""

    def _hindered(self, request: str) -> Unavailable | Throttled | None:
        self.requests.append(request)
        if self.faults.down:
            return Unavailable("down")
        return Throttled(1) if self.faults.throttled else None

    def _lost(self) -> Ambiguous | None:
        faults = self.faults
        lost = faults.drop_after_commit or faults.fail_after_commit or faults.wrong_echo
        return Ambiguous("the answer is lost") if lost else None
