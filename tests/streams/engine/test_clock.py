"""The broker's time as an engine knows it: whatever the machine's clock says, from its start on or from the next second."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.clock import SURE_S, BrokerClock


class Times:
    """A machine whose clocks stand where a test puts them; the broker's true time is `monotonic` + 1,000,000 s."""

    def __init__(self, wrong_by: float = 0.0) -> None:
        self.monotonic, self.wrong_by = 50.0, wrong_by
        self.clock = BrokerClock(lambda: self.monotonic + 1_000_000 + self.wrong_by, lambda: self.monotonic)

    @property
    def true_ms(self) -> int:
        return int(1000 * (self.monotonic + 1_000_000))

    def off(self) -> float:
        """Seconds that the clock is ahead of the truth."""
        return (self.clock.now() - self.true_ms) / 1000


def test_until_the_broker_has_told_the_machines_own_clock_counts() -> None:
    assert Times(7.0).off() == 7.0
    assert not Times().clock.sure


def test_a_machines_clock_that_is_set_later_changes_nothing() -> None:
    times = Times()
    times.wrong_by = 300.0
    times.monotonic += 10
    assert times.off() == 0.0


def test_a_record_tells_how_late_it_is_at_least() -> None:
    times = Times(-300.0)
    times.clock.heard(times.true_ms - 2_000)
    assert times.off() == -2.0
    times.clock.heard(times.true_ms - 9_000)
    assert times.off() == -2.0


def test_an_old_record_does_not_put_it_back() -> None:
    times = Times()
    times.clock.heard(times.true_ms - 600_000)
    assert times.off() == 0.0


def test_a_stamp_on_what_was_sent_puts_a_clock_that_is_ahead_back() -> None:
    times = Times(300.0)
    since = times.monotonic
    times.monotonic += 0.25
    times.clock.stamped(times.true_ms - 125, since)
    assert abs(times.off()) <= 0.25
    assert times.clock.sure


def test_a_comparison_is_good_for_a_while() -> None:
    times = Times()
    times.clock.stamped(times.true_ms, times.monotonic)
    times.monotonic += SURE_S - 1
    assert times.clock.sure
    times.monotonic += 1
    assert not times.clock.sure


@given(st.floats(-1e4, 1e4), st.lists(st.tuples(st.floats(0, 2), st.floats(0, 2)), min_size=1, max_size=8))
def test_after_a_stamp_it_is_wrong_by_no_more_than_the_way_took(
    wrong_by: float, trips: list[tuple[float, float]]
) -> None:
    times = Times(wrong_by)
    for there, back in trips:
        since = times.monotonic
        times.monotonic += there
        stamp = times.true_ms
        times.monotonic += back
        times.clock.stamped(stamp, since)
    assert abs(times.off()) <= max(there + back for there, back in trips) + 0.01
