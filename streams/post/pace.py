"""How fast an ERP is asked: a bounded window, a rate, and a breaker that opens on failures and closes slowly.

The share and the counts are status-delivery.md §10's. Two figures differ from it, because an ERP's attempts are few and
bounded by the window: five failures in a row open the breaker at once (it is open within seconds, not after a hundred
orders), and the cool-down begins at a second and doubles up to half a minute (one look-up is no burden to a sick ERP).
"""

from __future__ import annotations

from schemas.generated.state_post_v1 import Head, head

RATE_PER_S, WINDOW = 50, 16
STREAK_OPENS, STREAK_REOPENS = 5, 3
COUNT_MS, OPENS_AT, OPENS_SHARE = 300_000, 100, 35
CLOSES_AT, REOPENS_AT, REOPENS_SHARE = 50, 20, 30
COOL_FIRST_MS, COOL_LAST_MS = 1_000, 30_000
BACK_OFF_FIRST_MS, BACK_OFF_LAST_MS = 1_000, 60_000
ATTEMPT_MS, GRACE_MS = 60_000, 5_000  # an attempt's deadline, and how much later it counts as never answered


def fresh() -> Head:
    """An ERP of which nothing is known yet."""
    return head(window=WINDOW)


def window_of(state: Head) -> int:
    """The widest window that is agreed with this ERP."""
    return state["window_max"] or WINDOW


def back_off_ms(failures: int) -> int:
    """How long an order waits after so many failures in a row."""
    return min(BACK_OFF_FIRST_MS << min(failures - 1, 10), BACK_OFF_LAST_MS)


def blocked_until(state: Head, now: int) -> int | None:
    """From when the next attempt may go: `now`, later, or None where something else has to happen first."""
    if state["paused"] or state["breaker"] == "open" or state["out"] >= state["window"]:
        return None
    if now < state["closed_until"]:
        return state["closed_until"]
    spent = state["granted"] if state["second"] == now // 1000 else 0
    return now if spent < (state["rate_per_s"] or RATE_PER_S) else (now // 1000 + 1) * 1000


def granted(state: Head, now: int) -> Head:
    """One more attempt is out."""
    same = state["second"] == now // 1000
    return {**state, "out": state["out"] + 1, "second": now // 1000, "granted": state["granted"] + 1 if same else 1}


def returned(state: Head) -> Head:
    """An attempt is no longer out."""
    return {**state, "out": max(0, state["out"] - 1)}


def succeeded(state: Head, now: int) -> Head:
    """The ERP answered: the window widens, by one or, half-open, by less; in the end the breaker closes."""
    after: Head = {**_counting(state, now), "streak": 0}
    after["successes"] += 1
    if after["breaker"] == "closed":
        return {**after, "window": min(window_of(after), after["window"] + 1)}
    if after["breaker"] == "half-open" and after["successes"] >= CLOSES_AT:
        return {**after, "breaker": "closed", "window": window_of(after), **_NO_COUNT}
    if after["breaker"] == "half-open":
        return {**after, "window": _half_open_window(after)}
    return after


def failed(state: Head, now: int) -> Head:
    """The ERP was away, or its answer was lost."""
    after: Head = {**_counting(state, now), "streak": state["streak"] + 1}
    after["failures"] += 1
    if after["breaker"] == "open":
        return after
    if after["breaker"] == "half-open":
        halved: Head = {**after, "successes": after["successes"] // 2}
        return opened(after) if _relapsed(after) else {**halved, "window": _half_open_window(halved)}
    return opened(after) if _sick(after) else after


def throttled(state: Head, now: int, retry_after_s: int) -> Head:
    """The ERP asks for less: wait as long as it says, go on with half the window."""
    until = now + max(1, retry_after_s) * 1000
    return {**state, "window": max(1, state["window"] // 2), "closed_until": max(state["closed_until"], until)}


def opened(state: Head) -> Head:
    """No attempt until the probe; a relapse cools longer than the opening before."""
    again = state["breaker"] == "half-open"
    cooldown = min(state["cooldown_ms"] * 2, COOL_LAST_MS) if again else COOL_FIRST_MS
    return {**state, "breaker": "open", "window": 0, "cooldown_ms": cooldown, **_NO_COUNT}


def probing(state: Head) -> Head:
    """The cool-down is over: one attempt may find out."""
    return {**state, "breaker": "half-open", "window": 1, "streak": 0, **_NO_COUNT}


_NO_COUNT: Head = {"successes": 0, "failures": 0}  # type: ignore[typeddict-item]


def _half_open_window(state: Head) -> int:
    return 1 + state["successes"] * (window_of(state) - 1) // CLOSES_AT


def _relapsed(state: Head) -> bool:
    if state["successes"] == 0 or state["streak"] >= STREAK_REOPENS:
        return True
    return state["failures"] >= REOPENS_AT and _share(state) >= REOPENS_SHARE


def _sick(state: Head) -> bool:
    return state["streak"] >= STREAK_OPENS or (state["failures"] >= OPENS_AT and _share(state) >= OPENS_SHARE)


def _share(state: Head) -> int:
    return 100 * state["failures"] // (state["failures"] + state["successes"])


def _counting(state: Head, now: int) -> Head:
    """Counts are of the last minutes; a half-open breaker counts from its probe."""
    if state["breaker"] == "half-open" or now - state["counted_from"] < COUNT_MS:
        return {**state}
    return {**state, "counted_from": now, **_NO_COUNT}
