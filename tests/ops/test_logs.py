"""Logs are JSON lines on stderr, whoever wrote them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

SAY = """
import logging, structlog
from ops import logs
logs.configure("gateway", {level!r})
{code}
"""


def said(code: str, level: str = "info") -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, "-c", SAY.format(level=level, code=code)], capture_output=True, text=True)
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_says_when_who_and_what() -> None:
    (line,) = said("structlog.get_logger('x').info('order.taken', order='O-1')")
    assert line.pop("at").endswith("Z")
    assert line == {"process": "gateway", "level": "info", "event": "order.taken", "order": "O-1"}


def test_the_correlation_id_of_the_task_is_on_every_line() -> None:
    (line,) = said("logs.bind(correlation='c-1', tenant=''); structlog.get_logger('x').info('order.taken')")
    assert line["correlation"] == "c-1"
    assert "tenant" not in line


def test_a_librarys_own_logging_is_json_too() -> None:
    (line,) = said("logging.getLogger('some.library').warning('odd %s', 'thing')")
    assert (line["event"], line["logger"], line["level"]) == ("odd thing", "some.library", "warning")


def test_an_exception_is_one_line() -> None:
    (line,) = said("try:\n    1 / 0\nexcept ZeroDivisionError:\n    structlog.get_logger('x').exception('failed')")
    assert "ZeroDivisionError" in line["exception"]


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("error", 0)])
def test_the_level_decides_what_is_heard(level: str, lines: int) -> None:
    assert len(said("structlog.get_logger('x').info('order.taken')", level)) == lines
