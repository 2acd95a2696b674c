"""A subscriber of its own: `python -m ops.demo.receiver`, which verifies what it gets and keeps its own ledger.

    POST /hooks/NAME     a webhook; taken ones go to DIR/NAME.jsonl, synced before the answer
    PUT  /secrets/NAME   body: whsec_…; until it is known, webhooks of NAME are refused
    POST /control        {"name":"portal","mode":"slow","seconds":2}: how NAME answers from now on (see MODES)
    GET  /state          what was taken and refused, per name

When ready it prints one line: {"ready":true,"url":"http://127.0.0.1:PORT","ledger":"DIR"}. SIGTERM stops it.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from ops.demo.book import Book, Mode

MODES = {
    "ok": "204 at once",
    "slow": "204 after `seconds`",
    "500": "500",
    "410": "410: gone for good",
    "429": "429 with Retry-After of `seconds`",
    "redirect": "302 to an address inside",
    "dead": "the connection is closed without an answer",
}
LARGEST = 1_000_000


class Handler(BaseHTTPRequestHandler):
    """One request of wharf, or of the one who plays the subscriber."""

    protocol_version = "HTTP/1.1"

    def __init__(self, book: Book, *args: Any) -> None:
        self.book = book
        super().__init__(*args)

    def handle_one_request(self) -> None:
        """Answer one; a sender that is gone in the middle of it has said nothing."""
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_POST(self) -> None:
        """A webhook, or a word on how to answer them."""
        body = self._body()
        if self.path == "/control":
            wish = json.loads(body)
            mode = Mode(str(wish["mode"]), float(wish.get("seconds", 0)))
            self.book.modes[str(wish["name"])] = mode
            return self._answer(204 if mode.kind in MODES else 422)
        if self.path.startswith("/hooks/"):
            return self._hook(self.path.removeprefix("/hooks/"), body)
        return self._answer(404)

    def do_PUT(self) -> None:
        """The secret of one subscription."""
        body = self._body()
        if not self.path.startswith("/secrets/"):
            return self._answer(404)
        self.book.secrets[self.path.removeprefix("/secrets/")] = body.decode().strip()
        return self._answer(204)

    def do_GET(self) -> None:
        """What was taken and refused so far."""
        self._answer(200 if self.path == "/state" else 404, json.dumps(self.book.state()).encode())

    def _hook(self, name: str, body: bytes) -> None:
        mode = self.book.modes.get(name, Mode("ok", 0))
        reason = self._distrust(name, body)
        if reason:
            self.book.refuse(name, reason, dict(self.headers.items()))
            return self._answer(401)
        return self._taken(name, body, mode)

    def _taken(self, name: str, body: bytes, mode: Mode) -> None:
        match mode.kind:
            case "slow":
                self.book.stopping.wait(mode.seconds)
            case "429":
                return self._refused(name, 429, ("Retry-After", str(int(mode.seconds))))
            case "redirect":
                return self._refused(name, 302, ("Location", "http://169.254.169.254/latest/meta-data/"))
            case "500" | "410":
                return self._refused(name, int(mode.kind))
            case "dead":
                self.book.refuse(name, "dead", {})
                self.close_connection = True
                return None
        self.book.take(name, {**json.loads(body), "webhook_id": self.headers["webhook-id"]})
        return self._answer(204)

    def _refused(self, name: str, status: int, *headers: tuple[str, str]) -> None:
        self.book.refuse(name, str(status), {"webhook-id": self.headers["webhook-id"]})
        self._answer(status, b"", *headers)

    def _distrust(self, name: str, body: bytes) -> str:
        """Why a webhook is not to be believed; "" where its signature is right."""
        secret = self.book.secrets.get(name)
        if secret is None:
            return "no secret is known"
        try:
            Webhook(secret).verify(body, dict(self.headers.items()), json_parse=False)
        except (WebhookVerificationError, ValueError) as exc:
            return f"signature: {exc}"
        return ""

    def _body(self) -> bytes:
        length = min(LARGEST, int(self.headers.get("Content-Length") or 0))
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the sender ended before its message did")
        return body

    def _answer(self, status: int, body: bytes = b"", *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the ledger says it all."""


class Server(ThreadingHTTPServer):
    """Answers side by side; a sender that hangs up is nothing to talk about."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless it is only the other side that left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def main(arguments: list[str] | None = None) -> int:
    """Receive until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m ops.demo.receiver", description=__doc__)
    parser.add_argument("--ledger", type=Path, default=Path(".wharf/receiver"), help="folder of the ledgers")
    parser.add_argument("--port", type=int, default=0, help="0 = a free one")
    parser.add_argument("--secret", action="append", default=[], metavar="NAME=whsec_…")
    options = parser.parse_args(arguments)
    with Book(options.ledger, dict(pair.split("=", 1) for pair in options.secret)) as book:
        server = Server(("127.0.0.1", options.port), partial(Handler, book))
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, _stopper(book, server))
        url = f"http://127.0.0.1:{server.server_address[1]}"
        print(json.dumps({"ready": True, "url": url, "ledger": str(options.ledger)}), flush=True)
        server.serve_forever(poll_interval=0.1)
    return 0


def _stopper(book: Book, server: Server) -> Callable[[int, FrameType | None], None]:
    def stop(_: int, __: FrameType | None) -> None:
        book.stopping.set()
        threading.Thread(target=server.shutdown).start()  # shutdown waits for the loop that this handler interrupts

    return stop


if __name__ == "__main__":
    sys.exit(main())
