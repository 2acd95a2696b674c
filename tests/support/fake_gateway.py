"""A gateway that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]
RECEIPT: Answer = (202, {"receipt": "R-1"})


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FakeGateway:
    """Answers by method and path; what it was not told gets a receipt."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)  # "GET /path" → answers in turn, the last one stays

    def tell(self, request: str, *answers: Answer) -> None:
        """Say what a request is to be answered."""
        self.answers[request] = list(answers)

    def answer(self, request: str) -> Answer:
        """The next answer."""
        planned = self.answers.get(request, [RECEIPT])
        return planned.pop(0) if len(planned) > 1 else planned[0]


@contextmanager
def fake_gateway() -> Iterator[FakeGateway]:
    """A running one on a free port."""
    fake = FakeGateway()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fake.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            status, said = fake.answer(f"{self.command} {self.path}")
            raw = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PUT = _any

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield fake
    server.shutdown()
    server.server_close()
