"""The rows of post as a fold of what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.generated.erp_v1 import AttemptClosed, AttemptGranted, JobMoved, PaceChanged, PostNoted
from schemas.generated.state_post_v1 import Job, entry
from tables.rows import Changes, Rows

HEAD = "head"
ENDED = ("posted", "refused", "cancelled")


def job_row(order_id: str) -> str:
    """An order's way into the ERP."""
    return f"job|{order_id}"


def order_row(order_id: str) -> str:
    """What is to be posted of it."""
    return f"order|{order_id}"


def queue_row(job: Job) -> str:
    """Its place: the more urgent first, then the older."""
    return f"queue|{job['priority']:06d}|{job['placed_at']:015d}|{job['order_id']}"


def attempt_row(attempt_id: str) -> str:
    """An attempt that is out."""
    return f"attempt|{attempt_id}"


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a fact changes."""
    return _FOLDS[kind](record, rows)


def _noted(fact: PostNoted, rows: Rows) -> Changes:
    return {order_row(fact["order"]["order_id"]): fact["order"]}


def _moved(fact: JobMoved, rows: Rows) -> Changes:
    job = fact["job"]
    before: Job | None = rows.get(job_row(job["order_id"]))
    changes: dict[str, Any] = {} if before is None else {queue_row(before): None}
    changes |= {queue_row(job): entry(order_id=job["order_id"])} if job["state"] == "queued" else {}
    changes |= {order_row(job["order_id"]): None} if job["state"] in ENDED else {}
    return changes | {job_row(job["order_id"]): job}


def _granted(fact: AttemptGranted, rows: Rows) -> Changes:
    return {attempt_row(fact["attempt"]["attempt_id"]): fact["attempt"]}


def _closed(fact: AttemptClosed, rows: Rows) -> Changes:
    return {attempt_row(fact["attempt_id"]): None}


def _paced(fact: PaceChanged, rows: Rows) -> Changes:
    return {HEAD: fact["head"]}


_FOLDS: dict[str, Callable[[Any, Rows], Changes]] = {
    "post.noted": _noted,
    "post.job-moved": _moved,
    "post.granted": _granted,
    "post.closed": _closed,
    "post.pace-changed": _paced,
}
