"""Snapshots with the real gateway and every agent behind it: what is refused, what is left out, what readers then see."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.channels.readers.stock_rows import Given, StockRow
from adapters.gateway.models import answers
from ops.gateway_client import Refused
from ops.snapshots import report
from ops.snapshots.decide import Place, Standing, body, request_key, standings
from ops.snapshots.files import look, rows
from ops.snapshots.hub import EVENTS, POSITIONS
from ops.snapshots.journal import Journal, Totals
from ops.snapshots.send import How, send
from tests.support.gateway import NOW
from tests.support.harbour import Harbour, harbour
from tests.support.redis import Server, server

HEADER = "sku,location,quantity,unit,class,as_of,sequence"
SEVEN, HALF = "2026-03-02T07:00:00Z", "2026-03-02T07:30:00Z"


class HarbourHub:
    """hub.Hub over the real gateway in this process."""

    def __init__(self, port: Harbour) -> None:
        self.port = port
        self.said = list[str]()

    def take(self, rows: Sequence[StockRow]) -> Mapping[str, Any]:
        told = body(rows, "wms1")
        headers = {"Idempotency-Key": request_key(told), "Content-Type": "application/json"}
        answer = self.port.desk.send("POST", EVENTS, headers, content=told)
        if not answer.is_success:
            raise Refused(answer.status_code, answer.json())
        self.said += [row.sku for row in rows]
        self.port.topology.run()
        receipt: Mapping[str, Any] = self.port.ask("GET", f"/v1/receipts/{answer.json()['receipt']}")
        answers.ReceiptAnswer.model_validate(receipt)
        return receipt

    def standing(self, source: str, skus: Sequence[str]) -> Mapping[Place, Standing]:
        for partition in range(12):
            self.port.desk.caught_up(partition=partition)
        told = self.port.ask("POST", POSITIONS, json={"source": source, "skus": list(skus)})
        answers.PositionsAnswer.model_validate(told)
        return standings(told)


class Source:
    """A warehouse that sends its snapshots with the command's own parts."""

    def __init__(self, folder: Path, port: Harbour) -> None:
        self.folder, self.hub = folder, HarbourHub(port)

    def sends(self, *lines: str) -> Totals:
        path = self.folder / "snapshot.csv"
        path.write_text("\n".join((HEADER, *lines, "")))
        snapshot = look(path)
        with Journal(self.folder / "j.sqlite") as journal:
            journal.begin(snapshot.digest, NOW)
            # one at a time: the harbour has one thread for all agents
            totals = send(rows(snapshot, Given(NOW)), journal, self.hub, How("wms1", window=1), lambda _: None)
            journal.finish(NOW)
            report.write(self.folder / "r.csv", journal.refusals())
        return totals

    @property
    def refused(self) -> dict[str, tuple[str, str]]:
        """Field and code of refused rows by SKU."""
        with (self.folder / "r.csv").open() as file:
            return {row["sku"]: (row["field"], row["code"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def redis_server() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def port(redis_server: Server) -> Iterator[Harbour]:
    with harbour(redis_server) as opened:
        for sku in "AB":
            opened.ask("PUT", f"/v1/reference/products/{sku}", json={"name": sku, "base_unit": "EA"})
        yield opened


@pytest.fixture
def wms(port: Harbour, tmp_path: Path) -> Source:
    return Source(tmp_path, port)


def on_hand(wms: Source, sku: str) -> str:
    return wms.hub.standing("wms1", [sku])[sku, "DC1"].on_hand


def test_the_rows_that_only_the_hub_can_judge_are_refused_one_by_one(wms: Source) -> None:
    totals = wms.sends(
        f"A,DC1,5,EA,good,{SEVEN},1",
        f"B,DC1,1,QQ,good,{SEVEN},1",
        f"C,DC1,2.5,EA,good,{SEVEN},1",
        f"D,DC1,1,KGM,good,{SEVEN},1",
        f"E,DC1,999999999999,MIL,good,{SEVEN},1",
        f"F,DC1,6,EA,good,{SEVEN},1",
    )
    assert wms.refused == dict.fromkeys("BCD", ("quantity", "WH1304"))
    assert (totals.agreed, on_hand(wms, "A"), on_hand(wms, "F")) == (3, "5", "6")


def test_a_sequence_that_goes_back_is_told_and_changes_nothing(wms: Source) -> None:
    wms.sends(f"A,DC1,5,EA,good,{SEVEN},8", f"B,DC1,5,EA,good,{SEVEN},8")
    totals = wms.sends(f"A,DC1,9,EA,good,{HALF},7", f"B,DC1,6,EA,good,{HALF},9")
    assert (wms.refused, totals.agreed) == ({"A": ("sequence", "WH1407")}, 1)
    assert (on_hand(wms, "A"), on_hand(wms, "B")) == ("5", "6")


def test_an_older_time_and_the_same_count_with_another_quantity_are_told(wms: Source) -> None:
    wms.sends(f"A,DC1,5,EA,good,{HALF},", f"B,DC1,5,EA,good,{HALF},3")
    wms.sends(f"A,DC1,9,EA,good,{SEVEN},", f"B,DC1,9,EA,good,{HALF},3")
    assert wms.refused == {"A": ("as_of", "WH1407"), "B": ("quantity", "WH1408")}


def test_classes_arrive_as_classes(wms: Source, port: Harbour) -> None:
    wms.sends(f"A,DC1,100,EA,good,{SEVEN},1", f"A,DC1,4,EA,damaged,{SEVEN},1", f"A,DC1,2,EA,hold,{SEVEN},1")
    (counted,) = [
        message.record for message in port.topology.log("inventory.events") if message.type == "inventory.counted"
    ]
    (position,) = counted["positions"]
    assert (position["on_hand"], position["classes"]) == (106, {"damaged": 4, "quarantined": 2})


def test_a_position_that_stands_is_not_said_again(wms: Source) -> None:
    wms.sends(f"A,DC1,5,EA,good,{SEVEN},1", f"B,DC1,5,EA,good,{SEVEN},1")
    totals = wms.sends(f"A,DC1,5,EA,good,{HALF},2", f"B,DC1,6,EA,good,{HALF},2")
    assert (totals.unchanged, totals.sent) == (1, 1)
    assert wms.hub.said == ["A", "B", "B"]


def test_stock_that_came_and_was_lost_is_corrected_by_the_same_number(wms: Source, port: Harbour) -> None:
    """5 counted, 2 received, and 5 counted again: 2 are missing. The number repeats, and has to be heard."""
    wms.sends(f"A,DC1,5,EA,good,{SEVEN},1")
    received = {
        "kind": "received", "source": "wms1", "sku": "A", "location": "DC1", "quantity": "2", "event_id": "r-1",
        "as_of": "2026-03-02T07:10:00Z",
    }  # fmt: skip
    port.ask("POST", "/v1/inventory/events", json=received)
    assert on_hand(wms, "A") == "7"
    assert wms.sends(f"A,DC1,5,EA,good,{HALF},2").sent == 1
    assert on_hand(wms, "A") == "5"


def test_a_source_may_not_ask_for_what_it_may_not_report(port: Harbour) -> None:
    key = port.desk.key("inventory:write@wms2")
    answer = port.desk.send("POST", POSITIONS, key, json={"source": "wms1", "skus": ["A"]})
    assert answer.status_code == 403


def test_a_projection_that_stands_still_is_stale(wms: Source, port: Harbour) -> None:
    wms.sends(f"A,DC1,5,EA,good,{SEVEN},1")
    told = port.ask("POST", POSITIONS, json={"source": "wms1", "skus": ["A"]})
    assert ([item["stale"] for item in told["items"]], standings(told)) == ([True], {})


def test_unknown_skus_are_named(port: Harbour) -> None:
    port.desk.caught_up()
    assert port.ask("POST", POSITIONS, json={"source": "wms1", "skus": ["NOBODY"]}) == {
        "items": [],
        "missing": ["NOBODY"],
    }
