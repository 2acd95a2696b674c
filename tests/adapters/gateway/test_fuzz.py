"""Whatever is sent, the answer is a problem with a code of the catalogue, never a failure of ours, never a trace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.gateway.problems import CATALOGUE
from tests.adapters.gateway.bodies import CART, COUNT, DISPATCH, INVOICE, MILESTONE, ORDER, PRODUCT
from tests.support.gateway import Desk
from tests.support.gateway import desk as opened
from tests.support.redis import Server

INSIDE = re.compile(r"Traceback|File \"|/site-packages/|\.py\b|pydantic|redis|Kafka", re.IGNORECASE)
ROUTES = {
    "/v1/orders": ORDER,
    "/v1/reservations": CART,
    "/v1/inventory/events": COUNT,
    "/v1/shipments/events": DISPATCH,
    "/v1/invoices/events": INVOICE,
    "/v1/inventory/positions/query": {"source": "wms1", "skus": ["W"]},
    "/v1/availability/query": {"channel": "portal", "skus": ["W"]},
}
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=12) | st.sampled_from(["-1", "1e9", "NaN", "2026-13-01", "\u0000", "'; --"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shared(redis_server: Server) -> Iterator[Desk]:
    with opened(redis_server) as one:
        one.caught_up()
        one.client.headers.update({**one.key(), "Idempotency-Key": "k", "Content-Type": "application/json"})
        yield one


def must_be_sound(answer: Any) -> None:
    """The answer is a success, or a problem that is the sender's."""
    if answer.is_success:
        return
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in CATALOGUE and answer.status_code < 500, answer.text
    told = {**answer.json(), "errors": [{**one, "pointer": ""} for one in answer.json().get("errors", [])]}
    assert not INSIDE.search(json.dumps(told)), answer.text  # a pointer names what the sender wrote, whatever that is


def paths_of(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for name, item in inner for path in paths_of(item, (*at, name)))]


def bent(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at this place."""
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = bent(copy[path[0]], path[1:], new)
    return copy


@given(st.sampled_from(sorted(ROUTES)), st.data(), junk)
@often
def test_one_bent_value_is_taken_or_refused_in_words(shared: Desk, route: str, data: st.DataObject, new: Any) -> None:
    good = MILESTONE if route.startswith("/v1/ship") and data.draw(st.booleans()) else ROUTES[route]
    body = bent(good, data.draw(st.sampled_from(paths_of(good))), new)
    must_be_sound(shared.client.post(route, content=json.dumps(body)))


@given(st.sampled_from(sorted(ROUTES)), junk)
@often
def test_any_json_is_taken_or_refused_in_words(shared: Desk, route: str, body: Any) -> None:
    must_be_sound(shared.client.post(route, content=json.dumps(body)))


@given(st.sampled_from(sorted(ROUTES)), st.binary(max_size=300))
@often
def test_any_bytes_are_taken_or_refused_in_words(shared: Desk, route: str, body: bytes) -> None:
    must_be_sound(shared.client.post(route, content=body))


@given(st.data(), junk)
@often
def test_any_bent_product_is_taken_or_refused_in_words(shared: Desk, data: st.DataObject, new: Any) -> None:
    good = {**PRODUCT, "units": [{"unit": "XCS", "numerator": 12}], "authorities": {"DC1": "wms1"}}
    body = bent(good, data.draw(st.sampled_from(paths_of(good))), new)
    must_be_sound(shared.client.put("/v1/reference/products/W", content=json.dumps(body)))


@given(
    st.sampled_from(
        ["/v1/orders/", "/v1/receipts/", "/v1/availability/", "/v1/channels/", "/registry/subjects/", "/problems/", "/"]
    ),
    st.text(max_size=40),
)
@often
def test_any_path_is_answered(shared: Desk, prefix: str, rest: str) -> None:
    must_be_sound(shared.client.get(prefix + quote(rest, safe="/")))


@given(
    st.dictionaries(st.sampled_from(["view", "after", "limit", "wait", "channel", "number", "x"]), st.text(max_size=10))
)
@often
def test_any_query_is_answered(shared: Desk, query: dict[str, str]) -> None:
    query.pop("wait", None)
    must_be_sound(shared.client.get("/v1/channels/portal/feed", params=query))
