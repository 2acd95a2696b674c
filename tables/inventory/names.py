"""Names of the rows below a SKU's key."""

from __future__ import annotations

from tables.row_names import part

SKU = "sku"
WAITING = "waiting|"
OVER = "over|"
SUPPLY = "supply|"
SPENT = "spent|"
WATCHES = "watch|"


def hold(holder: str, line: str, location: str) -> str:
    """A ledger row: what one line has at one location."""
    return f"{holds(holder)}{part(line)}|{part(location)}"


def holds(holder: str) -> str:
    """Prefix of a holder's ledger rows."""
    return f"hold|{part(holder)}|"


def attempt(holder: str) -> str:
    """A holder's standing."""
    return f"attempt|{part(holder)}"


def ticket(rank: int, seq: int) -> str:
    """A place in the queue: rank, then age; its text sorts as its numbers do."""
    return f"{min(max(rank, 0), 99_999):05d}|{seq:015d}"


def waiting(place: str) -> str:
    """The queue's row of a ticket."""
    return f"{WAITING}{place}"


def need(channel: str, mode: str, units: int, place: str) -> str:
    """A waiter by the fewest units that would serve it, so that the least needed one of a channel is found at once."""
    return f"{needs(channel, mode)}{units:015d}|{place}"


def needs(channel: str, mode: str) -> str:
    """Prefix of a channel's waiters of one mode, the least needing first."""
    return f"need|{part(channel)}|{mode}|"


def source(location: str, name: str) -> str:
    """The guard of one source at one location."""
    return f"source|{part(location)}|{part(name)}"


def gap(location: str, name: str) -> str:
    """What was heard of a source that numbers its reports without gaps."""
    return f"gap|{part(location)}|{part(name)}"


def moves(location: str) -> str:
    """Prefix of the movements of a location that no count has inside."""
    return f"move|{part(location)}|"


def move(location: str, place: int) -> str:
    """One movement, by its place in the dedupe window."""
    return f"{moves(location)}{place:015d}"


def pasts(location: str) -> str:
    """Prefix of the movements of an observed location that its newest count has inside."""
    return f"past|{part(location)}|"


def past(location: str, place: int) -> str:
    """One of them, by its place in the dedupe window."""
    return f"{pasts(location)}{place:015d}"


def comparisons(location: str) -> str:
    """Prefix of what observed sources say of a location."""
    return f"compared|{part(location)}|"


def comparison(location: str, name: str) -> str:
    """What one observed source says of a location, beside wharf's own figures."""
    return f"{comparisons(location)}{part(name)}"


def drift_timer(location: str, name: str) -> str:
    """The timer of a drift that is beyond its tolerance."""
    return f"drift|{part(location)}|{part(name)}"


def logged(place: int) -> str:
    """A place in the dedupe window."""
    return f"logged|{place:015d}"


def event(event_id: str) -> str:
    """An event id inside the dedupe window."""
    return f"event|{part(event_id)}"


def shipments(holder: str) -> str:
    """Prefix of the shipment events counted for a holder."""
    return f"shipment|{part(holder)}|"


def shipment(holder: str, event_id: str, line: str, location: str) -> str:
    """A shipment event that was counted for a line."""
    return f"{shipments(holder)}{part(event_id)}|{part(line)}|{part(location)}"


def watch(bundle: str) -> str:
    """A bundle that hears what the SKU offers."""
    return f"{WATCHES}{bundle}"


def watching(name: str) -> str:
    """The bundle of such a row."""
    return name.removeprefix(WATCHES)


def over(since: int, holder: str) -> str:
    """A holder that is done here, by when that was."""
    return f"{OVER}{since:015d}|{part(holder)}"


def supply(name: str) -> str:
    """An announced supply."""
    return f"{SUPPLY}{part(name)}"


def spent(since: int, name: str) -> str:
    """A supply of which nothing more is expected, by since when."""
    return f"{SPENT}{since:015d}|{part(name)}"
