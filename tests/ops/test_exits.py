"""What a command's exit code says about what went wrong."""

from __future__ import annotations

import httpx
import pytest
import redis
from confluent_kafka import KafkaError, KafkaException

from ops.catalog import UnknownAgent
from ops.embedded.child import NotReady, Unavailable
from ops.exits import Exit, Failed, exit_of
from schemas.registry import RegistryTrouble
from streams.engine.client import LogUnavailable
from tables.redis.away import ReadModelsAway


@pytest.mark.parametrize(
    "outage",
    [
        Unavailable("no Java"),
        NotReady("kafka ended"),
        LogUnavailable("not acknowledged"),
        ReadModelsAway("redis"),
        RegistryTrouble("404"),
        KafkaException(KafkaError(KafkaError._TRANSPORT)),
        redis.ConnectionError("refused"),
        httpx.ConnectError("refused"),
    ],
    ids=lambda outage: type(outage).__name__,
)
def test_an_outage_is_unavailable(outage: Exception) -> None:
    assert exit_of(outage)[0] is Exit.UNAVAILABLE


def test_a_time_out_may_be_tried_again() -> None:
    assert exit_of(TimeoutError())[0] is Exit.TRY_AGAIN


def test_a_failure_without_words_is_told_by_its_name() -> None:
    assert exit_of(TimeoutError())[1] == "TimeoutError"


@pytest.mark.parametrize("misuse", [UnknownAgent("no agent is called x"), Failed(Exit.USAGE, "say either")])
def test_misuse_is_a_usage_error_with_its_sentence(misuse: Exception) -> None:
    assert exit_of(misuse) == (Exit.USAGE, str(misuse))


@pytest.mark.parametrize("file", [FileNotFoundError("a.edi"), IsADirectoryError("orders")])
def test_a_file_that_cannot_be_read_is_bad_data(file: Exception) -> None:
    assert exit_of(file)[0] is Exit.BAD_DATA


def test_what_nobody_foresaw_is_an_internal_error() -> None:
    assert exit_of(RuntimeError("boom")) == (Exit.INTERNAL, "RuntimeError: boom")


def test_the_codes_are_those_of_sysexits() -> None:
    assert {code.name: int(code) for code in Exit} == {
        "OK": 0, "USAGE": 64, "BAD_DATA": 65, "UNAVAILABLE": 69, "INTERNAL": 70, "TRY_AGAIN": 75,
    }  # fmt: skip
