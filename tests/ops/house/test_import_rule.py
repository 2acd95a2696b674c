"""The import rule of the rooms: it holds, and each part of it is shown to fail once."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
RULE: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
MODULES = sorted(
    {
        name.removesuffix(".*")
        for contract in RULE["contracts"]
        for part in ("modules", "source_modules", "forbidden_modules")
        for name in contract.get(part, ())
        if name.partition(".")[0] in RULE["root_packages"]
    }
    | {"streams.engine.client", "streams.engine.session", "tables.redis.reader", "tables.orders.rows"}
    | {"adapters.channels.readers", "adapters.gateway.hub", "ops.cli", "streams.orders.decide"}
    | {"streams.feeds.decide", "adapters.channels.writers"}
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house of empty rooms under the project's own rule."""
    text = (ROOT / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :])
    for module in MODULES:
        for depth in range(1, module.count(".") + 2):
            package = tmp_path.joinpath(*module.split(".")[:depth])
            package.mkdir(exist_ok=True)
            (package / "__init__.py").touch()
    return tmp_path


def holds(house: Path) -> bool:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    done = subprocess.run(
        command, cwd=house, env={"PYTHONPATH": str(house)}, capture_output=True, text=True, check=False
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.returncode == 0


def imports(house: Path, importer: str, imported: str) -> None:
    house.joinpath(*importer.split("."), "__init__.py").write_text(f"import {imported}\n")


def test_empty_rooms_keep_the_rule(house: Path) -> None:
    assert holds(house)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("schemas", "tables.redis.reader"),
        ("tables.orders", "streams.engine.client"),
        ("streams.orders", "adapters.channels.readers"),
        ("streams.feeds", "adapters.gateway.hub"),
        ("streams.orders", "streams.inventory"),
        ("streams.engine", "ops.cli"),
        ("adapters.gateway", "streams.engine.session"),
        ("adapters.gateway", "streams.orders"),
        ("adapters.gateway", "tables.orders.rows"),
        ("adapters.channels.readers", "tables.redis.reader"),
        ("adapters.channels.readers", "adapters.gateway.hub"),
        ("streams.orders.decide", "confluent_kafka"),
        ("streams.orders.decide", "random"),
    ],
)
def test_what_the_rule_forbids_is_noticed(house: Path, importer: str, imported: str) -> None:
    imports(house, importer, imported)
    assert not holds(house)


def test_what_the_rule_allows_is_allowed(house: Path) -> None:
    imports(house, "adapters.gateway", "streams.engine.client")
    imports(house, "adapters.erp", "tables.redis.reader")
    imports(house, "streams.feeds.decide", "adapters.channels.writers")
    imports(house, "ops.cli", "streams.orders")
    assert holds(house)
