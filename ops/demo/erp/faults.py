"""What the ERP can be told to do wrong; POST /faults with {} heals it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


class Faults(BaseModel):
    """All faults that are on; each request replaces them all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slow_s: float = Field(0.0, ge=0, le=120, description="every answer waits so long before the work is done")
    down: bool = Field(False, description="503 to everything that is work")
    throttled: bool = Field(False, description="429 with Retry-After to everything that is work")
    forgetful: bool = Field(False, description="idempotency keys are not honoured: each create makes a document")
    drop_after_commit: bool = Field(False, description="creates and cancels are committed, then the connection is cut")
    fail_after_commit: bool = Field(False, description="creates and cancels are committed, then answered with 500")
    wrong_echo: bool = Field(False, description="answers are well formed, and about another order")
    refuse_customers: tuple[str, ...] = Field((), description="orders of these customers are refused")

    async def before(self) -> Response | None:
        """What happens before any work: a delay, and perhaps a refusal to work at all."""
        await asyncio.sleep(self.slow_s)
        if self.down:
            return JSONResponse({"reason": "down"}, 503)
        if self.throttled:
            return JSONResponse({"reason": "too many requests"}, 429, {"Retry-After": "1"})
        return None

    def after(self, body: Mapping[str, object], status: int = 200) -> Response:
        """The answer to committed work, as far as it gets."""
        if self.drop_after_commit:
            return Cut()
        if self.fail_after_commit:
            return JSONResponse({"reason": "internal error"}, 500)
        return JSONResponse({**body, "order_id": "another-order"} if self.wrong_echo else body, status)


class Cut(Response):
    """An answer that breaks off: the server closes the connection when less came than was promised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
