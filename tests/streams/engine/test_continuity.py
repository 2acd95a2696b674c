"""What a session refuses to decide."""

from __future__ import annotations

import pytest

from streams.engine.continuity import RecordsLost, check_kept, check_next
from streams.engine.source import Doubt
from tests.streams.engine.support import record

TP = record(0).tp


def test_the_record_that_was_to_come_may_be_decided() -> None:
    assert check_next({TP: 7}, [record(7)]) == {}


def test_a_record_of_a_partition_that_is_not_taken_over_ends_the_session() -> None:
    with pytest.raises(Doubt):
        check_next({}, [record(0)])


def test_a_record_that_was_decided_ends_the_session() -> None:
    with pytest.raises(Doubt, match="where 8 was to come"):
        check_next({TP: 8}, [record(7)])


def test_gaps_are_everywhere_and_are_told() -> None:
    assert check_next({TP: 3}, [record(7)]) == {TP: 4}


def test_a_gap_that_the_embedded_brokers_log_still_covers_is_a_marker() -> None:
    check_kept({TP: 3}, {TP: 4}, {TP: 3})
    assert check_next({TP: 3}, [record(4)]) == {TP: 1}


def test_what_the_embedded_broker_dropped_before_it_was_decided_is_said_loudly() -> None:
    with pytest.raises(RecordsLost, match="4 records are gone"):
        check_kept({TP: 3}, {TP: 4}, {TP: 7})
