"""A disk that is full when it is told to be, and whose files stay when it goes; skipped where nobody may mount one."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ops.chaos import small_disk as module
from ops.chaos.small_disk import SmallDisk, small_disk
from ops.embedded.child import Unavailable
from tests.support.disks import mounted


def put(folder: Path, kib: int) -> None:
    with (folder / "file").open("ab", buffering=0) as file:
        file.write(bytes(kib << 10))


def test_a_disk_that_was_filled_takes_nothing_until_it_is_healed(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", 8) as disk:
        put(disk.folder, 1_500)
        disk.fill()
        with pytest.raises(OSError, match="No space left") as full:
            put(disk.folder, 64)
        assert full.value.errno == errno.ENOSPC
        disk.heal()
        put(disk.folder, 64)
    assert (tmp_path / "disk" / "file").stat().st_size >= 1_564 << 10


def test_who_may_not_mount_hears_so_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused() -> None:
        raise Unavailable("it takes root")

    monkeypatch.setattr(module, "_unshare", refused)
    with pytest.raises(Unavailable, match="root"), small_disk(tmp_path, 1):
        pass


def test_a_command_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="remount"):
        SmallDisk(tmp_path / "nowhere", 1).heal()
