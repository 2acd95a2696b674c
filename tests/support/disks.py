"""Disks of a test's own, where this machine lets it have one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ops.chaos.small_disk import SmallDisk, small_disk
from ops.embedded.child import Unavailable


@contextmanager
def mounted(folder: Path, mib: int) -> Iterator[SmallDisk]:
    """A small disk at a folder; skips the test where there can be none."""
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk(folder, mib))
        except Unavailable as exc:
            pytest.skip(f"no disk of its own: {exc}")
        yield disk
