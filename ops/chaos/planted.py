"""`python -m ops.chaos.planted`: plants known bugs into copies of the tree, one at a time, and says which check finds each.

A bug is a patch with a head: `bug:` what is wrong, `breaks:` which promise, and one `check:` per line, cheapest first, as a
command from the root of the tree. A check finds the bug where it passes without and fails with it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).with_suffix("")
COPIED = ("schemas", "tables", "streams", "adapters", "ops", "tests", "pyproject.toml", "README.md", "Makefile")
SHARED = ("kafka", "compiled")  # below .build: too large to copy, and no bug is planted there
WORK = Path(".build", "planted")
CHECK_S = 900.0
FAILED = 1  # exit code of a check that found something; pytest's others say that it did not even run


class BadPatch(Exception):
    """A patch has no proper head, or does not apply any more; names it."""


class BadCheck(Exception):
    """A check fails without the bug, runs nothing, or cannot be run; names it."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One bug and what is to find it."""

    path: Path
    bug: str
    breaks: str
    checks: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Found:
    """What a check said of a bug; `by` is empty where it found nothing."""

    check: str
    by: str
    seconds: float


def read(path: Path) -> Planted:
    """A bug as its patch's head tells it; raises BadPatch."""
    head = path.read_text(encoding="utf-8").partition("\ndiff --git ")[0].splitlines()
    told = [(key, value.strip()) for key, colon, value in (line.partition(":") for line in head) if colon]
    one, checks = dict(told), tuple(value for key, value in told if key == "check")
    if not (one.get("bug") and one.get("breaks") and checks):
        raise BadPatch(f"{path.name}: its head needs bug:, breaks: and at least one check:")
    return Planted(path, one["bug"], one["breaks"], checks)


def bugs(folders: Sequence[Path], names: Sequence[str] = ()) -> list[Planted]:
    """The bugs of these folders, or those whose names begin so, in the order of their names; raises BadPatch."""
    found = [read(path) for folder in folders for path in sorted(folder.glob("*.patch"))]
    return [bug for bug in found if not names or bug.name.startswith(tuple(names))]


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the tree, gone afterwards; what was fetched or compiled is shared. Raises BadCheck inside of a copy."""
    if WORK.parts[-2:] == ROOT.parts[-4:-2]:
        raise BadCheck(f"a copy of a copy in {ROOT}: a check runs the tests of the planted bugs themselves")
    work = ROOT / WORK
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        tree = Path(folder, "wharf")
        (tree / ".build").mkdir(parents=True)
        for name in COPIED:
            _copy(ROOT / name, tree / name)
        for name in SHARED:
            if (ROOT / ".build" / name).exists():
                (tree / ".build" / name).symlink_to(ROOT / ".build" / name)
        yield tree


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def plant(bug: Planted, tree: Path) -> None:
    """Apply the patch to a copy; raises BadPatch."""
    # without the ceiling git would find the repository around the copy, and apply nothing in silence
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent.resolve())}
    command = ["git", "apply", "--whitespace=nowarn", str(bug.path.resolve())]
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadPatch(f"{bug.path.name} does not apply any more: {done.stderr.strip()}")


def run(check: str, tree: Path) -> Found:
    """Run one check in a copy; raises BadCheck where it did not run."""
    command = [sys.executable if word == "python" else word for word in shlex.split(check)]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    began = time.monotonic()
    code, out, errors = _ended(command, tree, env)
    if code is None:
        return Found(check, f"nothing came of it within {CHECK_S:.0f} s", CHECK_S)
    seconds, said = time.monotonic() - began, out.splitlines()
    if code == FAILED:
        return Found(check, _what_failed(said, errors), seconds)
    if code or ("pytest" in check and not any("." in line for line in said if "[" in line)):
        raise BadCheck(f"{check}: exit code {code}\n{out[-2000:]}{errors[-2000:]}")
    return Found(check, "", seconds)


def _ended(command: list[str], tree: Path, env: dict[str, str]) -> tuple[int | None, str, str]:
    """Exit code, stdout and stderr; None where it did not end in time. Whatever it started ends with it."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=tree, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as child:
        try:
            out, errors = child.communicate(timeout=CHECK_S)
            return child.returncode, out, errors
        except subprocess.TimeoutExpired:
            return None, "", ""
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def _what_failed(said: list[str], errors: str) -> str:
    for line in said:
        if line.startswith(("FAILED ", "ERROR ", "seed ")):
            return line.removeprefix("FAILED ").partition(" - ")[0][:200]
    return (errors.splitlines() or said or ["it failed"])[-1][:200]


def calm(checks: Sequence[str]) -> None:
    """Every check passes without a bug; raises BadCheck."""
    with copied() as tree:
        for check in dict.fromkeys(checks):
            if (found := run(check, tree)).by:
                raise BadCheck(f"{check} fails without a bug: {found.by}")


def hunt(bug: Planted) -> Found | None:
    """The first check that finds the bug; None where it survives. Raises BadPatch, BadCheck."""
    with copied() as tree:
        plant(bug, tree)
        return next((found for check in bug.checks if (found := run(check, tree)).by), None)


def main() -> int:
    """Exit 1 where a bug survives, or cannot be planted or looked for."""
    options = _options()
    try:
        found = bugs(options.patches or [PATCHES], options.names)
        if not options.trust:
            calm([check for bug in found for check in bug.checks])
        return 1 if [bug for bug in found if not _reported(bug)] else 0
    except (BadPatch, BadCheck) as exc:
        print(exc)
        return 1


def _reported(bug: Planted) -> bool:
    began = time.monotonic()
    found = hunt(bug)
    took = time.monotonic() - began
    if found is None:
        print(f"{bug.name}: SURVIVED {len(bug.checks)} checks in {took:.0f} s: {bug.bug}", flush=True)
        return False
    print(f"{bug.name}: {bug.bug} ({bug.breaks})\n    found after {took:.0f} s by {found.by}", flush=True)
    return True


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.chaos.planted", description="Plants bugs and finds them.")
    parser.add_argument("names", nargs="*", help="beginnings of names; none = all")
    parser.add_argument(
        "--patches", type=Path, action="append", help="folder of patches, instead of wharf's own; may be repeated"
    )
    parser.add_argument("--trust", action="store_true", help="do not run the checks without a bug first")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
