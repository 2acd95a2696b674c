"""Documents of channels and facts of warehouses, carriers and finance: taken as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from adapters.gateway.access import Asking, allow
from adapters.gateway.answering import BODIES, problems, takes
from adapters.gateway.bodies import each_fits, json_body, media_type, raw_body
from adapters.gateway.intake import Arrival, take
from adapters.gateway.keys import Caller
from adapters.gateway.models import events
from adapters.gateway.models.answers import Received
from adapters.gateway.problems import Problem

router = APIRouter(tags=["documents"])
ChannelName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]


@router.post(
    "/v1/channels/{channel}/documents",
    status_code=202,
    response_model=Received,
    responses=problems(*BODIES),
    openapi_extra={
        "requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def document(
    request: Request,
    caller: Asking,
    channel: ChannelName,
    file_name: Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = "",
) -> Response:
    """Any document, its Content-Type as it is, up to 900,000 bytes; what it says is read behind the log."""
    if not caller.may("orders:write", channel):
        allow(caller, "documents:write", channel)
    body = await raw_body(request)
    if not body.strip():
        raise Problem("malformed-body", "the document is empty")
    arrival = Arrival(caller, "documents", channel, body, media_type(request), file_name=file_name)
    return await take(request, arrival)


@router.post(
    "/v1/inventory/events",
    status_code=202,
    response_model=Received,
    responses=problems(*BODIES),
    openapi_extra=takes(events.InventoryEvent, many=True),
)
async def inventory(request: Request, caller: Asking) -> Response:
    """Counts and movements of stock: one object, or an array of up to 1,000 that is accepted whole."""
    body, value = await json_body(request)
    found = each_fits(lambda _: events.InventoryEvent, value, events.MOST)
    return await _facts(request, caller, "inventory", found, body)


@router.post(
    "/v1/shipments/events",
    status_code=202,
    response_model=Received,
    responses=problems(*BODIES),
    openapi_extra=takes(events.Dispatched, events.Milestone, many=True),
)
async def shipments(request: Request, caller: Asking) -> Response:
    """Dispatches and milestones: one object, or an array of up to 1,000 that is accepted whole."""
    body, value = await json_body(request)
    found = each_fits(events.shipment_model, value, events.MOST)
    return await _facts(request, caller, "shipment", found, body)


@router.post(
    "/v1/invoices/events",
    status_code=202,
    response_model=Received,
    responses=problems(*BODIES),
    openapi_extra=takes(events.InvoiceEvent, many=True),
)
async def invoices(request: Request, caller: Asking) -> Response:
    """Invoices and payments: one object, or an array of up to 1,000 that is accepted whole."""
    body, value = await json_body(request)
    found = each_fits(lambda _: events.InvoiceEvent, value, events.MOST)
    return await _facts(request, caller, "invoice", found, body)


SCOPES = {"inventory": "inventory:write", "shipment": "shipments:write", "invoice": "invoices:write"}


async def _facts(request: Request, caller: Caller, kind: str, found: Sequence[events.Event], body: bytes) -> Response:
    """Facts of sources that the caller may speak for."""
    sources = sorted({event.source for event in found})
    for source in sources:
        allow(caller, SCOPES[kind], source)
    return await take(request, Arrival(caller, f"{kind}-events", sources[0], body, media_type(request)))
