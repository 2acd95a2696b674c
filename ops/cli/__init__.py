"""The command line: one command a file. Machine-readable output is JSON lines on stdout; all else goes to stderr."""

from __future__ import annotations

import select
import sys
from collections.abc import Sequence

from ops.exits import Exit, exit_of

USAGE_OF_CLICK = 2


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (sysexits)."""
    from ops.cli.app import app

    try:
        app(args=list(arguments), prog_name="wharf")
    except SystemExit as ending:
        return _of_click(ending.code)
    except Exception as failure:  # noqa: BLE001  the one place where a failure becomes an exit code
        return _told(failure)
    return Exit.OK


def main() -> None:
    """The console script `wharf`."""
    sys.exit(run(sys.argv[1:]))


def _of_click(code: str | int | None) -> int:
    """Click's own exit codes as sysexits; 1 is also its answer to a reader that has enough (`wharf tail … | head`)."""
    if code == USAGE_OF_CLICK:
        return Exit.USAGE
    if code == 1 and _reader_has_gone():
        return Exit.OK
    return code if isinstance(code, int) else Exit.OK


def _reader_has_gone() -> bool:
    standing = select.poll()
    standing.register(1, select.POLLOUT)
    return any(event & select.POLLERR for _, event in standing.poll(0))


def _told(failure: Exception) -> int:
    code, why = exit_of(failure)
    if code is Exit.INTERNAL:
        import traceback

        traceback.print_exception(failure)
    print(f"wharf: {why}", file=sys.stderr)
    return code
