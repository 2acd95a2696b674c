"""Timing reads against a gateway of two lines and a real Redis."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import redis

from ops.bench import empty, reads
from ops.bench.reads import Durations, Site, Unexpected, timed, warm
from ops.demo import world
from ops.embedded.redis import Redis
from ops.running import Running
from tables.redis import keys


class Gateway(BaseHTTPRequestHandler):
    """Knows every SKU at version 7, and who asks."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "Bearer k" and "NOBODY" not in self.path
        body = b'{"version":7}'
        self.send_response(304 if self.headers["If-None-Match"] == '"7"' else 200 if known else 404)
        self.send_header("ETag", '"7"')
        self.send_header("Content-Length", "0" if self.headers["If-None-Match"] else str(len(body)))
        self.end_headers()
        if not self.headers["If-None-Match"]:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def gateway() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def running(address: str, server: Redis, environment: str) -> Running:
    """A system of these two."""
    return Running(
        pid=1, gateway=address, kafka="", redis=server.url, erp_url="", embedded=False, environment=environment,
        tenant="acme", keys={"admin": "k"},
    )  # fmt: skip


def test_all_four_reads_are_timed_as_often(redis_server: Redis, environment: str) -> None:
    with redis.Redis.from_url(redis_server.url) as client, gateway() as address:
        for item in world.items():
            client.set(f"{environment}:{keys.availability('acme', item.sku)}", b"{}")
        found = reads.measure(running(address, redis_server, environment), 40)
    kinds = (found.redis, found.http, found.unchanged, found.empty)
    assert [kind.count for kind in kinds] == [36, 36, 36, 36]
    assert 0 < found.redis.p50_ms <= found.redis.p99_ms


def test_a_redis_without_the_key_is_no_comparison(redis_server: Redis, environment: str) -> None:
    with gateway() as address, pytest.raises(Unexpected, match="does not hold"):
        reads.measure(running(address, redis_server, environment), 10)


def test_another_answer_than_expected_ends_the_run() -> None:
    with gateway() as address:
        site = Site(address, "k")
        with pytest.raises(Unexpected, match="404 for NOBODY, not 200"):
            site.read("NOBODY", 200)
        site.close()


def test_the_empty_server_says_nothing_to_anybody() -> None:
    with empty.server() as address:
        site = Site(address, "k")
        site.knock()
        with pytest.raises(Unexpected, match="204 for ANY, not 200"):
            site.read("ANY", 200)
        site.close()


def test_a_server_that_says_something_is_not_empty() -> None:
    with gateway() as address:
        site = Site(address, "k")
        with pytest.raises(Unexpected, match="200 of a server with nothing behind it"):
            site.knock()
        site.close()


def test_the_first_tenth_is_not_counted() -> None:
    assert list(warm([9.0, *[1.0] * 9])) == [1.0] * 9


def test_durations_are_spread_by_kind() -> None:
    figures = Durations([0.001] * 10, [0.002] * 10, [0.003] * 10, [0.004] * 10).figures()
    kinds = (figures.redis, figures.http, figures.unchanged, figures.empty)
    assert [kind.p50_ms for kind in kinds] == pytest.approx([1, 2, 3, 4])


def test_a_timed_call_returns_what_it_returns() -> None:
    found, took = timed(str.upper, "a")
    assert found == "A"
    assert took >= 0
