"""Trying an upgrade: what is installed for it, and what is said of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ops.house import upgrade
from ops.house.upgrade import CannotInstall, changes, here, main, versions, wish

LINES = ["faust-streaming==0.15.3", "confluent-kafka", "rocksdict", "redis[hiredis]", "", "orjson"]
INSTALLED = {"faust-streaming": "0.15.3", "mode-streaming": "0.7.1", "confluent-kafka": "2.16.1", "rocksdict": "0.3.29",
             "redis": "7.0", "orjson": "3.11"}  # fmt: skip


def test_the_newest_of_the_engines_libraries_are_tried_and_all_others_stay() -> None:
    assert list(wish(LINES, [], INSTALLED)) == [
        "faust-streaming", "confluent-kafka", "rocksdict", "redis[hiredis]==7.0", "orjson==3.11", "mode-streaming",
        "aiokafka",
    ]  # fmt: skip


def test_one_release_is_tried_with_the_others_as_they_are() -> None:
    found = list(wish(LINES, ["confluent_kafka==2.15.0"], INSTALLED))
    assert "confluent_kafka==2.15.0" in found
    assert {"faust-streaming==0.15.3", "rocksdict==0.3.29", "mode-streaming==0.7.1"} <= set(found)


def test_what_changes_is_told_before_it_is_tried() -> None:
    new = {**INSTALLED, "confluent-kafka": "2.17.0"}
    told = list(changes(INSTALLED, new))
    assert "confluent-kafka 2.16.1 -> 2.17.0" in told
    assert "rocksdict 0.3.29, as it is" in told


def test_this_environment_is_read_as_another_would_be() -> None:
    assert versions(Path(sys.executable))["confluent-kafka"] == here()["confluent-kafka"]


def test_what_cannot_be_installed_is_no_failure_of_the_engine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(folder: Path, wanted: object) -> Path:
        raise CannotInstall("no such release")

    monkeypatch.setattr(upgrade, "installed", refuse)
    assert main(["rocksdict==99"]) == 2
    assert "no such release" in capsys.readouterr().out
