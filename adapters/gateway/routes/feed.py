"""The gapless feed of a view: pulled page by page, or streamed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from adapters.gateway.access import Asking, visible
from adapters.gateway.answering import json_answer, problems
from adapters.gateway.hub import Expired, Hub, hub_of
from adapters.gateway.keys import Caller
from adapters.gateway.models.answers import FeedAnswer
from adapters.gateway.problems import Problem, retry_after
from adapters.gateway.routes.documents import ChannelName
from adapters.gateway.waiting import reading, until
from schemas.envelope import rfc3339
from schemas.generated.feeds_v1 import FeedEntry
from streams.engine.client import LogUnavailable
from tables.redis.view_index import ViewIndex

router = APIRouter(tags=["feeds"])
View = Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
After = Annotated[int, Query(ge=0, le=2**40, description="number of the last entry that you have")]
MAX_PAGE = 1_000
RETRY_MS = 3_000  # told to streaming clients: how long to wait before they come again


@router.get(
    "/v1/channels/{channel}/feed",
    response_model=FeedAnswer,
    responses=problems("not-found", "cursor-expired", "dependency-unavailable", "log-unavailable"),
)
async def feed(
    request: Request,
    caller: Asking,
    channel: ChannelName,
    view: View = "default",
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 500,
    wait: Annotated[float, Query(ge=0, le=30, description="seconds to wait for an entry")] = 0,
) -> Response:
    """Entries behind `after`, without gaps. `next` is the number after the page; `complete` says that it reaches the head."""
    hub = hub_of(request)
    visible(caller, channel, "feed:read")
    index = await _index(hub, caller, channel, view, after, wait)
    entries = await page(hub, caller, f"{channel}/{view}", index, after, limit)
    head = index.head.seq if index else 0
    last = entries[-1]["seq"] if entries else after
    body = {"entries": [shown(entry) for entry in entries], "next": last + 1, "head": head, "complete": last >= head}
    return json_answer(body)


@router.get(
    "/v1/channels/{channel}/feed/stream",
    response_class=Response,
    responses={
        **problems("not-found", "dependency-unavailable"),
        200: {
            "description": "the entries as they come",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def stream(
    request: Request, caller: Asking, channel: ChannelName, view: View = "default", after: After = 0
) -> Response:
    """Server-sent events: id = number, event = type, data = entry; goes on behind Last-Event-ID after a break."""
    visible(caller, channel, "feed:read")
    hub, begin = hub_of(request), request.headers.get("last-event-id", "")
    position = int(begin) if begin.isdecimal() and len(begin) < 13 else after
    await page(hub, caller, f"{channel}/{view}", await _index(hub, caller, channel, view, position, 0), position, 1)
    events = _events(hub, caller, channel, view, position)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(hub: Hub, caller: Caller, channel: str, view: str, after: int) -> AsyncIterator[bytes]:
    """Entries for as long as the client listens; a failure ends the stream, and the client comes again."""
    yield b"retry: %d\n\n" % RETRY_MS
    try:
        while hub.keys.active(caller.key_id, hub.clock()):
            index = await _index(hub, caller, channel, view, after, hub.patience.heartbeat_s)
            entries = await page(hub, caller, f"{channel}/{view}", index, after, MAX_PAGE)
            for entry in entries:
                data = orjson.dumps(shown(entry))
                yield b"id: %d\nevent: %s\ndata: %s\n\n" % (entry["seq"], entry["type"].encode(), data)
            after = entries[-1]["seq"] if entries else after
            if not entries:
                yield b": still here\n\n"
    except Problem as problem:
        yield b": %s\n\n" % problem.code.encode()


async def page(hub: Hub, caller: Caller, view: str, index: ViewIndex | None, after: int, limit: int) -> list[FeedEntry]:
    """The entries behind `after`; raises Problem cursor-expired or log-unavailable."""
    if index is None or index.head.seq <= after:
        return []
    try:
        last = min(index.head.seq, after + limit)
        return list(await hub.pages.entries(caller.tenant, view, index.before(after + 1), after, last - after))
    except Expired as error:
        earliest = await hub.pages.earliest(index.places)
        detail = f"the earliest entry that is kept is {earliest}"
        raise Problem("cursor-expired", detail, extra={"earliest": earliest}) from error
    except LogUnavailable as error:
        raise retry_after("log-unavailable", 2, "the feed cannot be read now") from error


def shown(entry: FeedEntry) -> dict[str, Any]:
    """An entry as its readers see it, its data as the view's own words."""
    return {
        "seq": entry["seq"],
        "id": entry["id"],
        "type": entry["type"],
        "at": rfc3339(entry["at"]),
        "hash": entry["hash"],
        "data": orjson.Fragment(entry["data"] or b"null"),
    }


async def _index(hub: Hub, caller: Caller, channel: str, view: str, after: int, wait: float) -> ViewIndex | None:
    def behind(index: ViewIndex | None) -> bool:
        return index is not None and index.head.seq > after

    return await until(hub, lambda: reading(hub.models.view(caller.tenant, channel, view)), behind, wait)
