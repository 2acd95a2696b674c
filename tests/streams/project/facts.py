"""Facts for tests of the projection, one after the other as the log would hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.envelope import Envelope
from schemas.generated import orders_v1
from schemas.loader import by_type
from streams.engine.effects import Message
from streams.project.decide import decide
from tables.redis.order_view import OrderView, order_of
from tables.rows import DictRows
from tables.sink_memory import Shelf
from tables.write import Write

AT = 1_772_438_400_000  # 2026-03-02T08:00:00Z


def message(
    kind: str, record: Mapping[str, Any], *, key: str = "o-1", offset: int = 0, receipt: str = "", tenant: str = "acme"
) -> Message:
    """A fact as the projection reads it."""
    envelope = Envelope(
        f"e-{offset}", kind, "wharf/orders", tenant, AT, key, "portal", causation="c-1", receipt=receipt
    )
    return Message(envelope, key, record, AT, (by_type()[kind].topic, 3, offset))


def writes(*messages: Message) -> list[Write]:
    """All writes of these facts, in order."""
    return [write for one in messages for write in decide(one, DictRows()).writes]


def projected(*messages: Message) -> Shelf:
    """The read models after these facts."""
    shelf = Shelf()
    shelf.write(writes(*messages))
    return shelf


def view(shelf: Shelf, order_id: str = "o-1") -> OrderView:
    """The order as a reader sees it."""
    found = order_of(shelf.hashes[f"order:acme:{order_id}"])
    assert found is not None
    return found


def created(seq: int = 1, **content: Any) -> Message:
    """An order of one line is created."""
    given: dict[str, Any] = {
        "number": "P-1001",
        "party": "portal",
        "channel": "portal",
        "customer": "7001",
        "currency": "USD",
    }
    body = orders_v1.order_content(**{**given, **content}, policy=orders_v1.order_policy(), fingerprint="f")
    record = orders_v1.order_created(
        order_id="o-1", seq=seq, content=body, received_at=AT, document="R", personal=b'{"name":"Ada"}'
    )
    return message("order.created", record, offset=seq, receipt="R/0")


def lines_changed(seq: int, **quantities: Any) -> Message:
    """The line's quantities are these now."""
    line = orders_v1.line_state(line="1", sku="WIDGET-A", ordered=24, **quantities)
    record = orders_v1.order_lines_changed(order_id="o-1", seq=seq, cause="test", lines=[line])
    return message("order.lines.changed", record, offset=seq)


def status_changed(seq: int, new: str, **rest: Any) -> Message:
    """The headline changed."""
    record = orders_v1.order_status_changed(
        order_id="o-1", seq=seq, status_seq=1, old="received", new=new, version=seq, **rest
    )
    return message("order.status.changed", record, offset=seq)
