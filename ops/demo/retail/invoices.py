"""What rows mean: invoices to order, cancellations, and what a careful clerk would put aside, each by its rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby

from ops.demo.retail.rows import Row

GOODS = re.compile(r"^[0-9]{5}[A-Z]{0,2}$")  # all else is postage, fees, samples, vouchers, adjustments
INVOICE = re.compile(r"^(C?)([0-9]{6})$")
TIMES = ("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M:%S")
MOST_LINES = 1_000  # of an order; a longer invoice becomes several
CASH = "CASH"  # the account of those who left no number

# Why a row is put aside, and what is noted of one that is taken nevertheless.
ASIDE = ("unreadable", "odd_invoice", "odd_code", "no_price", "negative_quantity")
NOTED = ("no_customer", "lower_case_code")


@dataclass(frozen=True, slots=True)
class Bought:
    """A line that makes sense."""

    code: str
    description: str
    quantity: int  # always positive
    price: Decimal  # GBP per piece


@dataclass(frozen=True, slots=True)
class Invoice:
    """One order, or one cancellation."""

    number: str
    customer: str
    country: str
    at: datetime
    cancels: bool
    lines: tuple[Bought, ...]


@dataclass(slots=True)
class Clerk:
    """Reads rows, and keeps count of what was odd."""

    counts: Counter[str] = field(default_factory=Counter)

    def days(self, rows: Iterable[Row]) -> Iterator[tuple[str, list[Invoice]]]:
        """Day by day, the invoices in the order of the file."""
        good = ((row, line) for row in rows if (line := self._read(row)) is not None)
        for day, of_day in groupby(good, key=lambda pair: pair[1].at.date().isoformat()):
            yield day, list(self._invoices(of_day))

    def _invoices(self, of_day: Iterable[tuple[Row, _Line]]) -> Iterator[Invoice]:
        """Rows of an invoice stand together, as its minute changes within some it is not the key."""
        for number, pairs in groupby(of_day, key=lambda pair: pair[0].invoice):
            found = [line for _, line in pairs]
            head = found[0]
            for part, start in enumerate(range(0, len(found), MOST_LINES), start=1):
                self.counts["invoices_in_parts"] += part == 2
                lines = tuple(line.bought for line in found[start : start + MOST_LINES])
                own = number if part == 1 else f"{number}-{part}"
                yield Invoice(own, head.customer, head.country, head.at, head.cancels, lines)

    def _read(self, row: Row) -> _Line | None:
        self.counts["rows"] += 1
        line = read(row)
        if isinstance(line, str):
            self.counts[line] += 1
            return None
        self.counts["no_customer"] += not row.customer
        self.counts["lower_case_code"] += row.code != line.bought.code
        return line


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that is taken."""

    bought: Bought
    customer: str
    country: str
    at: datetime
    cancels: bool


def read(row: Row) -> _Line | str:
    """The row as a line, or the name of the rule by which it is put aside."""
    invoice, at = INVOICE.match(row.invoice), _time(row.at)
    quantity, price = _number(row.quantity), _number(row.price)
    if invoice is None:
        return "odd_invoice"
    if at is None or quantity is None or price is None or quantity != int(quantity):
        return "unreadable"
    code, cancels = row.code.upper(), invoice[1] == "C"
    if not GOODS.match(code):
        return "odd_code"
    if (quantity < 0) != cancels or quantity == 0:
        return "negative_quantity"
    if price <= 0:
        return "no_price"
    bought = Bought(code, row.description, abs(int(quantity)), price)
    return _Line(bought, row.customer.removesuffix(".0") or CASH, row.country, at, cancels)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _time(text: str) -> datetime | None:
    """The shop's time, taken as UTC: the data does not say more."""
    for form in TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
