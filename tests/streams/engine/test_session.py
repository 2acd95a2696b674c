"""What a session refuses to decide."""

from __future__ import annotations

import pytest

from streams.engine.session import RecordsLost, check_next
from streams.engine.source import Doubt
from tests.streams.engine.support import record


def refusal(position: int | None, offset: int, begins: int | None = None) -> str:
    """The class of the error, "" where the record may be decided."""
    try:
        check_next(position, record(offset), None if begins is None else lambda tp: begins)
    except (Doubt, RecordsLost) as exc:
        return type(exc).__name__
    return ""


def test_the_record_that_was_to_come_may_be_decided() -> None:
    assert refusal(7, 7) == ""


def test_a_record_of_a_partition_that_is_not_taken_over_ends_the_session() -> None:
    assert refusal(None, 0) == "Doubt"


def test_a_record_that_was_decided_ends_the_session() -> None:
    assert refusal(8, 7) == "Doubt"


def test_gaps_are_everywhere_on_real_kafka() -> None:
    assert refusal(3, 7) == ""


def test_a_gap_that_the_embedded_brokers_log_still_covers_is_a_marker() -> None:
    assert refusal(3, 7, begins=3) == ""


def test_what_the_embedded_broker_dropped_before_it_was_decided_is_said_loudly() -> None:
    with pytest.raises(RecordsLost, match="4 records are gone"):
        check_next(3, record(7), lambda tp: 7)
