"""Reference data: the record stands before its document; subscriptions tell their secret once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adapters.subscribers import secrets
from tests.adapters.gateway.bodies import PRODUCT
from tests.support.gateway import MASTER, NOW, Desk

SUBSCRIPTION = "/v1/channels/portal/subscriptions/shop"
HOOK: dict[str, Any] = {"url": "https://hooks.example/wharf", "types": ["order.*"], "mode": "every"}
GIVEN = f"whsec_{MASTER}"


@pytest.mark.parametrize(
    ("path", "body", "type", "key"),
    [
        ("products/WIDGET-A", PRODUCT, "reference.product", "WIDGET-A"),
        ("products/A%2FB", {}, "reference.product", "A/B"),
        ("cross-references/buyer_part%7CRETX%7CR|1", {"sku": "W"}, "reference.cross-reference", "buyer_part|RETX|R|1"),
        ("units/RETX|CA", {"canonical": "XCS"}, "reference.unit", "RETX|CA"),
        ("units/|CA", {"canonical": "XCS"}, "reference.unit", "|CA"),
        ("customers/7001", {"name": "Customer", "status": "blocked"}, "reference.customer", "7001"),
        ("locations/DC1", {"timezone": "America/New_York", "priority": 0}, "reference.location", "DC1"),
        (
            "partners/RETX",
            {"channel": "edi", "identifiers": ["ZZ:RETX"], "unit_aliases": {"CA": "XCS"}},
            "reference.partner",
            "RETX",
        ),
    ],
)
def test_a_record_is_published_before_the_document_that_tells_of_it(
    desk: Desk, path: str, body: Any, type: str, key: str
) -> None:
    answer = desk.send("PUT", f"/v1/reference/{path}", json=body)
    record, stored = desk.log.sent
    assert (answer.status_code, record.type, record.key, record.record["version"]) == (202, type, key, NOW)
    assert (stored.record["resource"], stored.record["target"]) == ("reference/" + path.partition("/")[0], key)


def test_a_product_becomes_canonical(desk: Desk) -> None:
    rules = {"safety": [{"location": "DC1", "safety": 2}], "channels": [{"channel": "market", "percent_bp": 1_000}]}
    desk.send("PUT", "/v1/reference/products/W", json={**PRODUCT, **rules, "units": [{"unit": "XCS", "numerator": 12}]})
    record = desk.log.one("reference.product")
    assert (record["gtin"], record["price"], record["units"][0]["denominator"]) == (
        "04006381333931",
        Decimal("9.50"),
        1,
    )


def test_a_location_says_how_far_and_how_long_other_sources_may_differ(desk: Desk) -> None:
    told = [{"source": "erp", "units": 5, "for_seconds": 7_200}, {}]
    desk.send("PUT", "/v1/reference/locations/DC1", json={"tolerances": told})
    erp, others = desk.log.one("reference.location")["tolerances"]
    assert (erp["source"], erp["units"], erp["percent_bp"], erp["for_seconds"]) == ("erp", 5, 2_000, 7_200)
    assert (others["source"], others["units"], others["for_seconds"], others["accept"]) == ("", 10, 3_600, "")


def test_a_location_names_the_sources_that_leave_no_number_out(desk: Desk) -> None:
    desk.send("PUT", "/v1/reference/locations/DC1", json={"sequenced": ["wms1"]})
    assert desk.log.one("reference.location")["sequenced"] == ["wms1"]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("locations/DC1", {"tolerances": [{"percent_bp": 10_001}]}, "/tolerances/0/percent_bp"),
        ("locations/DC1", {"tolerances": [{"accept": "both"}]}, "/tolerances/0/accept"),
        ("locations/DC1", {"tolerances": [{}] * 9}, "/tolerances"),
        ("locations/DC1", {"sequenced": ["no source!"]}, "/sequenced/0"),
        ("products/W", {"matrix": {"ORDER_HOLD/WISHES": "yes"}}, "/matrix/ORDER_HOLD~1WISHES"),
        ("products/W", {"matrix": {"ORDER_HOLD/PLAN": "perhaps"}}, "/matrix/ORDER_HOLD~1PLAN"),
        ("products/W", {"colour": "red"}, "/colour"),
        ("products/W", {"sku": "V"}, "/sku"),
        ("products/W", {"price": 9.5}, "/price"),
        ("products/W", {"units": [{"unit": "XCS", "numerator": 0}]}, "/units/0/numerator"),
        ("products/W", {"scale": 7}, "/scale"),
        ("products/W", {"components": [{"sku": "A", "quantity": 0}]}, "/components/0/quantity"),
        ("products/W", {"components": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2}]}, ""),
        ("products/W", {"components": [{"sku": "A", "quantity": 1}], "scale": 2}, ""),
        ("cross-references/W", {"sku": "W"}, ""),
        ("cross-references/gtin||1", {}, "/sku"),
        ("partners/X", {}, "/channel"),
        ("partners/X", {"channel": "edi", "release": "later"}, "/release"),
        ("customers/1", {"status": "gone"}, "/status"),
    ],
)
def test_a_record_that_is_wrong_is_refused_with_its_place(desk: Desk, path: str, body: Any, pointer: str) -> None:
    answer = desk.send("PUT", f"/v1/reference/{path}", json=body)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])
    assert desk.log.sent == []


def test_who_may_set_products_may_not_set_partners(desk: Desk) -> None:
    headers = desk.key("reference:write@products")
    codes = [
        desk.send("PUT", f"/v1/reference/{kind}/X", headers, json=body).status_code
        for kind, body in (("products", {}), ("partners", {"channel": "x"}))
    ]
    assert codes == [202, 403]


def test_a_subscription_is_answered_its_secret_once(desk: Desk) -> None:
    first, again = (desk.send("PUT", SUBSCRIPTION, json=HOOK) for _ in range(2))
    assert first.status_code == 202
    assert first.json()["secret"] == secrets.whsec(desk.hub.settings, "acme", "portal", "shop", 1)
    assert "secret" not in again.json()


def test_a_view_that_is_only_pulled_has_no_secret(desk: Desk) -> None:
    assert (
        "secret"
        not in desk.send("PUT", SUBSCRIPTION, json={"url": "", "types": ["order.released"], "sources": ["*"]}).json()
    )


def test_a_given_secret_is_sealed_and_in_no_message(desk: Desk) -> None:
    answer = desk.send("PUT", SUBSCRIPTION, json={**HOOK, "secret": GIVEN})
    record = desk.log.one("reference.subscription")
    assert secrets.opened(desk.hub.settings, record["secret"], "acme", "portal", "shop") == bytes(32)
    assert GIVEN.encode() not in desk.log.one("channel.document")["body"] + answer.content


def test_the_record_and_its_document_name_the_view(desk: Desk) -> None:
    desk.send("PUT", SUBSCRIPTION, json=HOOK)
    assert [(message.type, message.key) for message in desk.log.sent] == [
        ("reference.subscription", "portal|shop"),
        ("channel.document", "shop"),
    ]
    assert desk.log.one("channel.document")["target"] == "portal|shop"


def test_another_filter_begins_another_epoch_and_another_url_does_not(desk: Desk) -> None:
    bodies = (HOOK, {**HOOK, "url": "https://other.example/"}, {**HOOK, "types": ["shipment.*"]})
    assert [desk.send("PUT", SUBSCRIPTION, json=body).json()["epoch"] for body in bodies] == [1, 1, 2]


def test_another_secret_is_another_version(desk: Desk) -> None:
    bodies = (HOOK, {**HOOK, "secret": GIVEN}, {**HOOK, "secret": GIVEN})
    assert [desk.send("PUT", SUBSCRIPTION, json=body).json()["secret_version"] for body in bodies] == [1, 2, 2]


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "https://hooks.example:22/", "https://user:pw@hooks.example/", "ftp://x", "https://", "http://127.0.0.1:9/", "https://[::1"],
)  # fmt: skip
def test_a_url_that_webhooks_may_not_have_is_refused(desk: Desk, url: str) -> None:
    answer = desk.send("PUT", SUBSCRIPTION, json={**HOOK, "url": url})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/url")


def test_only_a_development_deployment_calls_its_own_machine(desk: Desk) -> None:
    desk.hub.settings = desk.hub.settings.model_copy(update={"allow_local_webhooks": True})
    assert desk.send("PUT", SUBSCRIPTION, json={**HOOK, "url": "http://127.0.0.1:9/hook"}).status_code == 202


def test_hearing_other_channels_needs_the_right_to_read_them(desk: Desk) -> None:
    headers = desk.key("feed:write@portal", "feed:read@portal")
    codes = [
        desk.send("PUT", SUBSCRIPTION, headers, json={**HOOK, "sources": sources}).status_code
        for sources in (["portal"], ["edi"], ["*"])
    ]
    assert codes == [202, 403, 403]


def test_without_a_master_key_no_secret_is_made_up(desk: Desk) -> None:
    desk.hub.settings = desk.hub.settings.model_copy(update={"master_key": type(desk.hub.settings.master_key)("")})
    answer = desk.send("PUT", SUBSCRIPTION, json=HOOK)
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency-unavailable")
