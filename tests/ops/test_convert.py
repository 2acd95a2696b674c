"""`wharf convert`: canonical JSON lines offline, refusals on the other stream, an exit code that tells."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.convert import BAD_DATA, NO_PROFILE, OK, convert, profile
from schemas import identity
from schemas.generated import reference_v1 as reference
from tests.adapters.channels.test_fact_events import COUNT, DISPATCH, INVOICE, MILESTONE
from tests.adapters.channels.test_portal_order import ORDER
from tests.adapters.channels.x12_text import ENVELOPE, interchange, order_850, po1

Json = dict[str, Any]
RETX = reference.partner(partner="retx", channel="edi", currency="EUR")


def converted(
    *paths: Path, kind: str = "", partner: reference.Partner = NO_PROFILE, tenant: str = ""
) -> tuple[int, list[Json], list[Json]]:
    """Exit code, canonical records and errors."""
    out, err = io.StringIO(), io.StringIO()
    code = convert(paths, out, err, kind=kind, partner=partner, tenant=tenant)
    return (
        code,
        [json.loads(line) for line in out.getvalue().splitlines()],
        [json.loads(line) for line in err.getvalue().splitlines()],
    )


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Writes a document into a file."""

    def write(content: str | Json | list[Json], name: str = "order.edi") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def edi(*sets: Any, **envelope: Any) -> str:
    return interchange(*(sets or (order_850("4500017", po1()),)), envelope=replace(ENVELOPE, **envelope))


def test_an_order_is_one_line_with_type_key_source_and_data(file: Any) -> None:
    code, (record,), errors = converted(file(edi()))
    assert (code, errors, list(record)) == (OK, [], ["type", "key", "source", "data"])
    assert record["source"] == {"file": "order.edi", "interchange": "000000101/7/0001", "position": 1}


def test_the_data_of_an_order_has_the_shape_of_the_contract(file: Any) -> None:
    _, (record,), _ = converted(file(edi()))
    promised = {"number", "channel", "parties", "dates", "currency", "lines", "references", "totals", "warnings"}
    assert record["type"] == "order.place" and promised <= set(record["data"])
    assert {"line", "product", "quantity", "unit", "price"} <= set(record["data"]["lines"][0])


def test_decimals_are_strings_and_everything_is_as_sent(file: Any) -> None:
    _, (record,), _ = converted(file(edi(order_850("4500017", po1("1", "2.50", "CA", "9.50", "UP", "614141000012")))))
    (line,) = record["data"]["lines"]
    assert (line["quantity"], line["unit"], line["price"]) == ("2.5", "CA", "9.50")
    assert line["product"] == [{"scheme": "gtin", "value": "614141000012"}]


def test_parties_are_told_by_role_with_their_identifiers(file: Any) -> None:
    _, (record,), _ = converted(
        file(edi(order_850("1", ("N1", "ST", "STORE", "92", "12"), ("N1", "BY", "RETAILER"), po1())))
    )
    parties = record["data"]["parties"]
    assert parties["ship_to"]["identifiers"] == [{"scheme": "assigned_by_buyer", "value": "12"}]
    assert (parties["buyer"]["identifiers"], parties["buyer"]["name"]) == ([], "RETAILER")


def test_dates_are_iso(file: Any) -> None:
    _, (record,), _ = converted(file(edi(order_850("1", ("DTM", "002", "20260305"), po1()))))
    assert record["data"]["dates"] == {"ordered": "2026-03-02", "requested_delivery": "2026-03-05"}


def test_totals_are_shown_beside_what_the_lines_add_up_to(file: Any) -> None:
    _, (record,), _ = converted(file(edi(order_850("1", po1(), ("CTT", "1"), ("AMT", "TT", "230")))))
    assert record["data"]["totals"] == {"lines": "1", "amount": "230", "computed": "228"}
    assert [warning["code"] for warning in record["data"]["warnings"]] == ["WH1213"]


