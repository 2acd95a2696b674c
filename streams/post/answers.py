"""What the ERP said, or did not: which attempt an order needs next.

After whatever leaves open if a create took effect, the next attempt is a look-up; a create is granted again only after
a look-up that found nothing. So an order has one effective document in the ERP, whatever was lost.
"""

from __future__ import annotations

from schemas.generated.erp_v1 import AttemptAnswer, PostOrder
from schemas.generated.state_post_v1 import Attempt, Job
from streams.post import pace
from streams.post.desk import Desk
from streams.post.requests import swap
from tables.post.apply import ENDED, attempt_row, order_row

THERE = {("create", "posted"), ("create", "found"), ("lookup", "found"), ("lookup", "posted")}
GONE = {("create", "refused"), ("lookup", "absent"), ("cancel", "cancelled"), ("cancel", "absent")}
AWAY = ("unavailable", "ambiguous")


def answered(answer: AttemptAnswer, desk: Desk) -> None:
    """Take the door's answer to an attempt; one that is too late counts only if it proves the order's document."""
    out: Attempt | None = desk.rows.get(attempt_row(answer["attempt_id"]))
    if out is None:
        _late(answer, desk)
        return
    desk.close(answer["attempt_id"])
    _pace(answer, desk)
    known = desk.job(out["order_id"])
    if known is None or known["attempt_id"] != answer["attempt_id"]:
        return
    if answer["order_id"] != out["order_id"]:
        unknown(known, "answer about another order", desk)
    elif (out["action"], answer["outcome"]) in THERE:
        _there(known, answer["erp_number"], desk)
    elif (out["action"], answer["outcome"]) in GONE:
        _gone(known, answer, desk)
    elif out["action"] == "cancel" and answer["outcome"] == "refused":
        _cancel_refused(known, answer["reason"], desk)
    elif answer["outcome"] == "throttled":
        desk.wait(known, _next(known), desk.now + max(1, answer["retry_after_s"]) * 1000, reason=answer["reason"])
    else:
        unknown(known, answer["reason"] or answer["outcome"], desk)


def unanswered(attempt_id: str, order_id: str, desk: Desk) -> None:
    """An attempt's time is over without an answer: it may have taken effect."""
    if not desk.is_out(attempt_id):
        return
    desk.close(attempt_id)
    desk.head = pace.failed(desk.head, desk.now)
    known = desk.job(order_id)
    if known is not None and known["attempt_id"] == attempt_id:
        unknown(known, "never answered", desk)


def unknown(known: Job, reason: str, desk: Desk) -> None:
    """Nobody knows what the attempt did: ask the ERP before anything else."""
    failures = known["failures"] + 1
    desk.wait(known, _next(known), desk.now + pace.back_off_ms(failures), failures=failures, reason=reason)


def _next(known: Job) -> str:
    return "cancel" if known["action"] == "cancel" else "lookup"


def _there(known: Job, number: str, desk: Desk) -> None:
    if known["wish"] == "post":
        desk.finish(known, "posted", erp_number=number, reason="")
    else:
        desk.move(known, state="queued", action="cancel", erp_number=number, failures=0, attempt_id="")


def _gone(known: Job, answer: AttemptAnswer, desk: Desk) -> None:
    if known["wish"] == "cancel":
        desk.finish(known, "cancelled", reason="")
    elif known["wish"] == "replace":
        order: PostOrder = desk.rows.get(order_row(known["order_id"]))
        swap(known, order, desk)
    elif answer["outcome"] == "refused":
        desk.finish(known, "refused", reason=answer["reason"])
    else:
        desk.move(known, state="queued", action="create", attempt_id="")


def _cancel_refused(known: Job, reason: str, desk: Desk) -> None:
    """The ERP keeps its document (shipped, say): so it stays posted, and the order hears why."""
    kept = desk.move(known, state="posted", wish="post", failures=0, attempt_id="", reason="")
    desk.tell(kept, "refused", f"cancel: {reason}")


def _late(answer: AttemptAnswer, desk: Desk) -> None:
    known = desk.job(answer["order_id"])
    if known is None or known["state"] in ENDED or known["wish"] != "post" or answer["outcome"] != "posted":
        return
    if answer["attempt_id"].startswith(f"{known['order_id']}:{known['revision']}:"):
        desk.finish(known, "posted", erp_number=answer["erp_number"], reason="")


def _pace(answer: AttemptAnswer, desk: Desk) -> None:
    if answer["outcome"] in AWAY:
        desk.head = pace.failed(desk.head, desk.now)
    elif answer["outcome"] == "throttled":
        desk.head = pace.throttled(desk.head, desk.now, answer["retry_after_s"])
    else:
        desk.head = pace.succeeded(desk.head, desk.now)
