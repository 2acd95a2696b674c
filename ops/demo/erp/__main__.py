"""`python -m ops.demo.erp [--port N] [--data DIR]`: one JSON line on stdout when it takes orders; SIGTERM stops it."""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from ops.demo.erp.app import create_app
from ops.demo.erp.books import Books


def main() -> None:
    """Serve on loopback."""
    options = _options()
    options.data.mkdir(parents=True, exist_ok=True)
    door = socket.create_server(("127.0.0.1", options.port))
    books = Books(options.data / "erp.sqlite")
    ready = {"ready": True, "url": f"http://127.0.0.1:{door.getsockname()[1]}", "pid": os.getpid()}

    @asynccontextmanager
    async def announced(_: Starlette) -> AsyncIterator[None]:
        print(json.dumps(ready), flush=True)  # the socket listens already: who connects now waits a moment at most
        yield
        books.close()

    config = uvicorn.Config(
        create_app(books, announced), log_level="warning", access_log=False, timeout_graceful_shutdown=2
    )
    uvicorn.Server(config).run(sockets=[door])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.demo.erp", description="The demo's ERP.")
    parser.add_argument("--port", type=int, default=0, help="0 = a free one")
    parser.add_argument("--data", type=Path, default=Path(".wharf/demo-erp"), help="folder of its books")
    return parser.parse_args()


if __name__ == "__main__":
    main()
