"""Planted bugs: each applies to the tree as it is, and the runner tells finding from failing to look."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.chaos import planted
from ops.chaos.planted import PATCHES, ROOT, BadCheck, BadPatch, Planted, bugs, calm, copied, hunt, plant, read, run
from tests.streams.engine.harbour import until

FOLDERS = [PATCHES, ROOT / "tests" / "planted"]
ALL = bugs(FOLDERS)
PATCH = """bug: the answer is wrong
breaks: I1 no loss
check: python -c "pass"
check: python -c "import README_check"

diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1,2 +1,3 @@
 {first}
+planted
 {second}
"""


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    with copied() as made:
        yield made


@pytest.fixture
def patch(tmp_path: Path) -> Path:
    path = tmp_path / "99-wrong.patch"
    first, second = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:2]
    path.write_text(PATCH.format(first=first, second=second), encoding="utf-8")
    return path


def test_there_are_the_fifteen_and_more() -> None:
    own = [bug.name for bug in bugs([PATCHES])]
    assert [name[:2] for name in own][:15] == [f"{number:02}" for number in range(1, 16)]
    assert len(own) == len(set(own)) >= 20


@pytest.mark.parametrize("bug", ALL, ids=lambda bug: bug.name)
def test_every_bug_can_still_be_planted(bug: Planted, tree: Path) -> None:
    before = {path: (tree / path).read_bytes() for path in touched(bug)}
    plant(bug, tree)
    changed = [path for path, was in before.items() if (tree / path).read_bytes() != was]
    for path, was in before.items():
        (tree / path).write_bytes(was)
    assert changed == list(before)


def touched(bug: Planted) -> list[str]:
    lines = bug.path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("+++ b/") for line in lines if line.startswith("+++ b/")]


@pytest.mark.parametrize("bug", ALL, ids=lambda bug: bug.name)
def test_no_bug_is_planted_in_what_has_to_find_it(bug: Planted) -> None:
    assert not [
        path
        for path in touched(bug)
        if path.startswith(("tests/", "ops/chaos/", "ops/simulate/", "streams/engine/driver"))
    ]


def test_a_copy_is_a_tree_of_its_own(tree: Path) -> None:
    found = run('python -c "import streams, sys; sys.exit(str(streams.__file__))"', tree)
    assert found.by == str(tree / "streams" / "__init__.py")


def test_a_patch_that_no_longer_applies_is_an_error_that_names_it(patch: Path, tree: Path) -> None:
    patch.write_text(patch.read_text(encoding="utf-8").replace("\n # ", "\n # Once "), encoding="utf-8")
    with pytest.raises(BadPatch, match="99-wrong"):
        plant(read(patch), tree)


@pytest.mark.parametrize("line", ["bug: the answer is wrong\n", "breaks: I1 no loss\n"])
def test_a_patch_without_its_head_is_an_error(patch: Path, line: str) -> None:
    patch.write_text(patch.read_text(encoding="utf-8").replace(line, ""), encoding="utf-8")
    with pytest.raises(BadPatch, match="head"):
        read(patch)


def test_the_first_check_that_fails_has_found_the_bug(patch: Path) -> None:
    found = hunt(read(patch))
    assert found is not None
    assert (found.check, found.by) == (
        'python -c "import README_check"',
        "ModuleNotFoundError: No module named 'README_check'",
    )


def test_a_bug_that_no_check_finds_survives(patch: Path) -> None:
    text = patch.read_text(encoding="utf-8").replace("import README_check", "print(1)")
    patch.write_text(text, encoding="utf-8")
    assert hunt(read(patch)) is None


def test_a_check_that_fails_without_a_bug_finds_none() -> None:
    with pytest.raises(BadCheck, match="without a bug"):
        calm(['python -c "import sys; sys.exit(1)"'])


@pytest.mark.parametrize(
    "check",
    ['python -c "import sys; sys.exit(5)"', "python -m pytest -q tests/schemas/test_wire.py -k nothing_is_called_so"],
)
def test_a_check_that_did_not_run_has_found_nothing_and_says_so(check: str, tree: Path) -> None:
    with pytest.raises(BadCheck, match="exit code 5"):
        run(check, tree)


def test_checks_are_run_by_the_python_that_runs_us(tree: Path) -> None:
    assert run('python -c "import sys; sys.exit(sys.executable)"', tree).by == sys.executable


def test_a_check_that_does_not_come_back_is_ended_with_all_that_it_started(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planted, "CHECK_S", 1.0)
    started = tree / "pid"
    code = f"import subprocess, sys; one = subprocess.Popen(['sleep', '99']); open('{started}', 'w').write(str(one.pid)); one.wait()"
    assert "nothing came of it" in run(f'python -c "{code}"', tree).by
    until(lambda: _is_gone(int(started.read_text(encoding="utf-8"))), 10.0)


def _is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text(encoding="utf-8")


def test_a_copy_is_not_copied_again(monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
    monkeypatch.setattr(planted, "ROOT", tree)
    with pytest.raises(BadCheck, match="copy of a copy"), copied():
        raise AssertionError("it was copied")


def test_names_choose_by_their_beginning() -> None:
    assert [bug.name[:2] for bug in bugs([PATCHES], ["03", "11-producer"])] == ["03", "11"]
