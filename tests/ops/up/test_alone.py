"""One system to a state folder."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from ops.exits import Exit, Failed
from ops.up.run import Wish, everything
from schemas.settings import Settings


def test_two_do_not_run_in_one_folder(tmp_path: Path) -> None:
    with (tmp_path / "up.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with (
            pytest.raises(Failed, match="already runs") as refused,
            everything(Settings(state_dir=tmp_path), Wish(), print),
        ):
            raise AssertionError("it started")
    assert refused.value.code is Exit.TRY_AGAIN
