"""Asking where partitions end: what a broker says that is just back, or just leads, is no reason to begin anew."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from schemas.settings import Settings
from streams.engine import tail as module
from streams.engine.records import TP
from streams.engine.tail import Watermarks

ONE = TP("orders.commands", 1)


class Brokers:
    """They answer with these errors, one after the other, and then with an offset."""

    def __init__(self, *errors: int) -> None:
        self.errors, self.refreshed = list(errors), 0

    def list_offsets(self, asked: dict[TopicPartition, Any], **_: Any) -> dict[TopicPartition, Future[Any]]:
        answer: Future[Any] = Future()
        if self.errors:
            answer.set_exception(KafkaException(KafkaError(self.errors.pop(0))))
        else:
            answer.set_result(SimpleNamespace(offset=42))
        return dict.fromkeys(asked, answer)

    def list_topics(self, **_: Any) -> None:
        self.refreshed += 1


def asking(monkeypatch: pytest.MonkeyPatch, brokers: Brokers) -> Watermarks:
    monkeypatch.setattr(module, "AdminClient", lambda config: brokers)
    monkeypatch.setattr(module, "MOVING_S", 0.0)
    return Watermarks(Settings(environment="t"))


@pytest.mark.parametrize("code", module.AGAIN, ids=lambda code: KafkaError(code).name())
def test_a_leader_that_is_new_or_not_known_is_asked_again(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    brokers = Brokers(code, code)
    assert asking(monkeypatch, brokers).highs([ONE]) == {ONE: 42}
    assert brokers.refreshed == 2


def test_one_who_may_not_ask_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    brokers = Brokers(KafkaError.TOPIC_AUTHORIZATION_FAILED)
    with pytest.raises(KafkaException):
        asking(monkeypatch, brokers).highs([ONE])
    assert brokers.refreshed == 0


def test_a_leader_that_never_comes_is_told_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_S", -1.0)
    with pytest.raises(KafkaException):
        asking(monkeypatch, Brokers(KafkaError._NOENT)).highs([ONE])
    assert asking(monkeypatch, Brokers()).highs([]) == {}
