"""Placing, cancelling and resolving orders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from adapters.gateway.access import Asking, allow, visible
from adapters.gateway.answering import BODIES, problems, takes
from adapters.gateway.bodies import fits, json_body, media_type
from adapters.gateway.hub import Hub, hub_of
from adapters.gateway.idempotency import request_key
from adapters.gateway.intake import Arrival, take
from adapters.gateway.keys import Caller
from adapters.gateway.models.answers import OrderReceived, Received
from adapters.gateway.models.orders import CancelOrder, PlaceOrder, ResolveOrder
from adapters.gateway.problems import Problem
from adapters.gateway.waiting import reading, until
from schemas import identity
from tables.redis.order_view import OrderView

router = APIRouter(tags=["orders"])
OrderId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}(\.[0-9]{1,6})?$")]


@router.post(
    "/v1/orders",
    status_code=202,
    response_model=OrderReceived,
    responses=problems("idempotency-key-required", *BODIES),
    openapi_extra=takes(PlaceOrder),
)
async def place(request: Request, caller: Asking) -> Response:
    """Place an order. 202 means that it is stored; what becomes of it, the receipt and the order tell."""
    if not request_key(request):
        raise Problem("idempotency-key-required", "send a key of your own, the same when you repeat the request")
    body, value = await json_body(request)
    order = fits(PlaceOrder, value)
    allow(caller, "orders:write", order.channel)
    order_id = identity.order_id(caller.tenant, order.channel, order.number)
    url = f"/v1/orders/{order_id}"
    arrival = Arrival(caller, "orders", order.channel, body, media_type(request), key=order_id)
    return await take(request, arrival, {"order_id": order_id, "status_url": url}, location=url)


@router.post(
    "/v1/orders/{order_id}/cancel",
    status_code=202,
    response_model=Received,
    responses=problems("not-found", "dependency-unavailable", *BODIES),
    openapi_extra=takes(CancelOrder, required=False),
)
async def cancel(request: Request, caller: Asking, order_id: OrderId) -> Response:
    """Cancel an order or some of its lines, as far as they have not left."""
    body, value = await json_body(request, required=False)
    fits(CancelOrder, value)
    order = await own_order(hub_of(request), caller, order_id)
    arrival = Arrival(
        caller, "order-cancel", order["channel"], body, media_type(request), key=base(order_id), target=order_id
    )
    return await take(request, arrival)


@router.post(
    "/v1/orders/{order_id}/resolve",
    status_code=202,
    response_model=Received,
    responses=problems("not-found", "order-not-resolvable", "dependency-unavailable", *BODIES),
    openapi_extra=takes(ResolveOrder, required=False),
)
async def resolve(request: Request, caller: Asking, order_id: OrderId) -> Response:
    """Read the order's original document again, with today's reference data; only its parked lines are taken."""
    hub, (_, value) = hub_of(request), await json_body(request, required=False)
    fits(ResolveOrder, value)
    order = await own_order(hub, caller, order_id)
    place_of = await reading(hub.models.document_position(caller.tenant, order["receipt"]))
    original = await hub.pages.document(*place_of) if place_of else None
    if original is None or original["receipt"] != order["receipt"]:
        raise Problem("order-not-resolvable", "its original document is no longer kept: send the order again")
    arrival = Arrival(
        caller, "order-resolve", order["channel"], original["body"], original["media_type"], key=base(order_id),
        target=order_id, file_name=original["file_name"],
    )  # fmt: skip
    return await take(request, arrival)


def base(order_id: str) -> str:
    """The series of an order: all its generations are decided under one key."""
    return order_id.partition(".")[0]


async def own_order(hub: Hub, caller: Caller, order_id: str) -> OrderView:
    """An order that the caller may write to; one that was just placed is waited for. raises Problem not-found"""
    found = await until(
        hub,
        lambda: reading(hub.models.order(caller.tenant, order_id)),
        lambda order: order is not None,
        hub.patience.appear_s,
    )
    visible(caller, found["channel"] if found else "", "orders:write")
    if found is None:
        raise Problem("not-found")
    return found
