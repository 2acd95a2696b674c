"""What a holder has, in bundles, out of what its components say."""

from __future__ import annotations

from schemas.generated import bundles_v1
from schemas.generated import orders_v1 as orders
from schemas.generated import state_bundles_v1 as state
from schemas.generated.state_bundles_v1 import Hold, Part
from tables.bundles import holds

RECIPE = [bundles_v1.component(sku="A", quantity=2), bundles_v1.component(sku="B", quantity=1)]


def part(sku: str, expires_at: int | None = None, **at: tuple[int, int]) -> Part:
    """A component's answer: by location, units held and units of them that are firm."""
    rows = [orders.allocation(location=place, quantity=units, allocated=firm) for place, (units, firm) in at.items()]
    firm = sum(row["allocated"] for row in rows)
    stock = orders.line_stock(
        line="1", reserved=sum(row["quantity"] for row in rows) - firm, allocated=firm, allocations=rows
    )
    return state.part(component=sku, version=1, lines=[stock], expires_at=expires_at)


def hold(held: int, *parts: Part, **more: int) -> Hold:
    """A holder of one line."""
    line = state.hold_line(line="1", held=held, **more)
    return state.hold(holder="o-1", components=RECIPE, attempt=1, lines=[line], parts=list(parts))


def test_a_bundle_is_firm_when_all_its_components_are() -> None:
    (told,) = holds.stocks(hold(2, part("A", DC1=(4, 4)), part("B", DC1=(2, 1))))
    assert (told["reserved"], told["allocated"]) == (1, 1)


def test_bundles_lie_where_all_their_components_lie_and_the_rest_is_spread() -> None:
    (told,) = holds.stocks(hold(2, part("A", DC1=(2, 0), YARD=(2, 0)), part("B", DC1=(1, 0), DOCK=(1, 0))))
    assert [(row["location"], row["quantity"]) for row in told["allocations"]] == [("DC1", 1), (holds.SPREAD, 1)]


def test_what_is_held_beyond_whole_bundles_is_told_to_nobody() -> None:
    (told,) = holds.stocks(hold(1, part("A", DC1=(3, 0)), part("B", DC1=(1, 0))))
    assert (told["reserved"], [row["quantity"] for row in told["allocations"]]) == (1, [1])


def test_a_line_that_only_shipped_is_told_no_more() -> None:
    assert holds.stocks(hold(0, shipped=2)) == []


def test_shipping_does_not_change_what_a_line_has_in_all() -> None:
    before, after = part("A", DC1=(4, 0)), part("A", DC1=(2, 0))
    after["lines"][0]["shipped"] = 2
    assert holds.total(before, "1") == holds.total(after, "1") == 4


def test_the_first_component_to_expire_ends_the_bundle() -> None:
    assert holds.expires_at(hold(1, part("A", 900, DC1=(2, 0)), part("B", 800, DC1=(1, 0)))) == 800


def test_the_states_of_an_answer() -> None:
    found = [hold(1), hold(1, waiting=1), hold(0, missing=1), {**hold(0), "closed": 1}]
    assert [holds.state_of(each) for each in found] == ["granted", "partial", "refused", "closed"]  # type: ignore[arg-type]
