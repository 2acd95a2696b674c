"""An invoice, payment or credit note finds its order."""

from __future__ import annotations

from schemas.generated import orders_v1
from schemas.generated.shipments_v1 import InvoicedLine, InvoicePosted, ReportInvoice, invoice_posted, invoiced_line
from streams.draft import Draft
from streams.engine.effects import Ask
from streams.shipments.find import Miss, find_order
from streams.shipments.lines import match
from streams.shipments.witness import ignore
from tables.shipments.apply import lines_of
from tables.shipments.names import fact_id, invoice_key, row


def join_invoice(report: ReportInvoice, draft: Draft) -> list[str] | Miss:
    """Tie an invoice to its order; the same number told again is a second witness."""
    order_id = find_order(report["references"], draft.rows)
    if isinstance(order_id, Miss):
        return order_id
    key = invoice_key(report)
    if draft.rows.get(row("invoice", order_id, key)) is not None:
        ignore("invoice", report, "second-witness", draft)
        return []
    lines, channel = _lines(report, order_id, draft), draft.rows.get(row("order", order_id))["channel"]
    posted = _posted(report, order_id, channel, lines)
    draft.fact("invoice.posted", posted)
    draft.ask(Ask("order.invoice-fact", order_id, _told(posted, fact_id("invoice", order_id, key)), channel=channel))
    return []


def _posted(report: ReportInvoice, order_id: str, channel: str, lines: list[InvoicedLine]) -> InvoicePosted:
    return invoice_posted(
        order_id=order_id,
        channel=channel,
        kind=report["kind"],
        number=report["number"],
        event_id=report["event_id"],
        source=report["source"],
        at=report["at"],
        total=report["total"],
        tax=report["tax"],
        currency=report["currency"],
        lines=lines,
    )


def _told(posted: InvoicePosted, event_id: str) -> orders_v1.InvoiceFact:
    return orders_v1.invoice_fact(
        order_id=posted["order_id"],
        kind=posted["kind"],
        number=posted["number"],
        event_id=event_id,
        at=posted["at"],
        currency=posted["currency"],
        total=posted["total"],
        tax=posted["tax"],
        lines=[
            orders_v1.invoice_line(line=line["line"], quantity=line["quantity"], amount=line["amount"])
            for line in posted["lines"]
        ],
    )


def _lines(report: ReportInvoice, order_id: str, draft: Draft) -> list[InvoicedLine]:
    """The amount stays whole with the first of the lines that a billed quantity is spread over."""
    matched = match(list(report["lines"]), lines_of(order_id, draft.rows), "invoiced")
    firsts = {part.source: index for index, part in reversed(list(enumerate(matched)))}
    return [
        invoiced_line(
            line=part.line,
            sku=part.sku,
            quantity=part.quantity,
            amount=report["lines"][part.source]["amount"] if firsts[part.source] == index else None,
        )
        for index, part in enumerate(matched)
    ]
