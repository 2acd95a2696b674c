"""What a request may weigh, how its JSON may look, and that every refusal is a problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import orjson
import pytest
from limits import parse as rate_of

from adapters.gateway.limits import MAX_BODY, MAX_DOCUMENT, MAX_HEADERS, MAX_URL
from adapters.gateway.models.answers import ProblemAnswer
from adapters.gateway.problems import CATALOGUE
from adapters.gateway.shell import SECURITY
from schemas.errors import catalogue
from tests.adapters.gateway.bodies import COUNT, ORDER
from tests.support import asgi as raw
from tests.support.gateway import Desk

JSON = {"Content-Type": "application/json"}


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code of a problem, after checking that it is one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    jsonschema.validate(answer.json(), ProblemAnswer.model_json_schema())
    assert answer.json()["correlation_id"] == answer.headers["X-Correlation-Id"]
    assert answer.json()["status"] == answer.status_code == CATALOGUE[answer.json()["code"]].status
    return answer.status_code, answer.json()["code"]


def put_order(desk: Desk, content: Any, **headers: str) -> Any:
    own = {**desk.key(), "Idempotency-Key": "k", **JSON, **headers}
    return desk.send("POST", "/v1/orders", own, content=content)


def drip(size: int) -> Iterator[bytes]:
    """A body without Content-Length."""
    for _ in range(size // 10_000):
        yield b"x" * 10_000
    yield b"x" * (size % 10_000)


def test_a_document_at_the_limit_is_taken(desk: Desk) -> None:
    answer = desk.send("POST", "/v1/channels/edi/documents", content=b"x" * MAX_DOCUMENT)
    assert (answer.status_code, len(desk.log.one("channel.document")["body"])) == (202, MAX_DOCUMENT)


@pytest.mark.parametrize("size", [MAX_DOCUMENT + 1, MAX_BODY + 1])
def test_a_body_over_the_limit_is_refused_with_and_without_its_length(desk: Desk, size: int) -> None:
    for content in (b"x" * size, drip(size)):
        answer = desk.send("POST", "/v1/channels/edi/documents", content=content)
        assert refusal(answer) == (413, "payload-too-large")
        assert answer.headers["Connection"] == "close"
    assert desk.log.sent == []


def test_an_endless_body_is_left_at_the_limit(desk: Desk) -> None:
    sent: list[bytes] = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(b"x" * 100_000)
            yield sent[-1]

    status, _ = raw.request(desk.client.app, "/v1/channels/edi/documents", desk.key(), raw.chunks(endless()))
    assert (status, len(sent)) == (413, 10)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x", "identity, gzip"])
def test_a_compressed_body_is_refused(desk: Desk, encoding: str) -> None:
    assert refusal(put_order(desk, b"{}", **{"Content-Encoding": encoding})) == (415, "unsupported-media-type")


def test_headers_over_the_limit_are_refused(desk: Desk) -> None:
    assert refusal(desk.send("GET", "/healthz", {**desk.key(), "X-Long": "x" * MAX_HEADERS})) == (
        431,
        "headers-too-large",
    )


def test_a_url_over_the_limit_is_refused(desk: Desk) -> None:
    assert refusal(desk.send("GET", "/v1/orders?channel=portal&number=" + "x" * MAX_URL)) == (414, "url-too-long")


def test_a_body_that_does_not_come_in_time_is_left(desk: Desk) -> None:
    desk.hub.patience.body_s = 0.0
    status, body = raw.request(desk.client.app, "/v1/channels/edi/documents", desk.key(), raw.silence)
    assert (status, orjson.loads(body)["code"]) == (408, "request-timeout")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "", "application/json; charset=latin-1", "application/jsonx"]
)
def test_another_media_type_is_refused_where_json_is_read(desk: Desk, media: str) -> None:
    assert refusal(put_order(desk, orjson.dumps(ORDER), **{"Content-Type": media})) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"{}{}", b"{'a':1}", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}',
        b'{"a":9007199254740992}', b'{"a":-9007199254740992}', b'{"a":1' + b"0" * 5_000 + b"}", b'{"a":"\xff"}', b'{"a":"\\ud800"}',
        b"[" * 21 + b"]" * 21, b"[" * 100_000, b'{"a":' * 50_000, b"\xef\xbb\xbf{}", '{"a":1}'.encode("utf-16"), b'{"a":"\t"}',
    ],
)  # fmt: skip
def test_json_that_is_not_strict_is_malformed(desk: Desk, body: bytes) -> None:
    assert refusal(put_order(desk, body)) == (400, "malformed-body")


def test_brackets_inside_text_are_no_nesting(desk: Desk) -> None:
    assert put_order(desk, orjson.dumps({**ORDER, "extensions": {"note": "[" * 100 + '\\"{' * 100}})).status_code == 202


@pytest.mark.parametrize("value", [0, 7, "text", None, True, [], [[]], [1]])
def test_another_json_value_than_an_object_is_invalid(desk: Desk, value: Any) -> None:
    for path in ("/v1/inventory/events", "/v1/shipments/events", "/v1/invoices/events"):
        assert refusal(desk.send("POST", path, JSON, content=orjson.dumps(value))) == (422, "validation-failed")
    assert refusal(put_order(desk, orjson.dumps(value))) == (422, "validation-failed")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, "not-found")),
        ("GET", "/v1/orders/not-an-id", (404, "not-found")),
        ("GET", "/v1/receipts/..%2f..%2fetc", (404, "not-found")),
        ("GET", "/v1/channels/a b/feed", (404, "not-found")),
        ("DELETE", "/v1/orders", (405, "method-not-allowed")),
        ("TRACE", "/healthz", (405, "method-not-allowed")),
        ("PUT", "/v1/availability/query", (405, "method-not-allowed")),
        ("PUT", "/v1/reference/keys/x", (404, "not-found")),
        ("GET", "/v1/orders", (422, "validation-failed")),
        ("GET", "/v1/channels/portal/feed?limit=0", (422, "validation-failed")),
        ("GET", "/v1/channels/portal/feed?after=x", (422, "validation-failed")),
        ("GET", "/problems/nothing", (404, "not-found")),
    ],
)
def test_the_frameworks_own_refusals_are_problems_too(
    desk: Desk, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert refusal(desk.send(method, path)) == expected


def test_a_query_parameter_that_is_wrong_is_named(desk: Desk) -> None:
    errors = desk.send("GET", "/v1/channels/portal/feed?limit=0").json()["errors"]
    assert [error["pointer"] for error in errors] == ["?limit"]


def test_what_a_refused_method_leaves_allowed_is_told(desk: Desk) -> None:
    assert "GET" in desk.send("DELETE", "/healthz").headers["Allow"]


def test_a_failure_of_ours_shows_nothing_of_its_inside(desk: Desk) -> None:
    desk.hub.clock = lambda: 1 // 0
    answer = put_order(desk, orjson.dumps(ORDER))
    assert refusal(answer) == (500, "internal-error")
    assert "ZeroDivision" not in answer.text and "Traceback" not in answer.text


def test_a_key_over_its_rate_is_slowed_down_and_others_are_not(desk: Desk) -> None:
    desk.hub.rate = rate_of("3/minute")
    fast, other = desk.key(), desk.key()
    codes = [desk.send("GET", "/v1/orders?channel=a&number=b", fast).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = desk.send("GET", "/v1/orders?channel=a&number=b", fast)
    assert (refusal(answer), answer.headers["Retry-After"], answer.json()["retry_after"]) == (
        (429, "rate-limited"),
        "1",
        1,
    )
    assert desk.send("GET", "/v1/orders?channel=a&number=b", other).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/v1/orders", "/metrics"])
def test_every_answer_has_the_security_headers(desk: Desk, path: str) -> None:
    headers = desk.client.get(path).headers
    assert {name: headers[name] for name in SECURITY} == SECURITY
    assert headers["Cache-Control"] == "no-store" and len(headers["X-Correlation-Id"]) == 36


def test_the_security_headers_are_these() -> None:
    assert SECURITY == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def test_no_other_origin_is_let_in(desk: Desk) -> None:
    answer = desk.client.get("/healthz", headers={"Origin": "https://elsewhere.example"})
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


def test_a_forwarded_header_changes_nothing(desk: Desk) -> None:
    answer = desk.order(ORDER, **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"})
    assert "evil" not in answer.text + answer.headers["Location"]


def test_an_array_of_a_thousand_facts_is_taken_and_of_one_more_refused(desk: Desk) -> None:
    assert desk.send("POST", "/v1/inventory/events", json=[COUNT] * 1_000).status_code == 202
    assert refusal(desk.send("POST", "/v1/inventory/events", json=[COUNT] * 1_001)) == (422, "validation-failed")


@pytest.mark.parametrize("code", catalogue())
def test_every_code_has_a_page_that_says_what_to_do(desk: Desk, code: str) -> None:
    told = desk.client.get(f"/problems/{code}").json()
    assert (told["code"], told["remedy"]) == (code, catalogue()[code].remedy)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_problem_has_a_page(desk: Desk, code: str) -> None:
    assert desk.client.get(f"/problems/{code}").json()["status"] == CATALOGUE[code].status
