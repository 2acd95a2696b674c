"""The engine's metrics: one catalogue, labelled by agent and, where it matters, by partition."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000)

BATCH_SIZE = Histogram("wharf_batch_records", "Records of one transaction", ["agent"], buckets=_SIZES)
DECIDE_S = Histogram("wharf_decide_seconds", "Deciding the records of one transaction", ["agent"], buckets=_SECONDS)
COMMIT_S = Histogram("wharf_commit_seconds", "One transaction, from begin to commit", ["agent"], buckets=_SECONDS)
DECIDED = Counter("wharf_records_decided", "Records decided, dead ones too", ["agent", "partition"])
PUBLISHED = Counter("wharf_records_published", "Records published, dead letters too", ["agent", "partition"])
DEAD = Counter("wharf_dead_letters", "Records that could not be decided", ["agent", "partition"])
SKIPPED = Counter("wharf_references_skipped", "Records of reference topics that could not be read", ["topic"])
TIMERS = Counter("wharf_timers_fired", "Timers whose command was published", ["agent", "partition"])
LAG = Gauge("wharf_lag_records", "Records not yet decided, by the last fetch", ["agent", "topic", "partition"])
RESTORED = Counter("wharf_rows_restored", "Changelog records read by takeovers", ["agent"])
SESSIONS = Counter("wharf_sessions_ended", "Sessions that ended in doubt", ["agent", "why"])
