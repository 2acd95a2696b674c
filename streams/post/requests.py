"""What orders ask for: post this, cancel that, post this revision instead."""

from __future__ import annotations

from schemas.generated.erp_v1 import PostOrder
from schemas.generated.state_post_v1 import Job, job
from streams.post.desk import Desk
from tables.post.apply import ENDED


def post(order: PostOrder, desk: Desk) -> None:
    """Queue an order, once; a newer revision takes the place of the older one."""
    known = desk.job(order["order_id"])
    if known is None or (known["state"] in ("refused", "cancelled") and order["revision"] > known["asked_revision"]):
        desk.note(order)
        desk.move(_new(order, desk))
    elif order["revision"] > known["asked_revision"]:
        _replace(order, known, desk)
    else:
        desk.answer(known)  # asked before: the same answer, or none yet


def cancel(order: PostOrder, desk: Desk) -> None:
    """Take an order out of the queue, or out of the ERP where it may be there."""
    known = desk.job(order["order_id"]) or _new(order, desk)
    asked: Job = {**known, "asked_revision": order["revision"], "wish": "cancel"}
    if known["state"] == "posted":
        desk.note(order)
        desk.move(asked, state="queued", action="cancel", failures=0)
    elif known["state"] in ENDED or nothing_there(known):
        desk.finish(asked, "cancelled", erp_number="", reason="")
    else:
        desk.move(asked)


def nothing_there(known: Job) -> bool:
    """Whether the ERP surely has nothing of it: a create waits only where none was tried or a look-up found none."""
    return known["action"] == "create" and known["state"] in ("queued", "waiting")


def swap(known: Job, order: PostOrder, desk: Desk) -> None:
    """The old revision is not in the ERP: queue the new one as if it were the first."""
    desk.move({**_new(order, desk), "attempts": known["attempts"], "channel": known["channel"]})


def _replace(order: PostOrder, known: Job, desk: Desk) -> None:
    desk.note(order)
    asked: Job = {**known, "asked_revision": order["revision"], "wish": "replace"}
    if nothing_there(known):
        swap(known, order, desk)
    elif known["state"] == "posted":
        desk.move(asked, state="queued", action="cancel", failures=0)
    else:
        desk.move(asked)


def _new(order: PostOrder, desk: Desk) -> Job:
    return job(
        order_id=order["order_id"],
        revision=order["revision"],
        asked_revision=order["revision"],
        priority=order["priority"],
        placed_at=order["placed_at"],
        channel=order["channel"],
        disposition=desk.disposition,
    )
