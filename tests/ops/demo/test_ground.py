"""The demo stands on ground of its own: nothing of an earlier run is left, nothing of another system is touched."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from ops.demo.ground import LOCK, cleared, settings_of
from ops.exits import Exit, Failed
from ops.up.servers import chosen
from schemas.settings import Settings


def test_a_configured_system_is_left_alone() -> None:
    told = Settings(kafka="production:9092", redis="redis://production", erp_url="http://erp", environment="prod")
    own = settings_of(told)
    assert chosen(own, "", "") == ("", "")
    assert "erp_url" not in own.model_fields_set
    assert own.environment == "demo"
    assert "production" not in own.model_dump_json()


def test_the_state_folder_lies_inside_the_given_one_wherever_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings_of(Settings(state_dir=Path(".wharf"))).state_dir == tmp_path / ".wharf" / "demo"


def test_the_address_of_the_gateway_is_taken_over() -> None:
    assert settings_of(Settings(gateway="127.0.0.1:9999")).gateway == "127.0.0.1:9999"


def test_what_an_earlier_run_left_is_gone(tmp_path: Path) -> None:
    (tmp_path / "kafka" / "data").mkdir(parents=True)
    (tmp_path / "kafka" / "data" / "log").write_text("old")
    (tmp_path / "up.json").write_text("{}")
    cleared(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "demo"
    kept.mkdir()
    folder.mkdir()
    (folder / "link").symlink_to(kept)
    cleared(folder)
    assert kept.exists()
    assert not (folder / "link").exists()


def test_a_run_that_goes_on_is_not_disturbed(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in use")
    with (tmp_path / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Failed, match="already runs") as refused:
            cleared(tmp_path)
    assert refused.value.code is Exit.TRY_AGAIN
    assert (tmp_path / "data").exists()
