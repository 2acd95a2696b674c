"""The engine's metrics: one catalogue, labelled by agent and, where it means something, by partition.

A transaction covers several partitions, so what is said of it is said of the agent.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000)
_LONG = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 900, 3600)
_PART = ("agent", "partition")

BATCH_SIZE = Histogram("wharf_batch_records", "A partition's records in one transaction", _PART, buckets=_SIZES)
DECIDE_S = Histogram("wharf_decide_seconds", "Deciding a partition's records of one poll", _PART, buckets=_SECONDS)
COMMIT_S = Histogram("wharf_commit_seconds", "One transaction, from begin to commit", ["agent"], buckets=_SECONDS)
APPLY_S = Histogram("wharf_apply_seconds", "Writing a partition's committed rows to disk", _PART, buckets=_SECONDS)
DECIDED = Counter("wharf_records_decided", "Records decided, dead ones too", _PART)
PUBLISHED = Counter("wharf_records_published", "Records published, dead letters too", _PART)
DEAD = Counter("wharf_dead_letters", "Records that could not be decided", _PART)
SKIPPED = Counter("wharf_references_skipped", "Records of reference topics that could not be read", ["topic"])
TIMERS = Counter("wharf_timers_fired", "Timers whose command was published", _PART)
LAG = Gauge("wharf_lag_records", "Records not yet decided, by the last fetch", ["agent", "topic", "partition"])
WAITING = Gauge("wharf_waiting_keys", "Keys whose records wait behind a dead one", _PART)
TAKEOVERS = Counter("wharf_takeovers", "Times that a partition was taken over", _PART)
RESTORE_S = Histogram("wharf_restore_seconds", "From an assignment to the first decision", ["agent"], buckets=_LONG)
RESTORED = Counter("wharf_rows_restored", "Changelog records read by takeovers", _PART)
REJECTED = Counter("wharf_stores_rejected", "Local stores thrown away and built anew", ["agent", "why"])
ABORTED = Counter("wharf_transactions_aborted", "Transactions that were begun and not known to be committed", ["agent"])
SESSIONS = Counter("wharf_sessions_ended", "Sessions that ended in doubt", ["agent", "why"])
STRIKES = Gauge("wharf_breaker_strikes", "How often the suspected record has ended this process; 0 = none", ["agent"])
