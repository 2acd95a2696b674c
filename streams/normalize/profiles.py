"""Whose document it is: the channel's profile, or the partner's who sent the interchange."""

from __future__ import annotations

from adapters.channels.readers.document import Problem
from adapters.channels.readers.order import Transport
from schemas.generated import reference_v1 as reference
from tables.rows import Rows


def of_channel(channel: str, rows: Rows) -> reference.Partner | None:
    """The channel's own profile: named like it, else the one that numbers its own orders, else the first of the channel."""
    named: reference.Partner | None = rows.get(f"partners|{channel}")
    if named is not None and named["channel"] in (channel, ""):
        return named
    members = _members(channel, rows)
    own = [partner for partner in members if partner["numbers_own_orders"]]
    return next(iter(own or members), None)


def of_sender(channel: str, transport: Transport, rows: Rows) -> tuple[reference.Partner | None, tuple[Problem, ...]]:
    """The partner whose identifiers name the sender of the interchange; else the channel's own, with a warning.

    Only partners of the channel are taken: a key for one channel does not speak for the partners of another.
    """
    if not transport.sender:
        return of_channel(channel, rows), ()
    names = {transport.sender, transport.sender.partition(":")[2], transport.application_sender} - {""}
    for partner in _members(channel, rows):
        if names & {*partner["identifiers"], partner["partner"]}:
            return partner, ()
    message = f"sender {transport.sender[:40]!r} is no identifier of a partner of channel {channel}; the channel's profile applies"
    return of_channel(channel, rows), (Problem("WH1302", message),)


def _members(channel: str, rows: Rows) -> list[reference.Partner]:
    return [partner for _, partner in rows.scan("partners|") if partner["channel"] == channel]
