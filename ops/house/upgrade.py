"""`python -m ops.house.upgrade`: tries newer releases of the libraries that the engine leans on.

In a virtual environment of its own, which is gone afterwards; everything else stays at the version that is installed here.
The contract tests and the engine's own are run with it; exit code 0 = the upgrade may be made. `--brokers` also runs the
engine's tests on the brokers.

    python -m ops.house.upgrade                          the newest releases
    python -m ops.house.upgrade confluent-kafka==2.15.0  this one, the others as they are
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from streams.engine.upstream import PACKAGES

ROOT = Path(__file__).parents[2]
TESTS = ("tests/streams/engine", "tests/tables/test_store.py", "tests/tables/test_store_layer.py")
ALONE, ON_BROKERS = "not (kafka or broker or slow)", "not slow"
WITHIN_S = 900.0
_NAME = re.compile(r"^[A-Za-z0-9_.-]+")


class CannotInstall(Exception):
    """These releases do not go together, or cannot be had; says why."""


def wish(lines: Iterable[str], asked: Sequence[str], installed: dict[str, str]) -> Iterator[str]:
    """The requirements to install: what is tried as asked, or at its newest; everything else as it is here."""
    exact = {_name(one): one for one in asked}
    tried = exact.keys() or set(PACKAGES)
    known = {_name(line): line for line in lines if _NAME.match(line)}
    for name in [*known, *(name for name in PACKAGES if name not in known)]:
        if name in tried:
            yield exact.get(name, name)
        elif name in installed:
            extras = known.get(name, "").partition("[")[2].partition("]")[0]
            yield f"{name}[{extras}]=={installed[name]}" if extras else f"{name}=={installed[name]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ops.house.upgrade", description=__doc__)
    parser.add_argument("release", nargs="*", help="such as confluent-kafka==2.15.0; none = the newest of all")
    parser.add_argument("--brokers", action="store_true", help="also the engine's tests on the brokers")
    options = parser.parse_args(arguments)
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    wanted = list(wish(lines, options.release, here()))
    with tempfile.TemporaryDirectory(prefix="wharf-upgrade-") as folder:
        try:
            python = installed(Path(folder), wanted)
        except CannotInstall as exc:
            print(f"upgrade: cannot be installed\n{exc}")
            return 2
        for line in changes(here(), versions(python)):
            print(f"upgrade: {line}", flush=True)
        return tested(python, ON_BROKERS if options.brokers else ALONE)


def here() -> dict[str, str]:
    """What is installed in this environment, by normalised name."""
    return {_name(one.metadata["Name"]): one.version for one in importlib.metadata.distributions()}


def installed(folder: Path, wanted: Sequence[str]) -> Path:
    """A Python with these packages; raises CannotInstall."""
    python = folder / "venv" / "bin" / "python"
    (folder / "wanted.txt").write_text("\n".join(wanted), encoding="utf-8")
    uv = [sys.executable, "-m", "uv", "-q"]
    for command in (
        [*uv, "venv", "--python", sys.executable, str(folder / "venv")],
        [*uv, "pip", "install", "--python", str(python), "-r", str(folder / "wanted.txt")],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
        if done.returncode:
            raise CannotInstall(done.stderr[-2000:])
    return python


def versions(python: Path) -> dict[str, str]:
    """What is installed where that Python looks."""
    code = "import importlib.metadata as m, json; print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return {_name(name): version for name, version in json.loads(done.stdout).items()}


def changes(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """One line for each of the engine's libraries."""
    for name in PACKAGES:
        was, now = old.get(name, "none"), new.get(name, "none")
        yield f"{name} {was}" + (f" -> {now}" if was != now else ", as it is")


def tested(python: Path, marks: str) -> int:
    """Run the tests with that Python; returns pytest's exit code."""
    command = [str(python), "-m", "pytest", *TESTS, "-q", "-m", marks, "-p", "no:cacheprovider"]
    code = subprocess.run(command, cwd=ROOT, timeout=WITHIN_S, check=False).returncode
    print(f"upgrade: {'the engine holds' if code == 0 else 'the engine does not hold: stay where we are'}")
    return code


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


if __name__ == "__main__":
    sys.exit(main())
