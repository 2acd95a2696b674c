"""Named instants at which a test may have the process killed, stopped or troubled; nothing unless the environment names one.

WHARF_FAILPOINTS="engine.before-end=kill@7 engine.after-poll=sleep:0.5": the action at the n-th time, or each time without @.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

NAMES = (
    "engine.after-poll",
    "engine.after-decide",
    "engine.after-produce",  # outputs and changelog are sent, offsets are not
    "engine.before-end",  # offsets are sent, the commit is not
    "engine.after-commit",  # the store does not know yet
    "engine.after-store",
    "takeover.after-offsets",  # stable offsets are known, nothing is restored
    "takeover.restoring",  # after each slice
    "takeover.before-start",  # restored, nothing is read yet
)
BATCH = NAMES[:6]


class Failpoint(Exception):
    """Raised where the environment asked for it."""


class UnknownFailpoint(ValueError):
    """The environment names a failpoint or an action that does not exist."""


def parse(text: str) -> dict[str, tuple[str, int]]:
    """Action and number of times by name; raises UnknownFailpoint."""
    found = {}
    for part in text.split():
        name, _, rest = part.partition("=")
        action, _, times = rest.partition("@")
        if name not in NAMES or action.partition(":")[0] not in ("kill", "raise", "sleep"):
            raise UnknownFailpoint(f"{part!r}: names are {', '.join(NAMES)}; actions kill, raise, sleep:SECONDS")
        found[name] = (action, int(times or 0))
    return found


_ASKED = parse(os.environ.get("WHARF_FAILPOINTS", ""))
_REACHED: Counter[str] = Counter()


def reach(name: str) -> None:
    """Do here what the environment asks for."""
    if not _ASKED or name not in _ASKED:
        return
    _REACHED[name] += 1
    action, times = _ASKED[name]
    if times and _REACHED[name] != times:
        return
    verb, _, argument = action.partition(":")
    if verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "sleep":
        time.sleep(float(argument))
    else:
        raise Failpoint(name)
