"""The judges of the log: two readings agree, each document is normalized, nobody saw what may not be."""

from __future__ import annotations

from dataclasses import replace

from ops.chaos.evidence import Put
from ops.chaos.market import Stock
from ops.chaos.sanity_checks import CHECKS, second_reading
from streams.engine.records import TP
from tests.ops.chaos.campaign import broken, played, without

A, KEPT = TP("orders.events", 0), TP("inventory.availability", 0)
ODD, NORMALIZED = CHECKS


def test_a_calm_campaign_is_sane() -> None:
    assert broken(played(Stock.AMPLE)) == set()


def test_two_readings_of_one_log_are_the_same() -> None:
    assert list(second_reading({A: {0: 1, 1: 2}}, {A: {0: 1, 1: 2}})) == []


def test_what_is_gone_late_or_changed_is_told() -> None:
    found = list(second_reading({A: {0: 1, 1: 2}}, {A: {1: 3, 4: 5}}))
    assert [shown.partition(": ")[2] for shown in found] == [
        "0 was read once, and is gone",
        "4 was never read before",
        "1 has changed",
    ]


def test_compaction_may_take_what_was_read_and_may_change_nothing() -> None:
    assert list(second_reading({KEPT: {0: 1, 1: 2}}, {KEPT: {1: 2}})) == []
    assert list(second_reading({KEPT: {0: 1}}, {KEPT: {0: 2}})) != []


def test_a_document_that_nobody_normalized_is_found() -> None:
    evidence = played(Stock.AMPLE)
    assert NORMALIZED in broken(
        without(evidence, "channel.receipts", lambda entry: entry.type == "document.normalized")
    )


def test_a_poisoned_document_needs_no_receipt() -> None:
    evidence = played(Stock.AMPLE)
    receipt = next(entry for entry in evidence.of("channel.receipts") if entry.type == "document.normalized")
    (document,) = (entry for entry in evidence.of("channel.documents") if entry.id == receipt.causation)
    lost = without(evidence, "channel.receipts", lambda entry: entry is receipt)
    put = Put((document.topic, document.partition, document.offset), "bad", "NotOurs", None, "")
    assert NORMALIZED not in broken(replace(lost, poisons=[put]))


def test_what_the_watchers_saw_is_told() -> None:
    assert ODD in broken(replace(played(Stock.AMPLE), oddities=["SKU-01 showed version 7, then 6"]))
