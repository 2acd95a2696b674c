"""Servers of our own are asked directly, and silence is an answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ops import probing


class Answers(BaseHTTPRequestHandler):
    """200 to /readyz, 503 to all else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """A server's address."""
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_green_endpoint_is_ready(url: str) -> None:
    assert probing.is_ready(f"{url}/readyz")


def test_a_red_one_is_not_but_somebody_listens(url: str) -> None:
    assert not probing.is_ready(f"{url}/other")
    assert probing.listens(f"{url}/other")


def test_where_nobody_listens_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    assert probing.status(gone) == 0


def test_what_speaks_no_http_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].sendall(b"220 mail\r\n")).start()
        assert not probing.listens(f"http://127.0.0.1:{server.getsockname()[1]}/")


def test_a_proxy_for_the_world_is_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert probing.is_ready(f"{url}/readyz")
