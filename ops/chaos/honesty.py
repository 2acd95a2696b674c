"""I13: over a quiet stretch, what the engines count of themselves is what stands in the log, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from ops import catalog
from ops.chaos.evidence import Entry
from ops.chaos.poison_checks import letter_says
from ops.chaos.system import System
from ops.chaos.witness import Witness
from streams.engine.records import Record

HONEST = "wharf's own counts are those of the log"
COUNTERS = {"wharf_records_decided_total": "decided", "wharf_records_published_total": "published"}
ASK_S = 5.0
Counts = Counter[tuple[str, str]]  # agent, and decided or published


@dataclass
class Books:
    """What both sides have counted up to a moment at rest."""

    own: Counts
    log: Counts
    pids: Mapping[str, int]


def books(system: System, witness: Witness) -> Books:
    """Both counts, now."""
    workers = {name: one for name, one in system.running.items() if name.startswith("worker-")}
    own: Counts = Counter()
    for one in workers.values():
        url = f"http://127.0.0.1:{one.program.env['WHARF_METRICS_PORT']}/metrics"
        with urlopen(url, timeout=ASK_S) as answer:
            own += counted(answer.read().decode())
    ends = dict.fromkeys(_read_topics(), 0)
    for tp, seen in witness.seen.items():
        if tp.topic in ends:
            ends[tp.topic] += len(seen)
    pids = {name: one.child.pid for name, one in workers.items()}
    return Books(own, standing(ends, witness.entries, witness.dead), pids)


def counted(page: str) -> Counts:
    """What a page of metrics says of records decided and published, over all partitions."""
    found: Counts = Counter()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.name in COUNTERS:
                found[sample.labels["agent"], COUNTERS[sample.name]] += int(sample.value)
    return found


def standing(ends: Mapping[str, int], entries: Sequence[Entry], dead: Iterable[Record]) -> Counts:
    """What the log holds for each agent to read, and of each agent."""
    found: Counts = Counter()
    for agent in catalog.AGENTS:
        found[agent, "decided"] = sum(ends[topic] for topic in catalog.agent_of(agent).reads)
    sources = Counter(entry.source for entry in entries)
    letters = Counter(letter_says(letter, "agent") for letter in dead)
    for agent in catalog.AGENTS:
        found[agent, "published"] = sources[f"wharf/{agent}"] + letters[agent]
    return found


def lies(before: Books, after: Books) -> Iterator[str]:
    """Counts that grew by something else than the log did."""
    for name, pid in before.pids.items():
        if after.pids[name] != pid:
            yield f"{name} ended while nothing was done to it"
            return
    for agent in catalog.AGENTS:
        for what in COUNTERS.values():
            own = after.own[agent, what] - before.own[agent, what]
            log = after.log[agent, what] - before.log[agent, what]
            if own != log:
                yield f"{agent} says that it {what} {own} records, the log holds {log}"


def _read_topics() -> set[str]:
    return {topic for agent in catalog.AGENTS for topic in catalog.agent_of(agent).reads}
