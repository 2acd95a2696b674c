"""What each process tells its operators over HTTP: /metrics for Prometheus, /healthz and /readyz for a scheduler.

On a thread of its own, because a blocked loop cannot answer. /healthz is 200 while the process makes progress or has
nothing to do; /readyz also waits until it has begun.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Health:
    """How a process is doing, with its reasons."""

    healthy: bool = True
    ready: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)


Probe = Callable[[], Health]
Answer = tuple[int, str, bytes]


def answer(path: str, probe: Probe, registry: CollectorRegistry) -> Answer:
    """Status, media type and body for one path."""
    match path.partition("?")[0]:
        case "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest(registry)
        case "/healthz":
            health = probe()
            return _told(health.healthy, health)
        case "/readyz":
            health = probe()
            return _told(health.healthy and health.ready, health)
    return 404, JSON, b'{"error":"not found"}'


def _told(good: bool, health: Health) -> Answer:
    return 200 if good else 503, JSON, orjson.dumps({"ok": good, **health.details}, default=str)


class HealthServer:
    """Serves until the process ends or `stop` is called; `port` is known at once."""

    def __init__(self, host: str, port: int, probe: Probe = Health, registry: CollectorRegistry = REGISTRY) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = answer(self.path, probe, registry)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Probes come every second: they are not worth a line."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
