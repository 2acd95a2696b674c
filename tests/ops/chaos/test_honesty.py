"""The judge of honesty: what engines count, what the log holds, and the difference between two moments."""

from __future__ import annotations

from collections import Counter

from ops import catalog
from ops.chaos.evidence import Entry
from ops.chaos.honesty import Books, Counts, counted, lies, standing

PAGE = """# TYPE wharf_records_decided counter
wharf_records_decided_total{agent="orders",partition="0"} 3.0
wharf_records_decided_total{agent="orders",partition="1"} 4.0
wharf_records_published_total{agent="orders",partition="0"} 9.0
wharf_dead_letters_total{agent="orders",partition="0"} 1.0
"""


def books(own: int, log: int, pid: int = 7) -> Books:
    return Books(Counter({("orders", "decided"): own}), Counter({("orders", "decided"): log}), {"worker-orders": pid})


def test_a_page_of_metrics_is_summed_over_partitions() -> None:
    assert counted(PAGE) == {("orders", "decided"): 7, ("orders", "published"): 9}


def test_the_log_is_counted_by_reader_and_by_source() -> None:
    ends = {topic: 0 for agent in catalog.AGENTS for topic in catalog.agent_of(agent).reads} | {"orders.commands": 5}
    entry = Entry("orders.events", 0, 1, "k", "id", "order.created", "wharf/orders", "", None)
    found: Counts = standing(ends, [entry, entry], [])
    assert (found["orders", "decided"], found["orders", "published"], found["post", "decided"]) == (5, 2, 0)


def test_counts_that_grow_as_the_log_does_are_honest() -> None:
    assert list(lies(books(3, 100), books(8, 105))) == []


def test_a_count_that_grows_by_something_else_is_a_lie() -> None:
    assert list(lies(books(3, 100), books(9, 105))) == ["orders says that it decided 6 records, the log holds 5"]


def test_a_process_that_ends_in_quiet_is_told_and_its_counts_are_not_compared() -> None:
    assert list(lies(books(3, 100), books(0, 105, pid=8))) == ["worker-orders ended while nothing was done to it"]
