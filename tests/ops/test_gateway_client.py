"""How the command line asks the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ops import gateway_client
from ops.exits import Exit, Failed
from ops.gateway_client import Gateway, Refused, gateway
from schemas.settings import settings
from tests.support.fake_gateway import FakeGateway, fake_gateway

BUSY = (503, {"title": "Busy"})


@pytest.fixture
def fake() -> Iterator[FakeGateway]:
    """A gateway."""
    with fake_gateway() as running:
        yield running


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing runs here and nothing is configured."""
    monkeypatch.setenv("WHARF_STATE_DIR", str(tmp_path))
    for name in ("WHARF_URL", "WHARF_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_what_is_busy_is_asked_until_it_answers(fake: FakeGateway) -> None:
    fake.tell("GET /x", BUSY, BUSY, (200, {"done": True}))
    with Gateway(fake.url, "k") as hub:
        assert hub.get("/x") == {"done": True}
    assert len(fake.asked) == 3


def test_patience_ends(fake: FakeGateway) -> None:
    fake.tell("GET /x", BUSY)
    with Gateway(fake.url, "k", patience_s=0) as hub, pytest.raises(Refused) as refused:
        hub.get("/x")
    assert refused.value.code is Exit.TRY_AGAIN


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, Exit.BAD_DATA), (403, Exit.BAD_DATA), (404, Exit.BAD_DATA), (409, Exit.TRY_AGAIN), (422, Exit.BAD_DATA)],
)
def test_a_refusal_is_final_and_says_whether_to_try_again(fake: FakeGateway, status: int, code: Exit) -> None:
    fake.tell("PUT /x", (status, {"title": "No", "detail": "the URL names another"}))
    with Gateway(fake.url, "k") as hub, pytest.raises(Refused, match="another") as refused:
        hub.put("/x", {})
    assert refused.value.code is code
    assert len(fake.asked) == 1


def test_empty_parameters_are_left_out(fake: FakeGateway) -> None:
    with Gateway(fake.url, "k") as hub:
        hub.get("/x", channel="portal", location="")
    assert fake.asked[0].path == "/x?channel=portal"


def test_a_body_goes_as_it_is(fake: FakeGateway) -> None:
    with Gateway(fake.url, "k") as hub:
        hub.post("/x", b"\xff\x00", "application/octet-stream", "key-1")
    assert fake.asked[0].body == b"\xff\x00"
    assert fake.asked[0].headers["Idempotency-Key"] == '"key-1"'


def test_a_gateway_that_is_gone_is_an_outage() -> None:
    with Gateway("http://127.0.0.1:9", "k") as hub, pytest.raises(httpx.TransportError):
        hub.get("/x")


@pytest.mark.usefixtures("alone")
def test_without_a_gateway_it_says_how_to_get_one() -> None:
    with pytest.raises(Failed, match="wharf up"):
        gateway()


@pytest.mark.usefixtures("alone")
def test_the_environment_names_the_gateway_and_an_argument_overrides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHARF_URL", "http://one")
    assert gateway().url == "http://one"
    assert gateway("http://two").url == "http://two"


@pytest.mark.parametrize(("header", "pause"), [("2", 2.0), ("", 0.25), ("soon", 0.25)])
def test_the_gateway_says_how_long_to_wait(header: str, pause: float) -> None:
    assert gateway_client._pause_s({"Retry-After": header}) == pause
