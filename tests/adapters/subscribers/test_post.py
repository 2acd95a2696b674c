"""One POST: bounded in time and size, following nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

import pytest

from adapters.subscribers.outcome import Outcome
from adapters.subscribers.post import Poster
from adapters.subscribers.target import target_of

HEAD = b"HTTP/1.1 %s\r\n"


async def _say(writer: asyncio.StreamWriter, *parts: bytes, pause: float = 0) -> int:
    said = 0
    with contextlib.suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            said += len(part)
            await asyncio.sleep(pause)
    return said


async def post(
    *parts: bytes, pause: float = 0, time_out_s: float = 0.3, said: list[int] | None = None
) -> tuple[Outcome, float]:
    """A POST to a server that says these bytes, with a pause after each; the outcome and the seconds it took."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        count = await _say(writer, *parts, pause=pause)
        if said is not None:
            said.append(count)
        done.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    target = target_of(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hooks", allow_local=True)
    poster, began = Poster(lambda: 0, time_out_s=time_out_s), time.monotonic()
    outcome = await poster.post(target, {"webhook-id": "w"}, b"{}")
    took = time.monotonic() - began
    await poster.close()
    if said is not None:
        await done.wait()
    server.close()
    return outcome, took


def test_an_answer_is_an_outcome() -> None:
    outcome, _ = asyncio.run(post(HEAD % b"429 x", b"Retry-After: 7\r\nContent-Length: 0\r\n\r\n"))
    assert (outcome.outcome, outcome.status, outcome.retry_after_s) == ("throttled", 429, 7)


def test_silence_is_a_failure_in_bounded_time() -> None:
    outcome, took = asyncio.run(post(b"", pause=2))
    assert outcome == Outcome("failed", reason="no answer in 0.3 s") and took < 1.5


def test_a_head_that_dribbles_is_a_failure_in_bounded_time() -> None:
    outcome, took = asyncio.run(post(*[b"x"] * 30, pause=0.1))
    assert outcome.outcome == "failed" and took < 1.5


def test_a_body_that_dribbles_does_not_undo_the_status() -> None:
    outcome, took = asyncio.run(post(HEAD % b"200 OK", b"Content-Length: 100\r\n\r\n", *[b"x"] * 30, pause=0.1))
    assert outcome.outcome == "delivered" and took < 1.5


def test_an_endless_body_is_not_read() -> None:
    endless = [b"10000\r\n" + b"x" * 65_536 + b"\r\n"] * 2_000
    said: list[int] = []
    head = (HEAD % b"200 OK", b"Transfer-Encoding: chunked\r\n\r\n")
    outcome, _ = asyncio.run(post(*head, *endless, time_out_s=5, said=said))
    assert outcome.outcome == "delivered" and said[0] < 16_000_000  # the rest was left in the sockets' buffers


@pytest.mark.parametrize("parts", [(b"",), (b"HELLO\r\n\r\n",), (b"HTTP/1.1 999999 x\r\n\r\n",), (b"\x16\x03\x01",)])
def test_whatever_an_endpoint_says_is_an_outcome(parts: tuple[bytes, ...]) -> None:
    outcome, _ = asyncio.run(post(*parts))
    assert outcome.outcome == "failed" and outcome.reason


def test_nobody_listening_is_a_failure() -> None:
    target = target_of("http://127.0.0.1:1/", allow_local=True)
    assert asyncio.run(Poster(lambda: 0).post(target, {}, b"")).outcome == "failed"


@contextlib.contextmanager
def environment_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment names a proxy that nobody runs."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    yield


def test_the_environment_s_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with environment_proxy(monkeypatch):
        outcome, _ = asyncio.run(post(HEAD % b"204 x", b"\r\n"))
    assert outcome.outcome == "delivered"
