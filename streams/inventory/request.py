"""The steps of one reserve: each decides its fact and leaves the holder's standing one version on."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Reserve, Standing
from schemas.generated.state_inventory_v1 import Sku
from streams.inventory.answer import CART, answer
from streams.inventory.book import Book, Change
from streams.inventory.offer import Offer
from streams.inventory.standing import demand, granted, lessened, opened, queued, revised
from tables.inventory import names
from tables.inventory.position import backorder_room, rule_of


class Request:
    """A reserve that is being decided."""

    def __init__(self, book: Book, command: Reserve, expires_at: int | None) -> None:
        self.book, self.command, self.holder = book, command, command["holder"]
        self.standing = opened(book.standing(self.holder), command, expires_at)

    def missing(self) -> int:
        """Units that the lines want and have not."""
        return sum(line["missing"] for line in self.standing["lines"])

    def in_cart(self) -> int:
        """Units that the cart which the order takes over has reserved; nobody takes over what another order holds."""
        cart = self.command["from_holder"]
        if cart in ("", self.holder) or self.book.standing(cart)["holder_kind"] != CART:
            return 0
        return sum(row["reserved"] for row in self.book.holds(cart))

    def fits(self) -> bool:
        """Whether what the cart does not cover can be had whole, under the channel's policy."""
        cart, rest = self.in_cart(), list[int]()
        for line in self.standing["lines"]:
            covered = min(cart, line["missing"])
            cart -= covered
            rest.append(line["missing"] - covered)
        return Offer(self._after_cart(self.in_cart() - cart), self.command["channel"]).fits(rest)

    def room(self) -> int | None:
        """What may wait; who wants all or nothing was promised to wait as a whole, and is not cut."""
        if self.command["mode"] == "whole":
            return None
        return backorder_room(self.book.sku, rule_of(self.book.sku["rules"], self.command["channel"]))

    def _after_cart(self, moved: int) -> Sku:
        """The SKU as if these units were the order's channel's already: they count in its cap, not in the cart's."""
        mine, theirs = self.command["channel"], self.book.standing(self.command["from_holder"])["channel"]
        if not moved or mine == theirs:
            return self.book.sku
        used = self.book.sku["used"]
        later = {**used, mine: used.get(mine, 0) + moved, theirs: used.get(theirs, 0) - moved}
        return {**self.book.sku, "used": later}

    def take_over(self) -> None:
        """Move the cart's rows to the order's lines where they lie: no moment without a hold, none with two."""
        cart = self.command["from_holder"]
        if not self.in_cart():
            return
        change, left = Change(self.book), self.book.standing(cart)
        moved: dict[str, int] = {}
        rows = [(row, row["reserved"]) for row in self.book.holds(cart)]
        for line in self.standing["lines"]:
            wanted = line["missing"]
            for index, (row, units) in enumerate(rows):
                taken = min(wanted, units)
                if taken:
                    change.hold(cart, row["line"], row["location"], reserved=-taken)
                    change.hold(self.holder, line["line"], row["location"], reserved=taken)
                    left = lessened(left, row["line"], taken)
                    rows[index], wanted = (row, units - taken), wanted - taken
            moved[line["line"]] = line["missing"] - wanted
        self.standing = granted(self.standing, moved)
        record = inventory.reservation_transferred(
            **self.book.about(self.standing), from_holder=cart, quantity=sum(moved.values()), entries=change.entries(),
            standings=[revised(self.book, left, change), *self._told(change)], positions=change.positions(),
        )  # fmt: skip
        self.book.fact("inventory.reservation.transferred", record)
        answer(self.book, cart, taken_by=self.holder)

    def hold(self) -> None:
        """Reserve what is missing from what is free, line after line from one offer (V9)."""
        offer, change = Offer(self.book.sku, self.command["channel"]), Change(self.book)
        got, rows = dict[str, int](), self.book.holds(self.holder)
        for line in self.standing["lines"]:
            taken = offer.take(line["missing"], [row for row in rows if row["line"] == line["line"]])
            got[line["line"]] = sum(taken.values())
            for location, units in taken.items():
                change.hold(self.holder, line["line"], location, reserved=units)
        self.standing = granted(self.standing, got)
        if change.entries() or not self.missing():
            record = inventory.stock_reserved(
                **self.book.about(self.standing), quantity=sum(got.values()), entries=change.entries(),
                standings=self._told(change), positions=change.positions(),
            )  # fmt: skip
            self.book.fact("inventory.reserved", record)

    def queue(self) -> None:
        """Let what is missing wait for supply; whoever wants all or nothing holds nothing meanwhile."""
        self.standing = queued(self.standing, names.ticket(self.command["rank"], self.book.seq), self.room())
        record = inventory.demand_queued(
            **self.book.about(self.standing), mode=self.command["mode"], rank=self.command["rank"],
            ticket=self.standing["ticket"],
            quantity=sum(line["waiting"] for line in self.standing["lines"]), standings=self._told(),
        )  # fmt: skip
        self.book.fact("inventory.demand.queued", record)

    def refuse(self) -> None:
        """Say what could not be had."""
        record = inventory.allocation_failed(
            **self.book.about(self.standing), mode=self.command["mode"], asked=sum(demand(self.command).values()),
            available=Offer(self.book.sku, self.command["channel"]).available, failed=self.missing(),
            standings=self._told(),
        )  # fmt: skip
        self.book.fact("inventory.allocation.failed", record)

    def _told(self, change: Change | None = None) -> list[Standing]:
        self.standing = revised(self.book, self.standing, change)
        return [self.standing]
