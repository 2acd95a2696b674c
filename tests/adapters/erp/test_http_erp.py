"""The ERP is not trusted: whatever it answers is a value, bounded in size and time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from adapters.erp.http_erp import MAX_BODY, HttpErp
from adapters.erp.port import Absent, Ambiguous, Found, Outcome, Posted, Refused, Throttled, Unavailable
from tests.adapters.erp.attempts import attempt

Answer = Callable[[httpx.Request], httpx.Response]


def ask(answer: Answer, action: str = "create") -> Outcome:
    """One request to an ERP that answers so."""

    async def once() -> Outcome:
        erp = HttpErp("http://erp.test", timeout_s=0.2, transport=httpx.MockTransport(answer))
        granted = attempt("O-1", action)
        try:
            if action == "cancel":
                return await erp.cancel(granted, "SO-1")
            return await (erp.create(granted) if action == "create" else erp.lookup(granted))
        finally:
            await erp.close()

    return asyncio.run(once())


def says(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda request: httpx.Response(status, content=content, headers=headers)


def breaks(error: Exception) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return answer


OURS = {"document": "SO-1", "order_id": "O-1", "state": "open"}


def test_the_request_carries_the_key_and_the_order() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json=OURS)

    assert ask(answer) == Posted("SO-1")
    assert seen[0].headers["Idempotency-Key"] == "wharf:O-1:1"
    sent = json.loads(seen[0].content)
    assert sent["lines"] == [{"line": "1", "sku": "WIDGET", "quantity": 24, "unit": "EA", "price": "9.50"}]


@pytest.mark.parametrize(
    "body",
    [
        {**OURS, "order_id": "O-2"},
        {"order_id": "O-1"},
        {**OURS, "document": 7},
        {**OURS, "document": ""},
        {**OURS, "document": "S" * 65},
        {**OURS, "document": "SO\n1"},
        ["SO-1"],
        b"<html>welcome</html>",
        b"",
        b"[" * 60_000,
        b"\xff\xfe",
    ],
)
def test_a_success_that_does_not_name_this_order_is_ambiguous(body: Any) -> None:
    assert isinstance(ask(says(201, body)), Ambiguous)


def test_an_endless_answer_is_cut_off() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65_536

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, content=endless())

    outcome = ask(answer)
    assert isinstance(outcome, Ambiguous)
    assert str(MAX_BODY) in outcome.reason


def test_a_dribbling_answer_ends_with_the_time_out() -> None:
    async def dribble() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.01)
            yield b" "

    assert isinstance(ask(lambda request: httpx.Response(201, content=dribble())), Ambiguous)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("busy")]
)
def test_what_never_reached_the_erp_has_done_nothing(error: Exception) -> None:
    assert isinstance(ask(breaks(error)), Unavailable)


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut"), httpx.ReadError("reset"), httpx.WriteError("w")],
)
def test_a_connection_that_ends_midway_is_ambiguous(error: Exception) -> None:
    assert isinstance(ask(breaks(error)), Ambiguous)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 301, 204, 418])
def test_a_status_that_no_rule_explains_is_ambiguous(status: int) -> None:
    assert ask(says(status)) == Ambiguous(f"the ERP answered {status}")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_no_entry_means_nothing_was_done(status: int) -> None:
    assert isinstance(ask(says(status)), Unavailable)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_rule_refuses_with_its_reason_made_printable(status: int) -> None:
    assert ask(says(status, {"reason": "no\r\ncredit"})) == Refused("no  credit")
    assert ask(says(status, {"reason": 5})) == Refused(f"the ERP answered {status}")


@pytest.mark.parametrize(
    ("header", "patience"),
    [("7", 7), ("0", 1), ("", 5), ("-3", 5), ("99999999", 3600), ("9" * 5000, 5), ("²", 5), ("Wed, 21 Oct", 5)],
)
def test_patience_is_bounded(header: str, patience: int) -> None:
    answer = says(429, {}) if not header.isascii() else says(429, {}, {"Retry-After": header})
    assert ask(answer) == Throttled(patience)


def test_a_look_up_reads_live_documents_the_oldest_first() -> None:
    orders = [
        {**OURS, "document": "SO-1", "state": "cancelled"},
        {**OURS, "document": "SO-2"},
        {**OURS, "document": "SO-3"},
    ]
    assert ask(says(200, {"orders": orders}), "lookup") == Found(("SO-2", "SO-3"))
    assert ask(says(200, {"orders": []}), "lookup") == Absent()


@pytest.mark.parametrize("orders", [None, {}, ["SO-1"], [OURS, "SO-2"], [OURS, {**OURS, "order_id": "O-2"}]])
def test_a_look_up_that_tells_of_others_is_ambiguous(orders: Any) -> None:
    assert isinstance(ask(says(200, {"orders": orders}), "lookup"), Ambiguous)


def test_a_cancel_that_is_too_late_is_refused() -> None:
    assert ask(says(409, {"reason": "shipped"}), "cancel") == Refused("shipped")
    assert ask(says(404), "cancel") == Absent()
    assert isinstance(ask(says(200, {**OURS, "order_id": "O-2"}), "cancel"), Ambiguous)
