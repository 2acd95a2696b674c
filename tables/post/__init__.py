"""What is remembered of an ERP: its queue, the attempts that are out, and how fast it may be asked."""

from tables.post.apply import apply
from tables.table import Table

POST = Table(
    "post",
    {
        "head": "wharf.state.post.v1.Head",
        "job": "wharf.state.post.v1.Job",
        "order": "wharf.erp.v1.PostOrder",
        "queue": "wharf.state.post.v1.Entry",
        "attempt": "wharf.state.post.v1.Attempt",
    },
    apply,
)
__all__ = ["POST", "apply"]
