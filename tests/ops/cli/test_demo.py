"""What `wharf demo` is asked, and what it refuses before anything is started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ops.demo import run
from ops.demo.run import Spoilt
from ops.demo.together import Interrupted
from ops.demo.wish import Wish
from ops.exits import Exit
from tests.support.wharf import Wharf


@pytest.fixture
def wished(monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """A demo that only notes what was asked; an odd seed makes its verdict red."""
    found: list[Wish] = []

    def note(wish: Wish, told: Any) -> bool:
        found.append(wish)
        return wish.seed % 2 == 0

    monkeypatch.setattr(run, "run", note)
    return found


def test_every_option_is_a_wish(wharf: Wharf, wished: list[Wish]) -> None:
    assert wharf("demo", "--once", "--json", "--orders", "60", "--seed", "2", "--broker", "kafka").code == Exit.OK
    assert wished == [Wish(orders=60, seed=2, once=True, json=True, kafka=True)]


def test_a_retail_file_is_played_on_real_kafka(wharf: Wharf, wished: list[Wish], tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    wharf("demo", "--retail", str(tmp_path / "a.csv"), "--days", "3")
    assert wished[0].kafka
    assert (wished[0].retail, wished[0].days) == (tmp_path / "a.csv", 3)


def test_without_a_word_it_is_the_embedded_broker_and_it_stays_up(wharf: Wharf, wished: list[Wish]) -> None:
    wharf("demo")
    assert not wished[0].kafka
    assert not wished[0].once


def test_a_reconciliation_that_does_not_hold_is_exit_1(wharf: Wharf, wished: list[Wish]) -> None:
    assert wharf("demo", "--once", "--seed", "3").code == 1
    assert wharf("demo", "--once", "--seed", "4").code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--broker", "rabbit"), Exit.USAGE),
        (("--orders", "-1"), Exit.USAGE),
        (("--retail", "no-such-file.csv"), Exit.BAD_DATA),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_starts(
    wharf: Wharf, wished: list[Wish], words: tuple[str, ...], code: int
) -> None:
    assert wharf("demo", *words).code == code
    assert wished == []


def test_an_interrupted_demo_says_so_as_a_shell_does(wharf: Wharf, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(wish: Wish, told: Any) -> bool:
        raise Interrupted

    monkeypatch.setattr(run, "run", interrupted)
    assert wharf("demo", "--once").code == 130


def test_a_play_that_could_not_be_played_to_its_end_says_why_and_is_exit_1(
    wharf: Wharf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(wish: Wish, told: Any) -> bool:
        raise Spoilt("NotMended: gateway was killed and is not back")

    monkeypatch.setattr(run, "run", spoilt)
    said = wharf("demo", "--once")
    assert (said.code, said.out) == (1, "")
    assert "gateway was killed" in said.err
