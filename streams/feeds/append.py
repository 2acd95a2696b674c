"""A status enters its view: it is numbered, chained, published, and put in line for the endpoint."""

from __future__ import annotations

from adapters.channels.writers.entries import Chain, Entry, chained, webhook_body
from schemas.envelope import derived_id
from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from streams.draft import Draft
from streams.feeds import moves
from tables.feeds import delivery, names
from tables.feeds.apply import view_of
from tables.feeds.numbering import begun

BACKLOG = 100_000  # entries queued for one endpoint; further ones are told by the feed only, which has them all


def append(draft: Draft, told: feeds_v1.AppendEntry) -> None:
    """Number an entry, unless it was told before or a later one of its order key was."""
    entry_id = derived_id(told["source_id"], "feeds", f"{told['channel']}/{told['view']}", 0)
    if reason := _told_before(draft, told, entry_id):
        return moves.ignore(draft, told["source_id"], reason)
    previous = begun(view_of(draft.rows, told["channel"], told["view"]), told["epoch"])
    entry = Entry(previous["seq"] + 1, entry_id, told["type"], told["at"], told["data"])
    numbered = _numbered(told, entry, previous)
    draft.fact("feed.entry", numbered)
    view = view_of(draft.rows)
    if view["url"] and not view["purging"] and view["backlog"] < BACKLOG:
        _queue(draft, view, numbered, entry)
        moves.grant(draft)
    return None


def _told_before(draft: Draft, told: feeds_v1.AppendEntry, entry_id: str) -> str:
    reach: state.Reach | None = draft.rows.get(names.reach(told["order_key"]))
    if draft.rows.get(names.known(entry_id)):
        return "told before"
    if reach and told["version"] and told["version"] <= reach["version"]:
        return f"version {told['version']} after version {reach['version']}"
    return ""


def _numbered(told: feeds_v1.AppendEntry, entry: Entry, previous: state.View) -> feeds_v1.FeedEntry:
    return feeds_v1.feed_entry(
        channel=told["channel"],
        view=told["view"],
        epoch=previous["epoch"],
        seq=entry.seq,
        id=entry.id,
        type=entry.type,
        at=entry.at,
        order_key=told["order_key"],
        hash=chained(previous["hash"], entry),
        previous=previous["hash"],
        data=entry.data,
        version=told["version"],
    )


def _queue(draft: Draft, view: state.View, numbered: feeds_v1.FeedEntry, entry: Entry) -> None:
    order_key, where = numbered["order_key"], f"/v1/channels/{view['channel']}/feed?view={view['view']}"
    if view["mode"] == "latest":
        _supersede(draft, order_key)
    link = f"{where}&after={entry.seq - 1}&limit=1"
    chain = Chain(numbered["epoch"], numbered["hash"], numbered["previous"])
    queued = feeds_v1.entry_queued(
        order_key=order_key,
        place=view["place"],
        epoch=numbered["epoch"],
        seq=entry.seq,
        webhook_id=entry.id,
        body=webhook_body(entry, chain, link=link),
    )
    draft.fact("feed.queued", queued)
    head = moves.first(draft, order_key)
    if head and head["place"] == view["place"]:
        moves.move(draft, head, delivery.READY)


def _supersede(draft: Draft, order_key: str) -> None:
    """What has not been tried yet is overtaken; what was tried keeps its place in the schedule until it is due."""
    for _, entry in list(draft.rows.scan(names.queue(order_key))):
        if entry["state"] in (delivery.WAITING, delivery.READY):
            moves.move(draft, entry, delivery.SUPERSEDED)
