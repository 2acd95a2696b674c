"""What a session refuses to decide."""

from __future__ import annotations

import pytest

from streams.engine.session import RecordsLost, check_next
from streams.engine.source import Doubt
from tests.streams.engine.support import record


def test_the_record_that_was_to_come_may_be_decided() -> None:
    assert check_next(7, record(7), embedded=True) is None  # type: ignore[func-returns-value]


def test_a_record_of_a_partition_that_is_not_taken_over_ends_the_session() -> None:
    with pytest.raises(Doubt):
        check_next(None, record(0), embedded=False)


def test_a_record_that_was_decided_ends_the_session() -> None:
    with pytest.raises(Doubt):
        check_next(8, record(7), embedded=False)


def test_gaps_are_everywhere_on_real_kafka() -> None:
    assert check_next(3, record(7), embedded=False) is None  # type: ignore[func-returns-value]


def test_a_gap_on_the_embedded_broker_is_a_loss_and_said_loudly() -> None:
    with pytest.raises(RecordsLost, match="4 records are gone"):
        check_next(3, record(7), embedded=True)
