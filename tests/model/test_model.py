"""Every interleaving, duplicate, reorder and redelivery of small worlds keeps every law (run with -s for the figures).

The size of an exploration: a few seconds in every run, about a minute in every build, and with WHARF_MODEL=nightly all
of it. `python -m pytest tests/model -s -m slow` prints how far each came.
"""

from __future__ import annotations

import os

import pytest

from tests.model import laws
from tests.model.explorer import Explorer, Found
from tests.model.script import World, Writer
from tests.model.worlds import NAMES, QUICK, world

FAST, BUILD, NIGHT = 0, 1, 2
LEVEL = NIGHT if os.environ.get("WHARF_MODEL") == "nightly" else BUILD
LEAST = {BUILD: 3_000_000, NIGHT: 10_000_000}  # distinct transitions of all worlds together


def explored(name: str, level: int) -> Found:
    found = Explorer(world(name, level)).run()
    print(f"\n  {name:8} {found}", end="")
    return found


@pytest.mark.parametrize("name", QUICK)
def test_a_small_world_keeps_every_law_whatever_comes_when(name: str) -> None:
    found = explored(name, FAST)
    assert found.states > 100 and len(found.endings) == 1


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_world_keeps_every_law_whatever_comes_when() -> None:
    all_found = [explored(name, LEVEL) for name in NAMES]
    total = sum(found.transitions for found in all_found)
    print(f"\n  together {sum(found.states for found in all_found):,} states, {total:,} distinct transitions, "
          f"{sum(found.decided for found in all_found):,} decided", end="")  # fmt: skip
    assert total >= LEAST[LEVEL] and all(len(found.endings) == 1 for found in all_found)


def test_the_explorer_finds_a_law_that_is_broken_and_says_how_it_came_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that never failed is decoration: here nothing may be held at all."""
    x = Writer("X")
    steps = (x.report("receipt", "received", "A", 1, minute=1), x.reserve("reserve", "PO-1", 1))
    monkeypatch.setattr(laws, "_rightful", lambda rows, steps: laws.check(not laws.holdings(rows), "nothing is held"))
    with pytest.raises(laws.Broken, match=r"tiny: nothing is held(.|\n)*after: X receipt → X reserve"):
        Explorer(World("tiny", steps)).run()


def test_a_world_that_cannot_go_on_is_found() -> None:
    x = Writer("X")
    steps = (x.reserve("one", "PO-1", 1, after="other"), x.release("other", "PO-1", after="one"))
    with pytest.raises(laws.Broken, match="every way can go on to its end"):
        Explorer(World("stuck", steps)).run()


def test_a_world_that_ends_with_something_held_is_found() -> None:
    x = Writer("X")
    steps = (x.report("receipt", "received", "A", 1, minute=1), x.reserve("reserve", "PO-1", 1))
    with pytest.raises(laws.Broken, match="when all is over nothing is held"):
        Explorer(World("open", steps)).run()


def test_a_world_whose_ending_depends_on_the_order_is_found() -> None:
    x = Writer("X")
    steps = (
        x.report("receipt", "received", "A", 1, minute=1),
        x.reserve("reserve 1", "PO-1", 1),
        x.reserve("reserve 2", "PO-2", 1),
    )
    with pytest.raises(laws.Broken, match="whatever the order, it ends the same"):
        Explorer(World("rivals", steps, independent=True)).run()
