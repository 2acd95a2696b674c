"""The same bad things at the whole system on the embedded default, over HTTP and straight into every topic.

One system meets them all, one after the other: whatever one of them broke, the next would show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ops import catalog
from ops.chaos import poison
from ops.topics.wanted import LARGEST_RECORD
from schemas.errors import catalogue
from schemas.topics import TOPICS
from tests.adapters.channels.x12_text import po1
from tests.bad_input.cases import CARTS, DOCUMENTS, MANY, PARKED, REFUSED, REJECTED, Sent, edi
from tests.bad_input.system import System, running, until

pytestmark = [pytest.mark.broker, pytest.mark.alone, pytest.mark.slow]
DOORS = {"erp.attempts": ["erp"], "feeds.attempts": ["deliver"]}
READERS = {
    topic: [name for name in catalog.AGENTS if topic in catalog.agent_of(name).reads] + DOORS.get(topic, [])
    for topic in TOPICS
}
BURIED = [topic for topic, readers in READERS.items() if readers]
REFERRED = {
    topic: [name for name in catalog.AGENTS if topic in catalog.agent_of(name).references]
    for topic in TOPICS
    if any(topic in catalog.agent_of(name).references for name in catalog.AGENTS)
}


WAITED_FOR = [name for name, case in REJECTED.items() if case.sent.path == CARTS]  # the answer is the decision
FOLLOWED = ("reference.keys", "reference.subscriptions")  # by the gateway


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("bad-input")) as started:
        yield started
        assert started.running() == started.pids, "a process died"
        assert "supervisor.ended" not in (started.up.folder / "up.err").read_text()


def between_good_orders(system: System, sent: Sent, number: str) -> tuple[int, dict[str, Any]]:
    """Its answer, and the orders before and after it go through."""
    before = system.good()
    status, told = send(system, sent, number)
    after = system.good()
    system.through(before)
    system.through(after)
    return status, told


def taken_between_good_orders(system: System, sent: Sent, number: str) -> dict[str, Any]:
    """Its receipt."""
    status, told = between_good_orders(system, sent, number)
    assert status == 202, told
    return told


def send(system: System, sent: Sent, number: str) -> tuple[int, dict[str, Any]]:
    """Send it under a number and a key of its own."""
    content = sent.content.replace(b'"M-1"', f'"{number}"'.encode()).replace(b"*4500017*", f"*{number}*".encode())
    headers = {"Content-Type": sent.media, "Idempotency-Key": f"bad {number}".replace(" ", "-"), **sent.headers}
    answer = system.client.post(sent.path, content=content, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_at_once_and_good_orders_go_through(system: System, name: str) -> None:
    case = REFUSED[name]
    status, problem = between_good_orders(system, case.sent, f"refused-{name}"[:40])
    errors = [(one["pointer"], one["code"]) for one in problem.get("errors", [])]
    assert (status, problem["code"], problem["remedy"]) == (case.status, case.code, catalogue()[case.code].remedy)
    assert (case.pointer, case.error) in errors or not case.error


@pytest.mark.parametrize("name", [name for name in REJECTED if name not in WAITED_FOR])
def test_what_turns_out_bad_behind_the_log_is_rejected_and_good_orders_go_through(system: System, name: str) -> None:
    case = REJECTED[name]
    told = taken_between_good_orders(system, case.sent, f"rejected-{name}"[:40])
    receipt = system.receipt(told["receipt"])
    assert (receipt["state"], receipt["orders"]) == ("rejected", [])
    assert case.code in {one["code"] for one in receipt["problems"]}
    assert all(one["remedy"] for one in receipt["problems"])


@pytest.mark.parametrize("name", WAITED_FOR)
def test_who_waits_for_the_decision_hears_what_is_bad_and_good_orders_go_through(system: System, name: str) -> None:
    case = REJECTED[name]
    status, problem = between_good_orders(system, case.sent, f"rejected-{name}"[:40])
    assert (status, problem["code"]) == (422, "validation-failed")
    assert (case.code, case.place) in {(one["code"], one["pointer"]) for one in problem["errors"]}


@pytest.mark.parametrize("name", PARKED)
def test_what_only_a_person_can_decide_is_an_exception_and_good_orders_go_through(system: System, name: str) -> None:
    case = PARKED[name]
    told = taken_between_good_orders(system, case.sent, f"parked-{name}"[:40])
    (order_id,) = system.receipt(told["receipt"])["orders"]
    order = until(
        lambda: system.client.get(f"/v1/orders/{order_id}").json(), lambda seen: seen.get("status") == case.status
    )
    assert [(one["class"], one["remedy"]) for one in order["exceptions"]] == [
        (case.kind, catalogue()[case.kind].remedy)
    ]


def test_the_same_number_with_other_content_is_a_suspect_and_the_first_order_stands(system: System) -> None:
    first = replace(PARKED["an unknown product"].sent, content=REFUSED["no API key"].sent.content)
    _, told = send(system, first, "twice")
    system.through(told["status_url"])
    other = replace(first, content=first.content.replace(b'"USD"', b'"EUR"'), headers={"Idempotency-Key": "other"})
    status, again = send(system, other, "twice")
    assert (status, again["order_id"]) == (202, told["order_id"])
    assert system.receipt(again["receipt"])["state"] == "accepted"
    order = system.client.get(told["status_url"]).json()
    assert ([one["class"] for one in order["exceptions"]], order["currency"]) == (["duplicate_suspect"], "USD")


def test_ten_thousand_lines_hold_up_nobody(system: System) -> None:
    body = edi(*(po1(str(number), "1", "EA", "", "VN", "M") for number in range(MANY)))
    receipts = []
    orders = [system.good()]
    for number in range(3):
        sent = Sent(DOCUMENTS.format("big"), body.encode(), "application/edi-x12")
        status, told = send(system, sent, f"many-{number}")
        assert status == 202, told
        receipts.append(told["receipt"])
        orders.append(system.good())
    for url in orders:
        system.through(url)
    assert [system.receipt(one)["problems"][0]["code"] for one in receipts] == ["WH1006"] * 3


@pytest.mark.parametrize("topic", BURIED)
def test_each_poison_is_buried_by_each_reader_under_its_name_and_good_orders_go_through(
    system: System, topic: str
) -> None:
    poisons = list(poison.of(topic))
    before = system.good()
    system.put(topic, *poisons)
    after = system.good()
    system.through(before)
    system.through(after)
    expected = Counter((reader, one.error) for reader in READERS[topic] for one in poisons)
    letters = until(lambda: system.letters(topic), lambda found: len(found) >= expected.total())
    assert Counter((letter["dead_agent"], letter["dead_error"]) for letter in letters) == expected
    assert all(letter["dead_message"] and letter["dead_topic"] == topic for letter in letters)
    assert system.running() == system.pids


def test_a_record_as_large_as_a_topic_takes_is_buried_too_and_good_orders_go_through(system: System) -> None:
    most, whole = LARGEST_RECORD - 2_000, next(poison.of("inventory.commands"))
    large = (replace(whole, key=b"acme|" + b"k" * most), replace(whole, key=b"acme|h", headers=[("h", b"x" * most)]))
    before = len(system.letters("inventory.commands"))
    system.put("inventory.commands", *large)
    system.through(system.good())
    letters = until(lambda: system.letters("inventory.commands"), lambda found: len(found) == before + 2)
    assert sum("dead_truncated_key" in letter or "dead_truncated_headers" in letter for letter in letters) >= 2
    assert system.running() == system.pids


@pytest.mark.parametrize("topic", [*REFERRED, "reference.keys"])
def test_poison_that_is_nobodys_to_bury_is_skipped_counted_and_told_and_good_orders_go_through(
    system: System, topic: str
) -> None:
    bad = [one for one in poison.of(topic) if one.reference]
    system.put(topic, *bad)
    system.through(system.good())
    wanted = len(bad) * len(REFERRED.get(topic, []))
    until(lambda: system.counted("worker", "wharf_references_skipped", topic), lambda count: count == wanted)
    told = [line for line in system.up.log("worker-all").splitlines() if "engine.bad-reference" in line]
    assert len([line for line in told if topic in line]) == wanted
    if topic in FOLLOWED:
        until(lambda: system.counted("gateway", "gateway_records_skipped", topic), lambda count: count == len(bad))
        assert system.up.log("gateway").count("gateway.unreadable") >= len(bad)
    assert system.running() == system.pids


def test_poison_under_a_views_key_hides_none_of_its_entries(system: System) -> None:
    poisons = [replace(one, key=b"acme|portal/default") for one in poison.of("channels.feed") if one.error != "BadKey"]
    system.put("channels.feed", *poisons)
    order = system.through(system.good())

    def entries() -> list[tuple[int, str]]:
        found, after = [], 0
        while page := system.client.get(f"/v1/channels/portal/feed?after={after}&limit=1000").json()["entries"]:
            found += [(entry["seq"], entry["data"].get("order_id", "")) for entry in page]
            after = page[-1]["seq"]
        return found

    told = until(entries, lambda found: [one for _, one in found].count(order["order_id"]) == 3)
    assert [seq for seq, _ in told] == list(range(1, len(told) + 1))


def test_at_the_end_everything_is_as_the_orders_say(system: System) -> None:
    pieces = 2 * system.placed
    for sku in ("A", "B"):
        answer = system.client.get(f"/v1/availability/{sku}?channel=portal").json()
        assert int(answer["quantity"]) == 100_000 - pieces
    assert system.client.get("/readyz").json()["status"] == "ready"