def test_the_loop_of_a_line_is_shown_with_it(file: Any) -> None:
    loop = [
        ("PID", "F", "", "", "", "WIDGET"),
        ("PO4", "4", "6", "EA"),
        ("REF", "19", "CADC1"),
        ("DTM", "002", "20260305"),
        ("SDQ", "EA", "92", "12", "24"),
    ]
    _, (record,), _ = converted(file(edi(order_850("1", po1(), *loop))))
    (line,) = record["data"]["lines"]
    assert (line["description"], line["pack"]) == ("WIDGET", {"packs": "4", "size": "6", "unit": "EA"})
    assert (line["references"], line["dates"]) == (
        [{"qualifier": "19", "value": "CADC1"}],
        {"requested_delivery": "2026-03-05"},
    )
    assert line["destinations"] == [{"store": "12", "quantity": "24"}]


def test_a_missing_price_is_null_and_a_missing_unit_empty(file: Any) -> None:
    _, (record,), _ = converted(file(edi(order_850("1", po1("1", "5", "", "")))))
    assert (record["data"]["lines"][0]["price"], record["data"]["lines"][0]["unit"]) == (None, "")
    assert record["data"]["totals"]["computed"] is None


def test_addresses_are_shown_with_their_party(file: Any) -> None:
    loop = [("N1", "ST", "STORE"), ("N3", "1 MAIN"), ("N4", "SOLON", "OH", "44139", "US")]
    _, (record,), _ = converted(file(edi(order_850("1", *loop, po1()))))
    assert record["data"]["parties"]["ship_to"]["address"] == {
        "name": "STORE", "street": ["1 MAIN"], "city": "SOLON", "region": "OH", "postal_code": "44139", "country": "US",
    }  # fmt: skip


def test_the_sender_and_the_test_flag_are_shown(file: Any) -> None:
    _, (record,), _ = converted(file(edi(usage="T")))
    assert (record["data"]["sender"], record["data"]["test"]) == ("ZZ:RETX", True)


def test_doubts_of_the_envelope_are_shown_with_their_place(file: Any) -> None:
    _, (record,), _ = converted(file(edi().replace("IEA*1*", "IEA*7*")))
    (warning,) = record["data"]["warnings"]
    assert (warning["code"], warning["at"]["tag"]) == ("WH1204", "IEA")


def test_two_orders_of_one_number_are_told_apart_by_their_position(file: Any) -> None:
    _, records, _ = converted(file(edi(order_850("1", po1()), order_850("1", po1("1", "2")))))
    assert [record["source"]["position"] for record in records] == [1, 2] and len(
        {record["key"] for record in records}
    ) == 1


def test_nothing_but_json_lines_is_written(file: Any) -> None:
    out, err = io.StringIO(), io.StringIO()
    convert([file(edi()), file("nonsense", "bad.txt")], out, err)
    assert all(json.loads(line) for line in (out.getvalue() + err.getvalue()).splitlines())


def test_letters_of_every_script_come_through(file: Any) -> None:
    _, (record,), _ = converted(file(edi(order_850("1", ("N1", "ST", "Möbel Łódź"), po1()))))
    assert record["data"]["parties"]["ship_to"]["name"] == "Möbel Łódź"


def test_a_portal_order_is_shown_in_its_channels_series(file: Any) -> None:
    _, (record,), _ = converted(file(ORDER, "order.json"), tenant="acme")
    assert (record["key"], record["data"]["channel"]) == (identity.order_id("acme", "portal", "P-1001"), "portal")
    assert record["data"]["dates"]["ordered"] == "2026-03-02T08:01:00.000Z"


def test_a_profile_gives_channel_currency_and_series(file: Any) -> None:
    _, (record,), _ = converted(file(edi()), partner=RETX, tenant="acme")
    assert (record["key"], record["data"]["channel"], record["data"]["currency"]) == (
        identity.order_id("acme", "retx", "4500017"),
        "edi",
        "EUR",
    )


