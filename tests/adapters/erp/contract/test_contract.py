"""What every ERP adapter keeps (adapters/erp/port.py)."""

from __future__ import annotations

import pytest

from adapters.erp.port import Absent, Ambiguous, Cancelled, Found, Posted, Refused, Throttled, Unavailable
from tests.adapters.erp.contract.conftest import Subject


def number_of(outcome: object) -> str:
    assert isinstance(outcome, Posted)
    return outcome.number


def test_what_was_created_is_found_by_its_key(erp: Subject) -> None:
    number = number_of(erp.create())
    assert erp.lookup() == Found((number,))


def test_what_was_never_created_is_absent(erp: Subject) -> None:
    assert erp.lookup() == Absent()


def test_the_same_key_twice_makes_one_document(erp: Subject) -> None:
    assert erp.create() == erp.create()
    assert erp.committed() == ["create"]


def test_another_key_makes_another_document(erp: Subject) -> None:
    first = number_of(erp.create())
    assert number_of(erp.create(idempotency_key=f"wharf:{erp.order}:2")) != first


def test_a_forgetful_erp_makes_twins_and_shows_the_oldest_first(erp: Subject) -> None:
    erp.faults(forgetful=True)
    first, second = number_of(erp.create()), number_of(erp.create())
    assert erp.lookup() == Found((first, second))
    assert erp.committed() == ["create", "create"]


@pytest.mark.parametrize("fault", ["drop_after_commit", "fail_after_commit", "wrong_echo"])
def test_committed_work_with_a_lost_answer_is_ambiguous_and_found_later(erp: Subject, fault: str) -> None:
    erp.faults(**{fault: True})
    assert isinstance(erp.create(), Ambiguous)
    erp.faults()
    assert isinstance(erp.lookup(), Found)
    assert erp.committed() == ["create"]


def test_an_erp_that_is_down_has_done_nothing_and_says_nothing_definite(erp: Subject) -> None:
    erp.faults(down=True)
    assert isinstance(erp.create(), Unavailable | Ambiguous)
    assert isinstance(erp.lookup(), Unavailable | Ambiguous)
    assert isinstance(erp.cancel("SO-000001"), Unavailable | Ambiguous)
    assert erp.committed() == []


def test_an_order_against_a_rule_is_refused_with_its_reason(erp: Subject) -> None:
    erp.faults(refuse_customers=["7001"])
    assert erp.create() == Refused("customer 7001 is blocked")
    assert erp.committed() == []


def test_too_many_requests_are_told_with_patience(erp: Subject) -> None:
    erp.faults(throttled=True)
    assert erp.create() == Throttled(1)
    assert erp.committed() == []


def test_a_cancelled_document_no_longer_counts(erp: Subject) -> None:
    number = number_of(erp.create())
    assert erp.cancel(number) == Cancelled()
    assert erp.committed() == ["create", "cancel"]


def test_cancelling_twice_is_cancelling_once(erp: Subject) -> None:
    number = number_of(erp.create())
    assert erp.cancel(number) == erp.cancel(number) == Cancelled()
    assert erp.committed() == ["create", "cancel"]


def test_cancelling_what_is_not_there_finds_nothing(erp: Subject) -> None:
    assert erp.cancel("SO-999999") == Absent()
    assert erp.cancel("no/such number") == Absent()


def test_a_cancelled_document_is_found_only_where_no_other_is(erp: Subject) -> None:
    erp.faults(forgetful=True)
    first, second = number_of(erp.create()), number_of(erp.create())
    erp.cancel(first)
    assert erp.lookup() == Found((second,))
    erp.cancel(second)
    assert erp.lookup() == Found((first,))


def test_an_answer_about_another_order_is_no_answer(erp: Subject) -> None:
    erp.create()
    erp.faults(wrong_echo=True)
    assert isinstance(erp.lookup(), Ambiguous)
