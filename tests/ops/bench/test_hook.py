"""The client's own endpoint."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest

from ops.bench.hook import hook, length_of


def posted(*bodies: dict[str, Any]) -> tuple[list[int], list[tuple[dict[str, Any], float]]]:
    """Statuses, and what was noted, of webhooks sent one after the other."""
    taken: list[tuple[dict[str, Any], float]] = []

    async def send() -> list[int]:
        async with hook(lambda body, at: taken.append((body, at))) as url, httpx.AsyncClient() as http:
            return [(await http.post(url, json=body)).status_code for body in bodies]

    return asyncio.run(send()), taken


def test_each_webhook_is_noted_and_answered() -> None:
    statuses, taken = posted({"seq": 1}, {"seq": 2})
    assert statuses == [204, 204]
    assert [body for body, _ in taken] == [{"seq": 1}, {"seq": 2}]


def test_it_is_noted_by_the_clients_own_clock() -> None:
    before = time.perf_counter()
    _, taken = posted({"seq": 1})
    assert before < taken[0][1] < time.perf_counter()


def test_a_large_webhook_is_taken_whole() -> None:
    assert posted({"text": "x" * 300_000})[1][0][0] == {"text": "x" * 300_000}


def test_a_sender_that_stays_connected_does_not_keep_it_open() -> None:
    async def stay() -> bool:
        async with hook(lambda body, at: None) as url:
            reader, _ = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2].split("/")[0]))
        return await asyncio.wait_for(reader.read(), 5) == b""

    assert asyncio.run(stay())


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\n", 12),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\nHost: a\r\n\r\n", 3),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0),
    ],
)
def test_the_length_is_what_the_head_says(head: bytes, length: int) -> None:
    assert length_of(head) == length
