"""The ground that the demo stands on: a state folder of its own, empty at the start, and settings that reach no other system."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

from ops.exits import Exit, Failed
from schemas.settings import Settings

LOCK = "up.lock"  # held by whoever runs in the folder


def settings_of(told: Settings) -> Settings:
    """Settings for a system of the demo's own; servers that are configured for another one are not taken over."""
    blank = Settings.model_construct(_fields_set=set())
    own = {"environment": "demo", "gateway": told.gateway, "log_level": told.log_level}
    return blank.model_copy(update={"state_dir": told.state_dir.absolute() / "demo", **own})


def cleared(folder: Path) -> None:
    """Remove what an earlier run left in the folder; raises Failed where a run is still going on there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise Failed(Exit.TRY_AGAIN, f"a demo already runs in {folder}: stop it, or set WHARF_STATE_DIR") from exc
        for left in folder.iterdir():
            if left.name != LOCK:
                _remove(left)


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink()
