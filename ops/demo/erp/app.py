"""The demo ERP's HTTP interface."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan

from ops.demo.erp.books import Books, Document
from ops.demo.erp.faults import Faults


class Line(BaseModel):
    """A line of an order, as the ERP takes it."""

    model_config = ConfigDict(extra="forbid")

    line: str
    sku: str
    quantity: int = Field(ge=0)
    unit: str
    price: str | None = None


class NewOrder(BaseModel):
    """An order, as the ERP takes it."""

    model_config = ConfigDict(extra="forbid")

    order_id: str = Field(min_length=1)
    revision: int
    channel: str
    number: str
    customer: str = ""
    currency: str = ""
    lines: list[Line] = Field(min_length=1)


class DemoErp:
    """The requests that an ERP answers, over its books."""

    def __init__(self, books: Books) -> None:
        self._books, self._faults = books, Faults()

    async def create(self, request: Request) -> Response:
        """POST /orders: 201 with the document, 200 where the key has one, 422 where a rule forbids it."""
        if hindered := await self._faults.before():
            return hindered
        key, order = request.headers.get("idempotency-key", ""), _order(await request.body())
        if not key:
            return JSONResponse({"reason": "Idempotency-Key is missing"}, 400)
        if isinstance(order, str):
            return JSONResponse({"reason": order}, 422)
        if order.customer in self._faults.refuse_customers:
            return JSONResponse({"reason": f"customer {order.customer} is blocked"}, 422)
        made, is_new = await run_in_threadpool(
            self._books.create, key, order.model_dump(), honour_key=not self._faults.forgetful
        )
        return self._faults.after(_shown(made), 201 if is_new else 200)

    async def find(self, request: Request) -> Response:
        """GET /orders?key=: all documents of a key, the oldest first."""
        if hindered := await self._faults.before():
            return hindered
        found = await run_in_threadpool(self._books.find, request.query_params.get("key", ""))
        shown = [_shown(document) for document in found]
        if self._faults.wrong_echo:
            shown = [{**one, "order_id": "another-order"} for one in shown]
        return JSONResponse({"orders": shown})

    async def cancel(self, request: Request) -> Response:
        """POST /orders/{document}/cancel: 200, or 404 where there is none."""
        if hindered := await self._faults.before():
            return hindered
        undone = await run_in_threadpool(self._books.cancel, request.path_params["document"])
        if undone is None:
            return JSONResponse({"reason": "no such document"}, 404)
        return self._faults.after(_shown(undone))

    async def ledger(self, request: Request) -> Response:
        """GET /ledger?after=SEQ: the journal of what was committed, for those who judge from outside."""
        after = request.query_params.get("after", "0")
        if not after.isdecimal() or len(after) > 18:
            return JSONResponse({"reason": "after is the number of an entry"}, 422)
        return JSONResponse({"entries": await run_in_threadpool(self._books.journal, int(after))})

    async def misbehave(self, request: Request) -> Response:
        """POST /faults: exactly these faults from now on."""
        try:
            self._faults = Faults.model_validate_json(await request.body() or b"{}")
        except ValidationError as exc:
            return JSONResponse(
                {"reason": exc.errors(include_url=False, include_context=False, include_input=False)}, 422
            )
        return JSONResponse(self._faults.model_dump())

    async def health(self, request: Request) -> Response:
        """GET /health: whether it would take an order now."""
        return JSONResponse({"up": not self._faults.down}, 503 if self._faults.down else 200)


def create_app(books: Books, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """The ERP over these books."""
    erp = DemoErp(books)
    routes = [
        Route("/orders", erp.create, methods=["POST"]),
        Route("/orders", erp.find, methods=["GET"]),
        Route("/orders/{document}/cancel", erp.cancel, methods=["POST"]),
        Route("/ledger", erp.ledger),
        Route("/faults", erp.misbehave, methods=["POST"]),
        Route("/health", erp.health),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _order(body: bytes) -> NewOrder | str:
    try:
        return NewOrder.model_validate_json(body)
    except ValidationError as exc:
        first = exc.errors()[0]
        return f"{'/'.join(str(part) for part in first['loc']) or 'body'}: {first['msg']}"


def _shown(document: Document) -> dict[str, object]:
    return {
        "document": document.document,
        "order_id": document.order_id,
        "state": document.state,
        "number": document.number,
    }
