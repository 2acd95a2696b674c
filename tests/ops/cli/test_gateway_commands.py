"""Commands that talk to the gateway: what they ask, what they print, how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.exits import Exit
from tests.support.fake_gateway import FakeGateway
from tests.support.wharf import Wharf

PROBLEM = {"title": "Bad", "status": 422, "detail": "the document is empty"}


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_a_document_is_sent_as_it_is_and_its_receipt_printed(
    wharf: Wharf, gateway: FakeGateway, tmp_path: Path
) -> None:
    said = wharf("send", written(tmp_path, "a.edi", "ISA*00~"), "--channel", "retailer")
    (asked,) = gateway.asked
    assert (said.code, said.lines) == (Exit.OK, [{"file": "a.edi", "receipt": "R-1"}])
    assert (asked.path, asked.body) == ("/v1/channels/retailer/documents?file_name=a.edi", b"ISA*00~")
    assert asked.headers["Content-Type"] == "application/edi-x12"


def test_the_key_goes_with_every_request(wharf: Wharf, gateway: FakeGateway) -> None:
    wharf("availability", "show", "A")
    assert gateway.asked[0].headers["Authorization"] == "Bearer okp_test"


def test_sending_a_file_again_is_the_same_request(wharf: Wharf, gateway: FakeGateway, tmp_path: Path) -> None:
    for text in ("same", "same", "other"):
        wharf("send", written(tmp_path, "a.json", text), "--channel", "portal")
    first, second, other = (asked.headers["Idempotency-Key"] for asked in gateway.asked)
    assert first == second != other


def test_a_refused_document_does_not_keep_the_others(wharf: Wharf, gateway: FakeGateway, tmp_path: Path) -> None:
    gateway.tell("POST /v1/channels/c/documents?file_name=bad.json", (422, PROBLEM))
    files = [written(tmp_path, name, name) for name in ("bad.json", "good.json")]
    said = wharf("send", *files, "--channel", "c")
    assert said.code == Exit.BAD_DATA
    assert [line["file"] for line in said.lines] == ["good.json"]
    assert json.loads(said.err.splitlines()[0]) == {"file": "bad.json", "error": PROBLEM}


def test_a_busy_gateway_is_asked_again(wharf: Wharf, gateway: FakeGateway, tmp_path: Path) -> None:
    gateway.tell("POST /v1/channels/c/documents?file_name=a.json", (503, {}), (202, {"receipt": "R-2"}))
    assert wharf("send", written(tmp_path, "a.json", "{}"), "--channel", "c").lines[0]["receipt"] == "R-2"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.jsonl", '{"sku":"A/1","name":"a"}\n\n{"sku":"B","name":"b"}\n'),
        ("p.json", '[{"sku":"A/1","name":"a"},{"sku":"B","name":"b"}]'),
        ("p.csv", "sku,name,category\nA/1,a,\nB,b,\n"),
    ],
)
def test_reference_data_is_put_record_by_record(
    wharf: Wharf, gateway: FakeGateway, tmp_path: Path, name: str, text: str
) -> None:
    said = wharf("send", written(tmp_path, name, text), "--reference", "products")
    assert [line["row"] for line in said.lines] == [1, 2]
    assert [asked.path for asked in gateway.asked] == ["/v1/reference/products/A%2F1", "/v1/reference/products/B"]
    assert json.loads(gateway.asked[0].body) == {"sku": "A/1", "name": "a"}


def test_a_key_of_several_parts_is_joined(wharf: Wharf, gateway: FakeGateway, tmp_path: Path) -> None:
    wharf(
        "send",
        written(tmp_path, "x.jsonl", '{"scheme":"gtin","value":"1","sku":"A"}'),
        "--reference",
        "cross-references",
    )
    assert gateway.asked[0].path == "/v1/reference/cross-references/gtin%7C%7C1"


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ('{"sku":"A"}', "prodcuts", Exit.USAGE),
        ('{"name":"a"}', "products", Exit.BAD_DATA),
        ("{", "products", Exit.BAD_DATA),
    ],
)
def test_reference_data_that_cannot_be_sent_is_refused_before_anything_is(
    wharf: Wharf, gateway: FakeGateway, tmp_path: Path, text: str, kind: str, code: Exit
) -> None:
    assert wharf("send", written(tmp_path, "p.jsonl", text), "--reference", kind).code == code
    assert gateway.asked == []


def test_send_wants_to_know_where_to(wharf: Wharf, gateway: FakeGateway, tmp_path: Path) -> None:
    assert wharf("send", written(tmp_path, "a.json", "{}")).code == Exit.USAGE


def test_an_order_is_shown_by_its_id(wharf: Wharf, gateway: FakeGateway) -> None:
    gateway.tell("GET /v1/orders/O-1", (200, {"order_id": "O-1", "status": "accepted"}))
    assert wharf("order", "show", "O-1").lines == [{"order_id": "O-1", "status": "accepted"}]


def test_an_order_is_found_by_its_number(wharf: Wharf, gateway: FakeGateway) -> None:
    gateway.tell("GET /v1/orders?channel=portal&number=P-1", (200, {"orders": [{"order_id": "O-1"}]}))
    gateway.tell("GET /v1/orders/O-1", (200, {"order_id": "O-1"}))
    assert wharf("order", "show", "P-1", "--channel", "portal").lines == [{"order_id": "O-1"}]


def test_an_orders_timeline_is_a_line_for_each_entry(wharf: Wharf, gateway: FakeGateway) -> None:
    gateway.tell("GET /v1/orders/O-1/timeline", (200, {"entries": [{"event": "a"}, {"event": "b"}]}))
    assert [line["event"] for line in wharf("order", "show", "O-1", "--timeline").lines] == ["a", "b"]


@pytest.mark.parametrize(("status", "code"), [(404, Exit.BAD_DATA), (409, Exit.TRY_AGAIN), (401, Exit.BAD_DATA)])
def test_a_problem_is_told_with_its_exit_code(wharf: Wharf, gateway: FakeGateway, status: int, code: Exit) -> None:
    gateway.tell("GET /v1/orders/O-1", (status, {"title": "No", "detail": "no such order"}))
    said = wharf("order", "show", "O-1")
    assert (said.code, said.out) == (code, "")
    assert "no such order" in said.err


def test_parked_lines_are_taken_again(wharf: Wharf, gateway: FakeGateway) -> None:
    assert wharf("order", "resolve", "O-1").lines == [{"receipt": "R-1"}]
    assert gateway.asked[0].path == "/v1/orders/O-1/resolve"


def test_availability_is_shown_as_a_channel_sees_it(wharf: Wharf, gateway: FakeGateway) -> None:
    gateway.tell("GET /v1/availability/A%2F1?channel=web", (200, {"quantity": "4"}))
    assert wharf("availability", "show", "A/1", "--channel", "web").lines == [{"quantity": "4"}]


def test_a_gateway_that_is_gone_is_unavailable(wharf: Wharf) -> None:
    wharf.set(url="http://127.0.0.1:9", api_key="okp_test")
    assert wharf("order", "show", "O-1").code == Exit.UNAVAILABLE
