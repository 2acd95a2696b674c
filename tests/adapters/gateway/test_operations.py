"""Health, metrics, the registry's read side, and an OpenAPI document that says what the routes do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel

from adapters.gateway.models import answers, events, reference, subscriptions
from adapters.gateway.models import orders as gateway_orders
from adapters.gateway.problems import CATALOGUE
from adapters.gateway.routes import availability
from schemas import ids, registry_view
from tests.adapters.gateway.bodies import ORDER
from tests.adapters.gateway.test_access import OPERATIONS
from tests.support.gateway import Desk
from tests.support.gateway import desk as opened
from tests.support.redis import server


def spec(desk: Desk) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = desk.client.get("/v1/openapi.json").json()
    return found


def references(node: Any) -> set[str]:
    """Every $ref of a document."""
    if isinstance(node, dict):
        return {node["$ref"]} if "$ref" in node else set().union(*map(references, node.values()), set())
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def test_the_process_says_that_it_lives_without_a_key(desk: Desk) -> None:
    assert desk.client.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_once_it_knows_the_keys(desk: Desk) -> None:
    assert desk.client.get("/readyz").status_code == 200
    desk.hub.informed = lambda: False
    answer = desk.client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "starting")


def test_without_redis_it_is_ready_and_says_so() -> None:
    with server() as running, opened(running) as desk:
        running.stop()
        answer = desk.client.get("/readyz")
        assert (answer.status_code, answer.json()["redis"]) == (200, "away")


def test_requests_are_measured_by_route_and_never_by_id(desk: Desk) -> None:
    desk.send("GET", "/v1/orders/11111111-1111-5111-8111-111111111111")
    desk.client.get("/a/path/nobody/knows")
    text = desk.client.get("/metrics").text
    assert 'route="/v1/orders/{order_id}",status="404"' in text and "11111111-1111" not in text and "nobody" not in text


def test_skipped_checks_are_counted() -> None:
    with server() as running, opened(running) as desk:
        running.stop()
        desk.order(ORDER)
        assert "idempotency_checks_skipped_total 1.0" in desk.client.get("/metrics").text


def test_openapi_describes_exactly_the_routes(desk: Desk) -> None:
    found = spec(desk)
    told = {f"{method.upper()} {path}" for path, operations in found["paths"].items() for method in operations}
    assert (found["openapi"], told) == ("3.1.0", {re.sub(r":path\}", "}", name) for name in OPERATIONS})


def test_every_reference_of_the_openapi_document_leads_somewhere(desk: Desk) -> None:
    found = spec(desk)
    names = {one.removeprefix("#/components/schemas/") for one in references(found)}
    assert names and names <= set(found["components"]["schemas"])


def test_every_operation_tells_its_problems_and_its_need_of_a_key(desk: Desk) -> None:
    operations = [one for path in spec(desk)["paths"].values() for one in path.values()]
    assert all(
        "application/problem+json" in one["responses"]["401"]["content"] and one["security"] for one in operations
    )


def test_a_request_body_is_described_by_its_closed_shape(desk: Desk) -> None:
    schemas = spec(desk)["components"]["schemas"]
    assert schemas["PlaceOrder"]["additionalProperties"] is False and "lines" in schemas["PlaceOrder"]["required"]


def test_no_two_shapes_share_a_name() -> None:
    modules = (events, gateway_orders, reference, subscriptions, answers, availability)
    shapes = {
        shape
        for module in modules
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, BaseModel)
    }
    assert len({shape.__name__ for shape in shapes}) == len(shapes)


def test_problem_codes_are_of_the_catalogue(desk: Desk) -> None:
    described = {
        code
        for path in spec(desk)["paths"].values()
        for one in path.values()
        for status, answer in one["responses"].items()
        if int(status) >= 400
        for code in answer["description"].split(", ")
    }
    assert described <= set(CATALOGUE)


def test_a_deserialiser_finds_a_schema_by_its_id(desk: Desk) -> None:
    name, schema_id = next(iter(ids.current_ids().items()))
    found = desk.client.get(f"/registry/schemas/ids/{schema_id}").json()
    assert name.rpartition(".")[2] in found["schema"]


def test_subjects_and_their_versions_are_listed(desk: Desk) -> None:
    subjects = desk.client.get("/registry/subjects").json()
    assert subjects == registry_view.subjects("dev") and "dev.orders.events-wharf.orders.v1.OrderCreated" in subjects
    numbers = desk.client.get(f"/registry/subjects/{subjects[0]}/versions").json()
    latest = desk.client.get(f"/registry/subjects/{subjects[0]}/versions/latest").json()
    assert (latest["version"], latest["subject"]) == (numbers[-1], subjects[0])


@pytest.mark.parametrize(
    ("path", "error_code"),
    [
        ("schemas/ids/1", 40403),
        ("subjects/none/versions", 40401),
        ("subjects/dev.orders.events-wharf.orders.v1.OrderCreated/versions/99", 40402),
    ],
)
def test_what_the_registry_does_not_know_it_says_in_both_ways(desk: Desk, path: str, error_code: int) -> None:
    answer = desk.client.get(f"/registry/{path}")
    assert (answer.status_code, answer.json()["code"], answer.json()["error_code"]) == (404, "not-found", error_code)
