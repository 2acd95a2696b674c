"""`python -m ops.chaos.deadly worker NAME`: a worker whose decoder dies of records that bear the header `x-deadly`.

What a decoder in C does of some bytes (reliability page, section 8): no exception, the process is gone. The engine is
the one of production; only what stands for those bytes is known to nobody else.
"""

from __future__ import annotations

import ctypes

from streams.engine import deciding
from streams.engine.effects import Message
from streams.engine.reading import message_of
from streams.engine.records import Record

HEADER = "x-deadly"


def dying(record: Record, now: int) -> Message:
    """Decode a record, or die of it."""
    if any(name == HEADER for name, _ in record.headers):
        crash()
    return message_of(record, now)


def crash() -> None:
    """SIGSEGV in this very thread, as a decoder would: a signal sent to the process leaves the thread time to go on."""
    ctypes.string_at(0)


def main() -> None:
    """The command line of wharf with such a decoder."""
    from ops.cli import main as wharf

    vars(deciding)["message_of"] = dying
    wharf()


if __name__ == "__main__":
    main()
