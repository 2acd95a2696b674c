"""Subscriptions: what a view hears, where its webhook goes, and the secret that is told once."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response

from adapters.gateway.access import Asking, allow, visible
from adapters.gateway.answering import BODIES, problems, takes
from adapters.gateway.bodies import fits, invalid, json_body
from adapters.gateway.hub import Hub, hub_of
from adapters.gateway.intake import Arrival, take
from adapters.gateway.keys import Caller
from adapters.gateway.models.answers import SubscriptionAnswer
from adapters.gateway.models.subscriptions import SetSubscription
from adapters.gateway.problems import Problem
from adapters.gateway.routes.documents import ChannelName
from adapters.subscribers import secrets
from adapters.subscribers.target import Refused, target_of
from schemas.generated.reference_v1 import Subscription, subscription

router = APIRouter(tags=["feeds"])
ViewName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


@router.put(
    "/v1/channels/{channel}/subscriptions/{name}",
    status_code=202,
    response_model=SubscriptionAnswer,
    response_model_exclude_none=True,
    responses=problems("not-found", "dependency-unavailable", *BODIES),
    openapi_extra=takes(SetSubscription),
)
async def put(request: Request, caller: Asking, channel: ChannelName, name: ViewName) -> Response:
    """Set a view's filter and webhook. Changing what it hears starts a new epoch, whose numbers begin again."""
    hub = hub_of(request)
    visible(caller, channel, "feed:write")
    _, value = await json_body(request)
    wanted = fits(SetSubscription, value)
    _check_url(wanted.url, hub.settings.allow_local_webhooks)
    for source in wanted.sources:
        allow(caller, "feed:read", "" if source == "*" else source)
    stands = hub.subscriptions.get((caller.tenant, f"{channel}|{name}"))
    try:
        record = _record(hub, caller, channel, name, wanted, stands)
        told = _told(hub, caller, wanted, record, stands)
    except secrets.BadSecret as error:
        raise invalid("/secret", "bad_secret", str(error)) from error
    except secrets.NoMasterKey as error:
        raise Problem("dependency-unavailable", "this deployment has no key for webhook secrets") from error
    # the document of it goes into the log for ever: without the secret
    body = orjson.dumps(wanted.model_dump(exclude={"secret"}), option=orjson.OPT_SORT_KEYS)
    key = f"{channel}|{name}"
    arrival = Arrival(
        caller, "reference/subscriptions", channel, body, "application/json", target=key,
        before=(("reference.subscription", key, record),),
    )  # fmt: skip
    answer = {"channel": channel, "name": name, "epoch": record["epoch"], "secret_version": record["secret_version"]}
    taken = await take(request, arrival, {**answer, **told})
    hub.subscriptions[(caller.tenant, key)] = record
    return taken


def _record(
    hub: Hub, caller: Caller, channel: str, name: str, wanted: SetSubscription, stands: Subscription | None
) -> Subscription:
    heard = (wanted.types, wanted.sources)
    changed = stands is not None and heard != (stands["types"], stands["sources"])
    sealed = (
        _sealed(hub, caller, channel, name, wanted.secret) if wanted.secret else stands["secret"] if stands else b""
    )
    renewed = stands is not None and sealed != stands["secret"]
    return subscription(
        channel=channel,
        name=name,
        url=wanted.url,
        types=list(wanted.types),
        sources=list(wanted.sources),
        mode=wanted.mode,
        secret=sealed,
        secret_version=(stands["secret_version"] if stands else 1) + renewed,
        active=wanted.active,
        epoch=(stands["epoch"] if stands else 1) + changed,
        version=hub.clock(),
    )


def _told(
    hub: Hub, caller: Caller, wanted: SetSubscription, record: Subscription, stands: Subscription | None
) -> dict[str, str]:
    """The secret, when it was made here and nobody was told it yet."""
    if wanted.secret or not wanted.url or (stands is not None and stands["url"]):
        return {}
    return {
        "secret": secrets.whsec(
            hub.settings, caller.tenant, record["channel"], record["name"], record["secret_version"]
        )
    }


def _sealed(hub: Hub, caller: Caller, channel: str, name: str, secret: str) -> bytes:
    return secrets.sealed(hub.settings, secrets.given(secret), caller.tenant, channel, name)


def _check_url(url: str, local: bool) -> None:
    """The form only: addresses are resolved and checked at each attempt, for they may change."""
    target = target_of(url, allow_local=local) if url else None
    if isinstance(target, Refused):
        raise invalid("/url", "bad_url", target.reason)
