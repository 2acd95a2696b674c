"""`python -m ops.chaos.stock_faust`: shows the ten faults of stock Faust, each in a process of its own, and writes the report.

Two minutes. `--only B,F` shows these; `--report FILE` writes them down. Exit code 1 where one does not show itself.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.metadata
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from ops.chaos.stock_faust.shown import Shown, report

Case = Callable[[], Coroutine[Any, Any, Shown]]
NAMES: Mapping[str, tuple[str, str]] = {  # case → its module, its fault
    "zombie": ("on_broker", "A"),
    "in_flight": ("in_process", "B"),
    "gaps": ("in_process", "C"),
    "send_fails": ("in_process", "D"),
    "changelog_hangs": ("in_process", "E"),
    "agent_raises": ("in_process", "F"),
    "agent_raises_and_crashes": ("in_process", "F"),
    "batch_raises": ("in_process", "G"),
    "batch_crashes": ("in_process", "G"),
    "double_count": ("on_broker", "H"),
    "stall": ("on_broker", "I"),
    "table_offset": ("in_process", "J"),
}
WITHIN_S = 240.0
PACKAGES = ("faust-streaming", "mode-streaming", "aiokafka")


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what was asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ops.chaos.stock_faust", description=__doc__)
    parser.add_argument("--only", default="", metavar="A,B", help="these faults alone")
    parser.add_argument("--report", type=Path, help="write a report in Markdown here")
    parser.add_argument("--case", choices=NAMES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.case:
        _show_here(options.case)
    wanted = {letter for letter in options.only.split(",") if letter} or {letter for _, letter in NAMES.values()}
    found = []
    for name, (_, letter) in NAMES.items():
        if letter in wanted:
            found.append(_shown(name))
            print(found[-1].line, flush=True)
    if options.report:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(
            report(found, _versions(), time.strftime("%Y-%m-%d", time.gmtime())), encoding="utf-8"
        )
    return 0 if all(one.happened for one in found) else 1


def _shown(name: str) -> Shown:
    """One case in a process of its own: Faust keeps much in modules, and a stuck app would wait for ever."""
    command = [sys.executable, "-m", "ops.chaos.stock_faust", "--case", name]
    done = subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=False)
    last = done.stdout.splitlines()[-1:]
    if not last:
        raise RuntimeError(f"{name} said nothing: {done.stderr.decode()[-1000:]}")
    return Shown(**orjson.loads(last[0]))


def _show_here(name: str) -> None:
    """Run a case and leave, whatever Faust still waits for."""
    logging.basicConfig(level=logging.CRITICAL)
    case: Case = getattr(importlib.import_module(f"ops.chaos.stock_faust.{NAMES[name][0]}"), name)
    asyncio.run(_told(case))


async def _told(case: Case) -> None:
    found = await case()
    print(orjson.dumps(asdict(found)).decode(), flush=True)
    os._exit(0)


def _versions() -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


if __name__ == "__main__":
    sys.exit(main())