def test_a_cancellation_is_a_cancel(file: Any) -> None:
    _, (record,), _ = converted(file(edi(order_850("1", beg=("BEG", "01", "SA", "1", "", "20260302")))))
    assert (record["type"], record["data"]["number"]) == ("order.cancel", "1")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (COUNT, "stock.report"),
        (DISPATCH, "shipment.report-dispatch"),
        (MILESTONE, "shipment.report-milestone"),
        (INVOICE, "shipment.report-invoice"),
    ],
)
def test_facts_are_shown_with_their_times_and_quantities_as_text(file: Any, body: Json, kind: str) -> None:
    code, records, _ = converted(file([body, body], "facts.json"))
    assert code == OK and [record["type"] for record in records] == [kind, kind]
    assert "2026-03-02T08:00:00.000Z" in json.dumps(records[0]["data"])


def test_a_count_is_keyed_by_its_sku(file: Any) -> None:
    _, (record,), _ = converted(file(COUNT, "count.json"))
    assert (record["key"], record["data"]["quantity"], record["source"]["position"]) == ("WIDGET-A", "120", 1)


def test_a_wish_to_cancel_needs_its_kind(file: Any) -> None:
    _, (record,), _ = converted(file({"reason": "late"}, "cancel.json"), kind="order-cancel")
    assert (record["type"], record["data"]) == ("order.cancel", {"reason": "late", "lines": []})


def test_a_refused_document_is_an_error_line_and_the_others_go_on(file: Any) -> None:
    text = edi(
        order_850("1", po1()), order_850("2", po1("1", "-1"), control="0002"), order_850("3", po1(), control="0003")
    )
    code, records, (error,) = converted(file(text))
    assert code == BAD_DATA and [record["data"]["number"] for record in records] == ["1", "3"]
    assert (error["error"], error["file"], error["document"]) == ("WH1209", "order.edi", "2")
    assert error["at"] == {"segment": 3, "tag": "PO1", "element": 2} and "quantity above 0" in error["message"]


def test_all_that_is_wrong_with_a_portal_order_is_told_with_pointers(file: Any) -> None:
    _, _, (error,) = converted(file({**ORDER, "number": 7, "qty": 1}, "order.json"))
    assert [error["at"], *(other["at"] for other in error["others"])] == [{"pointer": "/number"}, {"pointer": "/qty"}]


def test_a_second_file_is_read_though_the_first_is_bad(file: Any) -> None:
    code, records, errors = converted(file("nonsense", "bad.txt"), file(edi()))
    assert (code, len(records), [error["error"] for error in errors]) == (BAD_DATA, 1, ["WH1001"])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, _, (error,) = converted(tmp_path / "absent.edi")
    assert (code, error["error"], error["file"]) == (BAD_DATA, "WH1008", "absent.edi")


def test_ten_thousand_lines_are_refused_by_name_unless_the_profile_allows_them(file: Any) -> None:
    path = file(edi(order_850("1", *(po1(str(number)) for number in range(10_000)))))
    assert converted(path)[2][0]["error"] == "WH1006"
    assert len(converted(path, partner={**RETX, "max_lines": 10_000})[1][0]["data"]["lines"]) == 10_000


def test_a_blanket_estimate_is_not_shown_as_an_order(file: Any) -> None:
    _, records, (error,) = converted(file(edi(order_850("1", po1(), beg=("BEG", "00", "BE", "1", "", "20260302")))))
    assert records == [] and error["error"] == "WH1212"


def test_a_strict_profile_refuses_wrong_counts(file: Any) -> None:
    path = file(edi().replace("SE*5*", "SE*6*"))
    assert converted(path)[0] == OK
    assert converted(path, partner={**RETX, "strict_envelope": True})[2][0]["error"] == "WH1204"


def test_a_profile_is_read_from_its_json() -> None:
    assert profile('{"partner":"retx","channel":"edi","max_lines":5}')["max_lines"] == 5


@pytest.mark.parametrize("text", ["[]", "{", '{"colour":"red"}'])
def test_a_profile_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"profile|property|Expecting"):
        profile(text)
