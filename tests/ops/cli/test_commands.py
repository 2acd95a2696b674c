"""Every command explains itself, and every failure has its exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from ops.cli.app import app
from ops.exits import Exit, Failed, exit_of
from schemas.errors import catalogue
from tests.support.wharf import Wharf


def commands(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All commands of the tree, by the words that are typed."""
    children = getattr(node, "commands", None)
    if children is None:
        yield path
        return
    for name, child in children.items():
        yield from commands(child, (*path, name))


ALL = list(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_command_explains_itself_with_an_example(wharf: Wharf, command: tuple[str, ...]) -> None:
    said = wharf(*command, "--help")
    assert said.code == Exit.OK
    assert f"wharf {' '.join(command)}" in said.out.partition("Example")[2]


@pytest.mark.parametrize(
    "words", [("no-such-command",), ("tail",), ("up", "--no-such-option"), ("tail", "t", "-n", "-1")]
)
def test_what_cannot_be_understood_is_a_usage_error(wharf: Wharf, words: tuple[str, ...]) -> None:
    said = wharf(*words)
    assert said.code == Exit.USAGE
    assert said.out == ""
    assert said.err


def test_an_unknown_agent_is_a_usage_error_that_names_those_there_are(wharf: Wharf) -> None:
    said = wharf("worker", "inventroy")
    assert said.code == Exit.USAGE
    assert "inventory" in said.err


def test_a_setting_that_does_not_fit_is_a_usage_error_that_names_it(wharf: Wharf) -> None:
    wharf.set(partitions="many")
    said = wharf("tail", "orders.events")
    assert said.code == Exit.USAGE
    assert "partitions" in said.err


def test_without_a_gateway_it_says_how_to_get_one(wharf: Wharf) -> None:
    said = wharf("order", "show", "O-1")
    assert said.code == Exit.UNAVAILABLE
    assert "wharf up" in said.err


def test_a_code_is_explained_and_so_are_all(wharf: Wharf) -> None:
    (told,) = wharf("errors", "WH1206").lines
    assert (told["code"], told["remedy"]) == ("WH1206", "Send BEG directly after ST.")
    assert [page["code"] for page in wharf("errors").lines] == list(catalogue())


def test_an_unknown_code_is_a_usage_error(wharf: Wharf) -> None:
    said = wharf("errors", "WH1206", "WH0000")
    assert (said.code, said.out) == (Exit.USAGE, "") and "WH0000" in said.err


def test_the_contract_of_this_release_is_sound(wharf: Wharf) -> None:
    said = wharf("schemas", "check")
    assert (said.code, said.out) == (Exit.OK, "")


def test_an_unsound_contract_is_bad_data(wharf: Wharf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemas.check.findings", lambda: ["wharf.orders.v1.PlaceOrder is gone"])
    said = wharf("schemas", "check")
    assert said.code == Exit.BAD_DATA
    assert said.lines == [{"finding": "wharf.orders.v1.PlaceOrder is gone"}]


def test_the_typed_view_of_this_release_is_fresh(wharf: Wharf) -> None:
    assert wharf("schemas", "generate").lines == []


def test_registering_needs_a_registry(wharf: Wharf) -> None:
    assert wharf("schemas", "register").code == Exit.USAGE


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failed(Exit.BAD_DATA, "row 3"), Exit.BAD_DATA),
        (TimeoutError("30 s"), Exit.TRY_AGAIN),
        (FileNotFoundError("orders.edi"), Exit.BAD_DATA),
        (ZeroDivisionError("a bug"), Exit.INTERNAL),
    ],
)
def test_every_failure_has_its_exit_code(failure: Exception, code: Exit) -> None:
    assert exit_of(failure)[0] is code


def test_a_reader_that_has_enough_is_no_failure() -> None:
    command = [sys.executable, "-m", "ops.cli", "schemas", "check", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == Exit.OK
