from __future__ import annotations

from typing import Any

from schemas.generated.erp_v1 import job_moved, pace_changed, post_noted, post_order
from schemas.generated.state_post_v1 import head, job
from tables.post import POST, apply
from tables.post.apply import queue_row
from tables.rows import DictRows


def rows_after(*told: tuple[str, Any]) -> DictRows:
    rows = DictRows()
    for kind, record in told:
        rows.put(apply(kind, record, rows))
    return rows


def moved(state: str, **more: Any) -> tuple[str, Any]:
    return "post.job-moved", job_moved(job=job(order_id="O-1", revision=1, state=state, **more))


def test_a_queued_job_has_a_place_in_the_queue() -> None:
    assert sorted(rows_after(moved("queued", placed_at=5)).rows) == ["job|O-1", "queue|000100|000000000000005|O-1"]


def test_a_job_that_is_out_waiting_or_ended_has_none() -> None:
    for state in ("out", "waiting", "posted", "refused", "cancelled"):
        assert list(rows_after(moved("queued"), moved(state)).rows) == ["job|O-1"]


def test_a_job_of_another_priority_changes_its_place() -> None:
    rows = rows_after(moved("queued", priority=100), moved("queued", priority=1))
    assert [name for name in rows.rows if name.startswith("queue|")] == ["queue|000001|000000000000000|O-1"]


def test_the_queue_is_sorted_by_urgency_then_age() -> None:
    jobs = [
        job(order_id=name, revision=1, priority=priority, placed_at=at)
        for name, priority, at in (("A", 100, 9), ("B", 100, 10), ("C", 20, 99))
    ]
    assert [row.rpartition("|")[2] for row in sorted(queue_row(one) for one in jobs)] == ["C", "A", "B"]


def test_the_content_goes_when_the_job_ends() -> None:
    noted = (
        "post.noted",
        post_noted(order=post_order(order_id="O-1", revision=1, erp="erp", channel="portal", number="P", placed_at=0)),
    )
    assert "order|O-1" in rows_after(noted, moved("queued")).rows
    assert "order|O-1" not in rows_after(noted, moved("queued"), moved("posted")).rows


def test_the_pace_is_one_row() -> None:
    rows = rows_after(("post.pace-changed", pace_changed(head=head(window=3))))
    assert rows.rows["head"]["window"] == 3
    assert set(POST.kinds) == {"head", "job", "order", "queue", "attempt"}
