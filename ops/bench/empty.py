"""The gateway's ASGI server with nothing behind it: what an answer costs before anybody has thought about it.

    python -m ops.bench.empty PORT

serves 204 to everything until it is ended.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

import uvicorn
from starlette.types import Receive, Scope, Send

from ops.bench.served import served


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """No content, whatever is asked."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def server() -> AbstractContextManager[str]:
    """Its URL, once it answers; ended at the end. raises NotReady"""
    return served("ops.bench.empty")


def main(port: int) -> None:
    """Serve as the gateway does."""
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", lifespan="off", server_header=False,
        access_log=False, log_level="warning",
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
