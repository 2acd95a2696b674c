"""What one case saw of stock Faust, and the report of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TESTS = {  # on wharf's engine, by fault
    "A": "test_an_error_of_the_group_begins_a_new_session_and_everything_is_decided",
    "B": "test_nothing_is_committed_past_a_record_that_is_still_being_decided",
    "C": "test_the_committed_offset_reaches_the_end_of_transactional_input",
    "D": "test_what_cannot_be_published_is_not_committed_and_comes_when_it_can",
    "E": "test_what_cannot_be_published_is_not_committed_and_comes_when_it_can",
    "F": "test_a_record_that_raises_is_dead_and_not_gone",
    "G": "test_a_record_that_raises_takes_nothing_of_its_batch_with_it",
    "H": "test_a_table_counts_each_record_once_through_a_kill",
    "I": "test_under_backlog_the_engine_never_sleeps",
    "J": "test_a_restart_reads_of_the_changelog_only_what_its_store_has_not_seen",
}
FILE = "tests/streams/engine/test_ten_faults.py"


@dataclass(frozen=True, slots=True)
class Shown:
    """One fault, as it was seen or not."""

    fault: str  # letter
    title: str
    expected: str
    saw: str
    happened: bool

    @property
    def line(self) -> str:
        """For the terminal."""
        return f"{self.fault}  {'shown    ' if self.happened else 'NOT shown'}  {self.title}: {self.saw}"


def report(found: Sequence[Shown], versions: str, at: str) -> str:
    """All of it as Markdown."""
    lines = [
        "# The ten faults of stock Faust",
        "",
        f"`python -m ops.chaos.stock_faust`, {at}, {versions}. Each case is a process of its own; A, H and I run on the",
        "embedded broker, the others on a pretended one in the process. H depends on the moment of the kill.",
        "",
        "| | fault | stock Faust should | stock Faust did | wharf's test |",
        "|---|---|---|---|---|",
        *(
            f"| {one.fault} | {one.title} | {one.expected} | {'**shown**: ' if one.happened else 'not shown: '}{one.saw} "
            f"| `{TESTS[one.fault]}` |"
            for one in found
        ),
        "",
        f"wharf's tests are in `{FILE}` and pass. {sum(one.happened for one in found)} of {len(found)} cases showed their fault.",
        "",
    ]
    return "\n".join(lines)
