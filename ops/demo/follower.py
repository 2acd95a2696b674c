"""The receiver's rules for a feed: the same number again is ignored, a gap is pulled, a hash that does not fit stops,
and a new epoch, which begins when the view's filter is changed, begins again at 1.

Written from the feed's description alone, so that it proves the feed and not wharf's own code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Entry = Mapping[str, Any]
Pull = Callable[[int], Iterable[Entry]]  # entries after a number, in order
Keep = Callable[[Entry], Entry]  # what the subscriber keeps of an entry


class BrokenChain(Exception):
    """An entry does not follow from the ones before it: nothing more is taken."""


class Follower:
    """What a subscriber holds of a view."""

    def __init__(self, pull: Pull, keep: Keep = lambda entry: entry) -> None:
        self._pull, self._keep = pull, keep
        self._begin(1)

    def take(self, pushed: Entry) -> None:
        """An entry as a webhook brings it, in any order and any number of times; raises BrokenChain."""
        if pushed["epoch"] > self.epoch:
            self._begin(pushed["epoch"])
        if pushed["epoch"] < self.epoch or pushed["seq"] <= len(self.entries):
            return
        whole = "link" not in pushed["data"]
        if pushed["seq"] == len(self.entries) + 1 and whole:
            self._accept({**pushed, "at": pushed["timestamp"]})
        else:
            self.catch_up()

    def catch_up(self) -> None:
        """Pull what is missing; raises BrokenChain."""
        for entry in self._pull(len(self.entries)):
            self._accept(entry)

    def _begin(self, epoch: int) -> None:
        self.epoch = epoch
        self.entries: list[Entry] = []
        self._hash = ""

    def _accept(self, entry: Entry) -> None:
        if entry["seq"] != len(self.entries) + 1:
            raise BrokenChain(f"entry {entry['seq']} came after {len(self.entries)}")
        own = digest(self._hash, entry)
        if own != entry["hash"]:
            raise BrokenChain(f"entry {entry['seq']} has hash {entry['hash']}, computed {own}")
        self.entries.append(self._keep({name: entry[name] for name in ("at", "data", "hash", "id", "seq", "type")}))
        self._hash = own


def digest(previous: str, entry: Entry) -> str:
    """SHA-256 over the previous hash and the entry's canonical JSON."""
    shown = {name: entry[name] for name in ("at", "data", "id", "seq", "type")}
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((previous + text).encode()).hexdigest()
