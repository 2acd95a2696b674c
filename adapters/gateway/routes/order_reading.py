"""Orders and receipts as they stand; read your own write."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from adapters.gateway.access import Asking, visible
from adapters.gateway.answering import json_answer, problems
from adapters.gateway.hub import Hub, hub_of
from adapters.gateway.keys import Caller
from adapters.gateway.models.answers import OrderAnswer, OrdersAnswer, ReceiptAnswer, TimelineAnswer
from adapters.gateway.problems import Problem, retry_after
from adapters.gateway.routes.orders import OrderId
from adapters.gateway.waiting import reading, until
from tables.redis.order_view import OrderView
from tables.redis.receipt_view import ReceiptState, ReceiptView

router = APIRouter(tags=["orders"])
ReceiptId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
Wait = Annotated[float, Query(ge=0, le=30, description="seconds to wait for it")]
READ = ("orders:read", "orders:write")


@router.get(
    "/v1/receipts/{receipt}", response_model=ReceiptAnswer, responses=problems("not-found", "dependency-unavailable")
)
async def receipt(request: Request, caller: Asking, receipt: ReceiptId, wait: Wait = 0) -> Response:
    """What became of a document. With `wait`, the answer comes when it is decided, or when the time is over."""
    hub = hub_of(request)
    found = await _receipt(hub, caller, receipt, wait)
    if found is None or not caller.touches(found["channel"]):
        raise Problem("not-found")
    return json_answer(found)


@router.get(
    "/v1/orders/{order_id}",
    response_model=OrderAnswer,
    responses=problems("not-found", "not-yet-decided", "dependency-unavailable"),
)
async def order(
    request: Request,
    caller: Asking,
    order_id: OrderId,
    at_least: Annotated[str, Query(pattern=r"^[0-9a-f-]{36}$", description="a receipt that must be decided")] = "",
    wait: Wait = 5,
) -> Response:
    """The order as it stands; with `at_least`, not before that receipt is decided."""
    hub = hub_of(request)
    if at_least:
        found = await _receipt(hub, caller, at_least, wait)
        if found is None or found["state"] == ReceiptState.RECEIVED:
            raise retry_after("not-yet-decided", 1, "ask again")
    return json_answer(await readable(hub, caller, order_id))


@router.get("/v1/orders", response_model=OrdersAnswer, responses=problems("dependency-unavailable"))
async def numbered(
    request: Request,
    caller: Asking,
    channel: Annotated[str, Query(max_length=32)],
    number: Annotated[str, Query(max_length=128)],
) -> Response:
    """The orders that bear this number at this channel; a foreign channel has none."""
    hub, may = hub_of(request), any(caller.may(action, channel) for action in READ)
    ids = await reading(hub.models.numbered(caller.tenant, channel, number)) if may else []
    found = [await reading(hub.models.order(caller.tenant, order_id)) for order_id in ids]
    return json_answer({"orders": [one for one in found if one]})


@router.get(
    "/v1/orders/{order_id}/timeline",
    response_model=TimelineAnswer,
    responses=problems("not-found", "dependency-unavailable"),
)
async def timeline(request: Request, caller: Asking, order_id: OrderId) -> Response:
    """What happened to the order, in sequence."""
    hub = hub_of(request)
    await readable(hub, caller, order_id)
    return json_answer({"entries": await reading(hub.models.timeline(caller.tenant, order_id))})


async def readable(hub: Hub, caller: Caller, order_id: str) -> OrderView:
    """An order that the caller may read; raises Problem not-found."""
    found = await reading(hub.models.order(caller.tenant, order_id))
    if found is None:
        raise Problem("not-found")
    visible(caller, found["channel"], *READ)
    return found


async def _receipt(hub: Hub, caller: Caller, receipt: str, wait: float) -> ReceiptView | None:
    """The receipt, at best decided; one that was just given is waited for, because its 202 came before its projection."""

    def decided(found: ReceiptView | None) -> bool:
        return found is not None and (wait == 0 or found["state"] != ReceiptState.RECEIVED)

    seconds = wait or hub.patience.appear_s
    return await until(hub, lambda: reading(hub.models.receipt(caller.tenant, receipt)), decided, seconds)
