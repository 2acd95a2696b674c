"""The leash becomes the command that it holds."""

from __future__ import annotations

import os
import subprocess
import sys

from ops.embedded.leash import leashed

TELLS = "import os, sys; print(os.getpid(), os.environ['COLOUR'], *sys.argv[1:]); sys.exit(7)"


def test_the_command_runs_with_its_own_words_environment_and_exit_code() -> None:
    command = leashed([sys.executable, "-c", TELLS, "a b", "ç"])
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLOUR": "red"})
    said, _ = process.communicate()
    assert said.split(maxsplit=2) == [str(process.pid), "red", "a b ç\n"]
    assert process.returncode == 7


def test_a_child_whose_parent_has_gone_before_does_not_begin() -> None:
    interpreter, options, script, _, *command = leashed([sys.executable, "-c", "print('began')"])
    done = subprocess.run([interpreter, options, script, "1", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""


def test_a_command_that_does_not_exist_fails_by_name() -> None:
    done = subprocess.run(leashed(["no-such-program"]), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "no-such-program" in done.stderr or "No such file" in done.stderr
