"""The planted bugs fit the tree as it is; that each is found is what their runner shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ops.chaos.planted import ROOT, Planted, read

BUGS = [read(path) for path in sorted(Path(__file__).parent.glob("*.patch"))]


def test_there_are_at_least_fifteen_and_each_breaks_a_promise_of_its_own() -> None:
    assert len(BUGS) >= 15
    assert len({bug.bug for bug in BUGS}) == len(BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_planted_bug_fits_the_code_that_it_breaks(bug: Planted) -> None:
    done = subprocess.run(
        ["git", "apply", "--check", str(bug.path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_the_tests_that_are_to_find_a_bug_exist(bug: Planted) -> None:
    named = [word for check in bug.checks for word in check.split() if word.endswith(".py")]
    assert named and all((ROOT / name).is_file() for name in named)
