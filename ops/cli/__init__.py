"""The command line: one command a file. Machine-readable output is JSON lines on stdout; all else goes to stderr."""

from __future__ import annotations

import os
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
        code = int(ending.code or 0) if isinstance(ending.code, int | None) else Exit.INTERNAL
        return Exit.USAGE if code == USAGE_OF_CLICK else code
    except BrokenPipeError:  # `wharf tail … | head`: the reader has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except Exception as failure:  # noqa: BLE001  the one place where a failure becomes an exit code
        return _told(failure)
    return Exit.OK


def main() -> None:
    """The console script `wharf`."""
    sys.exit(run(sys.argv[1:]))


def _told(failure: Exception) -> int:
    code, why = exit_of(failure)
    if code is Exit.INTERNAL:
        import traceback

        traceback.print_exception(failure)
    print(f"wharf: {why}", file=sys.stderr)
    return code
