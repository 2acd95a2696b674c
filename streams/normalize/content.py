"""A raw order → the canonical order: one look-up of everything, stamped, so that nobody later looks anything up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from adapters.channels.readers.document import Problem
from adapters.channels.readers.order import RawOrder
from schemas.generated import orders_v1 as orders
from schemas.generated import reference_v1 as reference
from streams.normalize import dates, meaning
from streams.normalize.lines import Context, line_of
from tables.rows import Rows

BLOCKED = "account_blocked"
MAX_TOTAL = 10**11  # well inside the contract's decimal(18, 6)
MAX_WARNINGS = 100
ACCOUNT_ROLES = ("buyer", "bill_to", "ordered_by")


@dataclass(frozen=True, slots=True)
class Understood:
    """An order in canonical terms, and what is doubtful about it."""

    content: orders.OrderContent
    personal: bytes
    warnings: tuple[Problem, ...]


def understand(
    order: RawOrder, *, party: str, channel: str, partner: reference.Partner, rows: Rows, doubts: Iterable[Problem] = ()
) -> Understood:
    """The order's content; lines that cannot be understood are parked in it, never left out.

    party   whose series the number belongs to: the channel, or the partner who sent the document
    doubts  warnings of the reader, kept with the order
    """
    customer, account = _customer(order, rows)
    context = Context(rows, partner, customer, order.units, order.currency or partner["currency"])
    context.versions[f"partners|{partner['partner']}"] = partner["version"]
    lines = [line_of(line, context) for line in order.lines]
    at, text, zone_doubts = dates.ordered_at(order, partner)
    warnings = (*doubts, *zone_doubts, *_account_doubts(customer, account), *_doubts(order, context, lines))
    if account is not None:
        context.versions[f"customers|{customer}"] = account["version"]
    content = orders.order_content(
        number=order.number,
        release=order.release,
        party=party,
        channel=channel,
        partner=partner["partner"],
        customer=customer,
        purpose=order.purpose,
        order_type=order.order_type,
        currency=context.currency,
        ordered_at=at,
        ordered_at_text=text,
        requested_delivery=dates.requested_delivery(order),
        test=order.test,
        reservation=order.reservation,
        parties=[orders.party(role=role, scheme=who.scheme, id=who.id) for role, who in meaning.by_role(order.parties)],
        references=[orders.reference(qualifier=name, value=value) for name, value in order.references],
        lines=lines,
        policy=_policy(order, partner),
        total=_total(order),
        fingerprint=meaning.fingerprint(order),
        warnings=[f"{warning.code} {warning.message}" for warning in warnings[:MAX_WARNINGS]],
        reference_versions=dict(sorted(context.versions.items())),
        interchange=order.transport.interchange,
        problem=BLOCKED if account is not None and account["status"] == "blocked" else "",
    )
    return Understood(content, meaning.personal(order), warnings)


def _customer(order: RawOrder, rows: Rows) -> tuple[str, reference.Customer | None]:
    """The account as named, else the first party whose identifier is an account."""
    if order.customer:
        return order.customer, rows.get(f"customers|{order.customer}")
    for role in ACCOUNT_ROLES:
        for party in order.parties:
            if party.role == role and party.id and (account := rows.get(f"customers|{party.id}")) is not None:
                return party.id, account
    return "", None


def _account_doubts(customer: str, account: reference.Customer | None) -> Iterable[Problem]:
    if account is not None and account["status"] == "blocked":
        yield Problem("WH1306", f"account {customer} is blocked: {BLOCKED}")
    elif customer and account is None:
        yield Problem("WH1307", f"account {customer} is not known")


def _doubts(order: RawOrder, context: Context, lines: list[orders.OrderLine]) -> Iterable[Problem]:
    for line in lines:
        if line["problem"]:
            yield Problem("WH1308", f"line {line['line']}: {line['problem']}: {line['detail']}")
    if not context.currency and any(line.price is not None for line in order.lines):
        yield Problem("WH1310", "the order has prices but no currency")


def _policy(order: RawOrder, partner: reference.Partner) -> orders.OrderPolicy:
    """The profile's, where the document does not ask for something else."""
    return orders.order_policy(
        ship_complete=partner["ship_complete"] if order.ship_complete is None else order.ship_complete,
        backorder=partner["backorder"] if order.backorder is None else order.backorder,
        changed_resend=partner["changed_resend"],
        release=partner["release"],
        erp=partner["erp"],
        priority=partner["priority"],
    )


def _total(order: RawOrder) -> Decimal | None:
    """The amount as the document states it, else what its lines add up to."""
    stated = dict(order.totals).get("amount", order.goods_value)
    return round(stated, 6) if stated is not None and abs(stated) < MAX_TOTAL else None
