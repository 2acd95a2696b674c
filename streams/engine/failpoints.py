"""Named instants at which a test may have the process killed, stopped or troubled; nothing unless the environment names one.

WHARF_FAILPOINTS="engine.before-end=kill@7 engine.after-poll=sleep:0.5": the action at the n-th time, or each time without @.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

BATCH = (
    "engine.after-poll",
    "engine.after-decide",
    "engine.timers-fired",  # due timers have joined the batch
    "engine.before-begin",  # no transaction is open
    "engine.after-outputs",  # outputs are sent, the changelog is not
    "engine.after-produce",  # outputs and changelog are sent, offsets are not
    "engine.before-end",  # offsets are sent, the commit is not
    "engine.after-commit",  # the store does not know yet
    "store.before-write",  # of one partition among those of the batch
    "store.after-write",  # the store has the rows, what is kept in memory of them does not
    "engine.after-store",
)
LIFE = (  # of a session: its beginning and its end
    "farewell.before-say",  # the dead member is known, and still in its group
    "farewell.after-say",  # it is out of its group, its note stands
    "session.fenced",  # what an earlier life left open is ended, the group is not joined
    "session.joined",  # asked to be a member, nothing is assigned
    "farewell.noted",  # the member's id is on disk
    "session.left",  # out of the group, its note stands, stores and producer are open
    "session.stores-closed",
)
TAKEOVER = (
    "takeover.gained",  # partitions are assigned, nothing is known of them
    "takeover.after-offsets",  # stable offsets are known, nothing is restored
    "takeover.after-ends",  # the changelog's watermarks are known, no store is open
    "takeover.stores-open",
    "takeover.restoring",  # after each slice
    "takeover.restored",  # the rows are there, timers and waiting keys are not known
    "takeover.before-start",  # all is known, nothing is read yet
    "takeover.after-start",
)
REVOKE = (
    "revoke.before-drop",  # partitions are taken away, their stores are open
    "revoke.after-drop",  # their stores are closed, the group has not been told
)
SINK = (
    "sink.before-write",
    "sink.after-write",  # the read model knows, the offsets are not committed
)
DOOR = (
    "inbox.after-poll",
    "inbox.handled",  # the world has the effect, no offset says so
    "inbox.before-commit",
    "inbox.after-commit",
    "inbox.before-burial",
    "inbox.after-burial",  # the letter is written, the offset behind its record is not committed
    "outbox.produced",  # handed to the client, not acknowledged
    "outbox.acknowledged",  # by all replicas; the sender does not know
)
NAMES = (*BATCH, *LIFE, *TAKEOVER, *REVOKE, *SINK, *DOOR)


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
