"""The desk where one ERP's posting is decided: its pace, its jobs, and what is granted, answered and timed."""

from __future__ import annotations

from typing import Any

from schemas.generated import erp_v1, orders_v1
from schemas.generated.state_post_v1 import Head, Job, attempt
from streams.draft import Draft
from streams.engine.effects import Ask, Effects, Message, Timer
from streams.post import pace
from tables.post.apply import ENDED, HEAD, apply, attempt_row, job_row, order_row
from tables.rows import Rows


class Desk:
    """One decision about one ERP."""

    def __init__(self, message: Message, rows: Rows) -> None:
        self._draft = Draft(message, rows, apply)
        self._before: Head = rows.get(HEAD) or pace.fresh()
        self.erp, self.now, self.rows = message.key, message.now, self._draft.rows
        self.disposition = message.envelope.disposition
        self.head: Head = self._before

    def job(self, order_id: str) -> Job | None:
        """An order's way into the ERP, as far as it has come."""
        found: Job | None = self.rows.get(job_row(order_id))
        return found

    def note(self, order: erp_v1.PostOrder) -> None:
        """Keep what is to be posted."""
        self._draft.fact("post.noted", erp_v1.post_noted(order=order))

    def move(self, job: Job, **changes: Any) -> Job:
        """Take a job a step further."""
        moved: Job = {**job, **changes}  # type: ignore[typeddict-item]
        self._draft.fact("post.job-moved", erp_v1.job_moved(job=moved))
        return moved

    def finish(self, job: Job, state: str, **changes: Any) -> None:
        """A job has ended: its order hears of it."""
        self._draft.timer(Timer(_retry(job["order_id"]), None))
        self.answer(self.move(job, **{"state": state, "failures": 0, "attempt_id": "", **changes}))

    def answer(self, job: Job) -> None:
        """Tell the order what became of it, as it stands now; nothing while it is still under way."""
        if job["state"] in ENDED:
            self.tell(job, job["state"], job["reason"])

    def tell(self, job: Job, outcome: str, reason: str = "") -> None:
        """Tell the order an outcome."""
        told = orders_v1.post_answer(
            order_id=job["order_id"],
            revision=job["asked_revision"],
            outcome=outcome,
            erp=self.erp,
            number=job["erp_number"],
            reason=reason,
        )
        self._draft.ask(
            Ask("order.post-answer", job["order_id"], told, channel=job["channel"], disposition=job["disposition"])
        )

    def wait(self, job: Job, action: str, until: int, **changes: Any) -> None:
        """A job tries again later."""
        self.move(job, **{"state": "waiting", "action": action, "attempt_id": "", **changes})
        self.timer(_retry(job["order_id"]), until, "retry", order_id=job["order_id"])

    def timer(self, name: str, due: int, reason: str, attempt_id: str = "", order_id: str = "") -> None:
        """Look at the queue again at that time."""
        record = erp_v1.post_due(reason=reason, attempt_id=attempt_id, order_id=order_id)
        self._draft.timer(Timer(name, due, "post.due", record))

    def grant(self, job: Job) -> None:
        """Hand one attempt to the door."""
        attempt_id = f"{job['order_id']}:{job['revision']}:{job['attempts'] + 1}"
        out = attempt(attempt_id=attempt_id, order_id=job["order_id"], action=job["action"], granted_at=self.now)
        self._draft.fact("post.granted", erp_v1.attempt_granted(attempt=out))
        moved = self.move(job, state="out", attempts=job["attempts"] + 1, attempt_id=attempt_id)
        record, key = self._attempt(moved), f"{self.erp}|{job['order_id']}"
        self._draft.ask(Ask("post.attempt", key, record, channel=job["channel"], disposition=job["disposition"]))
        due = self.now + pace.ATTEMPT_MS + pace.GRACE_MS
        self.timer(_overdue(attempt_id), due, "overdue", attempt_id, job["order_id"])
        self.head = pace.granted(self.head, self.now)

    def close(self, attempt_id: str) -> None:
        """An attempt is no longer out."""
        self._draft.fact("post.closed", erp_v1.attempt_closed(attempt_id=attempt_id))
        self._draft.timer(Timer(_overdue(attempt_id), None))
        self.head = pace.returned(self.head)

    def is_out(self, attempt_id: str) -> bool:
        """Whether the attempt has not been answered yet."""
        return self.rows.get(attempt_row(attempt_id)) is not None

    def effects(self) -> Effects:
        """All that was decided; the pace last, and always where nothing else was."""
        if self.head != self._before or not self._draft.effects().facts:
            self._draft.fact("post.pace-changed", erp_v1.pace_changed(head=self.head))
        if self.head["breaker"] == "open" and self._before["breaker"] != "open":
            self.timer("probe", self.now + self.head["cooldown_ms"], "probe")
        return self._draft.effects()

    def _attempt(self, job: Job) -> erp_v1.PostAttempt:
        order: erp_v1.PostOrder | None = self.rows.get(order_row(job["order_id"]))
        return erp_v1.post_attempt(
            attempt_id=job["attempt_id"],
            order_id=job["order_id"],
            revision=job["revision"],
            attempt=job["attempts"],
            action=job["action"],
            erp=self.erp,
            idempotency_key=f"wharf:{job['order_id']}:{job['revision']}",
            channel=job["channel"],
            number=order["number"] if order else "",
            customer=order["customer"] if order else "",
            currency=order["currency"] if order else "",
            lines=order["lines"] if order and job["action"] == "create" else [],
            erp_number=job["erp_number"],
            deadline=self.now + pace.ATTEMPT_MS,
        )


def _retry(order_id: str) -> str:
    return f"retry|{order_id}"


def _overdue(attempt_id: str) -> str:
    return f"overdue|{attempt_id}"
