"""What the judge of feeds sees: each fault that is planted has its name in the verdict."""

from __future__ import annotations

import json
from dataclasses import replace

from ops.chaos.evidence import Entry, Evidence
from ops.chaos.feed_checks import CHECKS
from ops.chaos.market import HOOK, Stock
from tests.ops.chaos.campaign import broken, forged, played, retold, without

GAPS, CHAIN, TOLD, NAMED, HEARD = CHECKS
VIEW = f"portal/{HOOK}"


def ample() -> Evidence:
    return played(Stock.AMPLE)


def heard(evidence: Evidence, deliveries: list[object]) -> Evidence:
    return replace(evidence, heard={**evidence.heard, VIEW: deliveries})


def test_a_gap_in_a_feed_is_named() -> None:
    def invoice(entry: Entry) -> bool:
        return entry.key == "portal/default" and entry.record["type"] == "invoice.posted"

    assert broken(without(ample(), "channels.feed", invoice)) == {GAPS, CHAIN}


def test_a_feed_that_does_not_begin_at_one_is_named() -> None:
    assert GAPS in broken(without(ample(), "channels.feed", lambda entry: entry.record["seq"] == 1))


def test_an_entry_that_is_told_twice_is_named() -> None:
    def doubled(entries: list[Entry]) -> list[Entry]:
        last = entries[-1]
        again = {**last.record, "seq": last.record["seq"] + 1}
        return [*entries, last._replace(record=again, id="another")]

    assert GAPS in broken(forged(ample(), "channels.feed", doubled))


def test_a_changed_entry_is_named() -> None:
    assert CHAIN in broken(
        retold(ample(), "channels.feed", lambda entry: entry.key == "portal/default", data=b'{"a":1}')
    )


def test_a_status_that_a_view_does_not_tell_is_named() -> None:
    entry = next(e for e in ample().of("channels.feed") if e.record["type"] == "order.status.changed")
    silent = {**entry.record, "type": "order.changed"}
    evidence = forged(
        ample(), "channels.feed", lambda told: [e._replace(record=silent) if e is entry else e for e in told]
    )
    assert TOLD in broken(evidence)


def test_statuses_in_another_order_are_named() -> None:
    numbers = [
        json.loads(entry.record["data"])["status_seq"]
        for entry in ample().of("channels.feed")
        if entry.record["type"] == "order.status.changed"
    ]
    wrong = retold(
        ample(), "channels.feed", lambda e: e.record["type"] == "order.status.changed",
        data=json.dumps({"status_seq": numbers[-1] + 1}).encode(),
    )  # fmt: skip
    assert TOLD in broken(wrong)


def test_an_entry_that_was_never_delivered_is_named() -> None:
    assert broken(heard(ample(), list(ample().heard[VIEW][1:]))) == {HEARD}


def test_a_delivery_of_something_that_is_not_in_the_feed_is_named() -> None:
    first = ample().heard[VIEW][0]
    assert broken(heard(ample(), [{**first, "id": "another"}, *ample().heard[VIEW]])) == {HEARD}


def test_a_first_delivery_out_of_order_is_named() -> None:
    assert broken(heard(ample(), list(reversed(ample().heard[VIEW])))) == {HEARD}


def test_a_delivery_that_is_repeated_is_no_fault() -> None:
    assert broken(heard(ample(), [*ample().heard[VIEW], ample().heard[VIEW][0]])) == set()


def test_a_delivery_that_changes_its_id_at_a_retry_is_found() -> None:
    evidence = played(Stock.AMPLE)
    view = next(name for name, deliveries in evidence.heard.items() if deliveries)
    first = evidence.heard[view][0]
    again = [{**first, "webhook_id": "msg_1"}, {**first, "webhook_id": "msg_2"}]
    assert NAMED in broken(replace(evidence, heard={**evidence.heard, view: [*evidence.heard[view][1:], *again]}))


def test_a_wrong_signature_is_found_and_a_secret_not_yet_known_is_none() -> None:
    evidence = played(Stock.AMPLE)
    early = replace(evidence, refused={"portal/status": [{"reason": "no secret is known"}]})
    wrong = replace(evidence, refused={"portal/status": [{"reason": "signature: does not match"}]})
    assert (NAMED in broken(early), NAMED in broken(wrong)) == (False, True)
