"""Other people's engines in a virtual environment of their own: pinned, installed when they are measured, no part of wharf."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ops.embedded.child import Unavailable
from ops.embedded.java import PROJECT, cache_dir, locked

PACKAGES = ("quixstreams==3.28.1", "fastavro==1.13.1")
PATIENCE_S = 600


def python(packages: Sequence[str] = PACKAGES) -> str:
    """The interpreter of that environment; raises Unavailable where it cannot be had."""
    home = cache_dir() / "bench-venv"
    stamp, wanted = home / "installed", "\n".join(packages)
    home.parent.mkdir(parents=True, exist_ok=True)
    with locked(home.parent / "bench-venv.lock"):
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(home, ignore_errors=True)
            _run([sys.executable, "-m", "venv", "--without-pip", str(home)])
            _run([sys.executable, "-m", "pip", "--python", _interpreter(home), "install", "-q", *packages])
            stamp.write_text(wanted, encoding="utf-8")
    return _interpreter(home)


def path() -> dict[str, str]:
    """What its environment needs to find the job and the codec."""
    return {"PYTHONPATH": str(PROJECT)}


def _interpreter(home: Path) -> str:
    return str(home / "bin" / "python")


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    if done.returncode:
        raise Unavailable(f"{' '.join(command[1:4])} failed: {(done.stdout + done.stderr)[-1000:]}")
