"""A command line, and a gateway for it to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.settings import settings
from tests.support.fake_gateway import FakeGateway, fake_gateway
from tests.support.wharf import Wharf


@pytest.fixture
def wharf(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Wharf]:
    """The command line with a state folder of its own."""
    yield Wharf(monkeypatch, capfd, tmp_path)
    settings.cache_clear()


@pytest.fixture
def gateway(wharf: Wharf) -> Iterator[FakeGateway]:
    """A gateway that the command line knows."""
    with fake_gateway() as fake:
        wharf.set(url=fake.url, api_key="okp_test")
        yield fake
