"""Small worlds, everything failing, every agent: whatever the seed draws, the invariants hold in the end."""

from __future__ import annotations

import pytest

from ops.simulate.campaign import SEEDS, verdict
from ops.simulate.play import Play

CHUNK, REPLAYED_EVERY = 20, 4
FIRST = 200  # seeds that every run plays; the slow one plays all


def violations(first: int) -> dict[str, list[str]]:
    """What is broken, by the command that shows it."""
    found = {seed: verdict(Play(seed), replay=seed % REPLAYED_EVERY == 0) for seed in range(first, first + CHUNK)}
    return {
        f"python -m ops.simulate --seed {seed}": [str(one) for one in broken]
        for seed, broken in found.items()
        if broken
    }


@pytest.mark.parametrize("first", range(0, FIRST, CHUNK))
def test_every_invariant_holds_whatever_fails(first: int) -> None:
    assert violations(first) == {}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FIRST, SEEDS, CHUNK))
def test_every_invariant_holds_in_the_whole_campaign(first: int) -> None:
    assert violations(first) == {}
