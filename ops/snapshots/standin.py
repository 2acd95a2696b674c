"""A gateway for measurements: agrees to every count at once, and remembers it, so that only the sender's own cost is seen."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import orjson

from ops.snapshots.hub import EVENTS, POSITIONS

Held = dict[str, dict[str, dict[str, Any]]]  # sku → location → place


class StandIn(BaseHTTPRequestHandler):
    """Answers what `wharf send --stock` asks."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one packet: head and body apart would wait for each other
    held: ClassVar[Held] = {}
    receipts: ClassVar[dict[str, int]] = {}

    def do_POST(self) -> None:
        """Counts, and questions for positions."""
        asked = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == EVENTS:
            self._answer(202, self._taken(asked))
        elif self.path == POSITIONS:
            found = {sku: self.held[sku] for sku in asked["skus"] if sku in self.held}
            items = [_item(sku, places) for sku, places in found.items()]
            self._answer(200, {"items": items, "missing": []})
        else:
            self._answer(404, {})

    def do_GET(self) -> None:
        """Receipts, and whether it is there."""
        count = self.receipts.get(self.path.rpartition("/")[2], 0)
        parts = [{"index": index, "state": "decided", "event": "inventory.counted"} for index in range(count)]
        self._answer(200, {"state": "accepted", "parts": parts, "problems": []})

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""

    def _taken(self, events: list[dict[str, Any]]) -> dict[str, str]:
        for event in events:
            place = {"location": event["location"], "on_hand": event["quantity"], "unsellable": "0"}
            self.held.setdefault(event["sku"], {})[event["location"]] = {**place, "as_of": event["as_of"]}
        receipt = str(len(self.receipts) + 1)
        self.receipts[receipt] = len(events)
        return {"receipt": receipt}

    def _answer(self, status: int, told: Any) -> None:
        raw = orjson.dumps(told)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def _item(sku: str, places: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"sku": sku, "unit": "EA", "version": 1, "stale": False, "locations": list(places.values())}


def main() -> None:
    """Serve on a port of the loopback until ended."""
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), StandIn).serve_forever()


if __name__ == "__main__":
    main()
