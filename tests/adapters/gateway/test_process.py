"""The gateway as its own process: uvicorn with uvloop and httptools, a broker, a Redis, and clients that misbehave."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from adapters.gateway.keys import issue
from adapters.gateway.limits import MAX_BODY
from ops.embedded.broker import Broker
from ops.embedded.child import free_port
from schemas.settings import Settings
from tests.adapters.gateway.bodies import ORDER
from tests.adapters.gateway.test_log import said, told
from tests.support.redis import Server

pytestmark = pytest.mark.broker
DEADLINE_S = 30.0
PROGRAM = "from adapters.gateway.main import run; from schemas.settings import settings; run(settings())"
HEAD = b"POST /v1/orders HTTP/1.1\r\nHost: x\r\n"


class Running:
    """A gateway process, its address and a key that may do all."""

    def __init__(self, settings: Settings, token: str, process: subprocess.Popen[bytes]) -> None:
        self.process, self.url = process, f"http://{settings.gateway}"
        self.address = ("127.0.0.1", int(settings.gateway.rpartition(":")[2]))
        self.headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").is_success
        except httpx.TransportError:
            return False

    def raw(self, *parts: bytes) -> bytes:
        """What is answered to these bytes until the connection ends or falls silent."""
        with socket.create_connection(self.address, timeout=1) as one:
            for part in parts:
                one.sendall(part)
            answer = b""
            try:
                while more := one.recv(65_536):
                    answer += more
            except TimeoutError:
                pass
            return answer


@pytest.fixture(scope="module")
def gateway(broker: Broker, redis_server: Server) -> Iterator[Running]:
    settings = Settings(
        environment="process", kafka=broker.bootstrap, embedded=True, gateway=f"127.0.0.1:{free_port()}"
    )
    issued = issue(("admin",))
    told(settings, lambda outbox: said(outbox, issued.record))
    given = {
        "ENVIRONMENT": "process",
        "KAFKA": settings.kafka,
        "EMBEDDED": "true",
        "GATEWAY": settings.gateway,
        "REDIS": redis_server.url,
    }
    environment = {**os.environ, **{f"WHARF_{name}": value for name, value in given.items()}}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment)
    running = Running(settings, issued.token, process)
    deadline = time.monotonic() + DEADLINE_S
    try:
        while not running.ready():
            assert process.poll() is None and time.monotonic() < deadline, "the gateway did not become ready"
            time.sleep(0.02)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=DEADLINE_S) in (0, -signal.SIGTERM)


def test_an_order_is_taken_over_a_real_connection(gateway: Running) -> None:
    first, again = (httpx.post(f"{gateway.url}/v1/orders", headers=gateway.headers, json=ORDER) for _ in range(2))
    assert (first.status_code, first.content, again.headers["Idempotent-Replayed"]) == (202, again.content, "true")


def test_no_server_software_is_named(gateway: Running) -> None:
    assert "server" not in httpx.get(f"{gateway.url}/healthz").headers


def test_a_body_over_the_limit_ends_the_connection(gateway: Running) -> None:
    answer = httpx.post(
        f"{gateway.url}/v1/channels/edi/documents", headers=gateway.headers, content=iter([b"x" * MAX_BODY] * 2)
    )
    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")


@pytest.mark.parametrize(
    "request_bytes",
    [
        HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        HEAD
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 4x\r\n\r\nabcd",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /healthz HTTP/9.9\r\n\r\n",
        b"GET /health\x00z HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_a_request_with_two_meanings_has_no_second_answer(gateway: Running, request_bytes: bytes) -> None:
    answer = gateway.raw(request_bytes)
    assert answer.count(b"HTTP/1.1 ") <= 1 and b" 200 " not in answer and b" 202 " not in answer


def test_a_client_that_hangs_up_harms_nobody(gateway: Running) -> None:
    for _ in range(20):
        with socket.create_connection(gateway.address) as one:
            one.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
    assert httpx.get(f"{gateway.url}/healthz").status_code == 200
