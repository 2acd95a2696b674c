"""What is remembered of a view: its numbers, and how far the delivery of each entry is."""

from tables.feeds.apply import apply
from tables.table import Table

FEEDS = Table(
    "feeds",
    {
        "view": "wharf.state.feeds.v1.View",
        "pending": "wharf.state.feeds.v1.Pending",
        "ready": "wharf.state.feeds.v1.Place",
        "retry": "wharf.state.feeds.v1.Place",
        "attempt": "wharf.state.feeds.v1.Place",
        "known": "wharf.state.feeds.v1.Known",
        "told": "wharf.state.feeds.v1.Told",
        "reach": "wharf.state.feeds.v1.Reach",
    },
    apply,
)
