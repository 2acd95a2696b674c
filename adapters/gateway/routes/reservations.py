"""Reservations: a cart's stock is held, held longer, and given back. The answer is the decision, where it comes in time.

A request is a document like any other; the gateway stores it and waits until the read model tells what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response

from adapters.gateway.access import Asking, visible
from adapters.gateway.answering import BODIES, json_answer, problems, takes
from adapters.gateway.bodies import fits, json_body, media_type
from adapters.gateway.deciding import Outcome, over, settled, told_wrong
from adapters.gateway.hub import Hub, hub_of
from adapters.gateway.idempotency import request_key
from adapters.gateway.intake import Arrival, accepted, store
from adapters.gateway.keys import Caller
from adapters.gateway.models.reservations import (
    ExtendCart,
    HeldAnswer,
    HoldCart,
    ReleaseCart,
    ReservationAnswer,
    ReservationReceived,
)
from adapters.gateway.problems import Problem
from adapters.gateway.waiting import reading, until
from schemas import identity
from tables.redis.reservation_view import Reservation

router = APIRouter(tags=["reservations"])
ReservationId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
WRITE = ("reservations:write", "orders:write")
READ = (*WRITE, "reservations:read", "orders:read")
LATER: dict[int | str, dict[str, Any]] = {202: {"model": ReservationReceived, "description": "not decided yet"}}


@router.post(
    "/v1/reservations",
    status_code=201,
    response_model=HeldAnswer,
    responses={
        **problems(
            "idempotency-key-required", "insufficient-availability", "reservation-over", "reservation-taken", *BODIES
        ),
        **LATER,
    },
    openapi_extra=takes(HoldCart),
)
async def hold(request: Request, caller: Asking) -> Response:
    """Hold stock for all lines of a cart. 201: it is held; 409: nothing is; 202: it is not decided yet."""
    key = request_key(request)
    if not key:
        raise Problem("idempotency-key-required", "send a key of your own, the same when you repeat the request")
    body, value = await json_body(request)
    cart = fits(HoldCart, value)
    if not any(caller.may(action, cart.channel) for action in WRITE):
        raise Problem("forbidden", f"needs the scope {WRITE[0]}@{cart.channel}")
    found = identity.reservation_id(caller.tenant, cart.channel, cart.cart, key)
    arrival = Arrival(caller, "reservations", cart.channel, body, media_type(request), key=found, target=found)
    receipt, replayed = await store(request, arrival)
    outcome = await settled(hub_of(request), caller, found, receipt, _decided)
    told_wrong(outcome)
    return _held(outcome, receipt, replayed) or _later(found, receipt, replayed)


def _decided(found: Reservation) -> bool:
    return found.decision is not None or found.view["state"] != "asking"


def _held(outcome: Outcome, receipt: str, replayed: bool) -> Response | None:
    """The decision as it was made, also for who asks again later; None while there is none."""
    found = outcome.reservation
    if found is None or not _decided(found):
        return None
    if found.receipt != receipt:
        raise Problem("idempotency-key-reused")
    if found.decision is None:
        raise over(found)
    lines = found.decision["lines"]
    if not found.decision["held"]:
        raise Problem("insufficient-availability", extra={"reservation": found.view["reservation"], "lines": lines})
    body = {"reservation": found.view["reservation"], "expires_at": found.decision["expires_at"], "lines": lines}
    headers = {"Location": _url(found.view["reservation"]), **({"Idempotent-Replayed": "true"} if replayed else {})}
    return Response(orjson.dumps(body), 201, headers, "application/json")


@router.patch(
    "/v1/reservations/{reservation}",
    response_model=ReservationAnswer,
    responses={**problems("not-found", "reservation-over", "reservation-taken", "not-yet-decided", "dependency-unavailable", *BODIES), **LATER},
    openapi_extra=takes(ExtendCart),
)  # fmt: skip
async def extend(request: Request, caller: Asking, reservation: ReservationId) -> Response:
    """Let a live hold last until so many seconds from now, at most four hours from its beginning."""
    body, value = await json_body(request)
    fits(ExtendCart, value)
    outcome, receipt = await _change(request, caller, "reservation-extend", reservation, body, _extended)
    if outcome.reservation is not None and outcome.decided and _extended(outcome.reservation):
        if outcome.unchanged or outcome.reservation.view["state"] != "held":
            raise over(outcome.reservation)
        return json_answer(outcome.reservation.view)
    return _later(reservation, receipt)


def _extended(found: Reservation) -> bool:
    return not found.extending


@router.delete(
    "/v1/reservations/{reservation}",
    status_code=204,
    response_class=Response,
    responses={**problems("not-found", "reservation-taken", "dependency-unavailable", *BODIES), **LATER},
    openapi_extra=takes(ReleaseCart, required=False),
)
async def release(request: Request, caller: Asking, reservation: ReservationId) -> Response:
    """Give a hold back. One that is over already is given back too; one that an order took over is the order's."""
    body, value = await json_body(request, required=False)
    fits(ReleaseCart, value)
    outcome, receipt = await _change(request, caller, "reservation-release", reservation, body, _ended)
    if outcome.reservation is None or not outcome.decided or not _ended(outcome.reservation):
        return _later(reservation, receipt)
    if outcome.reservation.view["state"] == "taken":
        raise over(outcome.reservation)
    return Response(status_code=204)


def _ended(found: Reservation) -> bool:
    return found.view["state"] not in ("asking", "held")


@router.get(
    "/v1/reservations/{reservation}",
    response_model=ReservationAnswer,
    responses=problems("not-found", "dependency-unavailable"),
)
async def reservation(request: Request, caller: Asking, reservation: ReservationId) -> Response:
    """A reservation as it stands."""
    return json_answer((await _own(hub_of(request), caller, reservation, READ)).view)


async def _change(
    request: Request, caller: Caller, resource: str, reservation: str, body: bytes, good: Any
) -> tuple[Outcome, str]:
    """Store a request about a reservation, and wait for what becomes of it."""
    hub = hub_of(request)
    own = await _own(hub, caller, reservation, WRITE)
    arrival = Arrival(
        caller, resource, own.view["channel"], body, media_type(request), key=reservation, target=reservation
    )
    receipt, _ = await store(request, arrival)
    outcome = await settled(hub, caller, reservation, receipt, good)
    told_wrong(outcome)
    return outcome, receipt


async def _own(hub: Hub, caller: Caller, reservation: str, actions: tuple[str, ...]) -> Reservation:
    """A reservation that the caller may act on; one that was just asked for is waited for. raises Problem not-found"""
    found = await until(
        hub,
        lambda: reading(hub.models.reservation(caller.tenant, reservation)),
        lambda one: one is not None,
        hub.patience.appear_s,
    )
    visible(caller, found.view["channel"] if found else "", *actions)
    if found is None:
        raise Problem("not-found")
    return found


def _later(reservation: str, receipt: str, replayed: bool = False) -> Response:
    """202: it is stored, and decided later."""
    body: Mapping[str, Any] = {"reservation": reservation, "receipt": receipt, "status_url": _url(reservation)}
    return accepted(body, replayed, _url(reservation))


def _url(reservation: str) -> str:
    return f"/v1/reservations/{reservation}"
