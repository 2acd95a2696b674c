"""How a process begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ops import process
from ops.health import Health
from schemas import registry
from schemas.settings import Settings, settings


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Settings of this test's own; logs stay as they are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ops.logs.configure", lambda *_: None)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_its_settings_are_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHARF_KAFKA", "broker:9092")
    assert process.begin("gateway").kafka == "broker:9092"


def test_then_those_of_wharf_toml(tmp_path: Path) -> None:
    (tmp_path / "wharf.toml").write_text('kafka = "from-the-file:9092"\n')
    assert process.begin("gateway").kafka == "from-the-file:9092"


def test_a_registrys_ids_are_adopted_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(registry, "adopt", lambda url, environment: asked.append((url, environment)))
    process.begin("gateway")
    monkeypatch.setenv("WHARF_SCHEMA_REGISTRY", "http://registry:8081")
    settings.cache_clear()
    process.begin("gateway")
    assert asked == [("http://registry:8081", "dev")]


def test_its_health_is_told_on_a_free_port() -> None:
    server = process.tell_health(Settings(), lambda: Health(ready=False))
    status = httpx.get(f"http://127.0.0.1:{server.port}/readyz").status_code
    server.stop()
    assert status == 503
