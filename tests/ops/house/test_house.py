"""What a newcomer and CI run."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from ops.embedded.child import Unavailable
from ops.house.prepare import prepared

ROOT = Path(__file__).parents[3]
LOCK = (ROOT / "requirements.lock").read_text()


def wanted() -> set[str]:
    lines = (ROOT / "requirements.in").read_text().split()
    return {re.split(r"[\[=<>]", line)[0].lower().replace("_", "-") for line in lines}


def test_everything_that_is_asked_for_is_pinned_with_a_hash() -> None:
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[.*?])?==[^\n]*\\\n +--hash=sha256:", LOCK, re.MULTILINE)
    assert wanted() <= set(pins)


def test_the_lock_names_no_index() -> None:
    assert "://" not in LOCK
    assert "index" not in LOCK


def test_ci_runs_what_a_person_runs() -> None:
    ci = ROOT / ".ci" / "run"
    assert "make lint test" in ci.read_text()
    assert os.access(ci, os.X_OK)


@pytest.mark.parametrize("target", ["setup", "demo", "test", "lint", "bench", "clean"])
def test_help_lists_every_target(target: str) -> None:
    done = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True)
    assert f"make {target} " in done.stdout


def test_setup_does_nothing_the_second_time_and_heeds_no_foreign_environment() -> None:
    if not (ROOT / ".venv" / ".installed").exists():
        pytest.skip("the project runs from an environment that `make setup` did not make")
    env = {**os.environ, "VIRTUAL_ENV": "/nowhere", "PYTHONPATH": "/nowhere"}
    done = subprocess.run([ROOT / "ops/house/setup"], cwd="/", env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_a_machine_lacks_is_named_and_no_failure() -> None:
    def lacking() -> object:
        raise Unavailable("install a JRE")

    here, missing = prepared({"Redis": lambda: "redis-server", "Java": lacking})
    assert here.startswith("Redis: redis-server")
    assert missing == "Java: not here, its tests are skipped: install a JRE"


def test_the_licence_is_apache_2() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
